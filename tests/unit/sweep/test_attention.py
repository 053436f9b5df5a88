"""How long a loop stood still, on a loop whose clock the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.sweep.attention import BEAT, Attention, attention
from statusgen.sweep.trial import our_share


class Handle:
    """A call that was asked for."""

    def __init__(self, due: float, act: Callable[[], None]) -> None:
        self.due, self.act, self.cancelled = due, act, False

    def cancel(self) -> None:
        """Forget it."""
        self.cancelled = True


class MovedLoop:
    """A loop of which nothing but the clock and one call at a time exists."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.call: Handle | None = None

    def time(self) -> float:
        """Return the seconds."""
        return self.now

    def call_at(self, due: float, act: Callable[[], None]) -> Any:
        """Take a call."""
        self.call = Handle(due, act)
        return self.call

    def run(self, seconds: float) -> None:
        """Let the time pass, and every call come when it is due."""
        end = self.now + seconds
        while self.call and self.call.due <= end:
            self.now = max(self.now, self.call.due)
            self.call.act()
        self.now = end

    def stand_still(self, seconds: float) -> None:
        """Let the time pass, and no call come."""
        self.now += seconds


@pytest.fixture
def loop() -> MovedLoop:
    return MovedLoop()


@pytest.fixture
def watched(loop: MovedLoop) -> Attention:
    return Attention(cast(asyncio.AbstractEventLoop, loop))


def test_a_loop_that_runs_freely_loses_nothing(loop: MovedLoop, watched: Attention) -> None:
    began = watched.now()
    loop.run(5.0)
    assert watched.lost_since(began) == 0.0


def test_being_a_little_late_is_not_standing_still(loop: MovedLoop, watched: Attention) -> None:
    began = watched.now()
    for _ in range(10):
        loop.stand_still(BEAT * 1.9)
        loop.run(0.0)
    assert watched.lost_since(began) == 0.0


def test_a_standstill_counts_from_when_the_loop_was_due_also_while_it_lasts(
    loop: MovedLoop, watched: Attention
) -> None:
    began = watched.now()
    loop.run(BEAT / 2)
    loop.stand_still(2.0)
    during = watched.lost_since(began)
    loop.run(1.0)
    assert during == watched.lost_since(began) == pytest.approx(2.0 - BEAT / 2)


def test_several_standstills_add_up_and_each_counts_only_from_the_moment_asked_for(
    loop: MovedLoop, watched: Attention
) -> None:
    began = watched.now()
    for _ in range(2):
        loop.run(1.0)
        loop.stand_still(0.5)
        loop.run(0.0)
    assert watched.lost_since(began) == pytest.approx(1.0, abs=2 * BEAT)
    assert watched.lost_since(loop.now - 1.0) == pytest.approx(0.5, abs=BEAT)
    assert watched.lost_since(loop.now - 0.2) == pytest.approx(0.2)
    assert watched.lost_since(loop.now) == 0.0


def test_a_deadline_gets_back_the_longest_standstill_and_a_share_of_the_others(
    loop: MovedLoop, watched: Attention
) -> None:
    began = watched.now()
    assert watched.granted_since(began, 1.0) == 0.0
    for seconds in (0.5, 3600.0, 0.25):
        loop.run(1.0)
        loop.stand_still(seconds)
        loop.run(0.0)
    assert watched.granted_since(began, 1.0) == pytest.approx(watched.lost_since(began))
    assert watched.granted_since(began, 0.3) == pytest.approx(3600.3, abs=BEAT)


def test_what_came_before_the_target_was_asked_is_no_part_of_its_latency(loop: MovedLoop, watched: Attention) -> None:
    loop.stand_still(0.3)
    loop.run(0.02)
    assert our_share(Finding(outcome=Outcome.UP, latency_ms=20.0), watched) == pytest.approx(0.0)
    assert our_share(Finding(outcome=Outcome.UP, latency_ms=120.0), watched) == pytest.approx(0.1)
    assert our_share(Finding(outcome=Outcome.UP), watched) == 0.0


def test_nobody_looks_any_more_when_the_run_is_over() -> None:
    async def timers() -> tuple[int, int]:
        scheduled = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]  # nothing else tells
        with attention():
            during = len(scheduled)
        return during, sum(not handle.cancelled() for handle in scheduled)

    assert asyncio.run(timers()) == (1, 0)
