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


def test_probe_names_the_parts_that_failed(statusgen: Statusgen) -> None:
    statusgen.found["media"] = Finding(
        outcome=Outcome.UNKNOWN, reason="lookup:rate_limited", facts={"failed": "lookup, web"}
    )
    assert "media/told  unknown  it was asked too often (lookup, web)\n" in statusgen("probe").stdout


def test_probe_names_what_a_mastodon_lacks_although_it_is_up(statusgen: Statusgen) -> None:
    facts = {"left_out": "lookup, media", "status_page_named": False}
    statusgen.found["media"] = Finding(outcome=Outcome.UP, facts=facts)
    line = "✓ media/told  up  (not asked: lookup, media)  (does not link to this page)\n"
    assert line in statusgen("probe").stdout
    statusgen.found["media"] = Finding(outcome=Outcome.UP, facts={"status_page_named": True})
    assert "✓ media/told  up\n" in statusgen("probe").stdout


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
    assert said["incidents"] == [
        {
            "slug": "media",
            "title": "Media does not load",
            "phase": "identified",
            "steps": {"done": 0, "total": 0},
            "next_update": None,
            "late": False,
            "forgotten": None,
        }
    ]
    assert said["maintenance"] == [
        {
            "slug": "database",
            "title": "Moving the database",
            "phase": "scheduled",
            "steps": {"done": 0, "total": 0},
            "starts": "2022-12-02T06:00:00+00:00",
            "ends": "2022-12-02T10:00:00+00:00",
            "earlier": [],
            "overrun": False,
        }
    ]
    assert said["published"] == "2022-12-01T12:00:00+00:00"
    media = next(one for one in said["components"] if one["id"] == "media")
    assert (media["times"], list(media["uptime"])) == (0, ["window", "7 days", "30 days", "90 days", "365 days"])
    assert media["uptime"]["window"] | {"seconds": {}} == {"uptime": "–", "coverage": "not measured yet", "seconds": {}}


def test_status_says_what_was_forgotten_moved_or_is_only_half_done(statusgen: Statusgen, write: WriteFile) -> None:
    steps = "The disk is full.\n\n- [x] find out\n- [ ] mend it\n\n## 2022"
    late = INCIDENT.replace("11:58", "07:00").replace("---\n## 2022", f"next_update: 2022-12-01T08:00Z\n---\n{steps}")
    write("content/incidents/media.md", late)
    moved = "\n## 2022-11-29T06:00Z scheduled\nstarts: 2022-12-03T06:00Z\nends: 2022-12-03T10:00Z\n"
    write("content/maintenance/database.md", MAINTENANCE + moved)
    said = statusgen("status").stdout
    assert said.endswith(
        "\n"
        "  incident: Media does not load (identified, 1 of 2 steps done)\n"
        "    the update promised for 08:00 UTC is overdue\n"
        "  maintenance: Moving the database (from 3 December, 06:00 UTC, moved from 2 December, 06:00 UTC)\n"
    )
    assert statusgen("status", "--format", "github").stdout == (
        f"{said}::warning title=Media does not load::the update promised for 08:00 UTC is overdue\n"
    )
    data = json.loads(statusgen("status", "--format", "json").stdout)
    assert (data["incidents"][0]["late"], data["incidents"][0]["steps"]) == (True, {"done": 1, "total": 2})
    assert data["maintenance"][0]["earlier"] == [
        {"starts": "2022-12-02T06:00:00+00:00", "ends": "2022-12-02T10:00:00+00:00"}
    ]


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


def test_validate_finds_what_would_stop_a_page_from_being_drawn(statusgen: Statusgen, write: WriteFile) -> None:
    write("themes/default/post.html", "one\n{% if %}\n")
    write("themes/default/series.html", "{{ one\n")
    result = statusgen("validate")
    assert result.exit_code == 3
    assert "themes/default/post.html:2:0: Expected an expression" in result.output
    assert "    hint: the line is '{% if %}'" in result.output
    assert "themes/default/series.html:1:0: unexpected end of template" in result.output


def test_validate_reads_the_catalogues_of_the_languages_of_the_site(statusgen: Statusgen, write: WriteFile) -> None:
    write("statusgen.yaml", "site:\n  name: Example Social\n  languages: [de]\n")
    write("themes/default/locale/de.po", 'msgid "{name} is operational"\nmsgstr "{nmae} geht"\n')
    result = statusgen("validate")
    assert result.exit_code == 3
    assert "a translation of '{name} is operational' cannot be filled in" in result.output


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
        assert "the observations of a run wait in 'file:.statusgen/spool'" in result.stderr

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


class TestShards:
    """Parallel jobs share the checks of a location."""

    @staticmethod
    def probed(statusgen: Statusgen, *args: str) -> set[str]:
        result = statusgen("probe", "--format", "json", *args)
        assert result.exit_code == 0, result.stderr
        return {one["check"] for one in json.loads(result.stdout)["observations"]}

    def test_each_part_probes_its_own_and_together_they_probe_all(self, statusgen: Statusgen) -> None:
        parts = [self.probed(statusgen, "--shard", f"{number}/2") for number in (1, 2)]
        assert parts[0] | parts[1] == {"media/told", "web/told"}
        assert parts[0] & parts[1] == set()

    def test_parts_of_one_workflow_at_one_instant_keep_objects_of_their_own(
        self, statusgen: Statusgen, write: WriteFile, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GITHUB_RUN_ID", "3456789012")
        monkeypatch.setenv("GITHUB_RUN_ATTEMPT", "2")
        controls = "locations:\n  - id: github\n    controls: [{told: a}]\n"
        write("statusgen.yaml", f"site:\n  name: Example Social\nconfirm_after: 1ms\n{controls}")
        for number in (1, 2):
            assert "@control/github/told" in self.probed(statusgen, "--shard", f"{number}/2")
        raw = sorted(name.partition("120000-")[2] for name in statusgen.files() if "/raw/" in name)
        assert [name.rpartition("-")[0] for name in raw] == ["3456789012-2-1of2", "3456789012-2-2of2"]

    def test_the_part_may_stand_in_the_environment(self, statusgen: Statusgen, monkeypatch: pytest.MonkeyPatch) -> None:
        wanted = self.probed(statusgen, "--shard", "2/3")
        monkeypatch.setenv("STATUSGEN_SHARD", "2/3")
        assert self.probed(statusgen) == wanted
        monkeypatch.setenv("STATUSGEN_SHARD", "/3")
        monkeypatch.setenv("JOB_COMPLETION_INDEX", "1")
        assert self.probed(statusgen) == wanted

    def test_publishing_takes_a_part_too(self, statusgen: Statusgen) -> None:
        assert statusgen("publish", "--shard", "1/2").exit_code == 0

    @pytest.mark.parametrize(
        ("written", "said"),
        [
            ("3", "expected a part such as '3/16', got '3'"),
            ("0/4", "expected a number from 1 to the number of parts, 256 at most, got '0/4'"),
            ("5/4", "got '5/4'"),
            ("1/257", "got '1/257'"),
            ("/4", "it is taken from JOB_COMPLETION_INDEX, which an indexed Job sets and this is not"),
        ],
    )
    def test_what_is_no_part_is_told(
        self, statusgen: Statusgen, monkeypatch: pytest.MonkeyPatch, written: str, said: str
    ) -> None:
        monkeypatch.delenv("JOB_COMPLETION_INDEX", raising=False)
        result = statusgen("probe", "--shard", written)
        assert result.exit_code == 2
        assert said in " ".join(result.stderr.replace("│", " ").split())
