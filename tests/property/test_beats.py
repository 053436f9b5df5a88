"""Law: a watch keeps to its beat: no drift, no two runs at once, no beat left out unless a run lasted over it."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from statusgen.watch import beats, next_beat
from tests.fakes import FakeClock

periods = st.integers(1, 90).map(lambda seconds: timedelta(seconds=seconds))
lengths = st.integers(0, 300_000).map(lambda count: timedelta(milliseconds=count))


@given(st.integers(0, 1000), lengths, periods)
def test_the_next_beat_is_the_first_one_ahead(last: int, late: timedelta, every: timedelta) -> None:
    elapsed = every * last + late
    beat = next_beat(last, elapsed, every)
    assert beat > last
    assert every * beat >= elapsed, "it is not past"
    assert beat == last + 1 or every * (beat - 1) < elapsed, "none before it is left out without need"


@given(st.integers(0, 1000), periods)
def test_a_clock_that_woke_a_little_early_gives_no_beat_twice(last: int, every: timedelta) -> None:
    assert next_beat(last, every * last - timedelta(microseconds=1), every) == last + 1


@given(st.lists(lengths, max_size=12), periods, periods | st.none())
def test_every_run_begins_on_its_beat_and_none_before_the_last_has_ended(
    runs: list[timedelta], every: timedelta, lasting: timedelta | None
) -> None:
    clock = FakeClock()
    start = clock.now()
    begun, ended = [], start
    for beat, lasts in zip(beats(clock, every=every, lasting=lasting), runs, strict=False):
        assert clock.now() == start + every * beat >= ended
        begun.append(beat)
        clock.advance(lasts)
        ended = clock.now()
    assert all(one < following for one, following in pairwise(begun))
    assert lasting is None or all(every * beat < lasting for beat in begun)
    assert begun[:1] == ([0] if runs else [])
