"""Law: a run after one year and after five years costs what it costs after ninety days.

The same number of requests, and the same bytes of the past; a listing is longer by a month's days at most, since
segments are listed by the month. One small object holds the figures of a year's days, and grows no further. Once a day
all names are listed, for what is not ours: that grows by a name a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from statusgen import pipeline
from statusgen.history import append, backfill, recall
from statusgen.ports import Listed
from tests.factories import DAY, HOLD, HOUR, INTERVAL, NOW, project, series
from tests.fakes import MemoryStore, Notes

AGES = (90, 365, 5 * 365)
LONGEST_MONTH = 31
RUNS_TODAY = 5
MONTHS = 6
"""Objects below `summaries/` at most: those of the months that were read, and two more."""


class Counting(MemoryStore):
    """A store that counts what a run moves."""

    listed = 0
    moved = 0

    def list(self, prefix: str = "", after: str = "") -> Sequence[Listed]:
        found = super().list(prefix, after)
        self.listed += len(found)
        return found

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        found = super().read(keys)
        self.moved += sum(len(body) for body in found.values())
        return found

    def forget(self) -> None:
        """Count from now on."""
        self.calls.clear()
        self.listed = self.moved = 0


def aged(days: int) -> Counting:
    """Return a state of so many days with three observations each, and a few runs today, as a run leaves it."""
    state = Counting()
    first = NOW.replace(hour=6) - DAY * (days - 1)
    backfill(state, [one for back in range(days - 1) for one in series("uud", start=first + DAY * back, step=HOUR)])
    state.now = NOW
    for one in series("u" * RUNS_TODAY, start=NOW - RUNS_TODAY * INTERVAL):
        append(state, [one], warn=pytest.fail)
    look(state)
    state.forget()
    return state


def look(state: Counting, later: timedelta = timedelta()) -> None:
    pipeline.look(project(), state, now=NOW + later, progress=Notes(), tidy=True)


def test_a_run_costs_the_same_at_any_age() -> None:
    requests, listed, moved = [], [], []
    for days in AGES:
        state = aged(days)
        recall(state, hold=HOLD, now=NOW, warn=pytest.fail)
        assert {call.method for call in state.calls} == {"list", "read"}
        requests.append(state.requests())
        listed.append(state.listed)
        moved.append(state.moved)
    assert len(set(requests)) == 1
    assert len(set(moved)) == 1
    assert listed[1:] == [listed[1]] * (len(AGES) - 1)
    assert listed[1] <= listed[0] + LONGEST_MONTH


def test_the_figures_of_a_year_grow_for_a_year_and_no_further() -> None:
    moved = []
    for days in AGES:
        state = aged(days)
        look(state)
        moved.append(state.moved)
    ninety, year, five = moved
    assert ninety < year
    assert abs(five - year) < year / 100, "the first day of a site is not a whole one"


@pytest.mark.parametrize("days", AGES)
def test_the_first_run_of_a_day_reads_a_bounded_window_too(days: int) -> None:
    state = aged(days)
    state.now = NOW + DAY
    append(state, series("u", start=NOW + DAY), warn=pytest.fail)
    look(state, later=DAY)
    read = [key for call in state.calls if call.method == "read" for key in call.keys]
    assert len([key for key in read if key.startswith("segments/")]) <= 1
    assert len([key for key in read if key.startswith("summaries/")]) <= 1 + 5 + 1


def test_once_a_day_all_names_are_listed_and_nothing_else_grows() -> None:
    requests, listed = [], []
    for days in AGES:
        state = aged(days)
        state.now = NOW + DAY
        append(state, series("u", start=NOW + DAY), warn=pytest.fail)
        state.forget()
        look(state, later=DAY)
        requests.append(state.requests())
        [everything] = [call for call in state.calls if call.keys == ("",)]
        state.forget()
        state.list(*everything.keys)
        listed.append(state.listed)
        state.forget()
        look(state, later=DAY + INTERVAL)
        assert everything not in state.calls
    assert len(set(requests)) == 1
    assert all(0 <= names - days < RUNS_TODAY + MONTHS for names, days in zip(listed, AGES, strict=True))
