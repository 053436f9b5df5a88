"""A `redis` check finds what a real Redis is: up, in which role, whether it takes writes, or why not."""

from __future__ import annotations

import resource
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from redis import Redis as Client

from statusgen.demo.services import Authority, Redis
from statusgen.demo.services.processes import wait_until
from statusgen.model.observation import Observation
from tests.integration import faults
from tests.integration.conftest import running
from tests.integration.faults import Behaviour, redis_answer
from tests.integration.observing import UP, found, observe

pytestmark = pytest.mark.services


@pytest.fixture
def client(redis_server: Redis) -> Iterator[Client]:
    """The operator's own connection."""
    with Client.from_url(redis_server.url, decode_responses=True) as connection:
        yield connection


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Callable[..., Redis]]:
    """Start another Redis, with further lines of redis.conf."""
    with ExitStack() as stack:

        def start(*settings: str) -> Redis:
            folder = tmp_path / f"redis-{len(list(tmp_path.glob('redis-*')))}"
            return stack.enter_context(running(lambda: Redis(folder, settings=settings)))

        yield start


def ask(
    server: Redis,
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
    where = {"host": "127.0.0.1", "port": port, "password_env": "REDIS_PASSWORD"}
    env = {"REDIS_PASSWORD": password or server.password}
    return observe({"redis": {**where, **(target or {})}, **keys}, against=against, tls=tls, env=env, timeout=timeout)


def test_a_server_is_up_with_role_and_connections(redis_server: Redis) -> None:
    seen = ask(redis_server, role="primary")
    assert found(seen) == UP
    assert seen.facts == {"role": "primary", "connections": 1, "last_save_ok": True}
    assert list(seen.phases) == ["connect", "query"]


def test_it_writes_one_key_of_its_own_that_vanishes(redis_server: Redis, client: Client) -> None:
    client.flushall()
    assert found(ask(redis_server)) == UP
    (key,) = client.keys("*")
    assert key.startswith("statusgen:probe:")
    assert 0 < client.pttl(key) <= 10_000
    client.flushall()
    assert found(ask(redis_server, write="false")) == UP
    assert client.keys("*") == []


def test_a_url_from_the_environment_is_enough(redis_server: Redis) -> None:
    assert found(observe({"redis": {"url_env": "REDIS_URL"}}, env={"REDIS_URL": redis_server.url})) == UP


@pytest.mark.parametrize(
    "text",
    ["http://:s3cret-s3cret@db/0", "redis://:s3cret-s3cret@[db", "redis://:s3cret-s3cret@db/one", "s3cret-s3cret"],
)
def test_a_url_that_is_none_is_unknown_and_never_told(text: str) -> None:
    seen = observe({"redis": {"url_env": "REDIS_URL"}}, env={"REDIS_URL": text})
    assert found(seen) == ("unknown", "secret_invalid")


def test_a_secret_that_is_not_set_is_unknown() -> None:
    assert found(observe({"redis": {"url_env": "REDIS_URL"}})) == ("unknown", "secret_missing")


def test_a_wrong_password_is_told_without_it(redis_server: Redis) -> None:
    assert found(ask(redis_server, password="wrong-s3cret")) == ("down", "wrong_password")
    assert found(ask(redis_server, target={"username": "nobody"})) == ("down", "wrong_password")
    none = {"redis": {"host": "127.0.0.1", "port": str(redis_server.port)}}
    assert found(observe(none)) == ("down", "wrong_password")


def test_a_database_that_does_not_exist_is_down(redis_server: Redis) -> None:
    assert found(ask(redis_server, target={"db": "9999"})) == ("down", "wrong_database")


def test_a_server_that_is_stopped_is_refused(redis_server: Redis) -> None:
    redis_server.stop()
    assert found(ask(redis_server)) == ("down", "connection_refused")


def test_a_server_that_hangs_ends_at_the_deadline(redis_server: Redis) -> None:
    redis_server.pause()
    assert found(ask(redis_server, timeout=0.5)) == ("down", "timeout")


def test_a_name_that_does_not_exist_is_not_resolved(redis_server: Redis) -> None:
    assert found(ask(redis_server, target={"host": "nowhere.invalid"})) == ("down", "name_not_resolved")


def test_a_replica_refuses_writes_and_is_up_where_a_replica_is_expected(
    redis_server: Redis, another: Callable[..., Redis]
) -> None:
    replica = another(f"replicaof 127.0.0.1 {redis_server.port}", f"masterauth {redis_server.password}")
    assert wait_until(lambda: found(ask(replica, role="replica")) == UP, limit=15)
    assert ask(replica, role="replica").facts["role"] == "replica"
    assert found(ask(replica)) == ("down", "read_only")
    assert found(ask(replica, role="primary")) == ("down", "wrong_role")
    assert found(ask(redis_server, role="replica")) == ("down", "wrong_role")
    redis_server.stop()
    assert wait_until(lambda: found(ask(replica, role="replica")) == ("degraded", "replication_lag"), limit=15)


def test_a_primary_with_fewer_replicas_than_expected_is_degraded(another: Callable[..., Redis]) -> None:
    primary = another()
    assert found(ask(primary, replicas="0")) == UP
    seen = ask(primary, replicas="1")
    assert found(seen) == ("degraded", "replica_missing")
    assert seen.facts["replicas"] == 0
    replica = another(f"replicaof 127.0.0.1 {primary.port}", f"masterauth {primary.password}")
    assert wait_until(lambda: found(ask(primary, replicas="1")) == UP, limit=20)
    assert ask(primary, replicas="1").facts["replicas"] == 1
    replica.stop()
    assert wait_until(lambda: found(ask(primary, replicas="1")) == ("degraded", "replica_missing"), limit=20)


@contextmanager
def full_disk(server: Redis) -> Iterator[None]:
    """Let a server write to no file any more: to it that is a full disk, and needs no right to mount one."""
    soft, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (soft, hard))


def test_a_server_whose_log_can_take_no_more_refuses_writes(another: Callable[..., Redis]) -> None:
    server = another("appendonly yes", "appendfsync everysec")
    assert found(ask(server)) == UP
    with full_disk(server), Client.from_url(server.url, decode_responses=True) as client:
        assert wait_until(lambda: found(ask(server)) == ("down", "save_failed"), limit=20)
        assert client.info()["aof_last_write_status"] == "err"
        assert found(ask(server, write="false")) == ("down", "save_failed")
    assert wait_until(lambda: found(ask(server)) == UP, limit=20)


def outside(server: Redis, **keys: Any) -> Observation:
    """Observe a server as somebody without a login."""
    where = {"host": "127.0.0.1", "port": str(server.port), **keys}
    return observe({"redis": where, "expect": "refused"}, timeout=3)


def test_a_server_that_answers_without_a_login_is_down_where_it_must_refuse(
    redis_server: Redis, client: Client
) -> None:
    assert found(outside(redis_server)) == UP
    client.config_set("requirepass", "")
    assert found(outside(redis_server)) == ("down", "login_missing")
    client.execute_command("ACL", "SETUSER", "default", "-ping")
    assert found(outside(redis_server)) == ("unknown", "no_permission")
    client.execute_command("ACL", "SETUSER", "default", "+ping")
    client.config_set("requirepass", redis_server.password)
    redis_server.stop()
    assert found(outside(redis_server)) == UP
    assert found(outside(redis_server, host="nowhere.invalid")) == ("unknown", "name_not_resolved")


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (faults.hang, UP),
        (faults.close_at_once, UP),
        (faults.reset_at_once, UP),
        (redis_answer(b"-NOAUTH Authentication required."), UP),
        (redis_answer(b"-DENIED Redis is running in protected mode because"), UP),
        (redis_answer(b"+PONG"), ("down", "login_missing")),
        (redis_answer(b"-LOADING Redis is loading the dataset in memory"), ("down", "login_missing")),
        (redis_answer(b"-ERR max number of clients reached"), ("unknown", "too_many_connections")),
        (faults.greet(b"SSH-2.0-OpenSSH_9.2\r\n"), ("unknown", "bad_response")),
    ],
)
def test_only_an_answer_to_a_stranger_proves_that_a_server_lets_him_in(
    behaviour: Behaviour, expected: tuple[str, str | None]
) -> None:
    keys = {"redis": {"host": "127.0.0.1", "port": "@PORT@"}, "expect": "refused"}
    assert found(observe(keys, against=behaviour, timeout=1)) == expected


def test_a_server_that_cannot_save_is_degraded_and_down_once_it_refuses_writes(another: Callable[..., Redis]) -> None:
    server = another("save 3600 1", "stop-writes-on-bgsave-error yes")
    with Client.from_url(server.url, decode_responses=True) as client:
        with full_disk(server):
            client.bgsave()
            assert wait_until(lambda: client.info()["rdb_last_bgsave_status"] == "err", limit=20)
            assert found(ask(server)) == ("down", "save_failed")
            client.config_set("stop-writes-on-bgsave-error", "no")
            seen = ask(server)
            assert found(seen) == ("degraded", "save_failed")
            assert seen.facts["last_save_ok"] is False
        client.bgsave()
        assert wait_until(lambda: found(ask(server)) == UP, limit=20)


def test_memory_nearly_used_up_is_degraded_and_down_once_it_refuses_writes(another: Callable[..., Redis]) -> None:
    server = another()
    with Client.from_url(server.url, decode_responses=True) as client:
        used = client.info()["used_memory"]
        client.config_set("maxmemory", used * 20 // 19)
        seen = ask(server, write="false")
        assert found(seen) == ("degraded", "memory_high")
        assert 80 < float(seen.facts["memory_percent"]) <= 110
        client.config_set("maxmemory", 1024)
        assert found(ask(server)) == ("down", "memory_high")
        client.config_set("maxmemory-policy", "allkeys-lru")
        client.config_set("maxmemory", used * 20 // 19)
        assert found(ask(server, write="false")) == UP


def test_full_connection_slots_are_down(another: Callable[..., Redis]) -> None:
    server = another("maxclients 3")
    with ExitStack() as held:
        for _ in range(3):
            held.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        assert wait_until(lambda: found(ask(server)) == ("down", "too_many_connections"), limit=5)
    assert wait_until(lambda: found(ask(server)) == UP, limit=5)


@pytest.mark.parametrize(
    ("rights", "keys", "expected"),
    [
        ("+ping +info +set ~statusgen:probe:*", {}, UP),
        ("+ping +info", {"write": "false"}, UP),
        ("+ping +info", {}, ("unknown", "no_permission")),
        ("+ping +set ~other:*", {}, ("unknown", "no_permission")),
        ("+ping +set ~statusgen:probe:*", {}, UP),
        ("+ping", {"write": "false", "role": "primary"}, ("unknown", "no_permission")),
        ("+ping", {"write": "false", "replicas": "1"}, ("unknown", "no_permission")),
        ("+get", {}, ("unknown", "no_permission")),
    ],
)
def test_what_a_login_may_not_do_is_left_out_or_unknown(
    redis_server: Redis, client: Client, rights: str, keys: dict[str, str], expected: tuple[str, str | None]
) -> None:
    client.execute_command("ACL", "SETUSER", "watcher", "reset", "on", ">watcher-s3cret", *rights.split())
    seen = ask(redis_server, password="watcher-s3cret", target={"username": "watcher"}, **keys)
    assert found(seen) == expected
    assert bool(seen.facts) == ("+info" in rights and expected == UP)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faults.hang, "timeout"),
        (faults.close_at_once, "connection_reset"),
        (faults.reset_at_once, "connection_reset"),
        (faults.reset_after_first_bytes, "connection_reset"),
        (redis_answer(b"-LOADING Redis is loading the dataset in memory"), "starting"),
        (redis_answer(b"-MASTERDOWN Link with MASTER is down"), "replication_lag"),
        (redis_answer(b"-ERR something else"), "query_failed"),
        (redis_answer(b"-ERR invalid password"), "wrong_password"),
        (redis_answer(b"HTTP/1.1 400 Bad Request\r\n"), "bad_response"),
        (faults.greet(b"SSH-2.0-OpenSSH_9.2\r\n"), "bad_response"),
        (faults.greet(faults.GARBAGE), "bad_response"),
    ],
)
@pytest.mark.parametrize("login", [{}, {"password_env": "REDIS_PASSWORD"}])
def test_whatever_listens_there_is_an_observation_in_time(
    behaviour: Behaviour, reason: str, login: dict[str, str]
) -> None:
    keys = {"redis": {"host": "127.0.0.1", "port": "@PORT@", **login}}
    seen = observe(keys, against=behaviour, env={"REDIS_PASSWORD": "s3cret-s3cret"}, timeout=1)
    assert found(seen) == ("down", reason)


@pytest.mark.parametrize("word", [b"PING\r\n", b"INFO\r\n", b"SET\r\n"])
@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faults.hang, "timeout"),
        (faults.close_at_once, "connection_reset"),
        (faults.reset_at_once, "connection_reset"),
        (faults.greet(b"-NOREPLICAS Not enough good replicas to write.\r\n"), "read_only"),
    ],
)
def test_a_fault_at_any_command_is_the_same_fault(
    redis_server: Redis, word: bytes, behaviour: Behaviour, reason: str
) -> None:
    seen = ask(redis_server, against=faults.relay(redis_server.port, until=b"\r\n" + word, then=behaviour), timeout=1)
    assert found(seen) == ("down", reason)


def test_tls_is_verified_and_hangs_no_longer_than_without(redis_server: Redis, authority: Authority) -> None:
    certificate = authority.issue("redis", "localhost")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.chain, certificate.key)
    secured = {"host": "localhost", "tls": "true", "ca_file": str(authority.file)}
    through = faults.relay(redis_server.port)
    assert found(ask(redis_server, against=through, tls=context, target=secured)) == UP
    wrong = {**secured, "host": "127.0.0.1"}
    assert found(ask(redis_server, against=through, tls=context, target=wrong)) == ("down", "tls_wrong_name")
    public = {"host": "localhost", "tls": "true"}
    assert found(ask(redis_server, against=through, tls=context, target=public)) == ("down", "tls_unknown_issuer")
    stuck = faults.relay(redis_server.port, until=b"INFO")
    assert found(ask(redis_server, against=stuck, tls=context, target=secured, timeout=1)) == ("down", "timeout")
    keys = {"redis": {"url_env": "REDIS_URL", "ca_file": str(authority.file)}}
    env = {"REDIS_URL": f"rediss://:{redis_server.password}@localhost:{redis_server.port}/0"}
    assert found(observe(keys, env=env, timeout=1))[0] == "down"
