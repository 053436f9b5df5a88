"""The workflows are safe to have: pinned, least privileged, never cut off in the middle, silent until switched on."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def read(path: Path) -> dict[str, Any]:
    """Return a workflow with every scalar a string, as GitHub's own reader sees the key `on`."""
    document: dict[str, Any] = yaml.load(path.read_text(), Loader=yaml.BaseLoader)
    return document


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def test_there_is_one_workflow_to_check_and_one_to_publish() -> None:
    assert [path.name for path in WORKFLOWS] == ["ci.yml", "publish.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_full_hash_with_the_version_beside_it(path: Path) -> None:
    uses = [line.strip() for line in path.read_text().splitlines() if "uses:" in line]
    assert uses
    for line in uses:
        assert re.fullmatch(r"- uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_jobs_may_read_the_repository_and_nothing_more(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {}
    assert [job["permissions"] for job in workflow["jobs"].values()] == [{"contents": "read"}]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_run_is_cancelled_and_none_runs_for_ever(path: Path) -> None:
    workflow = read(path)
    assert workflow["concurrency"]["cancel-in-progress"] == "false"
    assert all(int(job["timeout-minutes"]) <= 30 for job in workflow["jobs"].values())


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_the_checkout_leaves_no_token_behind(path: Path) -> None:
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert [step["with"]["persist-credentials"] for step in checkouts] == ["false"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_nothing_is_filled_into_a_shell_command(path: Path) -> None:
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []


def test_publishing_waits_for_a_switch_that_forks_do_not_have() -> None:
    [job] = read(ROOT / ".github/workflows/publish.yml")["jobs"].values()
    assert job["if"] == "vars.STATUSGEN_PUBLISH == 'true'"


def test_publishing_runs_on_a_schedule_beside_the_full_hour_on_changes_and_by_hand() -> None:
    triggers = read(ROOT / ".github/workflows/publish.yml")["on"]
    assert set(triggers) == {"schedule", "push", "workflow_dispatch"}
    assert {"content/**", "checks/**", "statusgen.yaml"} <= set(triggers["push"]["paths"])
    [schedule] = triggers["schedule"]
    minute = schedule["cron"].split()[0]
    assert minute.partition("-")[0] != "0", "scheduled runs are delayed most at the full hour"
    assert minute != "*"


def test_secrets_reach_the_publishing_step_alone_and_by_the_name_they_have() -> None:
    publish = ROOT / ".github/workflows/publish.yml"
    given = [step for step in steps(publish) if "env" in step]
    assert [step["run"] for step in given] == ["statusgen publish --location github --format github"]
    assert all(value == f"${{{{ secrets.{name} }}}}" for name, value in given[0]["env"].items())


def test_ci_runs_the_one_command_that_runs_everything_on_the_oldest_and_the_newest_python() -> None:
    ci = ROOT / ".github/workflows/ci.yml"
    [job] = read(ci)["jobs"].values()
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.13"]
    assert ".ci/run" in [step.get("run") for step in job["steps"]]


def test_ci_may_make_the_namespaces_that_stories_need_before_it_runs_them() -> None:
    """A network that is gone and a disk that is full are made by plain users, which Ubuntu forbids unless told."""
    runs = [step.get("run", "") for step in steps(ROOT / ".github/workflows/ci.yml")]
    allowed = next(index for index, run in enumerate(runs) if "apparmor_restrict_unprivileged_userns=0" in run)
    assert runs[allowed].startswith("sudo sysctl ")
    assert allowed < runs.index(".ci/run")


def test_the_audit_of_workflows_finds_nothing() -> None:
    zizmor = Path(sys.executable).parent / "zizmor"
    done = subprocess.run(
        [zizmor, "--offline", "--quiet", "--no-progress", ".github"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
