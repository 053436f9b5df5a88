"""Law: a maintenance that comes again does so by the clock of its zone, and what was public once stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from statusgen.evaluate.recurrence import AHEAD, NOTICE, day_of, occurrences, some_starts
from statusgen.model.announcement import Maintenance, Recurrence
from statusgen.model.words import MaintenancePhase
from tests.factories import DAY, HOUR, MINUTE, maintenance, update

ZONES = ("Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "UTC",
         "America/Santiago", "Asia/Kathmandu", "Europe/Dublin", "Pacific/Auckland")  # fmt: skip
RULES = ("FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,SA,SU", "FREQ=MONTHLY;BYDAY=1SU",
         "FREQ=MONTHLY;BYDAY=-1SA", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
         "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=DAILY;COUNT=9")  # fmt: skip
SPRING = datetime(2022, 1, 1, tzinfo=UTC)

recurrences = st.builds(
    lambda rule, zone: Recurrence(rule=rule, zone=ZoneInfo(zone)), st.sampled_from(RULES), st.sampled_from(ZONES)
)
firsts = st.integers(0, 3 * 365 * 24 * 12).map(lambda steps: SPRING + 5 * MINUTE * steps)
skips = st.sets(st.integers(0, 12), max_size=8) | st.just(set(range(30)))
"""Which occurrences are called off, by their number."""

words = st.lists(st.tuples(st.integers(0, 90 * 24), st.sampled_from(MaintenancePhase)), max_size=8).map(
    lambda said: sorted(said, key=lambda one: one[0])
)


@given(recurrences, firsts)
def test_the_clock_of_the_zone_shows_the_same_time_unless_it_passes_over_it(
    recurrence: Recurrence, first: datetime
) -> None:
    wall = first.astimezone(recurrence.zone).time()
    for start in some_starts(first, recurrence, 60):
        shown = start.astimezone(recurrence.zone)
        passed_over = shown.replace(tzinfo=None) - datetime.combine(shown.date(), wall)
        assert not passed_over or (passed_over in (HOUR, HOUR / 2) and shown.utcoffset() != first_offset(shown))
        assert shown.fold == 0 or passed_over


def first_offset(shown: datetime) -> timedelta | None:
    """Return the offset of a zone some hours before an instant."""
    return (shown - 3 * HOUR).astimezone(UTC).astimezone(shown.tzinfo).utcoffset()


@given(recurrences, firsts)
def test_starts_go_forward_and_no_two_are_on_one_day(recurrence: Recurrence, first: datetime) -> None:
    found = some_starts(first, recurrence, 60)
    assert all(earlier < later for earlier, later in pairwise(found))
    days = [day_of(one, recurrence) for one in found]
    assert len(days) == len(set(days))


def series(
    recurrence: Recurrence, first: datetime, said: list[tuple[int, MaintenancePhase]], skipped: set[int]
) -> Maintenance:
    """Return a series that begins as its rule says, of an hour each, some of them called off."""
    found = some_starts(first, recurrence, 30)
    assume(found)
    days = [day_of(one, recurrence) for index, one in enumerate(found) if index in skipped]
    told = [update(found[0] - 2 * DAY + HOUR * after, phase) for after, phase in said]
    return replace(
        maintenance("patches", starts=found[0], ends=found[0] + HOUR, announced=found[0] - 2 * DAY, updates=told),
        repeats=replace(recurrence, skips=frozenset(days)),
    )


many = st.builds(series, recurrences, firsts, words, skips)


@given(many, st.integers(0, 120), st.integers(0, 60))
def test_what_was_public_once_keeps_its_name_its_window_and_what_was_said_of_it(
    one: Maintenance, days: int, more: int
) -> None:
    now = one.announced + DAY * days
    earlier, later = public(one, now), public(one, now + DAY * more)
    assert earlier
    for before, after in zip(earlier, later, strict=False):
        assert (before.slug, before.starts, before.ends, before.announced) == (
            after.slug,
            after.starts,
            after.ends,
            after.announced,
        )
        known = tuple(update for update in before.updates if update.at <= now)
        assert after.updates[: len(known)] == known
    assert len(later) >= len(earlier)


@given(many)
def test_every_update_belongs_to_one_occurrence(one: Maintenance) -> None:
    found = public(one, one.announced + 400 * DAY)
    told = sorted(update.at for each in found for update in each.updates[is_skipped(one, each.starts) :])
    assert told == [update.at for update in one.updates]
    assert all(each.ends - each.starts == HOUR for each in found)


@given(many, st.integers(0, 400 * 24))
def test_exactly_one_is_to_come_where_one_is_due_and_all_before_it_are_called_off(one: Maintenance, hours: int) -> None:
    assert one.repeats
    now = one.announced + HOUR * hours
    ahead = [start for start in some_starts(one.starts, one.repeats, 500) if start > now]
    until = next((index for index, start in enumerate(ahead) if not is_skipped(one, start)), len(ahead))
    due = [start for start in ahead[: until + 1] if start == one.starts or start - NOTICE <= now]
    to_come = [each for each in public(one, now) if each.starts > now]
    spoken_of = [each.starts for each in to_come[len(due) :] if any(update.at <= now for update in each.updates)]
    assert [each.starts for each in to_come] == [*due, *spoken_of] == ahead[: len(to_come)]
    assert len(to_come) <= until + 1
    assert all(each.updates[0].phase is MaintenancePhase.CANCELLED for each in to_come[:until])


@given(many, st.integers(0, 400))
def test_the_next_ones_that_are_not_called_off_are_promised_and_no_others(one: Maintenance, days: int) -> None:
    assert one.repeats
    now = one.announced + DAY * days
    said = {each.starts: [update for update in each.updates if update.at <= now] for each in public(one, now)}
    off = {start for start, told in said.items() if told and told[-1].phase is MaintenancePhase.CANCELLED}
    held = [start for start in some_starts(one.starts, one.repeats, 500) if not is_skipped(one, start)]
    for each in public(one, now):
        assert each.following == tuple(start for start in held if start > each.starts and start not in off)[:AHEAD]


def public(one: Maintenance, now: datetime) -> list[Maintenance]:
    """Return the occurrences of a series that are public at an instant."""
    assert one.repeats
    return list(occurrences(one, one.repeats, now))


def is_skipped(one: Maintenance, start: datetime) -> bool:
    """Return whether an occurrence of a series is called off by its file."""
    assert one.repeats
    return day_of(start, one.repeats) in one.repeats.skips
