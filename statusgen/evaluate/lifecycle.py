"""Announcements as readers see them now: what is public, which phase it is in, what came of it.

An announcement is public from its own instant on: an incident when it started, a maintenance when it was announced, a
post when it was published. Updates dated later than now are not public yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from statusgen.evaluate.overrun import left_down, out_of_sight, recovered, still_down
from statusgen.evaluate.window import BEGUN, OVER, first_said
from statusgen.model.announcement import Announcement, Incident, Maintenance, Plan, Post, Update, Window
from statusgen.model.components import ComponentView
from statusgen.model.measured import Outage
from statusgen.model.told import Affected, IncidentView, MaintenanceView, PostView, SeriesView, SpentPlan
from statusgen.model.words import IncidentPhase, MaintenancePhase, Status

RESOLVED = frozenset({IncidentPhase.RESOLVED, IncidentPhase.POSTMORTEM})
"""Phases of an incident that is over."""

FORGOTTEN_AFTER = timedelta(hours=4)
"""How long all that an open incident names must have been up, and its people silent, before it counts as forgotten."""


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


def forgotten(
    views: Iterable[IncidentView], components: Iterable[ComponentView], now: datetime
) -> tuple[IncidentView, ...]:
    """Return the incidents, with those marked that seem to be over and that nobody has closed.

    That is so when all that an open incident names, as far as it is measured, has been up for hours, nobody has
    written of it for as long, and no further update is promised for later.
    """
    seen = {one.id: one for one in components if not one.manual}
    return tuple(replace(view, forgotten=_quiet_since(view, seen, now)) if view.open else view for view in views)


def _quiet_since(view: IncidentView, seen: Mapping[str, ComponentView], now: datetime) -> datetime | None:
    named = [seen[one.id] for one in view.affected if one.id in seen]
    ups = [one.since for one in named if one.since and one.measured is Status.OPERATIONAL]
    if not ups or len(ups) < len(named) or (view.next_update and view.next_update > now):
        return None
    quiet = max(ups)
    return quiet if max(quiet, view.updated) <= now - FORGOTTEN_AFTER else None


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
    views = (_maintenance(one, names, outages, now) for one in told)
    return tuple(sorted(views, key=lambda view: view.starts, reverse=True))


def series(sources: Iterable[Maintenance], views: Sequence[MaintenanceView]) -> tuple[SeriesView, ...]:
    """Return the series, each with its occurrences that are public by now, newest first."""
    return tuple(
        SeriesView(source=one, occurrences=tuple(view for view in views if view.source.series == one.slug))
        for one in sources
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
    promised = incident.promised(now)
    kept = promised is None or any(update.at >= promised for update in said)
    return IncidentView(
        source=incident,
        phase=incident.phase(now),
        affected=_affected(incident.affected(now), names),
        updates=said,
        resolved=resolved,
        next_update=promised,
        late=resolved is None and not kept and promised is not None and promised < now,
    )


def _maintenance(
    maintenance: Maintenance, names: Mapping[str, str], outages: Mapping[str, Sequence[Outage]], now: datetime
) -> MaintenanceView:
    plans = maintenance.plans(now)
    plan = plans[-1].window
    left = left_down(maintenance.affected(plan.end), plan.end, outages)
    over = first_said(maintenance, OVER, now)
    moment = _moment(plan, now, still_down=still_down(left))
    phase = MAINTENANCE_PHASES[moment][maintenance.said(now)]
    return MaintenanceView(
        source=maintenance,
        phase=phase,
        affected=_affected(maintenance.affected(now), names),
        updates=_said(maintenance.updates, now),
        starts=plan.start,
        ends=plan.end,
        earlier=tuple(_spent(maintenance, plans, outages)),
        began=_began(maintenance, plan, over, now),
        ended=over or (recovered(plan.end, left) if moment is Moment.AFTER else None),
        unseen=out_of_sight(left) if moment is Moment.AFTER and over is None else None,
        overrun=moment is Moment.OVERRUN and over is None,
    )


def _spent(
    maintenance: Maintenance, plans: Sequence[Plan], outages: Mapping[str, Sequence[Outage]]
) -> Iterator[SpentPlan]:
    """Yield the windows that others have taken the place of, and what came of each until then."""
    for plan, following in pairwise(plans):
        start, end = plan.window
        word = _begun(maintenance, following.since)
        unsaid = word is None or (word.phase is MaintenancePhase.VERIFYING and start < word.at)
        came = start < following.since and unsaid
        left = left_down(maintenance.affected(end), end, outages)
        back = None if still_down(left) else recovered(end, left) or out_of_sight(left)
        yield SpentPlan(
            starts=start,
            ends=end,
            since=plan.since,
            began=start if came else None,
            ended=back if back and back < following.since else None,
        )


def _moment(plan: Window, now: datetime, *, still_down: bool) -> Moment:
    if now < plan.start:
        return Moment.BEFORE
    if now < plan.end:
        return Moment.DURING
    return Moment.OVERRUN if still_down else Moment.AFTER


def _begun(maintenance: Maintenance, now: datetime) -> Update | None:
    """Return the first update by an instant that says that it has begun."""
    return next((one for one in maintenance.updates if one.phase in BEGUN and one.at <= now), None)


def _began(maintenance: Maintenance, plan: Window, over: datetime | None, now: datetime) -> datetime | None:
    """Return when it began: when people said so before its end, or else with its window; None if that never came.

    Whoever says that it is being verified says no more than that it has begun before.
    """
    word = _begun(maintenance, now)
    if word is not None and word.at < plan.end:
        return word.at if word.phase is MaintenancePhase.IN_PROGRESS else min(word.at, plan.start)
    came = plan.start <= now and (over is None or over > plan.start)
    return plan.start if came else None
