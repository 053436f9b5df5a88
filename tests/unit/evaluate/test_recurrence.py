"""Maintenance that comes again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from statusgen.evaluate import evaluate
from statusgen.evaluate.explanation import explanation
from statusgen.evaluate.recurrence import (
    AHEAD,
    NOTICE,
    day_of,
    expand,
    occurrences,
    series,
    some_starts,
    starts,
    windows_until,
)
from statusgen.model.announcement import Maintenance, Recurrence, Update, Window
from statusgen.model.words import MaintenancePhase
from tests.factories import DAY, HOUR, component, group, maintenance, project, record, span, track, update

BERLIN = ZoneInfo("Europe/Berlin")
SCHEDULED, IN_PROGRESS, VERIFYING, COMPLETED, CANCELLED = MaintenancePhase
FIRST = datetime(2022, 12, 4, 1, tzinfo=UTC)
"""Sunday 4 December, 02:00 in Berlin."""

SUNDAYS = Recurrence(rule="FREQ=WEEKLY;BYDAY=SU", zone=BERLIN)
FIRST_SUNDAYS = Recurrence(rule="FREQ=MONTHLY;BYDAY=1SU", zone=BERLIN)


def work(recurrence: Recurrence = SUNDAYS, *said: Update, **more: Any) -> Maintenance:
    """Return a series of two hours on Sundays, announced three days before the first."""
    return replace(
        maintenance("updates", starts=FIRST, announced=FIRST - 3 * DAY, updates=said), repeats=recurrence, **more
    )


def found(one: Maintenance, now: datetime) -> list[Maintenance]:
    """Return the occurrences of a series that are public."""
    assert one.repeats is not None
    return list(occurrences(one, one.repeats, now))


def slugs(one: Maintenance, now: datetime) -> list[str]:
    """Return the days of the occurrences that are public."""
    return [occurrence.slug.removeprefix("updates-") for occurrence in found(one, now)]


class TestStarts:
    """An occurrence begins by the clock of its zone."""

    def at(self, zone: str, first: str, rule: str = "FREQ=DAILY", count: int = 3) -> list[str]:
        """Return the first starts in UTC, of a series whose first is given by the clock of a zone."""
        place = ZoneInfo(zone)
        begin = datetime.fromisoformat(first).replace(tzinfo=place)
        return [f"{one:%m-%d %H:%M}" for one in some_starts(begin, Recurrence(rule=rule, zone=place), count)]

    def test_summer_and_winter_at_the_same_time_of_day(self) -> None:
        assert self.at("Europe/Berlin", "2022-10-02T02:00", "FREQ=MONTHLY;BYDAY=1SU") == [
            "10-02 00:00",
            "11-06 01:00",
            "12-04 01:00",
        ]

    def test_a_time_that_the_clock_passes_over_is_as_much_later(self) -> None:
        assert self.at("Europe/Berlin", "2023-03-25T02:30") == ["03-25 01:30", "03-26 01:30", "03-27 00:30"]

    def test_of_a_time_that_comes_twice_the_first_counts(self) -> None:
        assert self.at("Europe/Berlin", "2022-10-29T02:30") == ["10-29 00:30", "10-30 00:30", "10-31 01:30"]

    def test_south_of_the_equator_and_where_the_clock_moves_by_half_an_hour(self) -> None:
        assert self.at("Australia/Lord_Howe", "2022-10-01T03:00") == ["09-30 16:30", "10-01 16:00", "10-02 16:00"]

    def test_where_a_day_was_left_out(self) -> None:
        assert self.at("Pacific/Apia", "2011-12-29T12:00") == ["12-29 22:00", "12-30 22:00", "12-31 22:00"]

    def test_a_rule_may_end(self) -> None:
        assert self.at("UTC", "2022-12-04T02:00", "FREQ=DAILY;COUNT=2") == ["12-04 02:00", "12-05 02:00"]
        until = "FREQ=DAILY;UNTIL=20221205T235959"
        assert self.at("UTC", "2022-12-04T02:00", until) == ["12-04 02:00", "12-05 02:00"]

    def test_it_goes_on_for_ever_and_is_asked_for_as_much_as_is_needed(self) -> None:
        assert next(starts(FIRST, SUNDAYS)) == FIRST
        window = Window(FIRST, FIRST + HOUR)
        assert len(windows_until(window, SUNDAYS, FIRST + 14 * DAY)) == 3 + 1 + AHEAD
        assert len(windows_until(window, replace(SUNDAYS, rule="FREQ=WEEKLY;COUNT=2"), FIRST + 99 * DAY)) == 2

    def test_it_ends_before_the_calendar_does(self) -> None:
        """The last evening of 9999 in New York is in a year that UTC has no number for."""
        assert self.at("America/New_York", "9989-12-31T20:00", "FREQ=YEARLY;INTERVAL=2", 9) == ["01-01 01:00"] * 5

    def test_it_goes_on_for_fifty_years_at_most(self) -> None:
        every = list(starts(FIRST, FIRST_SUNDAYS))
        assert (len(every), every[-1].year) == (12 * 50 + 1, 2072)
        assert len(windows_until(Window(FIRST, FIRST + HOUR), FIRST_SUNDAYS, datetime(9999, 1, 1, tzinfo=UTC))) == 601

    def test_its_day_is_that_of_its_zone(self) -> None:
        midnight = datetime(2022, 12, 3, 23, 30, tzinfo=UTC)
        assert day_of(midnight, SUNDAYS) == date(2022, 12, 4)


class TestPublic:
    """What is over stays, and one is to come."""

    def test_the_next_one_is_to_come_as_soon_as_one_is_called_off(self) -> None:
        off = FIRST + 5 * DAY
        one = work(SUNDAYS, update(off, CANCELLED))
        assert slugs(one, off - HOUR) == ["2022-12-04", "2022-12-11"]
        assert slugs(one, off) == ["2022-12-04", "2022-12-11", "2022-12-18"]
        assert found(one, off)[-1].announced == off
        assert slugs(one, FIRST + 7 * DAY) == ["2022-12-04", "2022-12-11", "2022-12-18"]

    def test_what_is_called_off_when_it_has_begun_brings_the_next_one_no_earlier_than_that(self) -> None:
        one = work(SUNDAYS, update(FIRST + HOUR, CANCELLED))
        assert found(one, FIRST)[-1].announced == FIRST

    def test_the_first_when_the_series_is_announced(self) -> None:
        assert slugs(work(), FIRST - 3 * DAY) == ["2022-12-04"]

    def test_the_next_when_the_one_before_begins(self) -> None:
        assert slugs(work(), FIRST - timedelta(seconds=1)) == ["2022-12-04"]
        assert slugs(work(), FIRST) == ["2022-12-04", "2022-12-11"]
        assert [one.announced for one in found(work(), FIRST)] == [FIRST - 3 * DAY, FIRST]

    def test_but_not_too_long_before(self) -> None:
        yearly = work(Recurrence(rule="FREQ=YEARLY", zone=BERLIN))
        following = datetime(2023, 12, 4, 1, tzinfo=UTC)
        assert slugs(yearly, following - NOTICE - HOUR) == ["2022-12-04"]
        assert slugs(yearly, following - NOTICE) == ["2022-12-04", "2023-12-04"]

    def test_earlier_when_people_write_of_it(self) -> None:
        early = FIRST + 99 * DAY
        yearly = work(Recurrence(rule="FREQ=YEARLY", zone=BERLIN), update(early, CANCELLED))
        assert slugs(yearly, early - HOUR) == ["2022-12-04"]
        assert found(yearly, early)[1].announced == early

    def test_one_that_was_over_before_anybody_announced_it_never_was(self) -> None:
        late = work(announced=FIRST + 8 * DAY)
        assert slugs(late, FIRST + 8 * DAY) == ["2022-12-18"]
        assert slugs(work(announced=FIRST + HOUR), FIRST + HOUR) == ["2022-12-04", "2022-12-11"]

    def test_each_is_a_maintenance_of_its_own(self) -> None:
        _, second = found(work(aliases=("patches",)), FIRST)
        assert (second.slug, second.aliases) == ("updates-2022-12-11", ("patches-2022-12-11",))
        assert (second.starts, second.ends) == (FIRST + 7 * DAY, FIRST + 7 * DAY + 2 * HOUR)
        assert (second.series, second.repeats) == ("updates", None)
        assert second.following == tuple(FIRST + 7 * number * DAY for number in (2, 3, 4))


class TestOnesToComeThatChange:
    """Dates to come are told as they stand: nobody waits on a day that is called off or moved."""

    def test_one_that_is_called_off_by_an_update_is_promised_no_more(self) -> None:
        off = update(FIRST + 8 * DAY, CANCELLED)
        assert found(work(SUNDAYS, off), FIRST + 7 * DAY)[0].following[1] == FIRST + 14 * DAY
        after = tuple(FIRST + 7 * number * DAY for number in (1, 3, 4))
        assert found(work(SUNDAYS, off), FIRST + 9 * DAY)[0].following == after

    def test_one_that_is_moved_is_promised_for_its_new_date(self) -> None:
        start = FIRST + 15 * DAY
        moved = update(FIRST + 8 * DAY, MaintenancePhase.SCHEDULED, window=Window(start, start + HOUR))
        assert found(work(SUNDAYS, moved), FIRST + 9 * DAY)[0].following[:2] == (FIRST + 7 * DAY, start)


class TestSkips:
    """A day that is left out is called off, for people may count on it."""

    def test_it_is_told_as_cancelled(self) -> None:
        skipping = work(replace(SUNDAYS, skips=frozenset({date(2022, 12, 11)})))
        first, second, third = found(skipping, FIRST)
        assert (first.said(FIRST), second.said(FIRST), third.said(FIRST)) == (None, CANCELLED, None)

    def test_and_the_next_one_is_known_when_it_would_have_been(self) -> None:
        skipping = work(replace(SUNDAYS, skips=frozenset({date(2022, 12, 11)})))
        assert [one.announced for one in found(skipping, FIRST)] == [FIRST - 3 * DAY, FIRST, FIRST]

    def test_nobody_is_promised_it_and_three_are_promised_all_the_same(self) -> None:
        skipping = work(replace(SUNDAYS, skips=frozenset(date(2022, 12, day) for day in (11, 18, 25))))
        assert [one.following[0] for one in found(skipping, FIRST)] == [FIRST + 28 * DAY] * 4 + [FIRST + 35 * DAY]
        assert {len(one.following) for one in found(skipping, FIRST)} == {AHEAD}

    def test_why_is_told_below_it(self) -> None:
        why = update(FIRST + 7 * DAY - HOUR, CANCELLED)
        skipping = work(replace(SUNDAYS, skips=frozenset({date(2022, 12, 11)})), why)
        _, second, _ = found(skipping, FIRST + 7 * DAY)
        assert [(one.number, one.at, one.phase) for one in second.updates] == [
            (1, FIRST, CANCELLED),
            (2, why.at, CANCELLED),
        ]


class TestUpdates:
    """An update belongs to the occurrence whose window it falls into."""

    def shares(self, *said: tuple[timedelta, MaintenancePhase]) -> dict[str, list[MaintenancePhase]]:
        """Return what was said of each occurrence, by its day; times are after the first start."""
        updates = [update(FIRST + after, phase) for after, phase in said]
        public = found(work(SUNDAYS, *updates), FIRST + 30 * DAY)
        told = {one.slug[-2:]: [update.phase for update in one.updates] for one in public}
        return {day: phases for day, phases in told.items() if phases}  # type: ignore[misc]  # all are of maintenance

    def test_within_a_window(self) -> None:
        week = 7 * DAY
        assert self.shares((HOUR, IN_PROGRESS), (HOUR, COMPLETED), (week, IN_PROGRESS), (week + HOUR, VERIFYING)) == {
            "04": [IN_PROGRESS, COMPLETED],
            "11": [IN_PROGRESS, VERIFYING],
        }

    @pytest.mark.parametrize(
        ("after", "phase", "day"),
        [
            (-HOUR, IN_PROGRESS, "04"),
            (-HOUR, COMPLETED, "04"),
            (3 * HOUR, COMPLETED, "04"),
            (3 * HOUR, VERIFYING, "04"),
            (3 * HOUR, IN_PROGRESS, "04"),
            (6 * DAY + 23 * HOUR, IN_PROGRESS, "11"),
            (3 * HOUR, SCHEDULED, "11"),
            (3 * HOUR, CANCELLED, "11"),
            (2 * HOUR, CANCELLED, "11"),
        ],
    )
    def test_between_two(self, after: timedelta, phase: MaintenancePhase, day: str) -> None:
        assert self.shares((after, phase)) == {day: [phase]}

    def test_after_the_last(self) -> None:
        once = replace(SUNDAYS, rule="FREQ=WEEKLY;COUNT=1")
        (only,) = found(work(once, update(FIRST + 9 * DAY, CANCELLED)), FIRST + 30 * DAY)
        assert [one.phase for one in only.updates] == [CANCELLED]

    def test_they_are_counted_for_each(self) -> None:
        said = (update(FIRST, IN_PROGRESS), update(FIRST + 7 * DAY, IN_PROGRESS, number=2))
        assert [[one.number for one in each.updates] for each in found(work(SUNDAYS, *said), FIRST + 7 * DAY)] == [
            [1],
            [1],
            [],
        ]

    def test_one_that_is_moved_takes_what_is_said_with_it(self) -> None:
        moved = Window(FIRST + 2 * DAY, FIRST + 2 * DAY + HOUR)
        said = (
            update(FIRST - HOUR, SCHEDULED, window=moved),
            update(FIRST + HOUR, SCHEDULED),
            update(moved.start, IN_PROGRESS),
            update(moved.end + HOUR, COMPLETED),
        )
        first, second, *_ = found(work(SUNDAYS, *said), FIRST + 5 * DAY)
        assert [one.phase for one in first.updates] == [SCHEDULED, SCHEDULED, IN_PROGRESS, COMPLETED]
        assert first.slug == "updates-2022-12-04"
        assert second.updates == ()


class TestPage:
    """A series is in place of its file wherever announcements count."""

    def test_each_occurrence_has_its_place_and_one_is_to_come(self) -> None:
        now = FIRST + 8 * DAY
        page = evaluate(project(group(component()), announcements=[work(FIRST_SUNDAYS)]), record(), now)
        assert [view.source.slug for view in page.maintenance] == ["updates-2023-01-01", "updates-2022-12-04"]
        assert [view.source.slug for view in page.upcoming_maintenance] == ["updates-2023-01-01"]
        assert [day.day for day in page.history] == [date(2022, 12, 4)]
        (one,) = page.series
        assert (one.source.slug, one.occurrences) == ("updates", page.maintenance)

    def test_it_is_covered(self) -> None:
        plan = project(group(component()), announcements=[work()])
        now = FIRST + 7 * DAY + HOUR
        seen = record(track(span(now - HOUR, now)))
        told = explanation(plan, seen, plan.components[0], now.date(), now=now)
        assert [one.maintenance for one in told.intervals if one.maintenance] == [("updates-2022-12-11",)]

    def test_a_series_is_known_once_it_is_announced(self) -> None:
        plan = project(announcements=[work(), maintenance("single"), replace(work(), slug="after")])
        assert [one.slug for one in series(plan, FIRST)] == ["after", "updates"]
        assert series(plan, FIRST - 4 * DAY) == ()

    def test_without_a_series_nothing_changes(self) -> None:
        plan = project(announcements=[maintenance("single")])
        assert expand(plan, FIRST) is plan
        mixed = project(announcements=[maintenance("single"), work()])
        names: Sequence[str] = [one.slug for one in expand(mixed, FIRST - HOUR).announcements]
        assert names == ["single", "updates-2022-12-04"]
