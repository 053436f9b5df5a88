"""What the guide to DuckDB says, said to a real DuckDB with its real S3 extension, about a state in a real bucket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from statusgen import pipeline
from statusgen.demo.services import HOST, SeaweedFS
from statusgen.history import append, backfill
from statusgen.model.words import Outcome
from statusgen.ports import Blob, ObjectStore
from tests.conftest import ROOT, missing
from tests.factories import DAY, HOUR, MINUTE, NOW, observation
from tests.fakes import Notes
from tests.ports.conftest import open_bucket
from tests.test_docs import code

pytestmark = pytest.mark.services

GUIDE = ROOT / "docs/how-to/query-with-duckdb.md"
BUCKET = "s3://status-example-state"
PLACE = "ENDPOINT 's3.eu-central-1.amazonaws.com', REGION 'eu-central-1'"
LAST = NOW + 2 * DAY


@pytest.fixture
def duckdb(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    """DuckDB with a home of its own, into which its extension comes as the guide says for a closed network."""
    try:
        import duckdb  # noqa: PLC0415 - may be missing
        import duckdb_extension_httpfs  # noqa: F401, PLC0415 - may be missing
    except ImportError:
        missing("duckdb or its extension httpfs")
    monkeypatch.setenv("HOME", str(tmp_path))
    _, on_a_closed_network = code(GUIDE, "python")
    exec(on_a_closed_network, {})
    yield duckdb
    duckdb.default_connection().close()


def keep_three_days(state: ObjectStore) -> None:
    """Keep runs from two places, some of them raw and merged at the same time, and a forgery of one."""
    for number in range(9):
        at = NOW + number * DAY / 4
        for place in ("earth", "mars"):
            outcome = Outcome.DOWN if (place, number) == ("mars", 4) else Outcome.UP
            web = observation(
                outcome, at, location=place, run=f"r{number}", latency_ms=100.0 + number, facts={"days_left": number}
            )
            database = observation(
                at=at + MINUTE, check="db", location=place, run=f"r{number}", phases={"connect": 2.5}, holds=HOUR
            )
            key = append(state, [web, database], warn=pytest.fail)
            if number % 4 == 0:
                backfill(state, [web, database])
    forged = {key.replace("raw/mars/", "raw/elsewhere/"): body for key, body in state.read([key]).items()}
    state.write([Blob(key=key, body=body.replace(b'"up"', b'"down"')) for key, body in forged.items()])


def asked(state: str, server: SeaweedFS, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, list[list[tuple[Any, ...]]]]:
    """Return the connection that the guide makes, and what each of its questions is answered."""
    monkeypatch.setenv("STATE_ACCESS_KEY", server.access_key)
    monkeypatch.setenv("STATE_SECRET_KEY", server.secret_key)
    connect, _ = code(GUIDE, "python")
    here = f"ENDPOINT '{HOST}:{server.port}', REGION '{server.region}', URL_STYLE 'path', USE_SSL false"
    said: dict[str, Any] = {}
    exec(connect.replace(PLACE, here), said)
    answers = [said["db"].execute(one.replace(BUCKET, state)).fetchall() for one in code(GUIDE, "sql")]
    return said["db"], answers[2:]


def test_the_guide_finds_in_the_bucket_what_the_export_writes(
    s3: SeaweedFS, duckdb: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = open_bucket(s3, "duckdb/state")
    keep_three_days(state)
    db, _ = asked(f"s3://{s3.bucket}/duckdb/state", s3, monkeypatch)
    rows = db.execute("SELECT * FROM observations ORDER BY ALL").fetchall()
    exported = [
        (
            *(one.at.replace(tzinfo=None), one.check, one.location, one.run, str(one.outcome), one.reason),
            *(one.latency_ms, one.tries, one.holds and one.holds.total_seconds()),
            *(dict(one.phases) or None, json.dumps(dict(one.facts), separators=(",", ":")) if one.facts else None),
        )
        for one in pipeline.export(state, NOW.date(), LAST.date(), now=LAST + HOUR, progress=Notes())
    ]
    assert len(rows) == 36
    assert rows == sorted(exported, key=lambda row: row[:3])


def test_the_guides_questions_are_answered(s3: SeaweedFS, duckdb: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    state = open_bucket(s3, "duckdb-questions")
    keep_three_days(state)
    _, (latencies, reasons, lifetimes) = asked(f"s3://{s3.bucket}/duckdb-questions", s3, monkeypatch)
    assert latencies[0] == (NOW.date(), "db", "earth", 2, 100.0, 100.0)
    assert latencies[-1] == (LAST.date(), "web-http", "mars", 3, 107.0, 108.0)
    at = (NOW + DAY).astimezone(UTC).replace(tzinfo=None)
    assert reasons == [("web-http", "timeout", 1, at, at)]
    assert [row[1:] for row in lifetimes[:3]] == [("earth", 0.0), ("mars", 0.0), ("earth", 1.0)]


def test_a_young_state_without_segments_can_be_asked_too(
    s3: SeaweedFS, duckdb: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(open_bucket(s3, "duckdb-young"), [observation()], warn=pytest.fail)
    _, (latencies, *_) = asked(f"s3://{s3.bucket}/duckdb-young", s3, monkeypatch)
    assert latencies == [(NOW.date(), "web-http", "earth", 1, 100.0, 100.0)]
