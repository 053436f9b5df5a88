"""Announcements as readers see them now: what is public, which phase it is in, what came of it.

An announcement is public from its own instant on: an incident when it started, a maintenance when it was announced, a
post when it was published. Updates dated later than now are not public yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from statusgen.evaluate.overrun import left_down, recovered, still_down
from statusgen.evaluate.window import BEGUN, OVER, first_said
from statusgen.model.announcement import Announcement, Incident, Maintenance, Post, Update
from statusgen.model.page import Affected, IncidentView, MaintenanceView, Outage, PostView
from statusgen.model.words import IncidentPhase, MaintenancePhase, Status

RESOLVED = frozenset({IncidentPhase.RESOLVED, IncidentPhase.POSTMORTEM})
"""Phases of an incident that is over."""


class Moment(StrEnum):
    """Where now lies in the window of a maintenance."""

    BEFORE = "before"
    DURING = "during"
    OVERRUN = "overrun"
    AFTER = "after"


_RUNNING = {
    None: MaintenancePhase.IN_PROGRESS,
    MaintenancePhase.SCHEDULED: MaintenancePhase.IN_PROGRESS,
    MaintenancePhase.IN_PROGRESS: MaintenancePhase.IN_PROGRESS,
    MaintenancePhase.VERIFYING: MaintenancePhase.VERIFYING,
    MaintenancePhase.COMPLETED: MaintenancePhase.COMPLETED,
    MaintenancePhase.CANCELLED: MaintenancePhase.CANCELLED,
}

MAINTENANCE_PHASES: dict[Moment, dict[MaintenancePhase | None, MaintenancePhase]] = {
    Moment.BEFORE: _RUNNING
    | {None: MaintenancePhase.SCHEDULED, MaintenancePhase.SCHEDULED: MaintenancePhase.SCHEDULED},
    Moment.DURING: _RUNNING,
    Moment.OVERRUN: _RUNNING,
    Moment.AFTER: dict.fromkeys(_RUNNING, MaintenancePhase.COMPLETED)
    | {MaintenancePhase.CANCELLED: MaintenancePhase.CANCELLED},
}
"""The phase of a maintenance, by where now lies and by the last word of its people; None before any."""


def incidents(
    announcements: Iterable[Announcement], names: Mapping[str, str], now: datetime
) -> tuple[IncidentView, ...]:
    """Return the incidents that have started by now, newest first; `names` are the components' by id, in page order."""
    begun = sorted(
        (one for one in announcements if isinstance(one, Incident) and one.started <= now), key=lambda one: one.slug
    )
    return tuple(_incident(one, names, now) for one in sorted(begun, key=lambda one: one.started, reverse=True))


def maintenance(
    announcements: Iterable[Announcement],
    names: Mapping[str, str],
    outages: Mapping[str, Sequence[Outage]],
    now: datetime,
) -> tuple[MaintenanceView, ...]:
    """Return the maintenance announced by now, newest start first; `outages` are the measured ones by component."""
    told = sorted(
        (one for one in announcements if isinstance(one, Maintenance) and one.announced <= now),
        key=lambda one: one.slug,
    )
    return tuple(
        _maintenance(one, names, outages, now) for one in sorted(told, key=lambda one: one.starts, reverse=True)
    )


def posts(announcements: Iterable[Announcement], now: datetime) -> tuple[PostView, ...]:
    """Return the posts published by now, newest first."""
    out = sorted(
        (one for one in announcements if isinstance(one, Post) and one.published <= now), key=lambda one: one.slug
    )
    return tuple(PostView(source=one) for one in sorted(out, key=lambda one: one.published, reverse=True))


def _affected(affects: Mapping[str, Status], names: Mapping[str, str]) -> tuple[Affected, ...]:
    return tuple(Affected(key, name, affects[key]) for key, name in names.items() if key in affects)


def _said(updates: Iterable[Update], now: datetime) -> tuple[Update, ...]:
    return tuple(update for update in updates if update.at <= now)


def _incident(incident: Incident, names: Mapping[str, str], now: datetime) -> IncidentView:
    said = _said(incident.updates, now)
    resolved = next((update.at for update in said if update.phase in RESOLVED), None)
    promised = incident.next_update
    kept = promised is None or any(update.at >= promised for update in said)
    return IncidentView(
        source=incident,
        phase=incident.phase(now),
        affected=_affected(incident.affects, names),
        updates=said,
        resolved=resolved,
        late=resolved is None and not kept and promised is not None and promised < now,
    )


def _maintenance(
    maintenance: Maintenance, names: Mapping[str, str], outages: Mapping[str, Sequence[Outage]], now: datetime
) -> MaintenanceView:
    left = left_down(maintenance.affects, maintenance.ends, outages)
    over = first_said(maintenance, OVER, now)
    moment = _moment(maintenance, now, still_down=still_down(left))
    phase = MAINTENANCE_PHASES[moment][maintenance.said(now)]
    return MaintenanceView(
        source=maintenance,
        phase=phase,
        affected=_affected(maintenance.affects, names),
        updates=_said(maintenance.updates, now),
        began=_began(maintenance, over, now),
        ended=over or (recovered(maintenance.ends, left) if moment is Moment.AFTER else None),
        overrun=moment is Moment.OVERRUN and over is None,
    )


def _moment(maintenance: Maintenance, now: datetime, *, still_down: bool) -> Moment:
    if now < maintenance.starts:
        return Moment.BEFORE
    if now < maintenance.ends:
        return Moment.DURING
    return Moment.OVERRUN if still_down else Moment.AFTER


def _began(maintenance: Maintenance, over: datetime | None, now: datetime) -> datetime | None:
    """Return when it began: when people said so before its end, or else with its window; None if that never came."""
    said = first_said(maintenance, BEGUN, now)
    if said is not None and said < maintenance.ends:
        return said
    came = maintenance.starts <= now and (over is None or over > maintenance.starts)
    return maintenance.starts if came else None
