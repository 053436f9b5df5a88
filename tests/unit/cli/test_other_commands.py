"""`probe`, `build`, `status` and `validate` each do their part and say what it came to."""

from __future__ import annotations

import json

import pytest

from statusgen.cli import wiring
from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.probes import KINDS
from tests.unit.cli.conftest import Statusgen, WriteFile

SLOW = Finding(outcome=Outcome.DEGRADED, reason="slow", latency_ms=1234.5)
INCIDENT = """---
title: Media does not load
impact: minor
affects: {media: degraded_performance}
---
## 2022-12-01T11:58Z identified
The disk is full.
"""
MAINTENANCE = """---
title: Moving the database
starts: 2022-12-02T06:00Z
ends: 2022-12-02T10:00Z
announced: 2022-11-28T06:00Z
affects: {web: major_outage}
---
We are moving.
"""


def test_probe_keeps_what_it_finds_and_says_it(statusgen: Statusgen, write: WriteFile) -> None:
    write("statusgen.yaml", "site:\n  name: Example Social\nconfirm_after: 1ms\n")
    statusgen.found["media"] = SLOW
    result = statusgen("probe")
    assert result.exit_code == 0
    assert result.stdout == "! media/told  degraded  1234 ms  it answered slowly\n✓ web/told    up  12 ms\n"
    assert any(name.startswith(".statusgen/raw/") for name in statusgen.files())
    assert "public/index.html" not in statusgen.files()


def test_probe_as_data(statusgen: Statusgen) -> None:
    said = json.loads(statusgen("probe", "--format", "json").stdout)
    assert [one["check"] for one in said["observations"]] == ["media/told", "web/told"]
    assert said["observations"][0] | {"run": ""} == {
        "check": "media/told",
        "location": "outside",
        "run": "",
        "at": "2022-12-01T12:00:00+00:00",
        "outcome": "up",
        "reason": None,
        "latency_ms": 12.3,
        "tries": 1,
        "phases": {},
        "facts": {},
    }


def test_a_rehearsed_probe_keeps_nothing(statusgen: Statusgen) -> None:
    before = statusgen.files()
    assert statusgen("probe", "--dry-run").exit_code == 0
    assert statusgen.files() == before


def test_probe_ends_with_4_when_observations_have_to_wait(statusgen: Statusgen, write: WriteFile) -> None:
    write("statusgen.yaml", "site:\n  name: Example Social\nstate: file:state\n")
    write("state", "a file where a folder belongs")
    result = statusgen("probe")
    assert result.exit_code == 4
    assert "error: observations wait in 'file:.statusgen/spool' for 'file:state'" in result.stderr
    assert "✓ web/told" in result.stdout


def test_status_says_how_things_stand_and_what_is_announced(statusgen: Statusgen, write: WriteFile) -> None:
    write("content/incidents/media.md", INCIDENT)
    write("content/maintenance/database.md", MAINTENANCE)
    statusgen("probe")
    before = statusgen.files()
    result = statusgen("status")
    assert result.exit_code == 0
    assert result.stdout == (
        "! Media is degraded\n"
        "\n"
        "  ✓ Web    operational\n"
        "  ! Media  degraded\n"
        "    Degraded, say the people who run it; our checks find it up\n"
        "\n"
        "  incident: Media does not load (identified)\n"
        "  maintenance: Moving the database (from 2 December, 06:00 UTC)\n"
    )
    assert statusgen.files() == before


def test_status_as_data_and_as_an_exit_code(statusgen: Statusgen, write: WriteFile) -> None:
    write("content/incidents/media.md", INCIDENT)
    write("content/maintenance/database.md", MAINTENANCE)
    statusgen("probe")
    result = statusgen("status", "--format", "json", "--fail-on", "degraded_performance")
    said = json.loads(result.stdout)
    assert result.exit_code == 6
    assert said["incidents"] == [{"slug": "media", "title": "Media does not load", "phase": "identified"}]
    assert said["maintenance"] == [{"slug": "database", "title": "Moving the database", "phase": "scheduled"}]
    assert said["published"] == "2022-12-01T12:00:00+00:00"


def test_build_writes_the_site_and_only_reads_the_state(statusgen: Statusgen) -> None:
    result = statusgen("build")
    assert result.exit_code == 0
    assert result.stdout.startswith("? Nothing has been measured yet\n")
    assert result.stdout.endswith(f"\n{statusgen.root / 'public/index.html'}\n")
    assert not any(name.startswith(".statusgen/") for name in statusgen.files())


def test_a_rehearsed_build_writes_nothing(statusgen: Statusgen) -> None:
    before = statusgen.files()
    result = statusgen("build", "--dry-run", "--output", "elsewhere")
    assert "would be sent to file:elsewhere\n  missing:\n" in result.stdout
    assert statusgen.files() == before


def test_validate_says_that_all_is_well(statusgen: Statusgen) -> None:
    result = statusgen("validate")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "2 files, no problems\n", "")
    assert statusgen("validate", "-q").stdout == ""
    assert json.loads(statusgen("validate", "--format", "json").stdout) == {"problems": []}


def test_validate_says_every_problem_with_its_place(statusgen: Statusgen, write: WriteFile) -> None:
    write("statusgen.yaml", "site:\n  nam: Example Social\n")
    write(
        "checks/web.yaml", "group: Web\ncomponents:\n  - {id: web, name: Web, checks: [{told: web, timeout: soon}]}\n"
    )
    result = statusgen("validate")
    assert result.exit_code == 3
    assert "statusgen.yaml:2:3: site.nam: " in result.stdout
    assert "checks/web.yaml:3:" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("2 files, ")
    assert result.stdout.splitlines()[-1].endswith(" problems")
    annotated = statusgen("validate", "--format", "github")
    assert annotated.exit_code == 3
    assert "::error file=statusgen.yaml,line=2,col=3," in annotated.stdout
    said = json.loads(statusgen("validate", "--format", "json").stdout)
    assert {problem["file"] for problem in said["problems"]} == {"statusgen.yaml", "checks/web.yaml"}


def test_a_theme_that_does_not_exist_is_a_problem(statusgen: Statusgen, write: WriteFile) -> None:
    write("statusgen.yaml", "site:\n  name: Example Social\ntheme: plaid\n")
    result = statusgen("validate")
    assert result.exit_code == 3
    assert "there is no folder 'themes/plaid'" in result.stdout


def test_every_command_reports_the_problems_of_the_files(statusgen: Statusgen, write: WriteFile) -> None:
    write("statusgen.yaml", "site:\n  nam: Example Social\n")
    for command in ("publish", "probe", "build", "status"):
        result = statusgen(command)
        assert (result.exit_code, result.stdout) == (3, "")
        assert "statusgen.yaml:2:3: site.nam: " in result.stderr
        annotated = statusgen(command, "--format", "github")
        assert "::error file=statusgen.yaml,line=2,col=3," in annotated.stderr
        said = json.loads(statusgen(command, "--format", "json").stdout)
        assert said["exit_code"] == 3
        assert "site.nam" in said["error"]


class TestHeartbeat:
    """Something reports that it was done."""

    FILE = """group: More
components:
  - id: backup
    name: Backup
    checks:
      - heartbeat: {within: 26h}
"""

    @pytest.fixture(autouse=True)
    def _project(self, write: WriteFile, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wiring, "KINDS", {**wiring.KINDS, "heartbeat": KINDS["heartbeat"]})
        write("checks/backup.yaml", self.FILE)

    def test_a_report_is_kept_and_said_and_makes_its_component_operational(self, statusgen: Statusgen) -> None:
        result = statusgen("heartbeat", "backup/heartbeat")
        assert (result.exit_code, result.stdout) == (0, "✓ backup/heartbeat  up\n")
        [raw] = [name for name in statusgen.files() if name.startswith(".statusgen/raw/")]
        line = json.loads((statusgen.root / raw).read_text(encoding="utf-8"))
        assert (line["check"], line["holds_s"]) == ("backup/heartbeat", 93600)
        assert "Backup  operational" in statusgen("status", now="2022-12-02T13:59Z").stdout
        late = statusgen("status", now="2022-12-02T14:00Z").stdout
        assert "Backup  down\n    Down since 14:00 UTC, for 1 second: it has not reported in time" in late

    def test_a_rehearsed_report_keeps_nothing(self, statusgen: Statusgen) -> None:
        before = statusgen.files()
        assert statusgen("heartbeat", "backup/heartbeat", "--dry-run").exit_code == 0
        assert statusgen.files() == before

    def test_a_report_that_has_to_wait_ends_with_0_and_says_so(self, statusgen: Statusgen, write: WriteFile) -> None:
        write("statusgen.yaml", "site:\n  name: Example Social\nstate: file:state\n")
        write("state", "a file where a folder belongs")
        result = statusgen("heartbeat", "backup/heartbeat")
        assert result.exit_code == 0
        assert "an observation waits in 'file:.statusgen/spool'" in result.stderr

    @pytest.mark.parametrize(
        ("wanted", "said"),
        [
            ("backup/heartbeet", "there is no heartbeat 'backup/heartbeet'; did you mean 'backup/heartbeat'?"),
            ("web/told", "there is no heartbeat 'web/told'; give one of 'backup/heartbeat'"),
        ],
    )
    def test_only_a_heartbeat_of_the_project_can_be_reported(
        self, statusgen: Statusgen, wanted: str, said: str
    ) -> None:
        result = statusgen("heartbeat", wanted)
        assert result.exit_code == 2
        assert said in result.stderr


def test_a_project_without_a_heartbeat_says_so(statusgen: Statusgen) -> None:
    result = statusgen("heartbeat", "backup/heartbeat")
    assert result.exit_code == 2
    assert "the project has none" in result.stderr
