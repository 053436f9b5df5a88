"""What draws has another name as soon as one of its parts is another."""

from __future__ import annotations

import ast
import re
import shutil
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions
from pathlib import Path

import pytest

from statusgen import engine as module
from tests.conftest import ROOT

HARMLESS = {"pydantic-core"}
"""Comes with the exact version that another asks for."""


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package to change."""
    folder = tmp_path / "statusgen"
    shutil.copytree(ROOT / "statusgen", folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "_PACKAGE", folder)
    return folder


def name() -> str:
    return module.engine.__wrapped__()


@pytest.mark.parametrize(
    "path", ["render/html.py", "render/vocabulary/ways.py", "model/page.py", "config/markdown.py", "values.py"]
)
def test_a_file_of_ours_counts_by_its_content(ours: Path, path: str) -> None:
    before = name()
    (ours / path).touch()
    assert name() == before
    (ours / path).write_text((ours / path).read_text() + "\n")
    assert name() != before


def test_a_library_counts_by_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = name()
    monkeypatch.setattr(module, "version", lambda library: "0" if library == "jinja2" else "1")
    assert name() != before

    def lost(library: str) -> str:
        raise PackageNotFoundError(library)

    monkeypatch.setattr(module, "version", lost)
    assert name()


def test_every_library_that_reads_or_draws_counts() -> None:
    files = [path for part in module._OURS for path in module._files(ROOT / "statusgen" / part)]
    tops = {one.partition(".")[0] for path in files for one in imported(path)}
    owners = packages_distributions()
    used = {plain(owner) for top in tops for owner in owners.get(top, ())} - {"statusgen"} - HARMLESS
    asked = {plain(re.split(r"[><=\[; ]", one)[0]) for one in dependencies()}
    assert used & asked - OTHERWISE <= {plain(one) for one in module.LIBRARIES}


OTHERWISE = {"feedgen", "icalendar", "lxml", "python-dateutil"}
"""What draws feeds and calendars, which are drawn at every run, or reads rules, which are read at every run."""


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def dependencies() -> list[str]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]


def plain(distribution: str) -> str:
    return distribution.lower().replace("_", "-")
