"""One component as readers see it: what was measured of it, what people say, who sees what, and its figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from statusgen.evaluate import latency, uptime
from statusgen.evaluate.flapping import FLAPPING, RECOVERING
from statusgen.evaluate.known import Known
from statusgen.evaluate.past import periods
from statusgen.evaluate.sight import Latest, check_views
from statusgen.evaluate.speeds import speeds
from statusgen.evaluate.status import RANK, worst
from statusgen.evaluate.timeline import Stretch, Timeline, began, present
from statusgen.evaluate.verdict import NOT_MEASURED
from statusgen.model.announcement import Window
from statusgen.model.components import ComponentView
from statusgen.model.measured import Outage, Past, Uptime
from statusgen.model.project import Component, Project
from statusgen.model.told import IncidentView
from statusgen.model.track import Speeds, Track
from statusgen.model.words import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything that a component's view is made from, the same for all components of a page."""

    project: Project
    known: Known
    latest: Latest
    speeds: Speeds
    past: Past
    incidents: Sequence[IncidentView]
    dependents: Mapping[str, Sequence[str]]
    now: datetime


def dependents(project: Project) -> dict[str, list[str]]:
    """Return which components depend on each, in the order written."""
    found: dict[str, list[str]] = defaultdict(list)
    for component in project.components:
        for one in component.depends_on:
            found[one].append(component.id)
    return found


def component_view(component: Component, scene: Scene) -> ComponentView:
    """Return a component as readers see it at the instant of the scene."""
    known, now = scene.known, scene.now
    line, covers = known.lines[component.id], known.covers[component.id]
    stretch = present(line, now)
    measured = stretch.status if stretch else Status.UNKNOWN
    manual = not component.checks
    days = uptime.bars(line, covers, now)
    last = next((outage for outage in known.outages[component.id][-1:] if not outage.over), None)
    return ComponentView(
        id=component.id,
        name=component.name,
        description=component.description,
        status=_announced(component, measured, covers, scene.incidents, now),
        measured=measured,
        reason=stretch.reason if stretch else NOT_MEASURED,
        since=began(line, now),
        bars=() if manual else days,
        uptime=uptime.total(day.uptime for day in days),
        periods=() if manual else periods(days, scene.past.get(component.id, {})),
        today=_today(line, covers, now),
        typical_ms=_typical_ms(component, known.tracks),
        explained_by=_explained_by(last, stretch, known, now),
        episode=last.episode if last else None,
        times=last.number if last else 0,
        speeds=speeds(scene.project, component, scene.speeds, now.date()),
        checks=check_views(scene.project, component, known.tracks, scene.latest, now),
        depends_on=component.depends_on,
        dependents=tuple(scene.dependents.get(component.id, ())),
        manual=manual,
    )


def _today(line: Timeline, covers: Sequence[Window], now: datetime) -> Uptime:
    """Return the uptime of today until the present measured status began."""
    until = began(line, now)
    midnight = uptime.midnight(now.date())
    if until is None or until <= midnight:
        return Uptime(period=timedelta())
    return uptime.bars(line, covers, until, count=1)[-1].uptime


def _announced(
    component: Component,
    measured: Status,
    covers: Sequence[Window],
    incidents: Sequence[IncidentView],
    now: datetime,
) -> Status:
    """Return what readers are told: what was measured, unless maintenance covers it; raised by open incidents."""
    base = measured if component.checks else Status.OPERATIONAL
    if any(window.holds(now) for window in covers):
        base = Status.UNDER_MAINTENANCE
    raised = (one.status for view in incidents if view.open for one in view.affected if one.id == component.id)
    return worst([base, *raised])


def _explained_by(last: Outage | None, stretch: Stretch | None, known: Known, now: datetime) -> str | None:
    """Return the component that explains the trouble of another: an outage that goes on, or the unrest after one.

    The unrest is explained only for as long as the other is seen to be in trouble too.
    """
    if last is None or last.explained_by is None or last.end is None:
        return last.explained_by if last else None
    other = present(known.lines[last.explained_by], now)
    unsettled = stretch and stretch.reason in {FLAPPING, RECOVERING}
    troubled = other and RANK[other.status] >= RANK[Status.DEGRADED_PERFORMANCE]
    return last.explained_by if unsettled and troubled else None


def _typical_ms(component: Component, tracks: Mapping[str, Sequence[Track]]) -> float | None:
    """Return the median latency in milliseconds of the first check that has any, over all locations."""
    medians = (
        latency.median(latency.add(track.latency for track in tracks.get(check.id, ()))) for check in component.checks
    )
    return next((found for found in medians if found is not None), None)
