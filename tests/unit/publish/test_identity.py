"""What people make of a site has a digest, and what is measured has no part in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from statusgen.model.project import Project, Site, StoreAddress
from statusgen.model.theme import Theme
from statusgen.publish.identity import look, words
from tests import factories

PROJECT = factories.project()
THEME = Theme(name="default", templates={"a.html": "a"}, assets={"a.css": b"a"}, origins={"a.html": "themes/a.html"})


def renamed(project: Project) -> Project:
    first, *others = project.groups
    return replace(project, groups=(replace(first, name="Other"), *others))


@pytest.mark.parametrize(
    "theme",
    [replace(THEME, templates={"a.html": "b"}), replace(THEME, assets={"a.css": b"b"}), replace(THEME, assets={})],
)
def test_another_theme_looks_different(theme: Theme) -> None:
    assert look(PROJECT, theme) != look(PROJECT, THEME)


@pytest.mark.parametrize("project", [replace(PROJECT, site=Site(name="Other")), renamed(PROJECT)])
def test_other_settings_look_different(project: Project) -> None:
    assert look(project, THEME) != look(PROJECT, THEME)


def test_where_things_lie_and_what_they_are_called_on_the_disk_looks_the_same() -> None:
    moved = replace(PROJECT, target=StoreAddress(url="s3://elsewhere"), state=StoreAddress(url="s3://secret"))
    assert look(moved, replace(THEME, name="mine", origins={"a.html": "elsewhere/a.html"})) == look(PROJECT, THEME)


def test_words_are_of_announcements_alone() -> None:
    told = replace(PROJECT, announcements=(factories.incident(),))
    assert look(told, THEME) == look(PROJECT, THEME)
    assert words(told) != words(PROJECT)
    assert words(told) == words(replace(told, site=Site(name="Other")))
    assert words(told) != words(replace(PROJECT, announcements=(replace(factories.incident(), body="Other."),)))
