"""Every part of every page, for every reader: WCAG 2.2 AA by axe-core, the keyboard, small and large screens, print.

Pages are taken so that together they hold every part that any page of any situation is made of; each scheme of colours
is one context, in which they are opened one after the other. The clock stands before any of them is too old.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.kinds import Place

FRESH = datetime(2022, 12, 1, 14, 0, tzinfo=UTC)
SCHEMES: dict[str, dict[str, str]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "contrast": {"contrast": "more"},
}
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""All that axe knows, and the rule of WCAG 2.2 that it leaves out unless it is told."""

UNFOLD = "document.querySelectorAll('details').forEach(one => { one.open = true })"

STOPS = """() => {
    const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
    if (one === document.body) return null;
    const seen = document.elementFromPoint(box.left + Math.min(box.width, 12) / 2, box.top + box.height / 2);
    const all = [...document.querySelectorAll('*')];
    return {
        name: one.innerText.trim().split('\\n')[0], index: all.indexOf(one),
        ring: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
        uncovered: Boolean(seen) && (one.contains(seen) || seen.contains(one)),
        top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left,
    };
}"""
REACHABLE = """() => [...document.querySelectorAll('a[href], summary, button, input, [tabindex]')]
    .filter(one => one.tabIndex >= 0 && one.checkVisibility() && one.getClientRects().length).length"""
MOVING = """() => [...document.querySelectorAll('*')].filter(one => {
    const style = getComputedStyle(one);
    return [style.transitionDuration, style.animationDuration].some(time => /[1-9]/.test(time));
}).map(one => one.tagName)"""
FOLDED = """() => [...document.querySelectorAll('details.group > ul')]
    .filter(one => !one.checkVisibility({contentVisibilityAuto: true})).length"""
NAMES = """() => [...document.querySelectorAll('svg')].filter(one => one.getAttribute('aria-hidden') !== 'true'
    && !one.closest('[aria-hidden=true]') && one.checkVisibility())
    .map(one => [one.getAttribute('class'), one.getAttribute('role'), one.getAttribute('aria-label')])"""


@contextmanager
def reading(browser: Browser, **options: Any) -> Iterator[Page]:
    """Open a page whose clock stands."""
    context = browser.new_context(timezone_id="UTC", locale="en-GB", **options)
    try:
        page = context.new_page()
        page.clock.install(time=FRESH)
        yield page
    finally:
        context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_any_part_of_any_page(
    scheme: str, browser: Browser, address: str, places: list[Place]
) -> None:
    found = {}
    with reading(browser, **SCHEMES[scheme]) as page:
        for name, path in places:
            page.goto(f"{address}/{name}/{path}")
            page.evaluate(UNFOLD)
            results = Axe().run(page, options=RULES)
            if results.violations_count:
                found[name, path] = results.generate_report()
    assert not found, "\n".join(f"{place}\n{report}" for place, report in found.items())


def test_axe_finds_nothing_on_paper(browser: Browser, address: str, places: list[Place]) -> None:
    found = {}
    with reading(browser) as page:
        page.emulate_media(media="print")
        for name, path in places:
            page.goto(f"{address}/{name}/{path}")
            results = Axe().run(page, options={"resultTypes": ["violations"]})
            if results.violations_count:
                found[name, path] = results.generate_report()
    assert not found, "\n".join(f"{place}\n{report}" for place, report in found.items())


@pytest.mark.parametrize("width", [320, 390, 1280, 2560])
def test_no_page_scrolls_sideways(
    width: int, browser: Browser, address: str, places: list[Place], every: list[Place]
) -> None:
    """Neither with forty components and ten incidents nor with words that do not end."""
    wide = {}
    long = [place for place in every if place[0] == "unbroken"]
    with reading(browser, viewport={"width": width, "height": 800}) as page:
        for name, path in dict.fromkeys([*places, *long]):
            page.goto(f"{address}/{name}/{path}")
            page.evaluate(UNFOLD)
            found = page.evaluate("document.documentElement.scrollWidth")
            if found > width:
                wide[name, path] = found
    assert wide == {}


def test_the_keyboard_reaches_everything_in_the_order_of_reading_with_a_visible_ring(
    browser: Browser, address: str, places: list[Place]
) -> None:
    with reading(browser) as page:
        for name, path in places:
            if name == "crowded":  # forty rows that are alike
                continue
            page.goto(f"{address}/{name}/{path}")
            stops = list(_stops(page))
            assert len(stops) == page.evaluate(REACHABLE), (name, path)
            indexes = [stop["index"] for stop in stops]
            assert indexes == sorted(set(indexes)), (name, path, "not in the order of the document")
            for before, after in pairwise(stops):
                below = after["top"] >= before["bottom"] - 4
                beside = after["left"] >= before["left"]  # further on in the line, or in the next column
                assert below or beside, (name, path, before, after)
            assert all(stop["ring"] >= 2 for stop in stops), (name, path, stops)
            assert all(stop["uncovered"] for stop in stops), (
                name,
                path,
                [one for one in stops if not one["uncovered"]],
            )


def _stops(page: Page) -> Iterator[dict[str, Any]]:
    """Yield where the focus is after each press of the tabulator, until it has left the page or is where it began."""
    first = None
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(STOPS)
        if stop is None or stop["index"] == first:
            return
        first = first or stop["index"]
        yield stop


def test_the_ring_is_visible_in_forced_colours_and_in_the_dark(browser: Browser, address: str) -> None:
    for scheme in ("forced", "dark"):
        with reading(browser, **SCHEMES[scheme]) as page:
            page.goto(f"{address}/busy/index.html")
            assert all(stop["ring"] >= 2 for stop in _stops(page)), scheme


def test_pictures_are_told_in_sentences_to_those_who_listen(
    browser: Browser, address: str, places: list[Place]
) -> None:
    with reading(browser) as page:
        for name, path in places:
            page.goto(f"{address}/{name}/{path}")
            page.evaluate(UNFOLD)
            for kind, role, label in page.evaluate(NAMES):
                assert role == "img", (name, path, kind)
                assert label
                if kind == "bars":
                    assert re.fullmatch(r"No days yet|Last \d+ days?: .+", label), label


def test_nothing_moves_for_those_who_want_it_still(browser: Browser, address: str, places: list[Place]) -> None:
    with reading(browser, reduced_motion="reduce") as page:
        for name, path in places:
            page.goto(f"{address}/{name}/{path}")
            assert page.evaluate(MOVING) == [], (name, path)


def test_paper_shows_what_is_folded_and_fits(browser: Browser, address: str, places: list[Place]) -> None:
    with reading(browser, viewport={"width": 718, "height": 1000}) as page:  # A4 within its margins
        page.emulate_media(media="print")
        for name, path in places:
            page.goto(f"{address}/{name}/{path}")
            assert page.evaluate(FOLDED) == 0, (name, path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 718, (name, path)


def test_no_page_leaves_by_itself(site_folder: Path) -> None:
    """No meta refresh, and nothing that moves the reader on."""
    for file in site_folder.rglob("*.html"):
        assert not re.search(rb"http-equiv=.?refresh", file.read_bytes(), re.IGNORECASE), file
