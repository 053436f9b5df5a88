"""A second build reads and draws only what has changed; whoever has no cache gets the same files."""

from __future__ import annotations

from pathlib import Path

import pytest

from statusgen.config import content
from tests.unit.cli.conftest import Statusgen, WriteFile

INCIDENT = """\
---
title: {0}
started: 2022-10-0{0}T17:41Z
impact: minor
affects: [web]
---
We looked.

## 2022-10-0{0}T18:00Z resolved
Over.
"""


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_second_build_reads_and_writes_only_what_has_changed(
    statusgen: Statusgen, write: WriteFile, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATUSGEN_CACHE", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setattr("statusgen.cache.instant", lambda _: 1 << 62)
    for number in range(1, 6):
        write(f"content/incidents/{number}.md", INCIDENT.format(number))
    assert statusgen("build").exit_code == 0
    assert "0 of " in statusgen("build").stdout
    write("content/incidents/6.md", INCIDENT.format(6))
    read: list[str] = []
    read_one = content.read_announcement

    def note(name: str, *more: object) -> object:
        read.append(name)
        return read_one(name, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(content, "read_announcement", note)
    before = tree(statusgen.root / "public")
    assert statusgen("build").exit_code == 0
    after = tree(statusgen.root / "public")
    assert read == ["content/incidents/6.md"]
    changed = {path for path in after if before.get(path) != after[path]}
    assert "incidents/6.html" in changed
    assert not any(path.startswith("incidents/") for path in changed - {"incidents/6.html"})
    monkeypatch.setenv("STATUSGEN_CACHE", "")
    assert statusgen("build", "--output", "elsewhere").exit_code == 0
    assert tree(statusgen.root / "elsewhere").items() == after.items()


def test_a_cache_that_cannot_be_written_is_none(
    statusgen: Statusgen, write: WriteFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("in-the-way", "a file")
    monkeypatch.setenv("STATUSGEN_CACHE", str(statusgen.root / "in-the-way"))
    result = statusgen("build")
    assert (result.exit_code, result.stderr.count("error")) == (0, 0)
    assert "0 of " in statusgen("build").stdout
