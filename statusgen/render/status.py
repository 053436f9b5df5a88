"""Our own `status.json`: how things are, until when to believe it, and all six statuses in their own words.

Its shape is promised by the schema that is published beside it. Fields may be added within a version; what is there
keeps its name and its meaning. Uptime is told in seconds, so that whoever makes a percentage of it rounds as they must.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from statusgen.model.artifact import Artifact, Stage
from statusgen.model.components import ComponentView, GroupView
from statusgen.model.measured import Uptime
from statusgen.model.page import Page
from statusgen.model.told import Affected, IncidentView, MaintenanceView
from statusgen.render import links, sentence, words
from statusgen.render.api import TYPE, encode
from statusgen.render.portable import clean
from statusgen.render.sheets import SETTLED, VOLATILE
from statusgen.render.status_schema import SCHEMA, VERSION
from statusgen.render.tongue import Tongue

SCHEMA_TYPE = "application/schema+json; charset=utf-8"

Json = dict[str, Any]


def documents(page: Page, say: Tongue) -> Iterator[Artifact]:
    """Yield `status.json`, which carries the time of the run, and its schema, which never changes."""
    yield Artifact(
        path=links.OWN_STATUS,
        parts=(encode(_document(page, say)),),
        content_type=TYPE,
        cache_control=VOLATILE,
        stage=Stage.FEED,
        timely=True,
    )
    yield Artifact(
        path=links.OWN_SCHEMA,
        parts=(encode(SCHEMA),),
        content_type=SCHEMA_TYPE,
        cache_control=SETTLED,
        stage=Stage.PAGE,
    )


def _document(page: Page, say: Tongue) -> Json:
    return {
        "$schema": links.absolute(page, links.OWN_SCHEMA),
        "version": VERSION,
        "name": clean(page.site.name),
        "url": page.site.url,
        "status": page.status,
        "headline": clean(sentence.headline(page, say)),
        "measured_at": _at(page.measured),
        "published_at": words.stamp(page.published),
        "next_run_at": words.stamp(page.next_run),
        "valid_until": words.stamp(page.valid_until),
        "places": list(page.places),
        "blind": list(page.blind),
        "groups": [_group(group) for group in page.groups],
        "incidents": [_incident(page, view) for view in page.open_incidents],
        "maintenance": [_maintenance(page, view) for view in (*page.active_maintenance, *page.upcoming_maintenance)],
    }


def _group(group: GroupView) -> Json:
    return {
        "id": group.id,
        "name": clean(group.name),
        "status": group.status,
        "components": [_component(component) for component in group.components],
    }


def _component(component: ComponentView) -> Json:
    return {
        "id": component.id,
        "name": clean(component.name),
        "status": component.status,
        "measured": component.measured,
        "reason": component.reason,
        "since": _at(component.since),
        "explained_by": component.explained_by,
        "manual": component.manual,
        "uptime": _uptime(component.uptime),
    }


def _uptime(uptime: Uptime) -> Json:
    return {
        name: _seconds(getattr(uptime, name))
        for name in ("period", "up", "degraded", "down", "maintenance", "unmeasured")
    }


def _incident(page: Page, view: IncidentView) -> Json:
    return {
        "id": links.first_name(view.source),
        "title": clean(view.source.title),
        "url": links.absolute(page, links.path_of(view.source)),
        "phase": view.phase,
        "impact": view.source.impact,
        "started_at": words.stamp(view.source.started),
        "updated_at": words.stamp(view.updated),
        "next_update_at": _at(view.next_update),
        "affects": _affected(view.affected),
    }


def _maintenance(page: Page, view: MaintenanceView) -> Json:
    return {
        "id": links.first_name(view.source),
        "title": clean(view.source.title),
        "url": links.absolute(page, links.path_of(view.source)),
        "phase": view.phase,
        "starts_at": words.stamp(view.starts),
        "ends_at": words.stamp(view.ends),
        "began_at": _at(view.began),
        "overrun": view.overrun,
        "affects": _affected(view.affected),
    }


def _affected(affected: tuple[Affected, ...]) -> list[Json]:
    return [{"id": one.id, "status": one.status} for one in affected]


def _at(at: datetime | None) -> str | None:
    return words.stamp(at) if at else None


def _seconds(length: timedelta) -> int:
    return length // timedelta(seconds=1)
