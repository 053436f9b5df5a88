"""No prober's own deadline calls a target silent because our loop stood still."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from statusgen.model.observation import Finding
from statusgen.probes import KINDS, mastodon_client, network, redis_client, tcp, tls
from statusgen.probes.http_expect import Answer
from statusgen.probes.targets import HttpUrl
from statusgen.sweep.attention import attention
from tests.fakes import FixedSecrets

DEADLINE = timedelta(seconds=0.1)
T = TypeVar("T")


async def in_three_steps(value: T) -> T:
    """Return a value as a target does that takes little time, with the loop in between."""
    for _ in range(3):
        await asyncio.sleep(0.005)
    return value


def while_we_stand_still(act: Callable[[], Awaitable[T]]) -> T:
    """Return what comes of an act during which the loop stands still for thrice as long as the deadline."""

    async def main() -> T:
        with attention():
            asyncio.get_running_loop().call_later(0.001, time.sleep, 3 * DEADLINE.total_seconds())
            return await act()

    return asyncio.run(main())


def probed(keys: dict[str, Any], **changed: Any) -> Finding:
    """Return what a prober finds meanwhile; its own deadline is among the changes to its spec."""
    kind = KINDS[next(iter(keys))]
    spec: Any = kind.document.model_validate(keys).spec()
    return while_we_stand_still(lambda: kind.probe(replace(spec, **changed), FixedSecrets()))


def answering(body: str) -> Callable[..., Awaitable[Answer]]:
    """Return what stands for an exchange in which this is answered."""

    async def exchange(*_: object, **__: object) -> Answer:
        url = HttpUrl("https", "example.org", 443, "/")
        return await in_three_steps(Answer(url=url, status=200, headers={}, body=body.encode()))

    return exchange


@pytest.mark.parametrize("key", ["tcp", "redis"])
def test_what_must_be_closed_is_open_although_it_was_slow_to_say_so(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def open_port(*_: object) -> AsyncIterator[None]:
        yield await in_three_steps(None)

    @asynccontextmanager
    async def open_server(*_: object) -> AsyncIterator[object]:
        yield SimpleNamespace(ping=lambda: in_three_steps(None))

    monkeypatch.setattr(tcp, "connected", open_port)
    monkeypatch.setattr(redis_client, "conversation", open_server)
    closed = {"tcp": "127.0.0.1:1", "expect": "closed"}
    refused = {"redis": {"host": "127.0.0.1"}, "expect": "refused"}
    seen = probed(closed if key == "tcp" else refused, silence=DEADLINE)
    assert (str(seen.outcome), seen.reason) == ("down", "open" if key == "tcp" else "login_missing")


def test_a_part_of_a_mastodon_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mastodon_client, "exchange", answering('{"status": "UP", "domain": "example.org"}'))
    assert str(probed({"mastodon": "https://example.org", "part": "web"}, patience=DEADLINE).outcome) == "up"


def test_a_prometheus_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    body = '{"status": "success", "data": {"resultType": "scalar", "result": [1, "1"]}}'
    monkeypatch.setattr("statusgen.probes.http_client.fetch", answering(body))
    keys = {"prometheus": "https://example.org", "query": "up", "down_below": "1"}
    assert str(probed(keys, patience=DEADLINE).outcome) == "up"


def test_an_address_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "PATIENCE", DEADLINE.total_seconds())
    first = while_we_stand_still(lambda: network.first_connected(("192.0.2.1", "192.0.2.2"), in_three_steps))
    assert first == "192.0.2.1"


def test_a_certificate_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = datetime(2022, 12, 1, tzinfo=UTC)

    async def handshake(_: object, __: object, context: ssl.SSLContext, ___: object) -> datetime:
        if context.verify_mode is ssl.CERT_NONE:
            return await in_three_steps(ends)
        expired = ssl.SSLCertVerificationError()
        expired.verify_code = 10
        raise expired

    monkeypatch.setattr(tls, "_handshake", handshake)
    monkeypatch.setattr(tls, "SECOND_LOOK", DEADLINE.total_seconds())
    assert probed({"tls": "127.0.0.1:1"}).facts["expires"] == "2022-12-01T00:00:00Z"
