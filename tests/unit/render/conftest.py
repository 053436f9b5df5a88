"""The default theme, and sites rendered with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from statusgen.config.theme import load_theme
from statusgen.model.artifact import Artifact
from statusgen.model.page import Page
from statusgen.model.theme import Theme
from statusgen.render import render

Render = Callable[[Page], dict[str, Artifact]]


@pytest.fixture(scope="session")
def theme(tmp_path_factory: pytest.TempPathFactory) -> Theme:
    """The default theme."""
    return load_theme(tmp_path_factory.mktemp("project"), "default")


@pytest.fixture
def site(theme: Theme) -> Render:
    """Render a page with the default theme, by path."""
    return lambda page: {artifact.path: artifact for artifact in render(page, theme)}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty project."""
    return tmp_path
