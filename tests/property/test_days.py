"""Law: days add up to the window, whatever the clocks of people do, and in leap years too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from hypothesis import given
from hypothesis import strategies as st

from statusgen.evaluate.timeline import timeline
from statusgen.evaluate.uptime import bars, midnight, total
from statusgen.evaluate.verdict import verdicts
from statusgen.evaluate.window import union
from statusgen.model.announcement import Window
from statusgen.model.track import Span
from statusgen.model.words import Outcome, Status
from statusgen.values import parse_instant
from tests.factories import DAY, HOUR

LEAP = datetime(2024, 2, 20, tzinfo=UTC)
"""Within the next two hundred days lie a leap day and the changes of clocks of most places that have any."""

times = st.integers(0, 200 * 24 * 60).map(lambda minutes: LEAP + timedelta(minutes=minutes))
written = st.tuples(times, st.timezones(), st.integers(1, 72))
"""When a maintenance starts, where the one lives who writes that down, and how many hours it lasts by their clock."""


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
