"""What programs read: Statuspage's JSON, our own, and calendars."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar

from tests.unit.truth.stage import URL
from tests.unit.truth.told import AFFECTS, Part, Told, instant, named, phase_of

Files = Mapping[str, bytes]


def api(files: Files, name: str) -> Any:
    """Return a document in Statuspage's shape."""
    return json.loads(files[f"api/v2/{name}.json"])


def incidents(documents: Iterable[Any]) -> dict[str, Told]:
    """Return incidents in Statuspage's shape, by the path of their pages."""
    return {told.path: told for told in (_announced(one, one["started_at"], one["resolved_at"]) for one in documents)}


def maintenance(documents: Iterable[Any]) -> dict[str, Told]:
    """Return maintenance in Statuspage's shape, by the path of their pages."""
    found = (_announced(one, one["scheduled_for"], one["scheduled_until"]) for one in documents)
    return {told.path: told for told in found}


def _announced(one: Any, start: str, end: str | None) -> Told:
    return Told(
        path=one["shortlink"].removeprefix(f"{URL}/"),
        title=one["name"],
        phase=one["status"],
        start=instant(start),
        end=instant(end) if end else None,
        components={component["name"]: component["status"] for component in one["components"]},
        said=tuple(_update(update) for update in reversed(one["incident_updates"])),
        id=one["id"],
        updated=instant(one["updated_at"]),
    )


def _update(update: Any) -> Part:
    affected = update["affected_components"] or []
    return Part(
        at=instant(update["display_at"]),
        phase=update["status"],
        text=update["body"],
        affects={one["name"].partition(" - ")[2]: one["new_status"] for one in affected},
    )


def components(files: Files) -> dict[str, str]:
    """Return the status of every component by name, as Statuspage's clients read it."""
    return {one["name"]: one["status"] for one in api(files, "components")["components"] if not one["group"]}


def own(files: Files) -> Any:
    """Return our own document."""
    return json.loads(files["status.json"])


def own_announcements(files: Files) -> dict[str, Told]:
    """Return the announcements of our own document by path; the marks that it has for them are their text."""
    found = own(files)
    names = {one["id"]: one["name"] for group in found["groups"] for one in group["components"]}
    return {
        one["url"].removeprefix(f"{URL}/"): Told(
            path=one["url"].removeprefix(f"{URL}/"),
            title=one["title"],
            phase=one["phase"],
            start=instant(one.get("started_at") or one["starts_at"]),
            end=instant(one["ends_at"]) if "ends_at" in one else None,
            components={names[each["id"]]: each["status"] for each in one["affects"]},
            text="overrun" if one.get("overrun") else "",
            updated=instant(one["updated_at"]) if "updated_at" in one else None,
            id=one["id"],
        )
        for one in (*found["incidents"], *found["maintenance"])
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event of a calendar."""

    told: Told
    uid: str
    sequence: int
    status: str
    changed: datetime
    stamped: datetime
    created: datetime


def events(body: bytes) -> dict[str, Event]:
    """Return the events of a calendar by the path of their pages."""
    found = [_event(one) for one in Calendar.from_ical(body).walk("VEVENT")]
    assert len({one.uid for one in found}) == len(found)
    return {one.told.path: one for one in found}


def _event(one: Any) -> Event:
    first, *lines = str(one["DESCRIPTION"]).split("\n\n")
    affects = [named(line) for line in lines if line.startswith(AFFECTS)]
    told = Told(
        path=str(one["URL"]).removeprefix(f"{URL}/"),
        title=str(one["SUMMARY"]).removeprefix("Cancelled: "),
        phase=phase_of(first.removesuffix(".")),
        start=one["DTSTART"].dt.astimezone(UTC),
        end=one["DTEND"].dt.astimezone(UTC),
        components=affects[0] if affects else {},
        text=str(one["DESCRIPTION"]),
    )
    return Event(
        told=told,
        uid=str(one["UID"]),
        sequence=int(one["SEQUENCE"]),
        status=str(one["STATUS"]),
        changed=one["LAST-MODIFIED"].dt,
        stamped=one["DTSTAMP"].dt,
        created=one["CREATED"].dt,
    )
