"""How long our own event loop stood still: time that is nobody's answer.

While it stands still, because a prober computes, a driver is loaded or the machine is suspended, every probe under way
seems to take longer. That is neither the target's latency nor a failure to answer in time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

BEAT = 0.01
"""Seconds between two looks at the clock, and how late one may be without being called a standstill."""


class Attention:
    """Notes when the loop was late to look at the clock, and by how much."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._standstills: list[tuple[float, float]] = []
        self._expect()

    def now(self) -> float:
        """Return the seconds on the loop's clock."""
        return self._loop.time()

    def lost_since(self, moment: float) -> float:
        """Return for how many seconds the loop has stood still since then, the present moment included."""
        return sum(self._since(moment))

    def granted_since(self, moment: float, most: float) -> float:
        """Return how much of the time lost since then a deadline gives back: the longest standstill, and so much more.

        A machine that is suspended stands still once, whatever the length; what keeps us busy does so again and again.
        """
        standstills = sorted(self._since(moment))
        return (standstills[-1] + min(sum(standstills[:-1]), most)) if standstills else 0.0

    def _since(self, moment: float) -> Iterator[float]:
        """Yield for how many seconds each standstill has lasted since then, the latest first."""
        for began, ended in reversed([*self._standstills, (self._due, self._due + self._late())]):
            if ended <= moment:
                return
            yield ended - max(began, moment)

    def end(self) -> None:
        """Look no more."""
        self._look.cancel()

    def _expect(self) -> None:
        self._due = self._loop.time() + BEAT
        self._look = self._loop.call_at(self._due, self._beat)

    def _beat(self) -> None:
        if late := self._late():
            self._standstills.append((self._due, self._due + late))
        self._expect()

    def _late(self) -> float:
        late = self._loop.time() - self._due
        return late if late > BEAT else 0.0


_watched: ContextVar[Attention] = ContextVar("attention")
"""The attention of the run that a task belongs to."""


@contextmanager
def attention() -> Iterator[Attention]:
    """Watch the running loop for as long as the context lasts, and for the deadlines of what is begun within."""
    watched = Attention(asyncio.get_running_loop())
    token = _watched.set(watched)
    try:
        yield watched
    finally:
        _watched.reset(token)
        watched.end()


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """Raise `TimeoutError` once what is done within has had so many seconds in which the loop was there for it.

    Probers that have a deadline of their own, before that of the whole try, have it by this.
    """
    async with asyncio.timeout(None) as limit:
        deadline = _Deadline(limit, seconds)
        try:
            yield
        finally:
            deadline.end()


class _Deadline:
    """Ends a context once its time is over, less what was lost meanwhile."""

    def __init__(self, limit: asyncio.Timeout, seconds: float) -> None:
        self._limit, self._seconds = limit, seconds
        self._loop, self._watched = asyncio.get_running_loop(), _watched.get(None)
        self._began = self._loop.time()
        self._look_in(seconds)

    def end(self) -> None:
        """Look no more."""
        self._due.cancel()

    def _look_in(self, seconds: float) -> None:
        self._due = self._loop.call_later(seconds, self._look)

    def _look(self) -> None:
        lost = self._watched.lost_since(self._began) if self._watched else 0.0
        left = self._began + self._seconds + lost - self._loop.time()
        if left > 0:
            self._look_in(left)
        else:
            self._limit.reschedule(self._loop.time())
