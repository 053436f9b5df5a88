"""How long our own event loop stood still: time that is nobody's answer.

While it stands still, because a prober computes, a driver is loaded or the machine is suspended, every probe under way
seems to take longer. That is neither the target's latency nor a failure to answer in time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

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
        lost = 0.0
        for began, ended in reversed([*self._standstills, (self._due, self._due + self._late())]):
            if ended <= moment:
                break
            lost += ended - max(began, moment)
        return lost

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


@contextmanager
def attention() -> Iterator[Attention]:
    """Watch the running loop for as long as the context lasts."""
    watched = Attention(asyncio.get_running_loop())
    try:
        yield watched
    finally:
        watched.end()
