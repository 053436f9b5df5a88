"""Names to addresses, by the system's own resolver.

It blocks, so it is asked in threads, of which one is always free. asyncio has a handful for everybody, where six names
that hang keep every other target waiting until its deadline; and the program would not end before the last of them.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread

THREAD = "look-up"


async def look_up(host: str, family: int = socket.AF_UNSPEC) -> tuple[str, ...]:
    """Return the addresses of an ASCII name in the order the system prefers; raises `socket.gaierror`.

    When it is called off, its thread is left to itself and what it finds is forgotten.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[tuple[str, ...]] = loop.create_future()

    def tell(say: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the run is over, and its loop is closed
            loop.call_soon_threadsafe(lambda: None if answer.done() else say())

    def ask() -> None:
        try:
            found = _addresses(host, family)
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for it
            failure = error
            tell(lambda: answer.set_exception(failure))
        else:
            tell(lambda: answer.set_result(found))

    _threads.do(ask)
    return await answer


class _Threads:
    """Threads that are started when none is free, and kept; the program ends without waiting for them."""

    def __init__(self) -> None:
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = Lock()
        self._free = 0

    def do(self, work: Callable[[], None]) -> None:
        """Have a thread do it at once."""
        with self._lock:
            one_is_free = self._free > 0
            self._free -= one_is_free
        self._work.put(work)
        if not one_is_free:
            Thread(target=self._serve, name=THREAD, daemon=True).start()

    def _serve(self) -> None:
        while True:
            self._work.get()()
            with self._lock:
                self._free += 1


_threads = _Threads()


def _addresses(host: str, family: int) -> tuple[str, ...]:
    """Return the addresses, each once. Bytes are taken as they are, without loading what encodes other scripts."""
    found = socket.getaddrinfo(host.encode("ascii"), None, family=family, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
