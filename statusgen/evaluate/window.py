"""Announced maintenance as windows of time, and what they cover."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from statusgen.model.announcement import Announcement, Maintenance
from statusgen.model.words import MaintenancePhase, Status

BEGUN = frozenset({MaintenancePhase.IN_PROGRESS, MaintenancePhase.VERIFYING})
"""Words that say that a maintenance has begun."""

OVER = frozenset({MaintenancePhase.COMPLETED, MaintenancePhase.CANCELLED})
"""Words that say that it is over."""


class Window(NamedTuple):
    """A stretch of time `[start, end)`."""

    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        """Return whether the instant lies in it."""
        return self.start <= at < self.end


def first_said(maintenance: Maintenance, phases: frozenset[MaintenancePhase], now: datetime) -> datetime | None:
    """Return when people first said one of the phases, if they did by now."""
    return next((update.at for update in maintenance.updates if update.phase in phases and update.at <= now), None)


def window(maintenance: Maintenance, now: datetime) -> Window | None:
    """Return the time that a maintenance covers as far as is known now; None when it covers none.

    It begins at its announced start, or earlier when people said that it had begun; it ends at its announced end, or
    earlier when they said that it was over. Nothing but a new announced end makes it last longer.
    """
    begun, over = first_said(maintenance, BEGUN, now), first_said(maintenance, OVER, now)
    start = min(maintenance.starts, begun or maintenance.starts)
    end = min(maintenance.ends, over or maintenance.ends)
    return Window(start, end) if start < end else None


def cover(component: str, announcements: Iterable[Announcement], now: datetime) -> tuple[Window, ...]:
    """Return the windows, in order and apart from each other, in which maintenance covers a component.

    Maintenance counts once it is announced, also for time past; a component that it expects to stay `operational` is
    not covered.
    """
    windows = (
        window(announcement, now)
        for announcement in announcements
        if isinstance(announcement, Maintenance)
        and announcement.announced <= now
        and announcement.affects.get(component, Status.OPERATIONAL) is not Status.OPERATIONAL
    )
    return union(found for found in windows if found)


def last_begun(windows: Sequence[Window], at: datetime) -> Window | None:
    """Return the last of the windows, which are in order and apart from each other, that has begun at an instant."""
    index = bisect_right(windows, at, key=lambda one: one.start)
    return windows[index - 1] if index else None


def union(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Return the same time as windows in order that neither overlap nor touch."""
    result: list[Window] = []
    for one in sorted(windows):
        if result and one.start <= result[-1].end:
            result[-1] = Window(result[-1].start, max(result[-1].end, one.end))
        else:
            result.append(one)
    return tuple(result)
