"""Names with fifty addresses: each has its turn, and a run ends in time."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from statusgen.probes import network
from tests.integration import faults
from tests.integration.faults import answer
from tests.integration.observing import UP, found, observe

pytestmark = pytest.mark.services


@pytest.fixture
def fifty(monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """The addresses, all of this machine, that the name `fifty.example` has."""
    addresses = tuple(f"127.0.1.{number}" for number in range(1, 51))

    async def look_up(host: str, family: int) -> tuple[str, ...]:
        return addresses

    monkeypatch.setattr(network, "look_up", look_up)
    return addresses


@pytest.fixture
def silent(fifty: tuple[str, ...]) -> Iterator[Callable[..., int]]:
    """Make some of the fifty keep silent on one port, as behind a firewall that drops: their queues are full."""
    with ExitStack() as stack:

        def listen(address: str, port: int) -> socket.socket:
            listener = stack.enter_context(socket.socket())
            listener.bind((address, port))
            listener.listen(0)
            return listener

        def make(addresses: tuple[str, ...], *, but: str = "") -> int:
            port = 0
            for address in addresses:
                listener = listen(address, port)
                port = listener.getsockname()[1]
                for _ in range(0 if address == but else 4):
                    waiting = stack.enter_context(socket.socket())
                    waiting.setblocking(False)
                    waiting.connect_ex((address, port))
            return port

        yield make


@pytest.mark.parametrize("kind", ["http", "tls", "tcp"])
def test_fifty_addresses_that_refuse_are_a_refusal(fifty: tuple[str, ...], kind: str) -> None:
    target = "http://fifty.example:1/" if kind == "http" else "fifty.example:1"
    assert found(observe({kind: target})) == ("down", "connection_refused")


def test_of_fifty_addresses_the_last_one_is_enough(fifty: tuple[str, ...]) -> None:
    seen = observe({"http": "http://fifty.example:@PORT@/"}, against=answer(faults.OK), host=fifty[-1])
    assert found(seen) == UP


@pytest.mark.parametrize("kind", ["redis", "sidekiq", "postgres", "pgbouncer"])
def test_of_fifty_addresses_the_last_one_is_enough_for_a_driver(fifty: tuple[str, ...], kind: str) -> None:
    where = {
        "host": "fifty.example",
        "port": "@PORT@",
        **({} if kind in {"redis", "sidekiq"} else {"sslmode": "disable"}),
    }
    hostile = faults.greet(b"\r\n" * 8)
    seen = observe({kind: where}, against=hostile, host=fifty[-1])
    assert found(seen) == ("down", "bad_response")
    assert "resolve" in seen.phases


def test_of_fifty_addresses_that_keep_silent_each_has_its_turn(
    fifty: tuple[str, ...], silent: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "ALL_PATIENCE", 0.5)
    port = silent(fifty, but=fifty[-1])
    assert found(observe({"tcp": f"fifty.example:{port}"}, timeout=10)) == UP


def test_fifty_addresses_that_keep_silent_are_a_timeout(
    fifty: tuple[str, ...], silent: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "ALL_PATIENCE", 0.5)
    port = silent(fifty)
    for keys in ({"tcp": f"fifty.example:{port}"}, {"http": f"https://fifty.example:{port}/"}):
        assert found(observe(keys, timeout=1.5)) == ("down", "timeout")
    closed = {"tcp": f"fifty.example:{port}", "expect": "closed"}
    assert found(observe(closed, timeout=2)) == UP
