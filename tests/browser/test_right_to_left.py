"""The site in Arabic: mirrored with its words, while time still runs from left to right in its drawings."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from statusgen.config.theme import load_theme
from statusgen.render.tongue import tongue_of
from tests.browser.test_accessibility import RULES, UNFOLD, reading

SITE = "golden/every-language/ar"


@pytest.fixture(scope="module")
def arabic(site_folder: Path) -> list[str]:
    """Every page of a site in Arabic."""
    return sorted(path.relative_to(site_folder / SITE).as_posix() for path in (site_folder / SITE).rglob("*.html"))


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways(width: int, browser: Browser, address: str, arabic: list[str]) -> None:
    wide = {}
    with reading(browser, viewport={"width": width, "height": 900}) as page:
        for path in arabic:
            page.goto(f"{address}/{SITE}/{path}")
            page.evaluate(UNFOLD)
            wide[path] = page.evaluate("document.documentElement.scrollWidth")
    assert {path: found for path, found in wide.items() if found > width} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, browser: Browser, address: str, arabic: list[str]) -> None:
    found = {}
    with reading(browser, color_scheme=scheme) as page:
        for path in arabic:
            page.goto(f"{address}/{SITE}/{path}")
            page.evaluate(UNFOLD)
            found[path] = [one["id"] for one in Axe().run(page, options=RULES).response["violations"]]
    assert {path: ids for path, ids in found.items() if ids} == {}


def test_a_page_begins_at_the_right_and_a_foreign_text_on_it_at_the_left(browser: Browser, address: str) -> None:
    with reading(browser, viewport={"width": 1280, "height": 900}) as page:
        page.goto(f"{address}/{SITE}/index.html")
        name, ways = page.locator(".mast .name").bounding_box(), page.locator(".mast > a:last-child").bounding_box()
        assert name is not None
        assert ways is not None
        assert name["x"] > ways["x"]
        assert page.locator(".said .prose").first.evaluate("one => getComputedStyle(one).direction") == "ltr"
        assert page.locator(".said").first.evaluate("one => getComputedStyle(one).direction") == "rtl"


def test_the_newest_day_is_on_the_right_in_every_language(browser: Browser, address: str) -> None:
    places = {}
    with reading(browser, viewport={"width": 1280, "height": 900}) as page:
        for site in (SITE, "golden/every-language"):
            page.goto(f"{address}/{site}/components/media.html")
            last = page.locator("svg.bars path.major_outage").last.bounding_box()
            row = page.locator("svg.bars").first.bounding_box()
            assert last is not None
            assert row is not None
            places[site] = (last["x"] - row["x"]) / row["width"]
    assert places[SITE] == pytest.approx(places["golden/every-language"], abs=0.01)
    assert places[SITE] > 0.9


@pytest.mark.parametrize("tag", ["ar", "de"])
def test_the_readers_own_time_is_told_in_the_language_of_the_page(tag: str, browser: Browser, address: str) -> None:
    say = tongue_of(load_theme(Path(), "default", [tag]), tag)
    with browser.new_context(timezone_id="Asia/Tokyo", locale="en-US").new_page() as page:
        page.goto(f"{address}/golden/every-language/{tag}/incidents/media.html")
        assert f"({say('{time} your time', time='21:00')})" in page.inner_text("main")
