"""Starts are spread over time, whatever happens: the law that keeps our own load out of what we publish."""

from __future__ import annotations

import asyncio
import math
from datetime import timedelta
from itertools import pairwise

import pytest

from statusgen.sweep.pace import APART, LONGEST_YIELD, TICK, YIELD, Pace
from tests.fakes import FakeClock

TRIES = 50


class TiredClock(FakeClock):
    """A clock on which sleeping takes longer than asked for, as on a busy loop; `late` are the seconds, in turn."""

    def __init__(self, *late: float) -> None:
        super().__init__()
        self._late = list(late)

    async def sleep(self, seconds: float) -> None:
        """Let the time pass, and some more."""
        await super().sleep(seconds)
        self.advance(timedelta(seconds=self._late.pop(0) if self._late else 0.0))


async def _starts(clock: FakeClock, tries: int = TRIES) -> list[float]:
    """Return when so many tries that all ask at once begin, in seconds since the first, in the order of asking."""
    pace = Pace(clock)
    starts: dict[int, float] = {}

    async def begin(number: int) -> None:
        await pace.turn()
        starts[number] = clock.monotonic()

    await asyncio.gather(*(begin(number) for number in range(tries)))
    assert list(starts) == list(range(tries)), "turns are given in the order in which they are asked for"
    return [start - starts[0] for start in starts.values()]


def _gaps(starts: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(starts)]


@pytest.mark.parametrize(
    "late",
    [
        *((), (1.0,), (TICK,) * TRIES, (TICK, 0.0) * TRIES),
        *((0.003,) * TRIES, (0.003, 0.0) * TRIES, (0.0, 0.5, 0.0, TICK)),
    ],
)
def test_no_more_starts_fall_into_any_time_than_the_pace_allows(late: tuple[float, ...]) -> None:
    """Also after a pause: turns that were missed are not made up for, so nothing ever starts in a burst.

    But for a tick, which is what a timer may be late: so much sooner a turn may come after one that was late.
    """
    starts = asyncio.run(_starts(TiredClock(*late)))
    assert min(_gaps(starts)) >= APART - TICK - 1e-6
    for within in (APART, 0.03, 0.1):
        for began in starts:
            assert sum(began <= start < began + within - 1e-6 for start in starts) <= math.ceil((within + TICK) / APART)


def test_a_thousand_starts_take_three_seconds() -> None:
    starts = asyncio.run(_starts(FakeClock(), 1001))
    assert starts[-1] == pytest.approx(3.0)


def test_a_thousand_starts_take_three_seconds_though_timers_are_late() -> None:
    starts = asyncio.run(_starts(TiredClock(*[TICK / 2] * 1001), 1001))
    assert starts[-1] == pytest.approx(3.0, abs=TICK)


def test_the_first_start_and_one_after_a_rest_wait_for_nothing() -> None:
    async def two_with_a_rest(clock: FakeClock) -> None:
        pace = Pace(clock)
        await pace.turn()
        clock.advance(timedelta(seconds=1))
        await pace.turn()

    clock = FakeClock()
    asyncio.run(two_with_a_rest(clock))
    assert clock.slept == []


def test_a_start_that_comes_late_gives_way_to_what_is_under_way() -> None:
    gaps = _gaps(asyncio.run(_starts(TiredClock(0.0, 0.01, 0.0, 5.0))))
    assert gaps[:5] == pytest.approx([APART, APART + 0.01, YIELD * 0.01, APART + 5.0, LONGEST_YIELD], abs=1e-6)
    assert gaps[5:] == pytest.approx([APART] * (TRIES - 6), abs=1e-6)
