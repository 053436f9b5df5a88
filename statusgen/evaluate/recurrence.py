"""Maintenance that comes again: the occurrences of a series, each a maintenance of its own.

An occurrence begins when the clock of its zone shows the time of day that the first began at, whatever that is in UTC,
and lasts exactly as long as the first. Where the clock is put forward over that time, it begins as much later; where
the time comes twice, at the first of the two (RFC 5545 §3.3.5). It has the name of its series and its day.

One is announced when the one before it begins or is called off, at the latest; but not earlier than `NOTICE` before it
begins. So readers see one to come, and a feed tells of each in good time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from itertools import islice

from dateutil.rrule import rrulestr

from statusgen.model.announcement import Announcement, Maintenance, Recurrence, Update, Window
from statusgen.model.project import Project
from statusgen.model.words import MaintenancePhase, Phase

NOTICE = timedelta(days=30)
"""How long before its start an occurrence is announced at most."""

YEARS = 50
"""How long a series goes on, whatever its rule says: nobody looks for a mistyped year among millions of days."""

AHEAD = 3
"""How many starts after it an occurrence names, of those that are not called off, as they stand."""

_AHEAD_OF = frozenset({MaintenancePhase.SCHEDULED, MaintenancePhase.CANCELLED})
_BEHIND = frozenset({MaintenancePhase.VERIFYING, MaintenancePhase.COMPLETED})


def starts(first: datetime, recurrence: Recurrence) -> Iterator[datetime]:
    """Yield the starts of a series in UTC, lazily, for as long as its rule goes on, and for `YEARS` at most."""
    wall = first.astimezone(recurrence.zone).replace(tzinfo=None)
    last_year = min(wall.year + YEARS, MAXYEAR - 1)  # the last hours of the last one are in no year that UTC has
    last: datetime | None = None
    for one in rrulestr(recurrence.rule, dtstart=wall):
        if one.year > last_year:
            return
        start = one.replace(tzinfo=recurrence.zone).astimezone(UTC)
        if last is None or start > last:  # a day that a zone left out is the next one in UTC
            yield start
        last = start


def day_of(start: datetime, recurrence: Recurrence) -> date:
    """Return the day that an occurrence has its name from: that of its zone."""
    return start.astimezone(recurrence.zone).date()


def is_skipped(start: datetime, recurrence: Recurrence) -> bool:
    """Return whether an occurrence is called off."""
    return day_of(start, recurrence) in recurrence.skips


def expand(project: Project, now: datetime) -> Project:
    """Return the project with the occurrences that are public by now in place of each series."""
    if not any(isinstance(one, Maintenance) and one.repeats for one in project.announcements):
        return project
    expanded = (occurrence for one in project.announcements for occurrence in _in_place_of(one, now))
    return replace(project, announcements=tuple(expanded))


def series(project: Project, now: datetime) -> tuple[Maintenance, ...]:
    """Return the series that are public by now, in order of their names."""
    found = (one for one in project.announcements if isinstance(one, Maintenance) and one.repeats)
    return tuple(sorted((one for one in found if one.announced <= now), key=lambda one: one.slug))


def _in_place_of(one: Announcement, now: datetime) -> Iterator[Announcement]:
    if isinstance(one, Maintenance) and one.repeats:
        yield from occurrences(one, one.repeats, now)
    else:
        yield one


def occurrences(one: Maintenance, recurrence: Recurrence, now: datetime) -> Iterator[Maintenance]:
    """Yield the occurrences of a series that are public by now, oldest first; none that was over before it was.

    An update belongs to the occurrence whose window it falls into. Between two of them, what is yet to be belongs to
    the next one, what has been to the one before. What is said of one that is called off stands below that word.
    """
    last = max([now, *(update.at for update in one.updates)])
    windows = windows_until(Window(one.starts, one.ends), recurrence, last, AHEAD + len(one.updates))
    said = _share_out(one.updates, windows)
    stand = [_stands(window, recurrence, said.get(index, []), now) for index, window in enumerate(windows)]
    before = one.announced
    for index, window in enumerate(windows):
        updates = said.get(index, [])
        noticed = max(before, window.start - NOTICE) if index else one.announced
        announced = max(one.announced, min([noticed, *(update.at for update in updates)]))
        if announced > now:
            return
        if is_skipped(window.start, recurrence):
            updates = [Update(number=1, at=announced, phase=MaintenancePhase.CANCELLED, body=""), *updates]
        else:
            off = next((update.at for update in updates if update.phase is MaintenancePhase.CANCELLED), window.start)
            before = max(one.announced, min(window.start, off))
        if window.end > one.announced:
            later = tuple(sorted(start for start in stand[index + 1 :] if start)[:AHEAD])
            yield _occurrence(one, recurrence, window, announced=announced, updates=updates, following=later)


def _stands(window: Window, recurrence: Recurrence, updates: Sequence[Update], now: datetime) -> datetime | None:
    """Return when an occurrence begins by what is said of it until now; None when it is called off."""
    told = [update for update in updates if update.at <= now]
    if is_skipped(window.start, recurrence) or (told and told[-1].phase is MaintenancePhase.CANCELLED):
        return None
    return next((update.window.start for update in reversed(told) if update.window), window.start)


def _occurrence(
    one: Maintenance,
    recurrence: Recurrence,
    window: Window,
    *,
    announced: datetime,
    updates: Sequence[Update],
    following: tuple[datetime, ...],
) -> Maintenance:
    day = day_of(window.start, recurrence)
    return replace(
        one,
        slug=f"{one.slug}-{day}",
        aliases=tuple(f"{alias}-{day}" for alias in one.aliases),
        starts=window.start,
        ends=window.end,
        announced=announced,
        updates=tuple(replace(update, number=number) for number, update in enumerate(updates, 1)),
        repeats=None,
        series=one.slug,
        following=following,
    )


def windows_until(first: Window, recurrence: Recurrence, until: datetime, more: int = AHEAD) -> list[Window]:
    """Return the windows of a series that begin until an instant, and after it the next and as many `more`.

    Those that are called off are among them, and are none of the latter.
    """
    length = first.end - first.start
    found: list[Window] = []
    ahead = 0
    for start in starts(first.start, recurrence):
        found.append(Window(start, start + length))
        ahead += start > until and not is_skipped(start, recurrence)
        if ahead > more:
            break
    return found


@dataclass(slots=True)
class Places:
    """Which occurrence an update belongs to; `windows` are theirs as written, `moved` those that updates gave them."""

    windows: Sequence[Window]
    moved: dict[int, Window] = field(default_factory=dict)

    def window(self, index: int) -> Window:
        """Return the window of an occurrence as it stands."""
        return self.moved.get(index, self.windows[index])

    def of(self, at: datetime, phase: Phase) -> int:
        """Return the index of the occurrence that an update belongs to."""
        near = bisect_right(self.windows, at, key=lambda window: window.start)
        indexes = {*self.moved, *(index for index in (near - 1, near) if 0 <= index < len(self.windows))}
        holding = [index for index in indexes if self.window(index).holds(at)]
        if holding:
            return max(holding)
        before = [index for index in indexes if self.window(index).end <= at]
        after = [index for index in indexes if self.window(index).start > at]
        if not (before and after):
            return max(before) if before else min(after)
        last, following = max(before), min(after)
        nearer = at - self.window(last).end <= self.window(following).start - at
        behind = phase in _BEHIND or (phase not in _AHEAD_OF and nearer)
        return last if behind else following


def _share_out(updates: Sequence[Update], windows: Sequence[Window]) -> dict[int, list[Update]]:
    """Return the updates by the index of the occurrence that they belong to."""
    places = Places(windows)
    said: dict[int, list[Update]] = {}
    for update in updates:
        index = places.of(update.at, update.phase)
        said.setdefault(index, []).append(update)
        if update.window:
            places.moved[index] = update.window
    return said


def some_starts(first: datetime, recurrence: Recurrence, count: int) -> list[datetime]:
    """Return the first starts of a series."""
    return list(islice(starts(first, recurrence), count))
