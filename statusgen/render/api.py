"""The page as JSON in the shape of Atlassian Statuspage's public API, version 2, so that its clients work unchanged.

That shape knows no `unknown`: what nobody can see is never told as operational, so it becomes `degraded_performance`,
and the description says what is meant. Ids are twelve characters that follow from the name of a thing and never change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from statusgen.model.artifact import Artifact, Stage
from statusgen.model.components import ComponentView, GroupView
from statusgen.model.page import Page
from statusgen.model.told import IncidentView, MaintenanceView
from statusgen.model.words import IncidentPhase, MaintenancePhase, Phase, Status
from statusgen.render import links, markdown, portable, sentence, words
from statusgen.render.sheets import VOLATILE
from statusgen.render.tellings import Telling, last_told, tellings
from statusgen.render.tongue import Tongue

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

_AT_REST = frozenset(
    {
        *(IncidentPhase.RESOLVED, IncidentPhase.POSTMORTEM),
        *(MaintenancePhase.SCHEDULED, MaintenancePhase.COMPLETED, MaintenancePhase.CANCELLED),
    }
)
"""Phases in which people expect everything to work."""

_UNDER_WAY = frozenset({MaintenancePhase.IN_PROGRESS, MaintenancePhase.VERIFYING})

Json = dict[str, Any]


MOST = 50
"""How many incidents, or maintenance, a list holds, as with Statuspage."""

MOST_BYTES = 150_000
"""No list of what was is larger than this, however much people write."""

_MOST_TEXT = 8_000
_INDENT = 2
_FRAME = 2_000


def documents(page: Page, say: Tongue) -> Iterator[Artifact]:
    """Yield every document; the summary and the status carry the time of the run, the others of the last change."""
    status = {"status": {"indicator": _INDICATORS[page.status], "description": sentence.headline(page, say)}}
    components = list(_components(page))
    by_id = {component["id"]: component for component in components}
    active = [_maintenance(page, view, by_id, say) for view in page.active_maintenance]
    upcoming = [_maintenance(page, view, by_id, say) for view in page.upcoming_maintenance]
    unresolved = [_incident(page, view, by_id, say) for view in page.open_incidents]
    told = {"components": components, "incidents": unresolved, "scheduled_maintenances": [*active, *upcoming]}
    now = {"page": _page(page, page.published)}
    yield _artifact(links.SUMMARY, {**now, **told, **status}, timely=True)
    yield _artifact(links.STATUS, {**now, **status}, timely=True)
    yield _artifact(links.COMPONENTS, {**_lately(page), "components": components})
    incidents = _fitting(_incident(page, view, by_id, say) for view in page.incidents[:MOST])
    yield _artifact(links.INCIDENTS, {**_lately(page, page.incidents[:MOST]), "incidents": incidents})
    yield _artifact(links.UNRESOLVED, {**_lately(page, page.open_incidents), "incidents": unresolved})
    planned = _fitting(_maintenance(page, view, by_id, say) for view in _foremost(page))
    for path, listed, found in (
        (links.SCHEDULED, _foremost(page), planned),
        (links.UPCOMING, page.upcoming_maintenance, upcoming),
        (links.ACTIVE, page.active_maintenance, active),
    ):
        yield _artifact(path, {**_lately(page, listed), "scheduled_maintenances": found})


def ident(*names: str) -> str:
    """Return a stable id of twelve lower-case letters and digits."""
    number = int.from_bytes(hashlib.sha256("/".join(names).encode()).digest())
    digits = []
    for _ in range(_ID_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)


def _artifact(path: str, document: Json, *, timely: bool = False) -> Artifact:
    return Artifact(
        path=path, parts=(encode(document),), content_type=TYPE, cache_control=VOLATILE, stage=Stage.FEED, timely=timely
    )


def encode(document: Json) -> bytes:
    """Return a document as JSON that people can read too."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"


def _fitting(found: Iterable[Json]) -> list[Json]:
    """Return as many as fit, the first in any case."""
    kept: list[Json] = []
    room = MOST_BYTES - _FRAME
    for one in found:
        room -= len(encode(one)) + _INDENT * encode(one).count(b"\n")
        if room < 0 and kept:
            break
        kept.append(one)
    return kept


def _foremost(page: Page) -> tuple[MaintenanceView, ...]:
    """Return the maintenance that goes on, is to come, and is over; Statuspage knows no word for what was cancelled."""
    over = (view for view in page.maintenance if view.phase is MaintenancePhase.COMPLETED)
    return (*page.active_maintenance, *page.upcoming_maintenance, *over)[:MOST]


def _lately(page: Page, listed: Iterable[IncidentView | MaintenanceView] = ()) -> Json:
    """Return the head of a list, dated by the last change of what it shows: while that stays, so does the list."""
    said = (last_told(view) for view in listed)
    return {"page": _page(page, max((*_since(page.components), *said), default=words.midnight(page.published)))}


def _since(components: Iterable[ComponentView]) -> Iterator[datetime]:
    return (component.since for component in components if component.since)


def _page_id(page: Page) -> str:
    return ident("page", page.site.url or page.site.name)


def _page(page: Page, updated: datetime) -> Json:
    return {
        "id": _page_id(page),
        "name": page.site.name,
        "url": page.site.url,
        "time_zone": "Etc/UTC",
        "updated_at": words.milli_stamp(updated),
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
        "updated_at": words.milli_stamp(max(_since(group.components), default=words.midnight(page.published))),
        "group": True,
        "components": [ident("component", component.id) for component in group.components],
    }


def _component(page: Page, component: ComponentView, group: GroupView, position: int) -> Json:
    return {
        **_common(page, ident("component", component.id), component.name, component.status, position),
        "updated_at": words.milli_stamp(component.since or words.midnight(page.published)),
        "description": component.description or None,
        "group_id": ident("group", group.id),
        "group": False,
    }


def _common(page: Page, identity: str, name: str, status: Status, position: int) -> Json:
    return {
        "id": identity,
        "name": name,
        "status": _told(status),
        "created_at": words.milli_stamp(words.midnight(page.since or page.published)),
        "position": position,
        "description": None,
        "showcase": True,
        "start_date": page.since.date().isoformat() if page.since else None,
        "group_id": None,
        "page_id": _page_id(page),
        "only_show_if_degraded": False,
    }


def _told(status: Status) -> Status:
    return Status.DEGRADED_PERFORMANCE if status is Status.UNKNOWN else status


def _incident(page: Page, view: IncidentView, by_id: Mapping[str, Json], say: Tongue) -> Json:
    return {
        **_announcement(page, view, by_id, view.source.started, say),
        "monitoring_at": _reached(view, IncidentPhase.MONITORING),
        "resolved_at": words.milli_stamp(view.resolved) if view.resolved else None,
        "impact": view.source.impact,
        "started_at": words.milli_stamp(view.source.started),
    }


def _maintenance(page: Page, view: MaintenanceView, by_id: Mapping[str, Json], say: Tongue) -> Json:
    ended = view.ended or view.unseen
    return {
        **_announcement(page, view, by_id, view.source.announced, say),
        "monitoring_at": None,
        "resolved_at": words.milli_stamp(ended) if ended else None,
        "impact": "maintenance",
        "started_at": words.milli_stamp(view.starts),
        "scheduled_for": words.milli_stamp(view.starts),
        "scheduled_until": words.milli_stamp(view.ends),
    }


def _announcement(
    page: Page, view: IncidentView | MaintenanceView, by_id: Mapping[str, Json], created: datetime, say: Tongue
) -> Json:
    identity = ident(view.source.kind, links.first_name(view.source))
    told = tellings(view)
    return {
        "id": identity,
        "name": view.source.title,
        "status": view.phase,
        "created_at": words.milli_stamp(created),
        "updated_at": words.milli_stamp(told[-1].at),
        "shortlink": links.absolute(page, links.path_of(view.source)),
        "page_id": _page_id(page),
        "incident_updates": _updates(page, identity, told, say),
        "components": [by_id[ident("component", affected.id)] for affected in view.affected],
        "reminder_intervals": None,
    }


def _updates(page: Page, incident: str, told: Sequence[Telling], say: Tongue) -> list[Json]:
    """Return what was said, newest first, each with what it changed of components, by people's word."""
    names = {one.id: f"{group.name} - {one.name}" for group in page.groups for one in group.components}
    before: dict[str, Status] = {}
    found: list[Json] = []
    for telling in told:
        after = {key: _expected(telling.phase, status) for key, status in telling.affects.items()}
        affected = [
            {
                "code": ident("component", key),
                "name": names[key],
                "old_status": before.get(key, Status.OPERATIONAL),
                "new_status": status,
            }
            for key, status in after.items()
        ]
        found.append({**_update(incident, telling, say), "affected_components": affected or None})
        before = after
    return found[::-1]


def _expected(phase: Phase, status: Status) -> Status:
    """Return how people expect a component to be, whose status in an announcement is given, in one of its phases."""
    if phase in _AT_REST or status is Status.OPERATIONAL:
        return Status.OPERATIONAL
    return Status.UNDER_MAINTENANCE if phase in _UNDER_WAY else _told(status)


def _update(incident: str, telling: Telling, say: Tongue) -> Json:
    at = words.milli_stamp(telling.at)
    return {
        "id": ident("update", incident, telling.key),
        "status": telling.phase,
        "body": portable.excerpt(markdown.to_text(telling.text(say), say), _MOST_TEXT),
        "incident_id": incident,
        "created_at": at,
        "updated_at": at,
        "display_at": at,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _reached(view: IncidentView, phase: IncidentPhase) -> str | None:
    return next((words.milli_stamp(update.at) for update in view.updates if update.phase is phase), None)
