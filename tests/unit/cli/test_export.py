"""`statusgen export` writes out every observation once, in order, in a format that other programs read."""

from __future__ import annotations

import csv
import io
import json

import pytest

from statusgen.history import codec
from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from tests.unit.cli.conftest import Statusgen

SLOW = Finding(outcome=Outcome.DEGRADED, reason="slow", latency_ms=1234.5, phases={"connect": 3.0}, facts={"n": 1})


def three_days(statusgen: Statusgen) -> None:
    with (statusgen.root / "statusgen.yaml").open("a") as settings:
        settings.write("confirm_after: 1ms\n")
    for day in ("2022-11-29", "2022-11-30", "2022-12-01"):
        assert statusgen("probe", now=f"{day}T12:00Z").exit_code == 0
        statusgen.found["web"] = SLOW


def test_lines_are_the_observations_as_they_are_kept(statusgen: Statusgen) -> None:
    three_days(statusgen)
    done = statusgen("export", "--quiet")
    assert (done.exit_code, done.stderr) == (0, "")
    seen = [codec.decode(line) for line in done.stdout.splitlines()]
    assert [(one.at.day, one.check, str(one.outcome)) for one in seen] == [
        (29, "media/told", "up"),
        (29, "web/told", "up"),
        (30, "media/told", "up"),
        (30, "web/told", "degraded"),
        (1, "media/told", "up"),
        (1, "web/told", "degraded"),
    ]
    kept = (file.read_text() for file in (statusgen.root / ".statusgen/raw").rglob("*.jsonl"))
    assert sorted(done.stdout.splitlines()) == sorted("".join(kept).splitlines())


def test_days_bound_what_is_written(statusgen: Statusgen) -> None:
    three_days(statusgen)
    done = statusgen("export", "--from", "2022-11-30", "--to", "2022-11-30")
    assert {json.loads(line)["at"][:10] for line in done.stdout.splitlines()} == {"2022-11-30"}
    assert done.stderr == "exporting: 2 observations\n"


@pytest.mark.parametrize(
    ("begin", "end", "days"),
    [
        ("2022-11-30T12:00Z", "2022-12-01T12:00Z", [30]),
        ("2022-11-30T12:00:01Z", "2022-12-01T12:00:01Z", [1]),
        ("2022-11-30T13:00+01:00", "2022-12-01T00:00Z", [30]),
        ("2022-11-30T12:00Z", "2022-12-01", [30, 1]),
        ("2022-11-29", "2022-11-30T12:00Z", [29]),
        ("2022-11-29T12:30Z", "2022-11-29T13:00Z", []),
        ("2022-11-30T12:00Z", "9999-12-30", [30, 1]),
        ("2030-01-01", "2030-01-02", []),
    ],
)
def test_instants_bound_what_is_written_the_first_is_in_and_the_last_is_out(
    statusgen: Statusgen, begin: str, end: str, days: list[int]
) -> None:
    three_days(statusgen)
    done = statusgen("export", "--quiet", "--from", begin, "--to", end)
    assert (done.exit_code, done.stderr) == (0, "")
    assert [codec.decode(line).at.day for line in done.stdout.splitlines() if "media" in line] == days


@pytest.mark.parametrize("said", ["yesterday", "2022-13-01", "9999-12-31", "2022-11-24T03:00", "2022-11-24T25:00Z"])
@pytest.mark.parametrize("option", ["--from", "--to"])
def test_what_is_neither_a_day_nor_an_instant_is_a_usage_error(statusgen: Statusgen, option: str, said: str) -> None:
    done = statusgen("export", option, said)
    assert done.exit_code == 2
    expected = "expected a day such as '2022-12-01', or an instant with a zone such as '2022-12-01T14:00Z'"
    assert f"{expected}, got {said!r}" in " ".join(done.stderr.split())


def test_a_table_has_a_heading_and_json_where_cells_cannot_hold_it(statusgen: Statusgen) -> None:
    three_days(statusgen)
    done = statusgen("export", "--format", "csv", "--from", "2022-12-01")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["check"] for row in rows] == ["media/told", "web/told"]
    slow = rows[1]
    assert (slow["outcome"], slow["reason"], slow["latency_ms"], slow["tries"]) == ("degraded", "slow", "1234.5", "3")
    assert (json.loads(slow["phases"]), json.loads(slow["facts"])) == ({"connect": 3.0}, {"n": 1})
    assert (rows[0]["reason"], rows[0]["facts"], rows[0]["holds_s"]) == ("", "", "")


def test_a_file_is_written_whole_or_not_at_all(statusgen: Statusgen) -> None:
    three_days(statusgen)
    file = statusgen.root / "seen.jsonl"
    done = statusgen("export", "--output", str(file))
    assert (done.exit_code, done.stdout) == (0, "")
    assert len(file.read_text().splitlines()) == 6
    refused = statusgen("export", "--output", str(statusgen.root / "nowhere/seen.jsonl"))
    assert refused.exit_code == 2
    assert "no such file or directory" in refused.stderr
    assert sorted(path.name for path in statusgen.root.iterdir() if "seen" in path.name) == ["seen.jsonl"]


def test_days_in_the_wrong_order_are_a_usage_error(statusgen: Statusgen) -> None:
    done = statusgen("export", "--from", "2022-12-01", "--to", "2022-11-30")
    assert done.exit_code == 2
    assert "2022-11-30 is not after 2022-12-01" in done.stderr
    done = statusgen("export", "--from", "2022-12-01T03:00Z", "--to", "2022-12-01T03:00Z")
    assert done.exit_code == 2
    assert "2022-12-01T03:00Z is not after 2022-12-01T03:00Z" in done.stderr


def test_what_cannot_be_read_is_told_and_left_out(statusgen: Statusgen) -> None:
    three_days(statusgen)
    broken = statusgen.root / ".statusgen/raw/outside/2022-12-01/130000-broken.jsonl"
    broken.write_text("{")
    done = statusgen("export", now="2022-12-02T12:00Z")
    assert len(done.stdout.splitlines()) == 6
    assert "they cannot be read" in done.stderr
