"""`doctor` prints what it found as text, as data and as annotations; `publish` heeds it when it is told to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from ipaddress import ip_address

import pytest

from statusgen.cli import wiring
from statusgen.doctor import examine
from statusgen.doctor.facts import Host
from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.probes.targets import HostPort
from statusgen.values import CheckDocument
from tests.unit.cli.conftest import Statusgen, WriteFile

SHARED = frozenset({"ns1.example.org"})


class PlaceDocument(CheckDocument):
    """A check of a place that is always up."""

    kind = "place"
    place: str

    def spec(self) -> object:
        return HostPort(self.place, 443)


async def is_up(spec: object, secrets: Secrets) -> Finding:
    return Finding(outcome=Outcome.UP)


@pytest.fixture(autouse=True)
def _network(monkeypatch: pytest.MonkeyPatch, write: WriteFile) -> None:
    """A network in which everything has the same name server, and one name is lost."""
    monkeypatch.setattr(wiring, "KINDS", {"place": ProbeKind(PlaceDocument, is_up)})
    write(
        "checks/web.yaml",
        "group: All\n"
        "components:\n"
        "  - {id: web, name: Web, checks: [{place: web.example.org}]}\n"
        "  - {id: media, name: Media, checks: [{place: media.example.org}]}\n",
    )

    def ask(urls: Sequence[str], names: Sequence[str]) -> Mapping[str, Host]:
        hosts = [*(url.split("/")[2] for url in urls), *names]
        return {name: told(name) for name in hosts}

    def told(name: str) -> Host:
        if name.startswith("media"):
            return Host(name=name, trouble="there is no such name")
        address = ip_address(f"198.51.{sum(name.encode()) % 200}.7")
        return Host(name=name, addresses=frozenset({address}), zone="example.org", servers=SHARED)

    for function in (examine.examine, examine.enforce):
        monkeypatch.setattr(function, "__defaults__", (ask,))


def test_text_says_what_why_and_what_to_do(statusgen: Statusgen) -> None:
    result = statusgen("doctor")
    assert result.exit_code == 0
    assert result.stdout.startswith("Independence\n  ! status.example.org (the page) and ")
    assert "use the same name servers of one zone, example.org (ns1.example.org)\n" in result.stdout
    assert "    if that DNS account goes, so does the page\n" in result.stdout
    assert "    → publish the bucket's own URL too, or" in result.stdout
    assert "could not be looked up: there is no such name" in result.stdout
    assert result.stdout.endswith("1 warning, 1 note\n")


def test_data_has_every_finding(statusgen: Statusgen) -> None:
    found = json.loads(statusgen("doctor", "--format", "json").stdout)["findings"]
    assert [one["severity"] for one in found] == ["warning", "note"]
    assert {*found[0]} == {"about", "severity", "title", "why", "advice"}


def test_a_workflow_gets_annotations(statusgen: Statusgen) -> None:
    said = statusgen("doctor", "--format", "github").stdout
    assert "::warning title=statusgen doctor::status.example.org (the page) and " in said
    assert "::notice title=statusgen doctor::media" in said


def test_a_problem_ends_it_with_5(statusgen: Statusgen, write: WriteFile) -> None:
    settings = (statusgen.root / "statusgen.yaml").read_text(encoding="utf-8")
    write("statusgen.yaml", settings.replace("status.example.org", "web.example.org"))
    result = statusgen("doctor")
    assert result.exit_code == 5, result.stdout
    assert "are the same host" in result.stdout


def test_publish_refuses_when_it_is_told_to_and_keeps_what_it_observed(statusgen: Statusgen, write: WriteFile) -> None:
    settings = (statusgen.root / "statusgen.yaml").read_text(encoding="utf-8")
    write("statusgen.yaml", f"{settings}independence: enforce\n")
    result = statusgen("publish")
    assert result.exit_code == 5
    assert "the page is not independent, and 'independence: enforce' asks for that" in result.stderr
    assert not (statusgen.root / "public/index.html").exists()
    assert [*(statusgen.root / ".statusgen/raw").rglob("*.jsonl")]
    assert statusgen("publish", "--force").exit_code == 0
    write("statusgen.yaml", f"{settings}independence: tell\n")
    assert statusgen("publish").exit_code == 0


def test_a_state_that_cannot_be_opened_is_told_and_stops_nothing(statusgen: Statusgen, write: WriteFile) -> None:
    settings = (statusgen.root / "statusgen.yaml").read_text(encoding="utf-8")
    keys = "access_key_env: NO_SUCH_ID, secret_key_env: NO_SUCH_KEY"
    write("statusgen.yaml", f"{settings}state: {{url: 's3://state', region: eu-west-1, {keys}}}\n")
    result = statusgen("doctor")
    assert "what the pages load could not be looked up: the state 's3://state' cannot be opened" in result.stderr
    assert "'NO_SUCH_ID' is not set" in result.stdout
    assert "use the same name servers" in result.stdout
