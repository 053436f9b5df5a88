"""The table of kinds is complete and light, and secrets do not show."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import suppress
from typing import Any

import pytest

from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.ports import MissingSecretError
from statusgen.probes import KINDS, EnvSecrets
from statusgen.probes.stopwatch import Stopwatch


def test_every_kind_goes_by_its_name_and_has_a_key_of_that_name() -> None:
    assert list(KINDS) == [
        "http",
        "tls",
        "tcp",
        "dns",
        "websocket",
        "mastodon",
        "postgres",
        "pgbouncer",
        "redis",
        "sidekiq",
        "prometheus",
        "command",
        "heartbeat",
    ]
    assert all(name == kind.name and name in kind.document.model_fields for name, kind in KINDS.items())


def test_an_unknown_kind_is_none_of_them() -> None:
    assert "installed" not in KINDS
    with pytest.raises(KeyError):
        KINDS["installed"]


def test_no_driver_is_imported_before_a_check_needs_it() -> None:
    heavy = ("httpcore", "httpx", "psycopg", "redis", "cryptography", "anyio", "websockets", "dns")
    kinds = "from statusgen.probes import KINDS; [*KINDS.values()]"
    code = f"import sys; {kinds}; print([name for name in {heavy!r} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert out.stdout.strip() == "[]"


def test_no_kind_is_imported_before_a_check_needs_it() -> None:
    code = "import sys, statusgen.cli.build; print([name for name in sys.modules if name.endswith('probes.sidekiq')])"
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("kind", "driver", "keys"),
    [
        ("dns", "dns.message", {"dns": "example.org"}),
        ("postgres", "psycopg", {"postgres": {"host": "db"}}),
        ("pgbouncer", "psycopg", {"pgbouncer": {"host": "db"}}),
        ("redis", "redis.asyncio", {"redis": {"host": "cache"}}),
        ("sidekiq", "redis.asyncio", {"sidekiq": {"host": "cache"}}),
        ("websocket", "websockets.client", {"websocket": "wss://example.org"}),
    ],
)
def test_a_driver_that_is_not_installed_is_unknown(
    kind: str, driver: str, keys: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, driver, None)
    for name in [name for name in sys.modules if name.startswith("statusgen.probes.") and name.endswith("_client")]:
        monkeypatch.delitem(sys.modules, name)
    spec = KINDS[kind].document.model_validate(keys).spec()
    finding = asyncio.run(KINDS[kind].probe(spec, EnvSecrets({})))
    assert finding == Finding(outcome=Outcome.UNKNOWN, reason="driver_missing")


def test_a_secret_comes_from_its_variable_and_does_not_show() -> None:
    secrets = EnvSecrets({"TOKEN": "s3cret", "EMPTY": ""})
    assert secrets.get("TOKEN") == "s3cret"
    assert "s3cret" not in repr(secrets)
    for name in ("EMPTY", "ABSENT"):
        with pytest.raises(MissingSecretError, match=name):
            secrets.get(name)


def test_phases_add_up_and_are_kept_when_they_fail() -> None:
    async def fail(watch: Stopwatch) -> None:
        with watch.phase("connect"):
            await asyncio.sleep(0.01)
            raise ConnectionResetError

    async def main() -> Finding:
        watch = Stopwatch()
        for _ in range(2):
            with suppress(ConnectionResetError):
                await fail(watch)
        return watch.finding(Outcome.DOWN, "connection_reset", {"status": 200})

    finding = asyncio.run(main())
    assert 18 <= finding.phases["connect"] <= (finding.latency_ms or 0) + 0.1
    assert finding.facts == {"status": 200}
