"""Time-weighted uptime: what of a component's time was up, degraded, down, or under maintenance, day by day.

Each moment between the first measurement and now counts once: as maintenance where an announced window covers it, else
as what was measured, else not at all. The window's figure is the sum of its days'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from statusgen.evaluate.status import worst
from statusgen.evaluate.timeline import Stretch, Timeline
from statusgen.model.announcement import Window
from statusgen.model.page import DayBar, Uptime
from statusgen.model.words import Status

WINDOW_DAYS = 90
"""How many UTC days the page looks back, today included."""

DAY = timedelta(days=1)


class Piece(NamedTuple):
    """A stretch of time `[start, end)` of one UTC day with one measured status, all of it under maintenance or none."""

    start: datetime
    end: datetime
    stretch: Stretch
    covered: bool

    @property
    def status(self) -> Status:
        """As what its time counts."""
        return Status.UNDER_MAINTENANCE if self.covered else self.stretch.status


def midnight(day: date) -> datetime:
    """Return the instant at which a UTC day begins."""
    return datetime.combine(day, time(), UTC)


def window_days(now: datetime, count: int = WINDOW_DAYS) -> tuple[date, ...]:
    """Return the last so many UTC days, those of the window unless said, oldest first, today last."""
    today = now.date()
    return tuple(today - DAY * back for back in reversed(range(count)))


def bars(line: Timeline, cover: Sequence[Window], now: datetime, *, count: int = WINDOW_DAYS) -> tuple[DayBar, ...]:
    """Return the days of the window as readers see them, oldest first, from a timeline and the maintenance over it."""
    days = window_days(now, count)
    spent = _spent(line, cover, Window(midnight(days[0]), now))
    return tuple(_bar(day, spent.get(day, {}), _owed(line, day, now)) for day in days)


def total(parts: Iterable[Uptime]) -> Uptime:
    """Return the sum of several periods' uptime."""
    parts = list(parts)
    return Uptime(
        period=sum((part.period for part in parts), timedelta()),
        up=sum((part.up for part in parts), timedelta()),
        degraded=sum((part.degraded for part in parts), timedelta()),
        down=sum((part.down for part in parts), timedelta()),
        maintenance=sum((part.maintenance for part in parts), timedelta()),
    )


def _owed(line: Timeline, day: date, now: datetime) -> timedelta:
    """Return how much of a day lies between the first measurement and now."""
    if not line:
        return timedelta()
    start, end = max(line[0].start, midnight(day)), min(now, midnight(day) + DAY)
    return max(end - start, timedelta())


def pieces(line: Timeline, cover: Sequence[Window], window: Window) -> Iterator[Piece]:
    """Yield the part of a timeline in a window, in order, broken where a UTC day or a maintenance begins or ends."""
    covering = iter(cover)
    current = next(covering, None)
    for start, end, stretch in _broken(line, window, _cuts(cover, window)):
        while current and current.end <= start:
            current = next(covering, None)
        yield Piece(start, end, stretch, covered=current is not None and current.start <= start)


def figure(spent: Mapping[Status, timedelta], period: timedelta) -> Uptime:
    """Return the uptime of a period from how long the component had each status, `under_maintenance` where covered."""
    return Uptime(
        period=period,
        up=spent.get(Status.OPERATIONAL, timedelta()),
        degraded=spent.get(Status.DEGRADED_PERFORMANCE, timedelta()),
        down=spent.get(Status.MAJOR_OUTAGE, timedelta()),
        maintenance=spent.get(Status.UNDER_MAINTENANCE, timedelta()),
    )


def _spent(line: Timeline, cover: Sequence[Window], window: Window) -> dict[date, dict[Status, timedelta]]:
    """Return by UTC day how long the component had each status, `under_maintenance` where it was covered."""
    spent: dict[date, dict[Status, timedelta]] = defaultdict(lambda: defaultdict(timedelta))
    for piece in pieces(line, cover, window):
        spent[piece.start.date()][piece.status] += piece.end - piece.start
    return spent


def _cuts(cover: Sequence[Window], window: Window) -> list[datetime]:
    """Return the instants within a window at which a day or a maintenance begins or ends, in order, its end last."""
    days = ((window.end - window.start) // DAY) + 1
    cuts = {window.start + DAY * count for count in range(1, days)}
    cuts.update(edge for one in cover for edge in one if window.start < edge < window.end)
    return [*sorted(cuts), window.end]


def _broken(line: Timeline, window: Window, cuts: Sequence[datetime]) -> Iterator[tuple[datetime, datetime, Stretch]]:
    """Yield the part of a timeline in a window, in order, broken at the cuts."""
    upcoming = 0
    for stretch in line:
        start, end = max(stretch.start, window.start), min(stretch.end, window.end)
        while start < end:
            while cuts[upcoming] <= start:
                upcoming += 1
            stop = min(end, cuts[upcoming])
            yield start, stop, stretch
            start = stop


def _bar(day: date, spent: dict[Status, timedelta], owed: timedelta) -> DayBar:
    """Return one day from how long each status lasted in it."""
    maintained = spent.get(Status.UNDER_MAINTENANCE, timedelta())
    seen = [status for status in spent if status not in {Status.UNDER_MAINTENANCE, Status.UNKNOWN}]
    nothing_seen = Status.UNDER_MAINTENANCE if maintained else Status.UNKNOWN
    return DayBar(day=day, status=worst(seen) if seen else nothing_seen, uptime=figure(spent, owed))
