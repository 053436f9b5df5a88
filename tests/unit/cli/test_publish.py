"""`publish` says how things stand, what was sent and why, and where to look."""

from __future__ import annotations

import json
import os
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.publish.manifest import MANIFEST_KEY
from tests.factories import NOW
from tests.unit.cli.conftest import Statusgen, WriteFile

REFUSED = Finding(outcome=Outcome.DOWN, reason="connection_refused")
LATER = "2022-12-01T12:05Z"
QUICK = "confirm_after: 1ms\n"


@pytest.fixture(autouse=True)
def _quick(write: WriteFile, statusgen: Statusgen) -> None:
    """Let second tries follow at once."""
    settings = (statusgen.root / "statusgen.yaml").read_text(encoding="utf-8")
    write("statusgen.yaml", settings + QUICK)


def test_the_result_is_on_stdout_and_the_progress_on_stderr(statusgen: Statusgen) -> None:
    result = statusgen("publish")
    assert result.exit_code == 0
    count = _published(statusgen)
    assert re.fullmatch(
        "✓ All systems operational\n"
        "\n"
        f"{count} of {count} files sent to file:public\n"
        "  missing: 404.html, about.html, components/media.html, components/web.html, .* and [0-9]+ more\n"
        "https://status.example.org\n",
        result.stdout,
    )
    assert result.stderr == f"probing: 2 up\nbuilding: {count} files\nuploading: {count} files sent\n"
    assert (statusgen.root / "public/index.html").is_file()


def _published(statusgen: Statusgen) -> int:
    """Return how many files the site has, without the record of what was sent."""
    files = (path for path in (statusgen.root / "public").rglob("*") if path.is_file())
    return sum(path.name != MANIFEST_KEY for path in files)


def test_a_service_that_is_down_is_news_and_not_a_failure(statusgen: Statusgen) -> None:
    statusgen("publish")
    statusgen.found["media"] = REFUSED
    result = statusgen("publish", now=LATER)
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "✗ Media is down\n\n  ✗ Media  down\n    Down since 12:05 UTC, for 1 second: the connection was refused\n\n"
    )
    sent, of = map(int, re.findall("([0-9]+) of ([0-9]+) files sent", result.stdout)[0])
    assert of == _published(statusgen)
    assert sent < of, "what says nothing new stays"
    assert "  changed: components/media.html, components/web.html," in result.stdout
    assert "  missing: history/2022-12.html, history/2022.html\n" in result.stdout
    assert "about.html" not in result.stdout


def test_a_file_that_somebody_changed_in_a_folder_is_sent_again(statusgen: Statusgen) -> None:
    statusgen("publish")
    page = statusgen.root / "public/404.html"
    body = page.read_bytes()
    page.write_bytes(body[::-1])
    assert "  changed: 404.html, " in statusgen("publish", now=LATER).stdout
    assert page.read_bytes() == body


@pytest.mark.parametrize(
    ("limit", "code"), [("unknown", 6), ("degraded_performance", 6), ("partial_outage", 6), ("major_outage", 0)]
)
def test_fail_on_ends_with_6_when_the_page_is_at_least_that_bad(statusgen: Statusgen, limit: str, code: int) -> None:
    statusgen.found["media"] = REFUSED
    result = statusgen("publish", "--fail-on", limit)
    assert result.exit_code == code
    assert (statusgen.root / "public/index.html").is_file(), "the page is out all the same"


def test_a_dry_run_says_all_and_writes_nothing(statusgen: Statusgen) -> None:
    before = statusgen.files()
    result = statusgen("publish", "--dry-run")
    assert result.exit_code == 0
    assert re.search(r"([0-9]+) of \1 files would be sent to file:public\n  missing:\n    404.html\n", result.stdout)
    assert statusgen.files() == before


def test_quiet_leaves_only_the_result(statusgen: Statusgen) -> None:
    result = statusgen("-q", "publish")
    assert result.stderr == ""
    assert result.stdout


def test_the_result_as_data(statusgen: Statusgen) -> None:
    statusgen.found["media"] = REFUSED
    result = statusgen("publish", "--format", "json")
    said = json.loads(result.stdout)
    assert said["status"] == "partial_outage"
    assert said["headline"] == "Media is down"
    assert said["url"] == "https://status.example.org"
    assert said["measured"] == "2022-12-01T12:00:00+00:00"
    assert [(one["id"], one["status"], one["reason"]) for one in said["components"]] == [
        ("web", "operational", None),
        ("media", "major_outage", "connection_refused"),
    ]
    assert {"path": "index.html", "reason": "missing"} in said["uploads"]
    assert (said["deletions"], said["unchanged"], said["held"], said["dry_run"]) == ([], 0, [], False)


def test_force_sends_every_file(statusgen: Statusgen) -> None:
    statusgen("publish")
    result = statusgen("publish", "--force")
    count = _published(statusgen)
    assert f"{count} of {count} files sent to file:public\n  forced: 404.html," in result.stdout


def test_what_would_be_most_of_the_site_is_only_deleted_when_that_is_allowed(
    statusgen: Statusgen, write: WriteFile
) -> None:
    settings = (statusgen.root / "statusgen.yaml").read_text(encoding="utf-8")
    write("statusgen.yaml", settings.replace("site:\n", "site:\n  languages: [de, es, fr]\n"))
    assert statusgen("publish").exit_code == 0
    write("statusgen.yaml", settings)
    for option in ("--quiet", "--force"):
        held = statusgen("publish", option, now=LATER)
        assert held.exit_code == 0
        assert (
            "\n  no longer part of the site, kept because that is most of it: de/404.html, de/about.html, "
            in held.stdout
        )
        assert "\n    hint: if they are to go, use --allow-deletes; " in held.stdout
        assert (statusgen.root / "public/de/index.html").exists()
    assert "de/index.html" in json.loads(statusgen("publish", "--format", "json", now=LATER).stdout)["held"]
    done = statusgen("publish", "--allow-deletes", now=LATER)
    assert "\n  no longer part of the site, deleted: de/404.html, " in done.stdout
    assert not (statusgen.root / "public/de/index.html").exists()
    assert (statusgen.root / "public/index.html").exists()


def test_files_of_others_are_told_and_left_alone(statusgen: Statusgen, write: WriteFile) -> None:
    write("public/robots.txt", "theirs")
    for _ in range(2):
        assert (
            "\n  not written by statusgen, left alone: robots.txt\n" in statusgen("publish", "--allow-deletes").stdout
        )
    assert json.loads(statusgen("publish", "--format", "json").stdout)["foreign"] == ["robots.txt"]
    assert (statusgen.root / "public/robots.txt").read_text(encoding="utf-8") == "theirs"


def test_a_page_that_is_newer_already_is_said_and_nothing_is_sent(statusgen: Statusgen) -> None:
    statusgen("publish", now=LATER)
    (statusgen.root / ".statusgen").rename(statusgen.root / ".elsewhere")
    result = statusgen("publish")
    assert result.exit_code == 0
    assert "warning: a page with newer observations, of 2022-12-01 12:05 UTC, is published; nothing was sent" in (
        result.stderr
    )
    assert "sent to" not in result.stdout


def test_without_a_public_address_the_front_page_is_named(statusgen: Statusgen, write: WriteFile) -> None:
    write("statusgen.yaml", f"site:\n  name: Example Social\n{QUICK}")
    result = statusgen("publish")
    assert result.stdout.splitlines()[-1] == str(statusgen.root / "public/index.html")


def test_of_several_locations_one_must_be_named(statusgen: Statusgen, write: WriteFile) -> None:
    locations = "locations:\n  - {id: earth, name: Earth}\n  - {id: mars, name: Mars}\n"
    write("statusgen.yaml", f"site:\n  name: Example Social\n{QUICK}{locations}")
    result = statusgen("publish")
    assert result.exit_code == 2
    assert "the project has several; give one of 'earth', 'mars'" in result.stderr
    result = statusgen("publish", "--location", "venus")
    assert result.exit_code == 2
    assert "there is no 'venus'; give one of 'earth', 'mars'" in result.stderr
    assert statusgen("publish", "--location", "mars").exit_code == 0
    assert any(name.startswith(".statusgen/raw/mars/") for name in statusgen.files())


def test_a_target_that_cannot_be_written_ends_with_5_and_observations_are_kept(
    statusgen: Statusgen, write: WriteFile
) -> None:
    write("public/index.html/in-the-way", "")
    result = statusgen("publish")
    assert result.exit_code == 5
    assert result.stderr.splitlines()[2].startswith("error: publishing to 'file:public' stopped: ")
    assert any(name.startswith(".statusgen/raw/") for name in statusgen.files())


def test_a_state_that_is_not_there_ends_with_4(statusgen: Statusgen, write: WriteFile) -> None:
    write("statusgen.yaml", f"site:\n  name: Example Social\n{QUICK}state: file:state\n")
    write("state", "a file where a folder belongs")
    result = statusgen("publish")
    assert result.exit_code == 4
    assert "error: observations wait in 'file:.statusgen/spool' for 'file:state'" in result.stderr
    assert "public/index.html" not in statusgen.files(), "a page without its history would replace a better one"
    assert any(name.startswith(".statusgen/spool/raw/") for name in statusgen.files()), "they wait in the spool"


def test_a_workflow_gets_a_summary_and_outputs(
    statusgen: Statusgen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    statusgen.found["media"] = REFUSED
    statusgen("publish")
    summary = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith(
        "### Media is down\n\n| component | status | |\n| --- | --- | --- |\n| Web | ✓ operational |"
    )
    assert "| Media | ✗ down | Down since 12:00 UTC" in summary
    assert summary.endswith("\n<https://status.example.org>\n")
    assert (tmp_path / "outputs").read_text(
        encoding="utf-8"
    ) == "status=partial_outage\nurl=https://status.example.org\n"


def test_a_summary_that_cannot_be_written_is_only_a_warning(
    statusgen: Statusgen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    result = statusgen("publish")
    assert result.exit_code == 0
    assert "cannot be written" in result.stderr


def test_the_run_is_named_after_the_workflow(statusgen: Statusgen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_RUN_ID", "3456789012")
    monkeypatch.setenv("GITHUB_RUN_ATTEMPT", "2")
    statusgen("publish")
    [raw] = (name for name in statusgen.files() if name.startswith(".statusgen/raw/"))
    assert re.fullmatch(r"\.statusgen/raw/outside/2022-12-01/120000-3456789012-2-[0-9a-f]{8}\.jsonl", raw)


def test_a_workflow_may_probe_twice_in_one_second_and_nothing_is_written_over(
    statusgen: Statusgen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_RUN_ID", "3456789012")
    monkeypatch.setenv("GITHUB_RUN_ATTEMPT", "2")
    statusgen("probe")
    statusgen("publish")
    assert sum(name.startswith(".statusgen/raw/") for name in statusgen.files()) == 2


def test_two_runs_at_one_instant_have_names_of_their_own(statusgen: Statusgen) -> None:
    statusgen("publish")
    statusgen("publish")
    assert sum(name.startswith(".statusgen/raw/") for name in statusgen.files()) == 2


def test_publishing_twice_into_two_folders_gives_the_same_bytes(statusgen: Statusgen) -> None:
    statusgen("publish")
    for folder in ("one", "two"):
        statusgen("build", "--output", folder)
    trees = [
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        for root in (statusgen.root / "one", statusgen.root / "two")
    ]
    assert trees[0] == trees[1]
    assert Path("statusgen-manifest.json") in trees[0]


def _last_published(statusgen: Statusgen, at: datetime) -> None:
    """Let the target tell that its front page was written at an instant."""
    os.utime(statusgen.root / "public/index.html", (at.timestamp(), at.timestamp()))


@pytest.mark.parametrize("ago", [timedelta(minutes=14), timedelta(), timedelta(minutes=-14)])
def test_a_standby_does_nothing_while_the_page_is_fresh(statusgen: Statusgen, ago: timedelta) -> None:
    statusgen("publish")
    _last_published(statusgen, NOW - ago)
    statusgen.found["media"] = REFUSED
    before = sorted((statusgen.root / ".statusgen").rglob("*"))
    result = statusgen("publish", "--if-stale", "15m", "--fail-on", "unknown")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"file:public was published at {NOW - ago:%Y-%m-%d %H:%M:%S} UTC; nothing was done\n"
    assert sorted((statusgen.root / ".statusgen").rglob("*")) == before, "nothing was probed"
    told = json.loads(statusgen("publish", "--if-stale", "15m", "--format", "json").stdout)
    assert told == {"target": "file:public", "published_at": (NOW - ago).isoformat(), "done": False}


@pytest.mark.parametrize("ago", [timedelta(minutes=15), timedelta(days=9), timedelta(minutes=-15)])
def test_a_standby_publishes_when_nobody_has_or_nobody_can_tell(statusgen: Statusgen, ago: timedelta) -> None:
    statusgen("publish")
    _last_published(statusgen, NOW - ago)
    statusgen.found["media"] = REFUSED
    assert statusgen("publish", "--if-stale", "15m").stdout.startswith("✗ Media is down\n")


def test_a_standby_publishes_where_there_is_no_page(statusgen: Statusgen) -> None:
    assert statusgen("publish", "--if-stale", "15m").exit_code == 0
    assert (statusgen.root / "public/index.html").is_file()
