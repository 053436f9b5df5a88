"""The how-to for DuckDB does what it says: its own code, on a real bucket, and every question that it asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from statusgen.demo.services import SeaweedFS
from statusgen.history import append, recall
from statusgen.ports import ObjectStore
from statusgen.stores.directory import DirectoryStore
from tests.conftest import ROOT, missing
from tests.factories import DAY, HOLD, MINUTE, NOW, observation, series
from tests.ports.conftest import open_bucket

pytestmark = pytest.mark.services

PAGE = (ROOT / "docs/how-to/query-with-duckdb.md").read_text(encoding="utf-8")
CODE = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
QUESTIONS = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
PREFIX = "duckdb/state"


def fill(state: ObjectStore) -> int:
    """Keep what two places saw on two days, the older of which is merged; return how many observations that is."""
    seen = [*series("uudds", start=NOW - 2 * DAY), *series("uuuds", start=NOW), *series("uuuuu", location="moon")]
    for one in seen:
        append(state, [one], warn=pytest.fail)
    recall(state, hold=HOLD, now=NOW + 3 * DAY, warn=pytest.fail)
    again = observation(at=NOW - 2 * DAY)
    append(state, [again], warn=pytest.fail)  # a late retry of what is merged already
    return len(seen)


@pytest.fixture(autouse=True)
def _parts() -> None:
    for name in ("duckdb", "duckdb_extensions"):
        if find_spec(name) is None:
            missing(name)


@pytest.fixture
def database(s3: SeaweedFS, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, int]]:
    """The how-to's own code, run: its connection, and how many observations there are."""
    total = fill(open_bucket(s3, PREFIX))
    monkeypatch.setenv("STATE_KEY", s3.access_key)
    monkeypatch.setenv("STATE_SECRET", s3.secret_key)
    monkeypatch.setenv("STATE_ENDPOINT", s3.endpoint.removeprefix("http://").rstrip("/"))
    monkeypatch.setenv("STATE_TLS", "false")
    monkeypatch.setenv("STATE_URL", f"s3://{s3.bucket}/{PREFIX}")
    assert CODE is not None
    names: dict[str, Any] = {}
    exec(CODE[1], names)
    with names["db"] as connection:
        yield connection, total


def test_every_observation_is_there_once(database: tuple[Any, int]) -> None:
    connection, total = database
    assert connection.execute("SELECT count(*), count(DISTINCT run) FROM observations").fetchone() == (total, 10)


def test_every_question_of_the_how_to_is_answered(database: tuple[Any, int]) -> None:
    connection, _ = database
    often, fast, alone = (connection.execute(question).fetchall() for question in QUESTIONS)
    assert [(row[0], row[1], row[2], row[3]) for row in often] == [("web-http", "earth", "connection_refused", 3)]
    assert [(row[1], row[2], row[3]) for row in fast] == [("web-http", 100.0, 100.0)]
    around = (NOW + 10 * MINUTE).replace(tzinfo=None)
    assert alone == [(around, "web-http", "earth", "connection_refused")]


def test_a_folder_is_read_the_same_way(tmp_path: Path) -> None:
    total = fill(DirectoryStore(tmp_path, name="file:.statusgen"))
    lines = f"SELECT DISTINCT * FROM read_json('{tmp_path}/[rs][ae]*/**/*.jsonl*')"
    assert import_module("duckdb").sql(f"SELECT count(*) FROM ({lines})").fetchone() == (total,)
