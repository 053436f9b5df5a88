"""The JSON Schema of our own `status.json`: the promise to programs that read it."""

from __future__ import annotations

from typing import Any

from statusgen.model.words import Impact, IncidentPhase, MaintenancePhase, Status

VERSION = 1
"""Goes up when a field loses its name or its meaning; fields that are added leave it as it is."""

_Schema = dict[str, Any]


def _text(description: str, **more: Any) -> _Schema:
    return {"type": "string", "description": description, **more}


def _maybe(schema: _Schema) -> _Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _instant(description: str) -> _Schema:
    return _text(description, format="date-time", pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")


def _one_of(words: Any, description: str) -> _Schema:
    return _text(description, enum=[str(word) for word in words])


def _list(items: _Schema, description: str) -> _Schema:
    return {"type": "array", "items": items, "description": description}


def _object(description: str, **fields: _Schema) -> _Schema:
    return {"type": "object", "description": description, "properties": fields, "required": list(fields)}


def _seconds(description: str) -> _Schema:
    return {"type": "integer", "minimum": 0, "description": description}


_STATUS = "How it is: what is announced where people raised it or maintenance covers it, else what was measured."
_AFFECTS = _list(
    _object(
        "A component and what is expected there.",
        id=_text("The component's id."),
        status=_one_of(Status, "The status it is expected to have."),
    ),
    "The components that it names.",
)
_UPTIME = _object(
    "Seconds of the window of ninety days, from the first measurement in it until now.",
    period=_seconds("All of it."),
    up=_seconds("Up."),
    degraded=_seconds("Up, but degraded."),
    down=_seconds("Down."),
    maintenance=_seconds("Covered by announced maintenance, which does not count."),
    unmeasured=_seconds("Not seen by anybody."),
)
_COMPONENT = _object(
    "Something that readers know.",
    id=_text("Its id, which does not change."),
    name=_text("Its name."),
    status=_one_of(Status, _STATUS),
    measured=_one_of(Status, "What was measured, also under maintenance."),
    reason=_maybe(_text("Why it is not operational, a word of a closed list.")),
    since=_maybe(_instant("Since when it measures so; null when it was never measured.")),
    explained_by=_maybe(_text("The id of the component it depends on whose outage explains this one's.")),
    manual={"type": "boolean", "description": "Whether nobody measures it, so that its status is people's word."},
    uptime=_UPTIME,
)
_GROUP = _object(
    "Components that belong together.",
    id=_text("Its id."),
    name=_text("Its name."),
    status=_one_of(Status, "Its components' together."),
    components=_list(_COMPONENT, "In the order of the page."),
)
_ANNOUNCED = {
    "id": _text("Its name, which does not change when its file is renamed."),
    "title": _text("What people call it."),
    "url": _text("Its page."),
}
_INCIDENT = _object(
    "Something that went wrong, as people tell it.",
    **_ANNOUNCED,
    phase=_one_of(IncidentPhase, "How far people are."),
    impact=_one_of(Impact, "How badly it hits readers."),
    started_at=_instant("When it began."),
    updated_at=_instant("When people last said something of it."),
    next_update_at=_maybe(_instant("By when they promised to say more.")),
    affects=_AFFECTS,
)
_MAINTENANCE = _object(
    "An announced window.",
    **_ANNOUNCED,
    phase=_one_of(MaintenancePhase, "How far it is."),
    starts_at=_instant("When its window opens."),
    ends_at=_instant("When its window closes."),
    began_at=_maybe(_instant("When it really began.")),
    overrun={"type": "boolean", "description": "Whether its window is over and what it affects is still down."},
    affects=_AFFECTS,
)

SCHEMA: _Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "status.json of statusgen",
    **_object(
        "How things are at one instant. Do not believe it after `valid_until`. Fields may be added.",
        **{"$schema": _text("Where this schema lies.")},
        version={"const": VERSION, "description": "The version of this shape."},
        name=_text("The name of the site."),
        url=_text("Where people read it; empty when it has not been told."),
        status=_one_of(Status, "All groups together."),
        headline=_text("The one sentence at the top of the page."),
        measured_at=_maybe(_instant("The newest observation; null before the first.")),
        published_at=_instant("When this was made."),
        next_run_at=_instant("When the next one is expected."),
        valid_until=_instant("From then on, nothing here is to be believed."),
        places=_list(_text("A name."), "The locations with fresh observations."),
        blind=_list(_text("A name."), "The locations that are offline themselves."),
        groups=_list(_GROUP, "In the order of the page."),
        incidents=_list(_INCIDENT, "Those still open, the one updated last first."),
        maintenance=_list(_MAINTENANCE, "Under way first, then to come, the next one first."),
    ),
}
"""The schema as a document."""
