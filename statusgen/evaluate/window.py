"""Cover: announced maintenance as windows of time, what of a component's time they cover, and what of its outages.

| an outage | is |
| --- | --- |
| that a window holds whole, or until now if it goes on | planned |
| that began in a window and outlasts it | told with the maintenance, and not planned |
| that began outside every window | told by itself, and not planned |
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from statusgen.model.announcement import Announcement, Maintenance, Window
from statusgen.model.measured import Outage
from statusgen.model.words import MaintenancePhase, Status

BEGUN = frozenset({MaintenancePhase.IN_PROGRESS, MaintenancePhase.VERIFYING})
"""Words that say that a maintenance has begun."""

OVER = frozenset({MaintenancePhase.COMPLETED, MaintenancePhase.CANCELLED})
"""Words that say that it is over."""


def first_said(maintenance: Maintenance, phases: frozenset[MaintenancePhase], now: datetime) -> datetime | None:
    """Return when people first said one of the phases, if they did by now."""
    return next((update.at for update in maintenance.updates if update.phase in phases and update.at <= now), None)


def windows(maintenance: Maintenance, component: str, now: datetime) -> Iterator[Window]:
    """Yield the time in which a maintenance covers a component, as far as is known now, in order.

    An instant is covered when the window that stood announced at that instant holds it, and the component was then
    said to suffer. What was announced first counts for time past too; what an update changes counts from the update
    on. A window begins earlier when people said that it had begun, and ends earlier when they said that it was over;
    nothing but a new announced end makes it last longer.
    """
    changes = [one for one in maintenance.updates if one.at <= now and (one.window or component in one.affects)]
    if component not in maintenance.affects and not any(component in one.affects for one in changes):
        return
    begun, over = first_said(maintenance, BEGUN, now), first_said(maintenance, OVER, now)
    status, plan = maintenance.affects.get(component, Status.OPERATIONAL), Window(maintenance.starts, maintenance.ends)
    since: datetime | None = None
    for change in (*changes, None):
        starts = [plan.start if begun is None else min(plan.start, begun), *([since] if since else [])]
        ends = [plan.end, *(at for at in (over, change and change.at) if at)]
        if status is not Status.OPERATIONAL and max(starts) < min(ends):
            yield Window(max(starts), min(ends))
        if change:
            since, plan, status = change.at, change.window or plan, change.affects.get(component, status)


def cover(component: str, announcements: Iterable[Announcement], now: datetime) -> tuple[Window, ...]:
    """Return the windows, in order and apart from each other, in which maintenance covers a component.

    Maintenance counts once it is announced, also for time past; a component that it expects to stay `operational` is
    not covered.
    """
    return union(
        found
        for announcement in announcements
        if isinstance(announcement, Maintenance) and announcement.announced <= now
        for found in windows(announcement, component, now)
    )


def promised(component: str, announcements: Iterable[Announcement], now: datetime) -> tuple[Window, ...]:
    """Return what of such cover readers had been told of by then: an outage that is told already is not untold."""
    return union(
        Window(max(found.start, announcement.announced), found.end)
        for announcement in announcements
        if isinstance(announcement, Maintenance) and announcement.announced <= now
        for found in windows(announcement, component, now)
        if announcement.announced < found.end
    )


def planned(outage: Outage, cover: Sequence[Window], now: datetime) -> bool:
    """Return whether an outage lies wholly within maintenance; one that goes on does so until now."""
    window = last_begun(cover, outage.start)
    if window is None:
        return False
    return now < window.end if outage.end is None else outage.end <= window.end


def began_within(outage: Outage, cover: Sequence[Window]) -> bool:
    """Return whether an outage began under maintenance, however long it lasted."""
    window = last_begun(cover, outage.start)
    return window is not None and window.holds(outage.start)


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
