"""Looking up names: one that hangs keeps nobody else waiting, neither the others nor the end of the program."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from statusgen.probes.names import look_up
from statusgen.probes.threads import THREAD

MANY = 100


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A resolver that knows `good`, refuses `bad`, and does not answer for `hang` before the event is set."""
    event = threading.Event()

    def resolve(host: bytes, port: None, *, family: int, type: int) -> list[Any]:  # noqa: A002 - as the system's
        if host == b"hang":
            event.wait(30)
        if host == b"bad":
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        addresses = {socket.AF_INET: ["192.0.2.1"], socket.AF_INET6: ["2001:db8::1"]}
        found = addresses.get(family, ["2001:db8::1", "192.0.2.1", "192.0.2.1"])
        return [(family, type, 6, "", (address, 0)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    yield event
    event.set()


def _threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == THREAD]


@pytest.mark.usefixtures("released")
def test_addresses_come_in_the_systems_order_each_once_and_of_one_family_if_asked() -> None:
    assert asyncio.run(look_up("good")) == ("2001:db8::1", "192.0.2.1")
    assert asyncio.run(look_up("good", socket.AF_INET)) == ("192.0.2.1",)


@pytest.mark.usefixtures("released")
def test_a_name_that_does_not_exist_raises_what_the_system_says() -> None:
    with pytest.raises(socket.gaierror, match="unknown"):
        asyncio.run(look_up("bad"))


def test_names_that_hang_keep_no_other_name_waiting_nor_the_end_of_the_run(released: threading.Event) -> None:
    async def one_among_many() -> tuple[str, ...]:
        hanging = [asyncio.ensure_future(look_up("hang")) for _ in range(MANY)]
        await asyncio.sleep(0)
        found = await look_up("good")
        for task in hanging:
            task.cancel()
        await asyncio.wait(hanging)
        assert all(task.cancelled() for task in hanging)
        return found

    assert asyncio.run(one_among_many()) == ("2001:db8::1", "192.0.2.1")
    assert not released.is_set(), "the run has ended, and the resolver still hangs"
    assert all(thread.daemon for thread in _threads())


def test_an_answer_that_nobody_waits_for_any_more_is_forgotten(released: threading.Event) -> None:
    complaints: list[object] = []

    async def called_off() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, complaint: complaints.append(complaint))
        hanging = [asyncio.ensure_future(look_up("hang")) for _ in range(MANY)]
        await asyncio.sleep(0)
        for task in hanging:
            task.cancel()
        await asyncio.wait(hanging)
        released.set()
        for _ in range(MANY):
            await look_up("good")

    asyncio.run(called_off())
    assert complaints == []


@pytest.mark.usefixtures("released")
def test_a_thread_that_is_free_is_used_again() -> None:
    async def one_after_the_other() -> None:
        for _ in range(MANY):
            await look_up("good")

    asyncio.run(one_after_the_other())
    before = len(_threads())
    asyncio.run(one_after_the_other())
    assert len(_threads()) - before < MANY / 2, "most of them found a thread that was free"
