"""A small real project in a folder, whose probes answer as they are told, and the command line to run on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import pytest
from click.testing import CliRunner, Result
from pydantic import Field

from statusgen.cli import wiring
from statusgen.cli.root import cli
from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.values import CheckDocument

NOW = "2022-12-01T12:00Z"
FILES = MappingProxyType(
    {
        "statusgen.yaml": "site:\n  name: Example Social\n  url: https://status.example.org\n",
        "checks/web.yaml": (
            "group: Example Social\n"
            "components:\n"
            "  - id: web\n"
            "    name: Web\n"
            "    checks:\n"
            "      - told: web\n"
            "  - id: media\n"
            "    name: Media\n"
            "    checks:\n"
            "      - told: media\n"
        ),
    }
)


class ToldDocument(CheckDocument):
    """A check that finds what the test says under its target's name."""

    kind = "told"
    told: Annotated[str, Field()]
    password: str = ""

    def spec(self) -> object:
        return self.told


@dataclass(frozen=True, slots=True)
class Statusgen:
    """Runs commands on a project; `found` holds what its probes find, by target, `up` unless said."""

    root: Path
    found: dict[str, Finding]

    def __call__(self, *args: str, now: str = NOW, given: bytes | None = None) -> Result:
        told_now = ["--now", now] if now else []
        line = ["--project", str(self.root), *told_now, *args]
        return CliRunner().invoke(cli, line, prog_name="statusgen", input=given)

    def files(self) -> set[str]:
        """Return the files of the project's folder."""
        return {path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file()}


@pytest.fixture
def statusgen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Statusgen:
    """The command line on a project of its own, in an environment without secrets and without CI."""
    for name in ("CI", "NO_COLOR", "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        monkeypatch.delenv(name, raising=False)
    found: dict[str, Finding] = {}

    async def tell(spec: Any, secrets: Secrets) -> Finding:
        return found.get(spec, Finding(outcome=Outcome.UP, latency_ms=12.3))

    kinds = {"told": ProbeKind(ToldDocument, tell)}
    monkeypatch.setattr(wiring, "KINDS", kinds)
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Statusgen(tmp_path, found)


WriteFile = Callable[[str, str], None]


@pytest.fixture
def write(statusgen: Statusgen) -> WriteFile:
    """Write a file of the project."""

    def write_file(name: str, text: str) -> None:
        path = statusgen.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return write_file
