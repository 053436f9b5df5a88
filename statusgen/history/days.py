"""Days gone by, of which only the figures are left: one small object for a year, read and written whole.

    summaries/days.jsonl.gz     a line per UTC day: seconds of each component, see `docs/reference/state.md`

It is derived. It is written when it changes: when a day is over, so once a day, and when something of a day came late.
It is made again when it is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from statusgen.errors import StoreError
from statusgen.history import codec
from statusgen.history.boundary import as_state_error
from statusgen.history.compact import JSON_LINES_GZIP
from statusgen.history.contents import pack, split, unpack
from statusgen.history.keys import DAYS
from statusgen.model.measured import Past, Uptime
from statusgen.ports import Blob, ObjectStore

FORMAT = 1
"""Changes when older objects must be made again."""

FIELDS = ("period", "up", "degraded", "down", "maintenance")
"""What is kept of a component's day, each in seconds."""


def load_days(state: ObjectStore, warn: Callable[[str], None]) -> Past | None:
    """Return the days that are kept; None when there are none or they cannot be read. Raises `StateError`."""
    with as_state_error(state, "read from"):
        body = state.read([DAYS]).get(DAYS)
    if body is None:
        return None
    past: dict[str, dict[date, Uptime]] = {}
    try:
        for line in split(unpack(body)):
            day, components = _decode(line)
            for component, uptime in components.items():
                past.setdefault(component, {})[day] = uptime
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        warn(f"{DAYS!r} cannot be read; it is made again from what is remembered")
        return None
    return past


def keep_days(state: ObjectStore, before: Past | None, now: Past, warn: Callable[[str], None]) -> bool:
    """Write the days unless they are those of `before`; return whether they are kept. A failure is a warning."""
    if before == now:
        return True
    try:
        state.write([Blob(key=DAYS, body=pack(_encode(now)), content_type=JSON_LINES_GZIP)])
    except StoreError as error:
        warn(f"{DAYS!r} is not kept: {error.reason}; nothing is lost, the next run tries again")
        return False
    return True


def newest_day(past: Past) -> date | None:
    """Return the last day of which anything is known."""
    return max((day for days in past.values() for day in days), default=None)


def _encode(past: Past) -> list[str]:
    by_day: dict[date, dict[str, list[float]]] = {}
    for component, days in past.items():
        for day, uptime in days.items():
            seconds = [getattr(uptime, field).total_seconds() for field in FIELDS]
            by_day.setdefault(day, {})[component] = seconds
    return [
        codec.dump({"components": components, "day": day.isoformat(), "format": FORMAT})
        for day, components in by_day.items()
    ]


def _decode(line: str) -> tuple[date, Mapping[str, Uptime]]:
    """Return a day and the uptime of its components; raise `ValueError` and its like when it is no such line."""
    said: Mapping[str, Any] = codec.document(line)
    if said["format"] != FORMAT:
        raise ValueError(f"expected format {FORMAT}")
    components = {component: _uptime(seconds) for component, seconds in said["components"].items()}
    return date.fromisoformat(said["day"]), components


def _uptime(seconds: list[float]) -> Uptime:
    found = dict(zip(FIELDS, (timedelta(seconds=one) for one in seconds), strict=True))
    uptime = Uptime(**found)
    if min(*found.values(), uptime.unmeasured) < timedelta():
        raise ValueError("expected seconds that add up to no more than their period")
    return uptime
