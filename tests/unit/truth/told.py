"""What a reader of one format finds of an announcement: one small form that all formats are read into.

A field that a format has no place for is None, and an empty one is something else: that it says there is nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

Window = tuple[datetime, datetime]

STATUSES = {
    "operational": "operational",
    "degraded": "degraded_performance",
    "partly down": "partial_outage",
    "down": "major_outage",
    "under maintenance": "under_maintenance",
    "no fresh data": "unknown",
}
"""The words that people read for a status."""

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAY = r"(\d{1,2}) (\w+) (\d{4}), (\d\d):(\d\d)"
_WINDOW = re.compile(rf"{_DAY}(?:–(\d\d):(\d\d) UTC| UTC – {_DAY} UTC)")
_NAMED = re.compile(r"(\w[\w ]*?) \(([a-z ]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing said, as a format tells it."""

    at: datetime
    phase: str
    text: str
    number: int | None = None
    affects: Mapping[str, str] | None = None
    window: Window | None = None
    was: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One announcement, as a format tells it; `said` is oldest first. `components` maps names to statuses."""

    path: str
    title: str
    phase: str
    start: datetime | None = None
    end: datetime | None = None
    components: Mapping[str, str] | None = None
    said: tuple[Part, ...] | None = None
    id: str = ""
    updated: datetime | None = None
    text: str = ""


AFFECTS = ("Affects ", "It affected ", "It was to affect ")
"""How a line begins that says what an announcement affects, affected, or would have."""


def phase_of(words: str) -> str:
    """Return the phase that its words mean: `in_progress` for `In progress`."""
    return words.strip().lower().replace(" ", "_")


def instant(stamp: str) -> datetime:
    """Return an instant that is written for machines."""
    return datetime.fromisoformat(stamp).astimezone(UTC)


def named(text: str) -> dict[str, str]:
    """Return the components that a text names with a status in brackets."""
    found = _NAMED.findall(text.removeprefix(next((word for word in AFFECTS if text.startswith(word)), "")))
    return {name.removeprefix("and "): STATUSES[words] for name, words in found if words in STATUSES}


def windows(text: str) -> list[Window]:
    """Return the stretches of time that a text tells in words, with their days and years."""
    return [_window(*found.groups()) for found in _WINDOW.finditer(text)]


def _window(day: str, month: str, year: str, hour: str, minute: str, *end: str | None) -> Window:
    start = _instant(day, month, year, hour, minute)
    if end[0] is not None and end[1] is not None:
        return start, start.replace(hour=int(end[0]), minute=int(end[1]))
    return start, _instant(*(found or "" for found in end[2:]))


def _instant(day: str, month: str, year: str, hour: str, minute: str) -> datetime:
    return datetime(int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), tzinfo=UTC)


def moment(text: str) -> datetime:
    """Return the instant that a text is, in words with day and year."""
    found = re.fullmatch(rf"{_DAY} UTC", text.strip())
    assert found, text
    return _instant(*found.groups())
