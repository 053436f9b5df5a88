"""The page: everything that was read, remembered and decided, put together for one instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from statusgen.evaluate import lifecycle, recurrence, story
from statusgen.evaluate.component import Scene, component_view, dependents
from statusgen.evaluate.known import known_of
from statusgen.evaluate.past import NOTHING
from statusgen.evaluate.places import blind_places, places
from statusgen.evaluate.status import OF_IMPACT, roll_up, worst
from statusgen.model.components import ComponentView, GroupView, Vantage
from statusgen.model.measured import Past
from statusgen.model.page import Page
from statusgen.model.project import Location, Project
from statusgen.model.told import IncidentView
from statusgen.model.track import Record
from statusgen.model.words import Status


def evaluate(project: Project, record: Record, now: datetime, past: Past = NOTHING) -> Page:
    """Return what the page says at an instant, from what people wrote and what is remembered.

    `past` are days that are not in the record any more, for the figures of a year; without it they count as never
    measured.

    Nothing dated after `now` counts, so the page of any past instant can be made again from the same record. Tracks of
    checks that the project does not have are left out.
    """
    series = recurrence.series(project, now)
    project = recurrence.expand(project, now)
    known = known_of(project, record, now)
    names = {component.id: component.name for component in project.components}
    incidents = lifecycle.incidents(project.announcements, names, now)
    maintenance = lifecycle.maintenance(project.announcements, names, known.outages, now)
    measured = sorted(
        (outage for found in known.outages.values() for outage in found), key=lambda one: (one.start, one.component)
    )
    scene = Scene(
        project=project,
        known=known,
        latest={(one.check, one.location): one for one in record.latest},
        speeds=record.speeds,
        past=past,
        incidents=incidents,
        dependents=dependents(project),
        now=now,
    )
    groups = tuple(
        _group(group.id, group.name, [component_view(one, scene) for one in group.components])
        for group in project.groups
    )
    incidents = lifecycle.forgotten(incidents, (one for group in groups for one in group.components), now)
    history = story.stories(incidents, maintenance, story.untold(measured, incidents, known.covers, now))
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
        series=lifecycle.series(series, maintenance),
        outages=tuple(measured),
        days=story.recent(history, now),
        history=history,
        names=names,
        vantages=tuple(_vantage(project, one) for one in project.locations),
        interval=project.interval,
    )


def _vantage(project: Project, location: Location) -> Vantage:
    probed = len(project.checks_from(location)) - len(location.controls)
    return Vantage(location.name, location.provider, probed)


def _group(key: str, name: str, components: Sequence[ComponentView]) -> GroupView:
    return GroupView(
        id=key, name=name, status=roll_up(component.status for component in components), components=tuple(components)
    )


def _overall(groups: Sequence[GroupView], incidents: Sequence[IncidentView]) -> Status:
    """Return the status of the page; an open incident that names no component raises it by its impact."""
    unplaced = (OF_IMPACT[view.source.impact] for view in incidents if view.open and not view.affected)
    return worst([roll_up(group.status for group in groups), *unplaced])
