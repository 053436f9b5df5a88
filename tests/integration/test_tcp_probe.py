"""A `tcp` check tells whether a port takes connections, and whether one that must not, does not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.integration import faults
from tests.integration.observing import found, observe

pytestmark = pytest.mark.services

PORT = "127.0.0.1:@PORT@"


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that answers nothing, as behind a firewall that drops: its queue of connections is full."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def test_an_open_port_is_up() -> None:
    seen = observe({"tcp": "localhost:@PORT@"}, against=faults.hang)
    assert found(seen) == ("up", None)
    assert list(seen.phases) == ["resolve", "connect"]


def test_a_pinned_address_is_asked_instead_of_the_name() -> None:
    seen = observe({"tcp": "nowhere.invalid:1", "connect_to": PORT}, against=faults.hang)
    assert found(seen) == ("up", None)


def test_a_port_where_nobody_listens_is_down() -> None:
    assert found(observe({"tcp": "127.0.0.1:1"})) == ("down", "connection_refused")


def test_a_silent_port_is_down_in_time(silent_port: int) -> None:
    assert found(observe({"tcp": f"127.0.0.1:{silent_port}"}, timeout=0.5)) == ("down", "timeout")


def test_a_name_that_does_not_exist_is_not_resolved() -> None:
    assert found(observe({"tcp": "nowhere.invalid:22"})) == ("down", "name_not_resolved")


def test_an_open_port_that_must_be_closed_is_down() -> None:
    seen = observe({"tcp": PORT, "expect": "closed"}, against=faults.hang)
    assert found(seen) == ("down", "open")


def test_a_refused_port_that_must_be_closed_is_up_and_its_latency_means_nothing() -> None:
    seen = observe({"tcp": "127.0.0.1:1", "expect": "closed"})
    assert found(seen) == ("up", None)
    assert seen.latency_ms is None


def test_a_silent_port_that_must_be_closed_is_up_before_the_deadline(silent_port: int) -> None:
    keys = {"tcp": f"127.0.0.1:{silent_port}", "expect": "closed", "degraded_over": "1ms"}
    assert found(observe(keys, timeout=1)) == ("up", None)


def test_nothing_is_proven_of_a_name_that_does_not_exist() -> None:
    assert found(observe({"tcp": "nowhere.invalid:22", "expect": "closed"})) == ("unknown", "name_not_resolved")


def test_nothing_is_proven_where_there_is_no_way() -> None:
    seen = observe({"tcp": "example.org:22", "connect_to": "255.255.255.255", "expect": "closed"})
    assert found(seen) == ("unknown", "unreachable")
