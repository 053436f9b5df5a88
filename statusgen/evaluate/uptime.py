"""Time-weighted uptime: what of a component's time was up, degraded, down, or under maintenance, day by day.

Each moment between the first measurement and now counts once: as maintenance where an announced window covers it, else
as what was measured, else not at all. Time of which a part may have been worse than what was seen of it is not measured
either (decision 0106). The window's figure is the sum of its days'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from statusgen.evaluate.status import worst
from statusgen.evaluate.timeline import Stretch, Timeline
from statusgen.model.announcement import Window
from statusgen.model.measured import DayBar, Uptime
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
        return Status.UNDER_MAINTENANCE if self.covered else self.stretch.counted


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
    spent: dict[date, dict[Status, timedelta]] = defaultdict(lambda: defaultdict(timedelta))
    seen: dict[date, set[Status]] = defaultdict(set)
    for piece in pieces(line, cover, Window(midnight(days[0]), now)):
        day = piece.start.date()
        spent[day][piece.status] += piece.end - piece.start
        seen[day].add(Status.UNDER_MAINTENANCE if piece.covered else piece.stretch.status)
    return tuple(
        DayBar(day=day, status=_told(seen[day]), uptime=figure(spent[day], _owed(line, day, now))) for day in days
    )


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


def _told(seen: Set[Status]) -> Status:
    """Return what a day is told as: the worst that was measured outside maintenance, or why nothing was."""
    measured = seen - {Status.UNDER_MAINTENANCE, Status.UNKNOWN}
    nothing_seen = Status.UNDER_MAINTENANCE if Status.UNDER_MAINTENANCE in seen else Status.UNKNOWN
    return worst(measured) if measured else nothing_seen
