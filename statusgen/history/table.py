"""Observations as lines of JSON, as they are kept, or as rows of a table, for programs that know nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from statusgen.history import codec
from statusgen.model.observation import Observation

COLUMNS = (
    *("at", "check", "location", "run", "outcome", "reason"),
    *("latency_ms", "tries", "holds_s", "phases", "facts"),
)
"""The columns of a table; the last two hold JSON."""


class DataFormat(StrEnum):
    """How observations are written out."""

    JSONL = "jsonl"
    CSV = "csv"


def head(style: DataFormat) -> str:
    """Return what stands before the first observation."""
    return _line(COLUMNS) if style is DataFormat.CSV else ""


def as_json_line(observation: Observation) -> str:
    """Return the canonical line, see `codec`."""
    return f"{codec.encode(observation)}\n"


def as_row(observation: Observation) -> str:
    """Return a row of CSV (RFC 4180); what the observation does not say is empty."""
    held = observation.holds
    said = {
        "at": codec.encode_instant(observation.at),
        "check": observation.check,
        "location": observation.location,
        "run": observation.run,
        "outcome": str(observation.outcome),
        "reason": observation.reason,
        "latency_ms": observation.latency_ms,
        "tries": observation.tries,
        "holds_s": held.total_seconds() if held else None,
        "phases": codec.dump(dict(observation.phases)) if observation.phases else None,
        "facts": codec.dump(dict(observation.facts)) if observation.facts else None,
    }
    return _line(tuple(said[column] for column in COLUMNS))


WRITERS: Mapping[DataFormat, Callable[[Observation], str]] = MappingProxyType(
    {DataFormat.JSONL: as_json_line, DataFormat.CSV: as_row}
)
"""What writes one observation; a format is one function and one line here."""


def _line(cells: tuple[object, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
