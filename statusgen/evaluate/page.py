"""The page: everything that was read, remembered and decided, put together for one instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from statusgen.evaluate import latency, lifecycle, story, uptime
from statusgen.evaluate.known import Known, known_of
from statusgen.evaluate.past import NOTHING, periods
from statusgen.evaluate.places import blind_places, places
from statusgen.evaluate.status import OF_IMPACT, roll_up, worst
from statusgen.evaluate.timeline import began, present
from statusgen.evaluate.verdict import NOT_MEASURED
from statusgen.evaluate.window import Window
from statusgen.model.page import ComponentView, GroupView, IncidentView, Page, Past
from statusgen.model.project import Component, Project
from statusgen.model.track import Record, Track
from statusgen.model.words import Status


def evaluate(project: Project, record: Record, now: datetime, past: Past = NOTHING) -> Page:
    """Return what the page says at an instant, from what people wrote and what is remembered.

    `past` are days that are not in the record any more, for the figures of a year; without it they count as never
    measured.

    Nothing dated after `now` counts, so the page of any past instant can be made again from the same record. Tracks of
    checks that the project does not have are left out.
    """
    known = known_of(project, record, now)
    names = {component.id: component.name for component in project.components}
    incidents = lifecycle.incidents(project.announcements, names, now)
    maintenance = lifecycle.maintenance(project.announcements, names, known.outages, now)
    measured = sorted(
        (outage for found in known.outages.values() for outage in found), key=lambda one: (one.start, one.component)
    )
    history = story.stories(incidents, maintenance, story.untold(measured, incidents, known.covers, now))
    groups = tuple(
        _group(group.id, group.name, [_component(one, known, incidents, past, now) for one in group.components])
        for group in project.groups
    )
    return Page(
        site=project.site,
        status=_overall(groups, incidents),
        published=now,
        valid_until=now + project.hold,
        next_run=now + project.interval,
        measured=record.measured,
        since=record.since,
        places=places(project, known.tracks, now),
        blind=blind_places(project, known.tracks, now),
        groups=groups,
        incidents=incidents,
        maintenance=maintenance,
        posts=lifecycle.posts(project.announcements, now),
        outages=tuple(measured),
        days=story.recent(history, now),
        history=history,
        names=names,
    )


def _group(key: str, name: str, components: Sequence[ComponentView]) -> GroupView:
    return GroupView(
        id=key, name=name, status=roll_up(component.status for component in components), components=tuple(components)
    )


def _overall(groups: Sequence[GroupView], incidents: Sequence[IncidentView]) -> Status:
    """Return the status of the page; an open incident that names no component raises it by its impact."""
    unplaced = (OF_IMPACT[view.source.impact] for view in incidents if view.open and not view.affected)
    return worst([roll_up(group.status for group in groups), *unplaced])


def _component(
    component: Component, known: Known, incidents: Sequence[IncidentView], past: Past, now: datetime
) -> ComponentView:
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
        status=_announced(component, measured, covers, incidents, now),
        measured=measured,
        reason=stretch.reason if stretch else NOT_MEASURED,
        since=began(line, now),
        bars=() if manual else days,
        uptime=uptime.total(day.uptime for day in days),
        periods=() if manual else periods(days, past.get(component.id, {})),
        typical_ms=_typical_ms(component, known.tracks),
        explained_by=last.explained_by if last and last.end is None else None,
        episode=last.episode if last else None,
        times=last.number if last else 0,
        manual=manual,
    )


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
    raised = (view.source.affects.get(component.id, base) for view in incidents if view.open)
    return worst([base, *raised])


def _typical_ms(component: Component, tracks: Mapping[str, Sequence[Track]]) -> float | None:
    """Return the median latency in milliseconds of the first check that has any, over all locations."""
    medians = (
        latency.median(latency.add(track.latency for track in tracks.get(check.id, ()))) for check in component.checks
    )
    return next((found for found in medians if found is not None), None)
