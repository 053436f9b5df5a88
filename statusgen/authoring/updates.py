"""An update as the lines that are added at the end of a file, so that nothing that stands there is touched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timezone, tzinfo

_INSTANT = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:?[0-9]{2})")
_HEADING = re.compile(rf"^## +({_INSTANT.pattern})", re.MULTILINE)


def update(source: str, now: datetime, phase: str, text: str) -> str:
    """Return what to add to a file so that it says `text` at `now`, in the zone in which the file tells times.

    The instant has minutes, and seconds only where the file's last update is of the same minute.
    """
    headings = _instants(_HEADING.findall(source))
    minute = now.replace(second=0, microsecond=0)
    at = now.replace(microsecond=0) if headings and headings[-1] > minute else minute
    gap = "" if source.endswith("\n\n") else "\n" if source.endswith("\n") else "\n\n"
    return f"{gap}## {as_written(at.astimezone(_zone(source)))} {phase}\n{text.strip()}\n"


def as_written(at: datetime) -> str:
    """Return an instant as people write it: `2022-12-01T06:04-08:00`, `2022-12-01T14:04Z`."""
    text = at.isoformat(timespec="seconds" if at.second else "minutes")
    return text.removesuffix("+00:00") + "Z" if at.utcoffset() == UTC.utcoffset(None) else text


def _zone(source: str) -> tzinfo:
    """Return the zone of the last instant that is written in a file; UTC when there is none."""
    found = _instants(_INSTANT.findall(source))
    offset = found[-1].utcoffset() if found else None
    return timezone(offset) if offset else UTC


def _instants(texts: Sequence[str]) -> list[datetime]:
    """Return the instants among what looks like some."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(datetime.fromisoformat(text))
    return found
