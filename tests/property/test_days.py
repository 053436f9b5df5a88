"""Law: days add up to the window, whatever the clocks of people do, and in leap years too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from hypothesis import given
from hypothesis import strategies as st

from statusgen.evaluate import evaluate
from statusgen.evaluate.timeline import timeline
from statusgen.evaluate.track import fold
from statusgen.evaluate.uptime import bars, midnight, total
from statusgen.evaluate.verdict import verdicts
from statusgen.evaluate.window import union
from statusgen.model.announcement import Announcement, Window
from statusgen.model.project import Project
from statusgen.model.track import Span
from statusgen.model.words import Outcome, Status
from statusgen.values import parse_instant
from tests.factories import DAY, HOLD, HOUR, record
from tests.property.strategies import CHECKS, History, announcements, flat, histories, instants, projects, shaky

LEAP = datetime(2024, 2, 20, tzinfo=UTC)
"""Within the next two hundred days lie a leap day and the changes of clocks of most places that have any."""

NOTHING = timedelta()

times = st.integers(0, 200 * 24 * 60).map(lambda minutes: LEAP + timedelta(minutes=minutes))
written = st.tuples(times, st.timezones(), st.integers(1, 72))
"""When a maintenance starts, where the one lives who writes that down, and how many hours it lasts by their clock."""

covers = st.lists(st.tuples(instants, instants).map(sorted).map(lambda pair: Window(*pair)), max_size=3).map(
    lambda windows: union(one for one in windows if one.start < one.end)
)


def as_written(start: datetime, zone: tzinfo, hours: int) -> Window:
    """Return the window that people mean who write its start and its end by their own clock, with the zone."""
    here = start.astimezone(zone)
    there = (here.replace(tzinfo=None) + timedelta(hours=hours)).replace(tzinfo=zone)
    return Window(*(parse_instant(one.isoformat(timespec="seconds")) for one in (here, there)))


@given(st.lists(written, max_size=4), st.lists(times, max_size=6), times)
def test_days_are_days_of_utc_and_add_up(
    plans: list[tuple[datetime, tzinfo, int]], changes: list[datetime], now: datetime
) -> None:
    edges = sorted({LEAP - 100 * DAY, *changes})
    outcomes = (Outcome.UP, Outcome.DOWN, Outcome.DEGRADED)
    spans = [
        Span(start, end, outcomes[index % 3])
        for index, (start, end) in enumerate(zip(edges, [*edges[1:], LEAP + 300 * DAY], strict=True))
    ]
    windows = [as_written(*plan) for plan in plans]
    cover = union(one for one in windows if one.start < one.end)
    days = bars(timeline([verdicts([spans])]), cover, now)
    assert [bar.day for bar in days] == [now.date() - DAY * back for back in range(89, -1, -1)]
    assert [bar.uptime.period for bar in days] == [DAY] * 89 + [now - midnight(now.date())]
    whole = total(bar.uptime for bar in days)
    assert whole.unmeasured == timedelta()
    first = midnight(days[0].day)
    covered = (min(one.end, now) - max(one.start, first) for one in cover)
    assert whole.maintenance == sum((max(one, timedelta()) for one in covered), timedelta())
    assert whole.measured + whole.maintenance == now - first
    assert all(bar.status is not Status.UNKNOWN for bar in days[:-1])


@given(st.timezones(), times)
def test_an_hour_is_an_hour_wherever_one_lives(zone: tzinfo, at: datetime) -> None:
    here = at.astimezone(zone)
    if here.utcoffset() == (at + HOUR).astimezone(zone).utcoffset():
        window = as_written(at, zone, 1)
        assert window.end - window.start == HOUR
    assert parse_instant(here.isoformat()) == at


@given(projects, histories | shaky, announcements, instants)
def test_the_days_and_periods_of_a_component_are_the_sums_of_their_days(
    of: Project, history: History, said: list[Announcement], now: datetime
) -> None:
    page = evaluate(replace(of, announcements=tuple(said)), record(*fold(flat(history), HOLD)), now)
    for view in page.components:
        assert total(bar.uptime for bar in view.bars) == view.uptime
        for period in view.periods:
            assert period.uptime == total(bar.uptime for bar in view.bars[-1 - period.days : -1])
        assert view.today.period <= view.bars[-1].uptime.period


@given(histories, covers, instants)
def test_days_add_up_to_what_the_timeline_holds_outside_maintenance(
    history: History, cover: tuple[Window, ...], now: datetime
) -> None:
    line = timeline([verdicts([track.spans for track in fold(flat(history), HOLD) if track.check == CHECKS[0]])])
    whole = total(bar.uptime for bar in bars(line, cover, now))

    def lasted(*statuses: Status, within: tuple[Window, ...] = ()) -> timedelta:
        parts = [(one.start, min(one.end, now)) for one in line if one.status in statuses]
        for window in within:
            parts = [(max(start, window.start), min(end, window.end)) for start, end in parts]
        return sum((max(end - start, NOTHING) for start, end in parts), NOTHING)

    def counted(*statuses: Status) -> timedelta:
        return lasted(*statuses) - sum((lasted(*statuses, within=(window,)) for window in cover), NOTHING)

    assert whole.period == lasted(*Status)
    assert whole.up == counted(Status.OPERATIONAL)
    assert whole.degraded == counted(Status.DEGRADED_PERFORMANCE)
    assert whole.down == counted(Status.MAJOR_OUTAGE)
    assert whole.maintenance == sum((lasted(*Status, within=(window,)) for window in cover), NOTHING)
    assert whole.unmeasured == counted(Status.UNKNOWN)
