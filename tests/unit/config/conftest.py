"""A project in a folder of its own, from the texts of its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from statusgen.config import load
from statusgen.errors import ProjectError
from statusgen.model.project import Project
from statusgen.probes import KINDS

SETTINGS = "site: {name: Hachyderm}\n"
CHECKS = "group: Hachyderm\ncomponents:\n  - {id: web, name: Web}\n  - {id: media, name: Media}\n"

Reader = Callable[[Mapping[str, str]], Project]
Teller = Callable[[Mapping[str, str]], list[str]]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Read a project: its files lie over a site with the components `web` and `media`."""

    def reader(files: Mapping[str, str]) -> Project:
        for name, text in {"statusgen.yaml": SETTINGS, "checks/web.yaml": CHECKS, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load(tmp_path, kinds=KINDS)

    return reader


@pytest.fixture
def problems(read: Reader) -> Teller:
    """Return what is said of a wrong project."""

    def teller(files: Mapping[str, str]) -> list[str]:
        with pytest.raises(ProjectError) as caught:
            read(files)
        return [str(problem) for problem in caught.value.problems]

    return teller
