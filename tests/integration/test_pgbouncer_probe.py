"""A `pgbouncer` check finds what a real PgBouncer is, and a `postgres` check works through it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from statusgen.demo.services import PostgreSQL
from statusgen.demo.services.processes import wait_until
from statusgen.model.observation import Observation
from tests.integration import faults
from tests.integration.conftest import running
from tests.integration.debian import PgBouncer
from tests.integration.faults import Behaviour
from tests.integration.observing import UP, found, observe

pytestmark = pytest.mark.services


@pytest.fixture
def pooler(postgres: PostgreSQL, tmp_path: Path) -> Iterator[PgBouncer]:
    """PgBouncer before the server, with one connection to it and room for ten clients."""
    with running(lambda: PgBouncer(tmp_path / "pgbouncer", before=postgres)) as server:
        yield server


def ask(
    pooler: PgBouncer,
    *,
    target: Mapping[str, str] | None = None,
    password: str = "",
    against: Behaviour | None = None,
    timeout: float = 5,
    **keys: Any,
) -> Observation:
    """Observe PgBouncer, directly or through one that misbehaves."""
    port = "@PORT@" if against else str(pooler.port)
    where = {"host": "127.0.0.1", "port": port, "user": "watcher", "password_env": "PG_PASSWORD", **(target or {})}
    env = {"PG_PASSWORD": password or pooler.password}
    return observe({"pgbouncer": where, **keys}, against=against, env=env, timeout=timeout)


def through(pooler: PgBouncer, postgres: PostgreSQL, *, timeout: float = 5, **keys: Any) -> Observation:
    """Observe the database behind it."""
    login = {"user": postgres.username, "password_env": "PG_PASSWORD"}
    where = {"host": "127.0.0.1", "port": str(pooler.port), **login}
    return observe({"postgres": where, **keys}, env={"PG_PASSWORD": pooler.password}, timeout=timeout)


@contextmanager
def a_client_that_waits(pooler: PgBouncer) -> Iterator[None]:
    """Hold the one connection of the pool in a transaction, and have a second client ask for it."""

    def wait() -> None:
        with suppress(psycopg.Error), psycopg.connect(pooler.url(), autocommit=True) as second:
            second.execute("SELECT 1")

    with psycopg.connect(pooler.url()) as first:
        first.execute("SELECT 1")
        waiting = threading.Thread(target=wait)
        waiting.start()
        try:
            yield
        finally:
            first.rollback()
            waiting.join()


def test_a_pool_with_room_is_up(pooler: PgBouncer) -> None:
    seen = ask(pooler)
    assert found(seen) == UP
    assert seen.facts == {"connections": 0, "connections_limit": 10, "waiting": 0, "wait_seconds": 0.0}
    assert list(seen.phases) == ["connect", "query"]


def test_a_connection_string_is_enough_whatever_database_it_names(pooler: PgBouncer) -> None:
    keys = {"pgbouncer": {"dsn_env": "POOL_DSN"}}
    assert found(observe(keys, env={"POOL_DSN": pooler.url(username="watcher")})) == UP


def test_a_pool_that_is_used_up_is_seen(pooler: PgBouncer, postgres: PostgreSQL) -> None:
    with a_client_that_waits(pooler):
        assert wait_until(lambda: found(ask(pooler)) == ("degraded", "clients_waiting"), limit=20)
        seen = ask(pooler, degraded_over_waiting="1", degraded_over_wait="1m", down_over_wait="2m")
        assert found(seen) == UP
        assert seen.facts["waiting"] == 1
        assert seen.facts["connections"] == 2
        soon = {"degraded_over_waiting": "1", "degraded_over_wait": "100ms"}
        assert wait_until(lambda: found(ask(pooler, **soon)) == ("degraded", "clients_waiting"), limit=20)
        late = {"degraded_over_wait": "100ms", "down_over_wait": "300ms"}
        assert wait_until(lambda: found(ask(pooler, **late)) == ("down", "clients_waiting"), limit=20)
        assert float(ask(pooler).facts["wait_seconds"]) >= 0.3
        assert found(through(pooler, postgres, timeout=0.5)) == ("down", "timeout")
    assert wait_until(lambda: found(ask(pooler)) == UP, limit=20)
    assert wait_until(lambda: found(through(pooler, postgres)) == UP, limit=20)


def test_clients_nearly_used_up_are_degraded_and_down_once_nobody_gets_in(
    pooler: PgBouncer, postgres: PostgreSQL
) -> None:
    with ExitStack() as held:
        for _ in range(9):
            held.enter_context(psycopg.connect(pooler.url()))
        assert found(ask(pooler)) == UP
        assert found(ask(pooler, degraded_over_connections="80%")) == ("degraded", "connections_high")
        held.enter_context(psycopg.connect(pooler.url()))
        assert found(ask(pooler)) == ("down", "too_many_connections")
        assert found(through(pooler, postgres)) == ("down", "too_many_connections")
    assert wait_until(lambda: found(ask(pooler)) == UP, limit=20)


def test_a_database_is_probed_through_it_in_transaction_mode(pooler: PgBouncer, postgres: PostgreSQL) -> None:
    seen = through(pooler, postgres, role="primary", replicas="0")
    assert found(seen) == UP
    assert seen.facts == {"role": "primary", "connections": 1, "connections_limit": 17, "replicas": 0}
    for _ in range(3):
        assert found(through(pooler, postgres)) == UP


def test_a_connection_string_with_options_is_refused_by_it_and_unknown(pooler: PgBouncer) -> None:
    options = f"{pooler.url()}?options=-c%20statement_timeout%3D5s"
    assert found(observe({"postgres": {"dsn_env": "DSN"}}, env={"DSN": options})) == ("unknown", "secret_invalid")


def test_a_login_without_a_right_to_the_console_is_unknown(pooler: PgBouncer) -> None:
    assert found(ask(pooler, target={"user": "plain"})) == ("unknown", "no_permission")


def test_a_wrong_password_is_told_without_it(pooler: PgBouncer) -> None:
    assert found(ask(pooler, password="wrong-s3cret")) == ("down", "wrong_password")
    assert found(ask(pooler, target={"user": "nobody-of-that-name"})) == ("down", "wrong_password")


def test_a_pooler_that_hangs_or_is_gone_is_down(pooler: PgBouncer) -> None:
    stuck = faults.relay(pooler.port, until=b"SHOW LISTS")
    assert found(ask(pooler, against=stuck, timeout=1)) == ("down", "timeout")
    cut = faults.relay(pooler.port, until=b"SHOW CONFIG", then=faults.reset_at_once)
    assert found(ask(pooler, against=cut)) == ("down", "connection_reset")
    pooler.pause()
    assert found(ask(pooler, timeout=0.5)) == ("down", "timeout")
    pooler.stop()
    assert found(ask(pooler)) == ("down", "connection_refused")


def test_postgresql_itself_has_no_console(postgres: PostgreSQL) -> None:
    where = {"host": "127.0.0.1", "port": str(postgres.port), "user": postgres.username, "password_env": "PG_PASSWORD"}
    seen = observe({"pgbouncer": where}, env={"PG_PASSWORD": postgres.password})
    assert found(seen) == ("down", "wrong_database")
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE pgbouncer")
        try:
            seen = observe({"pgbouncer": where}, env={"PG_PASSWORD": postgres.password})
            assert found(seen) == ("down", "query_failed")
        finally:
            assert wait_until(lambda: not _busy(connection), limit=20)
            connection.execute("DROP DATABASE pgbouncer")


def _busy(connection: psycopg.Connection[Any]) -> bool:
    return connection.execute("SELECT FROM pg_stat_activity WHERE datname = 'pgbouncer'").fetchone() is not None


@pytest.mark.parametrize("text", ["host=db pass word=s3cret-s3cret", "nonsense"])
def test_a_connection_string_that_is_none_is_unknown_and_never_told(text: str) -> None:
    assert found(observe({"pgbouncer": {"dsn_env": "DSN"}}, env={"DSN": text})) == ("unknown", "secret_invalid")
