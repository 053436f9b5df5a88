"""`explain` prints what a day's figure is made of."""

from __future__ import annotations

import json
from datetime import timedelta

import click
import pytest

from statusgen.cli.explained import NEVER_MEASURED, STILL_TO_COME, explained_text, length
from statusgen.model.explanation import Explanation, Interval
from statusgen.model.measured import Uptime
from statusgen.model.observation import Finding
from statusgen.model.words import Outcome, Status
from tests.factories import MINUTE, NOW
from tests.unit.cli.conftest import Statusgen, WriteFile

DOWN = Finding(outcome=Outcome.DOWN, reason="connection_refused")
SETTINGS = "site:\n  name: Example Social\nconfirm_after: 1ms\n"
MAINTENANCE = """---
title: Moving the database
starts: 2022-12-01T12:02Z
ends: 2022-12-01T12:04Z
announced: 2022-11-28T06:00Z
affects: {web: major_outage}
---
We are moving.
"""


@pytest.fixture
def seen(statusgen: Statusgen, write: WriteFile) -> Statusgen:
    """A day on which Web was down for five minutes, seen until a quarter past noon."""
    write("statusgen.yaml", SETTINGS)
    write("content/maintenance/database.md", MAINTENANCE)
    statusgen("probe")
    statusgen.found["web"] = DOWN
    statusgen("probe", now="2022-12-01T12:05Z")
    del statusgen.found["web"]
    statusgen("probe", now="2022-12-01T12:10Z")
    return statusgen


def test_it_says_what_happened_who_saw_it_and_what_it_adds_up_to(seen: Statusgen) -> None:
    before = seen.files()
    result = seen("explain", "web", "2022-12-01", now="2022-12-01T12:15Z")
    assert result.exit_code == 0
    assert result.stdout.replace("\u202f", " ") == (
        "Web on Thursday, 1 December 2022, in UTC\n"
        "\n"
        "✓ 12:00:00–12:02:00  0:02:00  operational\n"
        "    ✓ web/told from outside: up (1 observation)\n"
        "\n"
        "~ 12:02:00–12:04:00  0:02:00  under maintenance (database), measured operational\n"
        "    ✓ web/told from outside: up (0 observations)\n"
        "\n"
        "✓ 12:04:00–12:05:00  0:01:00  operational\n"
        "    ✓ web/told from outside: up (0 observations)\n"
        "\n"
        "✗ 12:05:00–12:10:00  0:05:00  down: the connection was refused\n"
        "    ✗ web/told from outside: down: the connection was refused (1 observation, 3 tries)\n"
        "\n"
        "✓ 12:10:00–12:15:00  0:05:00  operational\n"
        "    ✓ web/told from outside: up (1 observation, 3 tries)\n"
        "\n"
        "  up            0:08:00\n"
        "  degraded      0:00:00  counts as up\n"
        "  down          0:05:00\n"
        "  measured      0:13:00  the sum of these\n"
        "  maintenance   0:02:00  left out\n"
        "  not measured  0:00:00  left out\n"
        "  in all        0:15:00  what there was to measure\n"
        "\n"
        "  uptime 61.53 % of 13 minutes\n"
        "  0:08:00 of 0:13:00, rounded down\n"
    )
    assert seen.files() == before


@pytest.mark.parametrize("now", ["2022-12-03T12:00Z", "2025-06-01T12:00Z"])
def test_a_day_may_be_years_ago(seen: Statusgen, now: str) -> None:
    result = seen("explain", "web", "2022-12-01", now=now)
    assert "  down           0:05:00\n" in result.stdout
    assert "  in all        12:00:00  what there was to measure\n" in result.stdout
    assert "✗ 12:05:00–12:10:00" in result.stdout
    assert "12:22:30–24:00:00" in result.stdout


def test_it_is_data_when_data_is_asked_for(seen: Statusgen) -> None:
    said = json.loads(seen("explain", "web", "2022-12-01", "--format", "json", now="2022-12-01T12:15Z").stdout)
    assert (said["component"], said["day"], said["uptime"]) == ("web", "2022-12-01", "61.53\u202f%")
    assert said["seconds"] == {
        "period": 900.0,
        "up": 480.0,
        "degraded": 0.0,
        "down": 300.0,
        "maintenance": 120.0,
        "unmeasured": 0.0,
    }
    assert said["intervals"][3] == {
        "start": "2022-12-01T12:05:00+00:00",
        "end": "2022-12-01T12:10:00+00:00",
        "seconds": 300.0,
        "status": "major_outage",
        "measured": "major_outage",
        "reason": "connection_refused",
        "maintenance": [],
        "seen": [
            {
                "check": "web/told",
                "location": "outside",
                "outcome": "down",
                "reason": "connection_refused",
                "observations": 1,
                "tries": 3,
            }
        ],
    }


def test_a_day_without_anything_to_measure_says_so(seen: Statusgen) -> None:
    result = seen("explain", "web", "2022-11-30")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1:] == ["", NEVER_MEASURED]
    assert json.loads(seen("explain", "web", "2022-11-30", "--format", "json").stdout)["uptime"] == "–"


def test_a_day_that_is_still_to_come_says_so(seen: Statusgen) -> None:
    result = seen("explain", "web", "2022-12-02", now="2022-12-01T23:59:59Z")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1:] == ["", STILL_TO_COME]
    assert NEVER_MEASURED not in seen("explain", "web", "2022-12-02", now="2022-12-02T00:00:01Z").stdout


def test_of_a_day_long_ago_nothing_that_came_since_is_called_wrong(seen: Statusgen) -> None:
    """Runs of the day that the window then ended with, of today, and one that is dated in the future indeed."""
    for now in ("2022-12-03T00:10Z", "2023-06-01T12:00Z", "2023-06-03T12:00Z"):
        seen("probe", now=now)
    result = seen("explain", "web", "2022-12-01", now="2023-06-01T12:05Z")
    [warning] = [line for line in result.stderr.splitlines() if "set aside" in line]
    assert "'raw/outside/2023-06-03/" in warning
    assert "is set aside: it is dated in the future; check the clock of that location" in warning


def test_what_is_not_there_cannot_be_explained(seen: Statusgen, write: WriteFile) -> None:
    result = seen("explain", "wbe", "2022-12-01")
    assert result.exit_code == 2
    assert "there is no component 'wbe'; did you mean 'web'?" in result.stderr
    assert "give one of" in seen("explain", "x", "2022-12-01").stderr
    assert "does not match the format" in seen("explain", "web", "yesterday").stderr


def test_lengths_are_told_to_the_last_digit() -> None:
    assert length(timedelta(hours=24)) == "24:00:00"
    assert length(timedelta(minutes=61, seconds=5, microseconds=120)) == "1:01:05.00012"


def test_what_was_only_seen_in_part_says_so_and_is_marked_as_unknown() -> None:
    partly = Interval(
        start=NOW,
        end=NOW + MINUTE,
        status=Status.UNKNOWN,
        measured=Status.DEGRADED_PERFORMANCE,
        reason="slow",
        partly=True,
    )
    told = Explanation(component="web", name="Web", day=NOW.date(), intervals=(partly,), uptime=Uptime(period=MINUTE))
    [line] = [line for line in explained_text(told) if "12:00:00" in line]
    assert click.unstyle(line) == "? 12:00:00–12:01:00  0:01:00  degraded as far as it was seen: it answered slowly"
