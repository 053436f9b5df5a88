"""The example site in this repository is right in every file, and one page of it exists for every announcement."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statusgen.config import load
from statusgen.evaluate import evaluate
from statusgen.model.announcement import Incident, Maintenance, Post
from statusgen.model.project import PUBLIC, Project
from statusgen.model.track import Record
from statusgen.model.words import IncidentPhase, MaintenancePhase, Status
from statusgen.probes import KINDS
from tests.conftest import ROOT

TUESDAY_NIGHT = datetime(2022, 11, 29, 22, 30, tzinfo=UTC)
"""While pictures load slowly in Europe, two days before the database moves."""


@pytest.fixture(scope="module")
def project() -> Project:
    """The example, as read from its files."""
    return load(ROOT, kinds=KINDS)


def test_every_kind_of_check_has_an_example(project: Project) -> None:
    assert {check.kind for check in project.checks} == set(KINDS)


def test_every_location_has_controls_that_tell_whether_it_is_offline_itself(project: Project) -> None:
    assert all(len(location.controls) >= 2 for location in project.locations)


def test_three_places_of_three_providers_look_at_what_everybody_uses(project: Project) -> None:
    assert len({location.provider for location in project.locations}) == 3
    everywhere = [check for check in project.checks if check.network == PUBLIC and not check.passive]
    assert {check.component for check in everywhere} >= {"web", "streaming", "media", "edge-frankfurt"}
    assert all(set(everywhere) <= set(project.checks_from(location)) for location in project.locations)


def test_the_rack_is_probed_from_inside_and_what_must_be_shut_from_outside(project: Project) -> None:
    seen_from = {
        network: {place.id for place in project.locations if network in place.reaches}
        for network in ("rack", "outside")
    }
    assert seen_from == {"rack": {"homelab"}, "outside": {"github", "friend"}}
    private = {check.id for check in project.checks if ".private." in repr(check.spec)}
    assert private
    assert private == {check.id for check in project.checks if check.network == "rack"}
    shut = {check.id for check in project.checks if check.id.endswith("/closed")}
    assert shut == {check.id for check in project.checks if check.network == "outside"}


def test_the_workflow_speaks_for_one_of_its_locations(project: Project) -> None:
    workflow = (ROOT / ".github/workflows/publish.yml").read_text(encoding="utf-8")
    [location] = re.findall(r"--location (\S+)", workflow)
    assert location in {one.id for one in project.locations}


def test_nothing_in_it_can_be_taken_for_a_real_host_or_address() -> None:
    """Names end in `.example`, addresses are those of RFC 5737; the controls alone are real, and meant to be asked."""
    controls = {"www.example.com", "one.one.one.one"}
    for path in [ROOT / "statusgen.yaml", *(ROOT / "checks").glob("*.yaml"), *(ROOT / "content").rglob("*.md")]:
        text = path.read_text(encoding="utf-8")
        hosts = set(re.findall(r"\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|one|social)\b", text))
        assert hosts <= controls, path
        assert all(address.startswith("203.0.113.") for address in re.findall(r"\b\d+\.\d+\.\d+\.\d+\b", text)), path


def test_secrets_are_names_of_variables(project: Project) -> None:
    assert {use.name for use in project.secrets} == {
        "HACHYDERM_PG_PASSWORD",
        "HACHYDERM_QUEUES_TOKEN",
        "HACHYDERM_REDIS_PASSWORD",
        "HACHYDERM_SIDEKIQ_PASSWORD",
    }


def test_the_move_is_a_plan_of_fourteen_steps_of_which_some_are_done(project: Project) -> None:
    [plan] = [item for item in project.announcements if isinstance(item, Post) and item.pinned]
    assert plan.checklist.total == 14
    assert 0 < plan.checklist.done < plan.checklist.total


def test_there_is_a_model_for_each_kind_of_announcement(project: Project) -> None:
    kinds = [type(item) for item in project.announcements]
    assert {kinds.count(Incident), kinds.count(Maintenance), kinds.count(Post)} == {2}
    phases = {update.phase for item in project.announcements if isinstance(item, Incident) for update in item.updates}
    assert phases == set(IncidentPhase)


def test_on_that_tuesday_night_one_incident_is_open_one_window_is_over_and_one_is_ahead(project: Project) -> None:
    page = evaluate(project, Record(), TUESDAY_NIGHT)
    assert [view.source.slug for view in page.open_incidents] == ["2022-11-29-pictures-load-slowly-in-europe"]
    assert page.open_incidents[0].phase is IncidentPhase.IDENTIFIED
    assert [view.source.slug for view in page.upcoming_maintenance] == ["2022-12-01-moving-the-database"]
    assert [view.phase for view in page.maintenance] == [MaintenancePhase.SCHEDULED, MaintenancePhase.COMPLETED]
    assert page.status in {Status.DEGRADED_PERFORMANCE, Status.PARTIAL_OUTAGE}


def test_its_site_is_built_whole_with_a_page_for_each_announcement(project: Project, tmp_path: Path) -> None:
    command = [Path(sys.executable).parent / "statusgen", "build", "--now", TUESDAY_NIGHT.isoformat()]
    for name in ("statusgen.yaml", "checks", "content"):
        (tmp_path / name).symlink_to(ROOT / name)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    site = {path.relative_to(tmp_path / "public").as_posix() for path in (tmp_path / "public").rglob("*.*")}
    assert {
        "index.html",
        "404.html",
        "feed.xml",
        "feed.atom",
        "api/v2/summary.json",
        "api/v2/status.json",
    } <= site
    for item in project.announcements:
        assert [name for name in site if name.endswith(f"{item.slug}.html")], item.slug
