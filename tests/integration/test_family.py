"""A check of one kind of addresses is judged where there are such addresses, and skipped where there are none."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from statusgen.demo.services import Authority, PostgreSQL, Redis
from tests.conftest import ROOT, missing
from tests.integration import faults
from tests.integration.conftest import running
from tests.integration.debian import PgBouncer
from tests.integration.faults import answer
from tests.integration.observing import UP, found, observe

pytestmark = pytest.mark.services

SKIPPED = ("skipped", "family_missing")
here_is_ipv6 = pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the name `both.example` have an address of each family, whatever this machine's files say of `localhost`."""

    ask = socket.getaddrinfo

    def getaddrinfo(host: bytes | str | None, port: Any, family: int = 0, *args: Any, **more: Any) -> list[Any]:
        if host not in {b"both.example", "both.example"}:
            return ask(host, port, family, *args, **more)
        of = {socket.AF_INET: ("127.0.0.1",), socket.AF_INET6: ("::1",)}.get(family, ("::1", "127.0.0.1"))
        return [entry for address in of for entry in ask(address, port, family, *args, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@here_is_ipv6
@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("kind", ["http", "tcp"])
def test_only_addresses_of_the_family_are_tried(kind: str) -> None:
    target = "http://both.example:@PORT@/" if kind == "http" else "both.example:@PORT@"
    for family, host, other in (("ipv6", "::1", "127.0.0.1"), ("ipv4", "127.0.0.1", "::1")):
        keys = {kind: target, "family": family}
        assert found(observe(keys, against=answer(faults.OK), host=host)) == UP
        assert found(observe(keys, against=answer(faults.OK), host=other)) == ("down", "connection_refused")


def of_each_family(
    behind: int,
    name: str,
    *,
    tls: ssl.SSLContext | None = None,
    env: Mapping[str, str],
    reached: tuple[str, str | None] = UP,
    **keys: Any,
) -> None:
    """Assert that a server which has an address of one family is reached by that family, and by no other."""
    assert name in json.dumps([keys, env])
    for family, host, other in (("ipv6", "::1", "127.0.0.1"), ("ipv4", "127.0.0.1", "::1")):
        asked = {**keys, "family": family}
        through = faults.relay(behind)
        assert found(observe(asked, against=through, tls=tls, host=host, env=env)) == reached
        assert found(observe(asked, against=through, tls=tls, host=other, env=env)) == ("down", "connection_refused")


@here_is_ipv6
@pytest.mark.usefixtures("both")
def test_a_database_is_asked_at_addresses_of_the_family(postgres: PostgreSQL) -> None:
    where = {"host": "both.example", "port": "@PORT@", "user": postgres.username, "password_env": "PASSWORD"}
    of_each_family(postgres.port, "both.example", postgres=where, env={"PASSWORD": postgres.password})


@here_is_ipv6
@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("tls", [False, True])
def test_a_redis_is_asked_at_addresses_of_the_family(redis_server: Redis, authority: Authority, tls: bool) -> None:
    context, where = None, {"host": "both.example", "port": "@PORT@", "password_env": "PASSWORD"}
    if tls:
        certificate = authority.issue("both", "both.example")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate.chain, certificate.key)
        where |= {"tls": "true", "ca_file": str(authority.file)}
    of_each_family(redis_server.port, "both.example", tls=context, redis=where, env={"PASSWORD": redis_server.password})


@here_is_ipv6
@pytest.mark.usefixtures("both")
def test_a_sidekiq_is_asked_at_addresses_of_the_family(redis_server: Redis) -> None:
    keys = {
        "sidekiq": {"host": "both.example", "port": "@PORT@", "password_env": "PASSWORD"},
        "queues": ["nobody_works_on"],
    }
    env = {"PASSWORD": redis_server.password}
    of_each_family(redis_server.port, "both.example", env=env, reached=("down", "no_worker"), **keys)


@here_is_ipv6
@pytest.mark.usefixtures("both")
def test_a_pgbouncer_is_asked_at_addresses_of_the_family(postgres: PostgreSQL, tmp_path: Path) -> None:
    where = {"host": "both.example", "port": "@PORT@", "user": "watcher", "password_env": "PASSWORD"}
    with running(lambda: PgBouncer(tmp_path / "pgbouncer", before=postgres)) as pooler:
        of_each_family(pooler.port, "both.example", pgbouncer=where, env={"PASSWORD": pooler.password})


@here_is_ipv6
@pytest.mark.usefixtures("both")
def test_the_hosts_of_a_connection_string_are_asked_at_addresses_of_the_family(postgres: PostgreSQL) -> None:
    login = f"user={postgres.username} password={postgres.password} dbname=postgres"
    for where, expected in {
        f"host=both.example port={postgres.port}": UP,
        f"host=both.example,127.0.0.1 port={postgres.port}": UP,
        f"host=both.example,both.example port=1,{postgres.port}": UP,
        f"host=elsewhere.invalid hostaddr=127.0.0.1 port={postgres.port}": UP,
        f"hostaddr=127.0.0.1 port={postgres.port}": UP,
        "host=both.example port=1": ("down", "connection_refused"),
        f"host=::1 port={postgres.port}": ("down", "name_not_resolved"),
        "host=/var/run/postgresql": ("unknown", "secret_invalid"),
        "dbname=mastodon": ("unknown", "secret_invalid"),
        "host=both.example,127.0.0.1 port=1,2,3": ("unknown", "secret_invalid"),
        f"host=bücher.invalid port={postgres.port}": ("down", "name_not_resolved"),
    }.items():
        keys = {"postgres": {"dsn_env": "DSN"}, "family": "ipv4"}
        assert found(observe(keys, env={"DSN": f"{login} {where}"})) == expected, where


def test_a_name_without_an_address_of_the_family_is_not_resolved() -> None:
    for kind, target in (("http", "http://nowhere.invalid/"), ("tls", "nowhere.invalid"), ("tcp", "nowhere.invalid:1")):
        assert found(observe({kind: target, "family": "ipv4"}))[1] in {"name_not_resolved", "family_missing"}


NOWHERE = """
import fcntl, json, socket, struct, sys
from tests.integration.observing import found, observe

def lo_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        fcntl.ioctl(line, 0x8914, struct.pack("16sh14x", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP

checks, after = json.loads(sys.argv[1])
seen = [found(observe(keys)) for keys in checks]
lo_up()
print(json.dumps([seen, [found(observe(keys)) for keys in after]]))
"""


def from_nowhere(checks: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[list[tuple[str, str | None]]]:
    """Return what checks find in a network of their own: first without any interface, then with the loopback alone."""
    unshare = shutil.which("unshare") or missing("unshare")
    command = [unshare, "--user", "--map-root-user", "--net"]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        missing("the right to make a network namespace")
    done = subprocess.run(
        [*command, sys.executable, "-c", NOWHERE, json.dumps([checks, after])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [[(outcome, reason) for outcome, reason in part] for part in json.loads(done.stdout)]


def test_a_place_without_the_family_says_nothing_of_the_target() -> None:
    prometheus = {"prometheus": "http://[2001:db8::1]", "query": "up", "down_below": "1"}
    server = {"host": "2001:db8::1"}
    targets = (
        {"http": "http://[2001:db8::1]/"},
        {"http": "https://social.example/", "connect_to": "2001:db8::1"},
        {"tls": "[2001:db8::1]:443"},
        {"tcp": "[2001:db8::1]:22"},
        {"tcp": "[2001:db8::1]:22", "expect": "closed"},
        {"tcp": "nowhere.invalid:22"},
        {"dns": "social.example", "resolver": "2001:db8::53"},
        prometheus,
        {"postgres": server},
        {"pgbouncer": {"host": "nowhere.invalid"}},
        {"redis": server},
        {"redis": server, "expect": "refused"},
        {"redis": {"host": "nowhere.invalid"}},
        {"sidekiq": server},
    )
    with_family = [{**keys, "family": "ipv6"} for keys in targets]
    itself = [
        {"tcp": "[::1]:1", "family": "ipv6"},
        {"tcp": "127.0.0.1:1", "family": "ipv4"},
        {"redis": {"host": "::1", "port": "1"}, "family": "ipv6"},
        {"postgres": {"host": "::1", "port": "1"}, "family": "ipv6"},
    ]
    without = [{"tcp": "[2001:db8::1]:22"}]
    first, then = from_nowhere([*with_family, *itself, *without], [*with_family, *itself, *without])
    assert first == [*[SKIPPED] * len(with_family), *[SKIPPED] * len(itself), ("down", "unreachable")]
    refused = ("down", "connection_refused")
    assert then == [*[SKIPPED] * len(with_family), *[refused] * len(itself), ("down", "unreachable")]
