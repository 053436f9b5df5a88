"""What counts as the target's time, and what does not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from statusgen.model.words import Outcome
from statusgen.probes.stopwatch import Stopwatch


class Hand:
    """A clock on the running loop that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0
        asyncio.get_running_loop().time = lambda: self.seconds  # type: ignore[method-assign]  # a clock of our own

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds


def timed(story: Callable[[Stopwatch, Hand], None]) -> tuple[float | None, dict[str, float]]:
    """Return latency and phases of what happens."""

    async def told() -> tuple[float | None, dict[str, float]]:
        hand = Hand()
        watch = Stopwatch()
        story(watch, hand)
        finding = watch.finding(Outcome.UP)
        return finding.latency_ms, dict(finding.phases)

    return asyncio.run(told())


def test_everything_counts_and_phases_tell_of_what() -> None:
    def story(watch: Stopwatch, hand: Hand) -> None:
        with watch.phase("connect"):
            hand.passes(0.02)
        hand.passes(0.005)

    assert timed(story) == (25.0, {"connect": 20.0})


def test_what_comes_twice_adds_up() -> None:
    def story(watch: Stopwatch, hand: Hand) -> None:
        for _ in range(2):
            with watch.phase("connect"):
                hand.passes(0.02)

    assert timed(story) == (40.0, {"connect": 40.0})


def test_our_own_work_counts_for_nothing_where_only_phases_do() -> None:
    def story(watch: Stopwatch, hand: Hand) -> None:
        with watch.only_phases():
            hand.passes(0.05)
            with watch.phase("connect"):
                hand.passes(0.02)
            hand.passes(0.03)
            with watch.phase("first_byte"):
                hand.passes(0.1)
        hand.passes(0.001)

    assert timed(story) == (121.0, {"connect": 20.0, "first_byte": 100.0})


def test_a_phase_counts_when_it_fails_too() -> None:
    def refused(watch: Stopwatch, hand: Hand) -> None:
        with watch.only_phases():
            hand.passes(0.01)
            with watch.phase("connect"):
                hand.passes(0.02)
                raise ConnectionRefusedError

    def story(watch: Stopwatch, hand: Hand) -> None:
        with pytest.raises(ConnectionRefusedError):
            refused(watch, hand)

    assert timed(story) == (20.0, {"connect": 20.0})
