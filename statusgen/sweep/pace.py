"""How starts are spread over time, so that the latency measured is the target's and not that of our own burst.

Every try waits for its turn, the first ones and those that confirm a failure, so a thousand checks that fail together
are not tried again together. Turns never catch up: after a pause, of whatever cause, they go on one by one.
"""

from __future__ import annotations

import asyncio

from statusgen.ports import Clock

APART = 0.003
"""Seconds from one turn to the next at least; a start that comes a tick late is so much nearer to the next."""

TICK = 0.002
"""Seconds that a turn may come late and be made up for: timers are good to a millisecond or two, which is no burst."""

YIELD = 4.0
"""For each second that a turn came later, because probes under way kept us busy, the next waits so many seconds."""

LONGEST_YIELD = 0.05
"""Seconds that a turn waits for being late at most: one long pause of the machine is not load."""


class Pace:
    """Gives turns one at a time, in the order in which they were asked for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next = clock.monotonic()
        self._queue = asyncio.Lock()

    async def turn(self) -> None:
        """Return when it is time to start."""
        async with self._queue:
            now = self._clock.monotonic()
            due = max(self._next, now)
            if due > now:
                await self._clock.sleep(due - now)
            now = self._clock.monotonic()
            late = now - due
            self._next = due + APART if late <= TICK else now + max(APART, min(LONGEST_YIELD, YIELD * late))
