"""What recalling costs and what it leaves behind: days are merged and summed up, and a run reads little."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from statusgen.history import append, backfill, recall
from statusgen.history.recall import PILE
from tests.factories import DAY, HOLD, HOUR, INTERVAL, MINUTE, NOW, observation, series
from tests.fakes import MemoryStore, Notes
from tests.unit.history.recalling import MIDNIGHT, keep, kinds, recalled


def test_a_quiet_run_reads_little(state: MemoryStore, notes: Notes) -> None:
    keep(state, series("uuu", start=NOW - 2 * INTERVAL))
    recalled(state, notes)
    assert [(call.method, len(call.keys)) for call in state.calls] == [
        *[("list", 1)] * 5,
        ("read", 1),
        ("read", 3),
        ("read", 3),
    ]


def test_of_the_past_one_object_is_read(state: MemoryStore, notes: Notes) -> None:
    keep(state, [*series("uud" * 20, start=NOW - 80 * DAY, step=DAY), *series("uuu", start=NOW - 2 * INTERVAL)])
    before = recalled(state, notes)
    assert recalled(state, notes) == before
    assert [call.keys for call in state.calls if call.method == "read"] == [
        ("summaries/window.jsonl.gz",),
        tuple(key for key in state.keys("raw/") if "2022-12-01" in key),
    ]
    assert {call.method for call in state.calls} == {"list", "read"}


def test_segments_are_listed_by_the_months_of_the_window(state: MemoryStore, notes: Notes) -> None:
    recalled(state, notes, datetime.fromisoformat("2023-02-01T12:00Z"))
    assert [call.keys for call in state.calls if call.method == "list"] == [
        ("raw/",),
        ("segments/2022-11-",),
        ("segments/2022-12-",),
        ("segments/2023-01-",),
        ("segments/2023-02-",),
    ]


def test_objects_of_today_are_merged_when_they_have_piled_up(state: MemoryStore, notes: Notes) -> None:
    """The three newest are left alone for a quarter of an hour."""
    keep(state, series("u" * (PILE + 3), start=NOW - (PILE + 2) * INTERVAL))
    before = recalled(state, notes)
    assert len(state.keys()) == PILE + 3
    keep(state, [observation(at=NOW + INTERVAL)])
    recalled(state, notes, NOW + INTERVAL)
    assert kinds(state) == [("raw", "2022-12-01")] * 3 + [("segments", "2022-12-01")]
    assert recalled(state, notes, NOW + INTERVAL).tracks[0].spans[0].start == before.since


def test_a_day_is_merged_and_summed_up_an_hour_after_its_end(state: MemoryStore, notes: Notes) -> None:
    keep(state, series("u" * 5))
    end = MIDNIGHT + DAY + HOUR
    state.now = end
    recalled(state, notes, end - timedelta(microseconds=1))
    assert ("summaries", "2022-12") not in kinds(state)
    keep(state, [observation(at=end)])
    before = recalled(state, Notes(), end, tidy=False)
    assert recalled(state, notes, end) == before
    assert kinds(state) == [
        ("raw", "2022-12-02"),
        ("segments", "2022-12-01"),
        ("summaries", "2022-12"),
        ("summaries", "window."),
    ]
    assert recalled(state, notes, end) == before
    assert [key for call in state.calls for key in call.keys if "2022-12-01" in key] == []
    assert notes.warnings == []


def test_a_late_observation_is_noticed_and_its_day_summed_up_again(state: MemoryStore, notes: Notes) -> None:
    keep(state, [observation(at=NOW - DAY), observation(at=NOW)])
    recalled(state, notes)
    late = observation(at=NOW - DAY + HOUR, location="mars")
    state.now = NOW
    append(state, [late], warn=notes.warn)
    assert late in recalled(state, notes).latest
    assert late in recalled(state, notes).latest
    keep(state, [observation(at=NOW + HOUR)])
    assert late in recalled(state, notes, NOW + HOUR).latest
    assert kinds(state).count(("segments", "2022-11-30")) == 1
    assert ("raw", "2022-11-30") not in kinds(state)


def test_a_closed_day_of_which_the_newest_run_is_still_left_unmerged_is_read_as_one_object_too(
    state: MemoryStore, notes: Notes
) -> None:
    keep(state, [*series("uud", start=NOW - DAY + 2 * HOUR), observation(at=NOW - DAY + 3 * HOUR, location="mars")])
    keep(state, [observation(at=NOW)])
    before = recalled(state, notes)
    assert kinds(state) == [
        ("raw", "2022-12-01"),
        ("raw", "2022-11-30"),
        ("segments", "2022-11-30"),
        ("summaries", "2022-11"),
        ("summaries", "window."),
    ]
    assert recalled(state, notes) == before
    assert [key for call in state.calls if call.method == "read" for key in call.keys] == [
        "summaries/window.jsonl.gz",
        *state.keys("raw/earth/"),
    ]
    assert {call.method for call in state.calls} == {"list", "read"}


def test_a_run_dated_ahead_does_not_stand_for_the_newest_of_its_location(state: MemoryStore, notes: Notes) -> None:
    keep(state, series("u" * (PILE + 6), start=NOW - (PILE + 5) * INTERVAL))
    append(state, [observation(at=NOW + 2 * DAY)], warn=notes.warn)
    recalled(state, notes, NOW + 2 * HOUR)
    left = [("raw", "2022-12-01")] * 3 + [("raw", "2022-12-03"), ("segments", "2022-12-01")]
    assert kinds(state) == left


def test_a_closed_day_keeps_the_hold_it_was_judged_with(state: MemoryStore, notes: Notes) -> None:
    """A shorter interval today must not turn the days measured at a longer one into gaps."""
    keep(state, [*series("uuuu", start=NOW - DAY), observation(at=NOW)])
    before = recalled(state, notes)
    after = recall(state, hold=MINUTE, now=NOW, warn=notes.warn)
    assert after.tracks[0].spans[0] == before.tracks[0].spans[0]
    assert after.tracks[0].spans[1].end == NOW + MINUTE
    state.now = NOW
    append(state, [observation(at=NOW - DAY + HOUR)], warn=notes.warn)
    found = recall(state, hold=MINUTE, now=NOW, warn=notes.warn)
    assert found.tracks[0].spans[1].end == NOW - DAY + HOUR + HOLD


def test_raw_objects_from_before_the_window_are_read_once_and_left_for_later(state: MemoryStore, notes: Notes) -> None:
    keep(state, [*series("uuu", start=NOW - 100 * DAY), *series("uu", start=NOW - 91 * DAY), observation(at=NOW)])
    assert recalled(state, notes).latest == (observation(at=NOW),)
    assert [kind for kind, _ in kinds(state)] == ["raw"] * 6
    assert state.requests() == 5 + 5 + 1 + 3 + 1


def test_a_young_raw_object_from_before_the_window_is_not_even_read(state: MemoryStore, notes: Notes) -> None:
    append(state, [observation(at=NOW - 100 * DAY)], warn=notes.warn)
    assert recalled(state, notes).late == frozenset()
    assert kinds(state) == [("raw", "2022-08-23")]


@pytest.mark.parametrize("tidy", [True, False])
def test_nothing_is_written_unless_allowed(state: MemoryStore, notes: Notes, *, tidy: bool) -> None:
    keep(
        state,
        series("u" * 30, start=NOW - DAY) + series("uu", start=NOW - 99 * DAY) + series("u" * 30, start=NOW - 3 * HOUR),
    )
    recalled(state, notes, tidy=tidy)
    assert {"write", "delete"}.issubset(call.method for call in state.calls) is tidy


def age(state: MemoryStore, days: int) -> int:
    """Let the state grow for so many days, the last of them run by run, and return what the last run costs."""
    backfill(state, series("u" * (days - 1), start=NOW - days * DAY, step=DAY))
    state.now = NOW - DAY
    notes = Notes()
    for number in range(25):
        now = NOW - DAY + number * HOUR
        keep(state, [observation(at=now)])
        recalled(state, notes, now)
    assert notes.warnings == []
    return state.requests()


def test_a_run_costs_the_same_after_ninety_days_and_after_two_years() -> None:
    costs = {days: age(MemoryStore(), days) for days in (90, 730)}
    assert len(set(costs.values())) == 1
    assert costs[730] < 25
