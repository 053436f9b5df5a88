"""When a watch runs: at the beats of a clock that does not drift, however long each run takes.

Beat `n` is `n` periods after the first. A run that takes longer than a period skips the beats that it missed; they are
not made up for, because what they would have seen is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from statusgen.ports import Clock
from statusgen.sweep import run_to_end


def next_beat(last: int, elapsed: timedelta, every: timedelta) -> int:
    """Return the number of the first beat after `last` that is not past, with so much time elapsed since beat 0."""
    not_past = -(-elapsed // every)
    return max(last + 1, not_past)


def beats(clock: Clock, *, every: timedelta, lasting: timedelta | None = None) -> Iterator[int]:
    """Wait for each beat and yield its number, until `lasting` has passed; for ever if that is None.

    Beat 0 is now. No beat comes once the time is over, whatever is left of it; what is done at a beat may take longer.
    """
    start, beat = clock.monotonic(), 0
    while lasting is None or every * beat < lasting:
        ahead = every * beat - _since(start, clock)
        if ahead > timedelta():
            run_to_end(clock.sleep(ahead.total_seconds()))
        yield beat
        beat = next_beat(beat, _since(start, clock), every)


def _since(start: float, clock: Clock) -> timedelta:
    return timedelta(seconds=clock.monotonic() - start)
