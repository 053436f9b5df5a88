"""What comes later than a page looks back is told by name, and merged when its days have been judged again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from statusgen.history import append, backfill, merge_late, observed, recall, touched
from statusgen.history.codec import LONGEST_HOLD
from statusgen.model.observation import Observation
from tests.factories import DAY, HOLD, NOW, observation, series
from tests.fakes import MemoryStore, Notes

LATE = [*series("uuu", start=NOW - 100 * DAY), *series("uu", start=NOW - 91 * DAY)]
DAYS = frozenset({date(2022, 8, 23), date(2022, 9, 1)})


def holding(late: Sequence[Observation], state: MemoryStore | None = None) -> MemoryStore:
    """Return a state with one segment of a day long gone, in which late runs lie, and one of now."""
    state = state or MemoryStore("s3://bucket/state")
    backfill(state, series("d", start=NOW - 100 * DAY - DAY / 8))
    for one in late:
        state.now = one.at
        append(state, [one], warn=pytest.fail)
    state.now = NOW
    append(state, [observation()], warn=pytest.fail)
    return state


def late_days(state: MemoryStore, notes: Notes, *, tidy: bool = True) -> frozenset[date]:
    return recall(state, hold=HOLD, now=NOW, warn=notes.warn, tidy=tidy).late


def test_runs_from_before_the_window_are_told_of_until_they_are_merged(notes: Notes) -> None:
    state = holding(LATE)
    assert [late_days(state, notes) for _ in range(2)] == [DAYS, DAYS]
    merge_late(state, DAYS, now=NOW, warn=notes.warn)
    assert late_days(state, notes) == frozenset()
    assert [key.split("/")[1] for key in state.keys("segments/")] == ["2022-08-23", "2022-09-01"]
    assert state.keys("raw/") == ("raw/earth/2022-12-01/120000-run-20221201-120000.jsonl",)
    assert len(observed(state, min(DAYS), now=NOW, warn=notes.warn)) == 1 + 3
    assert notes.warnings == []


def test_only_who_tidies_hears_of_them(notes: Notes) -> None:
    assert late_days(holding(LATE), notes, tidy=False) == frozenset()


@pytest.mark.parametrize("body", [b"", b"nonsense\n"])
def test_what_is_set_aside_or_says_nothing_is_not_late_for_ever(notes: Notes, body: bytes) -> None:
    state = holding(())
    state.objects["raw/mars/2022-08-23/120000-odd.jsonl"] = (body, NOW - DAY)
    assert late_days(state, notes) == frozenset()


def test_without_any_nothing_is_asked(notes: Notes) -> None:
    state = holding(())
    state.calls.clear()
    merge_late(state, (), now=NOW, warn=notes.warn)
    assert state.calls == []


@pytest.mark.parametrize("method", ["list", "read", "write", "delete"])
def test_a_failure_is_a_warning_and_loses_nothing(notes: Notes, method: str) -> None:
    state = holding(LATE)
    state.broken[method] = "no answer in time"
    merge_late(state, DAYS, now=NOW, warn=notes.warn)
    [message] = notes.warnings
    assert message.startswith("'s3://bucket/state' is not kept tidy: cannot ")
    assert message.endswith("no answer in time; nothing is lost, the next run tries again")
    state.broken.clear()
    assert {one.at for one in LATE} <= {
        one.at for day in DAYS for one in observed(state, day, now=NOW, warn=pytest.fail)
    }


class Restless(MemoryStore):
    """A store whose raw objects are gone when they are read."""

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        return super().read([key for key in keys if not key.startswith("raw/")])


def test_what_somebody_else_merges_meanwhile_is_left_to_them(notes: Notes) -> None:
    state = holding(LATE, Restless())
    state.calls.clear()
    merge_late(state, DAYS, now=NOW, warn=notes.warn)
    assert {call.method for call in state.calls} == {"list", "read"}
    assert notes.warnings == []


def test_a_day_touches_as_many_after_it_as_an_observation_may_speak_for() -> None:
    day = NOW.date()
    assert sorted(touched({day})) == [day + DAY * later for later in range(LONGEST_HOLD.days + 1)]
    assert touched(()) == frozenset()
