"""Pages of what is over or planned are drawn from nothing but what their fingerprint is of; a theme may want more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from statusgen.config import load_theme
from statusgen.model.artifact import Artifact
from statusgen.model.page import Page
from statusgen.model.theme import Theme
from statusgen.model.words import Status
from statusgen.render import Keeping, render
from statusgen.render.lasting import SHOWN, NotLastingError, narrow
from tests.conftest import ROOT
from tests.unit.render.situations import SITUATIONS, busy

THEME = load_theme(ROOT / "tests", "default", ("de",))
ENGINE = Keeping("1.0")
FOLDERS = ("incidents/", "maintenance/", "posts/", "history/", "de/incidents/", "de/maintenance/", "de/history/")
LISTS = ("maintenance/index.html", "posts/index.html", "history/index.html")


def pages(page: Page, keeping: Keeping = ENGINE, theme: Theme = THEME) -> Mapping[str, Artifact]:
    return {one.path: one for one in render(page, theme, keeping=keeping) if one.path.endswith(".html")}


@pytest.mark.parametrize("name", sorted(SITUATIONS))
def test_every_page_of_what_is_over_or_planned_has_a_fingerprint_and_no_other(name: str) -> None:
    for path, one in pages(SITUATIONS[name]()).items():
        assert bool(one.fingerprint) == (path.startswith(FOLDERS) and not path.endswith(LISTS)), path
        assert not one.kept


def test_without_a_name_of_what_draws_nothing_has_a_fingerprint() -> None:
    assert not any(one.fingerprint for one in pages(busy(), Keeping()).values())


def test_what_is_held_is_not_drawn_and_is_otherwise_as_if_it_were() -> None:
    page = replace(busy(), site=replace(busy().site, languages=("de",)))
    drawn = pages(page)
    held = {path: one.fingerprint for path, one in drawn.items() if one.fingerprint}
    kept = pages(page, Keeping("1.0", held, lambda _: False))
    assert {path for path, one in kept.items() if one.kept} == {*held}
    assert any(path.startswith("de/") for path in held)
    for path, one in kept.items():
        assert one == (replace(drawn[path], parts=(), kept=True) if one.kept else drawn[path])
    assert pages(page, Keeping("1.0", held)) == drawn, "by itself, everything is suspected"
    assert not any(one.kept for one in pages(page, Keeping("1.1", held, lambda _: False)).values())


def test_only_what_is_suspected_is_drawn_and_so_is_all_that_tells_of_it() -> None:
    page = busy()
    held = {path: one.fingerprint for path, one in pages(page).items()}
    odd = page.incidents[0].source
    kept = pages(page, Keeping("1.0", held, lambda made_of: odd.title.encode() in made_of))
    month = f"history/{odd.started:%Y-%m}.html"
    drawn = {path for path, one in kept.items() if held[path] and not one.kept}
    assert {f"incidents/{odd.slug}.html", month} <= drawn < {path for path in held if held[path]}


def test_a_theme_that_shows_more_there_is_drawn_every_time() -> None:
    shown = "{% block main %}{{ page.status }}"
    templates = {
        **THEME.templates,
        "incident.html": THEME.templates["incident.html"].replace("{% block main %}", shown),
    }
    own, page = replace(THEME, templates=templates), busy()
    calm = replace(page, status=Status.OPERATIONAL)
    for one in (page, calm):
        held = {path: found.fingerprint for path, found in pages(one, theme=own).items()}
        assert {path for path in held if path.startswith("incidents/") and held[path]} == set()
        assert any(held.values())
    path = f"incidents/{page.incidents[0].source.slug}.html"
    assert b"operational" in pages(calm, theme=own)[path].body
    assert pages(calm, theme=own)[path].body != pages(page, theme=own)[path].body


def test_of_a_narrow_page_only_what_is_configured_can_be_seen() -> None:
    whole = busy()
    small = narrow(whole)
    for name in SHOWN:
        assert getattr(small, name) == getattr(whole, name)
    for name in ("status", "published", "hold", "open_incidents", "components", "groups", "incidents", "outages"):
        with pytest.raises(NotLastingError, match=name):
            getattr(small, name)


def test_where_what_all_share_is_suspected_everything_is_drawn() -> None:
    page = busy()
    held = {path: one.fingerprint for path, one in pages(page).items()}
    kept = pages(page, Keeping("1.0", held, lambda made_of: b"<!doctype html>" in made_of))
    assert not any(one.kept for one in kept.values())
