"""What blocks, done in threads of which one is always free.

asyncio has a handful for everybody, where six names that hang keep every other target waiting until its deadline; and
the program would not end before the last of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TypeVar

THREAD = "blocking"

T = TypeVar("T")


async def in_thread(work: Callable[[], T], forget: Callable[[T], None] = lambda _: None) -> T:
    """Return what comes of some work.

    When it is called off, the thread is left to itself, and what comes of it after all is handed to `forget`.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def fail(error: Exception) -> None:
        if not answer.done():
            answer.set_exception(error)

    def tell(found: T) -> None:
        if answer.done():
            forget(found)
        else:
            answer.set_result(found)

    def do() -> None:
        try:
            found = work()
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for it
            with suppress(RuntimeError):  # the run is over, and its loop is closed
                loop.call_soon_threadsafe(fail, error)
            return
        try:
            loop.call_soon_threadsafe(tell, found)
        except RuntimeError:  # as above
            forget(found)

    _threads.do(do)
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
