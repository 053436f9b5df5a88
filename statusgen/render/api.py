"""The page as JSON in the shape of Atlassian Statuspage's public API, version 2, so that its clients work unchanged.

That shape knows no `unknown`: what nobody can see is never told as operational, so it becomes `degraded_performance`,
and the description says what is meant. Ids are twelve characters that follow from the name of a thing and never change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from statusgen.model.artifact import Artifact, Stage
from statusgen.model.page import ComponentView, GroupView, IncidentView, MaintenanceView, Page
from statusgen.model.words import IncidentPhase, Status
from statusgen.render import links, markdown, sentence, words
from statusgen.render.html import VOLATILE
from statusgen.render.tellings import Telling, tellings

TYPE = "application/json; charset=utf-8"

_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_ID_LENGTH = 12
_INDICATORS = {
    Status.OPERATIONAL: "none",
    Status.DEGRADED_PERFORMANCE: "minor",
    Status.PARTIAL_OUTAGE: "major",
    Status.MAJOR_OUTAGE: "critical",
    Status.UNDER_MAINTENANCE: "maintenance",
    Status.UNKNOWN: "minor",
}

Json = dict[str, Any]


def documents(page: Page) -> Iterator[Artifact]:
    """Yield `summary.json` and `status.json`; both carry the time of the run."""
    about = {"page": _page(page)}
    status = {"status": {"indicator": _INDICATORS[page.status], "description": sentence.headline(page)}}
    yield _artifact(links.STATUS, {**about, **status})
    components = list(_components(page))
    by_id = {component["id"]: component for component in components}
    planned = (*page.active_maintenance, *page.upcoming_maintenance)
    summary = {
        **about,
        "components": components,
        "incidents": [_incident(page, view, by_id) for view in page.open_incidents],
        "scheduled_maintenances": [_maintenance(page, view, by_id) for view in planned],
        **status,
    }
    yield _artifact(links.SUMMARY, summary)


def ident(*names: str) -> str:
    """Return a stable id of twelve lower-case letters and digits."""
    number = int.from_bytes(hashlib.sha256("/".join(names).encode()).digest())
    digits = []
    for _ in range(_ID_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)


def _artifact(path: str, document: Json) -> Artifact:
    body = json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"
    return Artifact(path=path, body=body, content_type=TYPE, cache_control=VOLATILE, stage=Stage.FEED, timely=True)


def _page_id(page: Page) -> str:
    return ident("page", page.site.url or page.site.name)


def _page(page: Page) -> Json:
    return {
        "id": _page_id(page),
        "name": page.site.name,
        "url": page.site.url,
        "time_zone": "Etc/UTC",
        "updated_at": words.milli_stamp(page.published),
    }


def _components(page: Page) -> Iterator[Json]:
    """Yield groups and components as one list; a group comes right before its components."""
    for position, group in enumerate(page.groups, start=1):
        yield _group(page, group, position)
        for place, component in enumerate(group.components, start=1):
            yield _component(page, component, group, place)


def _group(page: Page, group: GroupView, position: int) -> Json:
    return {
        **_common(page, ident("group", group.id), group.name, group.status, position),
        "group": True,
        "components": [ident("component", component.id) for component in group.components],
    }


def _component(page: Page, component: ComponentView, group: GroupView, position: int) -> Json:
    return {
        **_common(page, ident("component", component.id), component.name, component.status, position),
        "updated_at": words.milli_stamp(component.since or page.published),
        "description": component.description or None,
        "group_id": ident("group", group.id),
        "group": False,
    }


def _common(page: Page, identity: str, name: str, status: Status, position: int) -> Json:
    return {
        "id": identity,
        "name": name,
        "status": Status.DEGRADED_PERFORMANCE if status is Status.UNKNOWN else status,
        "created_at": words.milli_stamp(page.since or page.published),
        "updated_at": words.milli_stamp(page.published),
        "position": position,
        "description": None,
        "showcase": True,
        "start_date": page.since.date().isoformat() if page.since else None,
        "group_id": None,
        "page_id": _page_id(page),
        "only_show_if_degraded": False,
    }


def _incident(page: Page, view: IncidentView, by_id: Mapping[str, Json]) -> Json:
    return {
        **_announcement(page, view, by_id, view.source.started),
        "monitoring_at": _reached(view, IncidentPhase.MONITORING),
        "resolved_at": words.milli_stamp(view.resolved) if view.resolved else None,
        "impact": view.source.impact,
        "started_at": words.milli_stamp(view.source.started),
    }


def _maintenance(page: Page, view: MaintenanceView, by_id: Mapping[str, Json]) -> Json:
    return {
        **_announcement(page, view, by_id, view.source.announced),
        "monitoring_at": None,
        "resolved_at": words.milli_stamp(view.ended) if view.ended else None,
        "impact": "maintenance",
        "started_at": words.milli_stamp(view.source.starts),
        "scheduled_for": words.milli_stamp(view.source.starts),
        "scheduled_until": words.milli_stamp(view.source.ends),
    }


def _announcement(
    page: Page, view: IncidentView | MaintenanceView, by_id: Mapping[str, Json], created: datetime
) -> Json:
    identity = ident(view.source.kind, view.source.slug)
    told = tellings(view)
    return {
        "id": identity,
        "name": view.source.title,
        "status": view.phase,
        "created_at": words.milli_stamp(created),
        "updated_at": words.milli_stamp(told[-1].at),
        "shortlink": links.absolute(page, links.path_of(view.source)),
        "page_id": _page_id(page),
        "incident_updates": [_update(identity, telling) for telling in reversed(told)],
        "components": [by_id[ident("component", affected.id)] for affected in view.affected],
        "reminder_intervals": None,
    }


def _update(incident: str, telling: Telling) -> Json:
    at = words.milli_stamp(telling.at)
    return {
        "id": ident("update", incident, telling.key),
        "status": telling.phase,
        "body": markdown.to_text(telling.body),
        "incident_id": incident,
        "created_at": at,
        "updated_at": at,
        "display_at": at,
        "affected_components": None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _reached(view: IncidentView, phase: IncidentPhase) -> str | None:
    return next((words.milli_stamp(update.at) for update in view.updates if update.phase is phase), None)
