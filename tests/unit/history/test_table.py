"""Rows and lines for other programs."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from statusgen.history import table
from statusgen.history.table import COLUMNS, DataFormat
from tests.factories import NOW, observation


def row_of(text: str) -> list[str]:
    [row] = csv.reader(io.StringIO(text))
    return row


def test_only_a_table_has_a_heading() -> None:
    assert table.head(DataFormat.JSONL) == ""
    assert row_of(table.head(DataFormat.CSV)) == list(COLUMNS)


def test_a_heartbeat_says_how_long_it_speaks() -> None:
    report = observation(at=NOW, holds=timedelta(hours=26), latency_ms=None)
    assert dict(zip(COLUMNS, row_of(table.as_row(report)), strict=True))["holds_s"] == "93600.0"


def test_every_format_has_a_writer() -> None:
    assert set(table.WRITERS) == set(DataFormat)


def test_a_cell_may_hold_what_separates_cells() -> None:
    odd = observation(at=NOW, check='a,"b"', facts={"said": 'x,"y"'})
    row = dict(zip(COLUMNS, row_of(table.as_row(odd)), strict=True))
    assert (row["check"], row["facts"]) == ('a,"b"', '{"said":"x,\\"y\\""}')
