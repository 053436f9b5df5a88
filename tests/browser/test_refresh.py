"""The front page gives way to its successor by itself, politely: nothing moves that the reader holds on to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from statusgen.config.theme import load_theme
from statusgen.model.page import Page
from statusgen.render import render
from tests.unit.render import situations
from tests.unit.render.pages import NOW

MINUTE = timedelta(minutes=1)
Put = Callable[[Page], None]
Reading = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def put(site_folder: Path) -> Put:
    """Publish a front page at `live/`."""
    theme = load_theme(site_folder, "default")

    def published(page: Page) -> None:
        (front,) = (one for one in render(page, theme) if one.path == "index.html")
        file = site_folder / "live" / "index.html"
        file.parent.mkdir(exist_ok=True)
        new = file.with_suffix(".new")
        new.write_bytes(front.body)
        new.rename(file)

    return published


@pytest.fixture
def reader(visit: Any, put: Put) -> Iterator[Any]:
    """A reader of the quiet page, with its requests counted from when it has loaded."""
    put(situations.quiet())
    with visit("live") as opened:
        opened.requests.clear()
        opened.answers = []
        opened.page.on("response", lambda answer: opened.answers.append(answer.status))
        yield opened


def later(page: Page, by: timedelta = 5 * MINUTE) -> Page:
    """Return a page as of a later run."""
    return replace(page, published=page.published + by, valid_until=page.valid_until + by, next_run=page.next_run + by)


def headline(reader: Any) -> str:
    """Return what the page says in its largest words."""
    return str(reader.page.locator("h1").inner_text()).strip()


def wait_for(reader: Any, words: str) -> None:
    """Wait until the page says so in its largest words."""
    reader.page.locator("h1", has_text=words).wait_for()


def minute(reader: Any) -> None:
    """Let a minute pass."""
    reader.page.clock.run_for(61_000)


def test_a_newer_page_takes_the_place_of_the_one_that_is_open(reader: Any, put: Put) -> None:
    reader.page.evaluate("window.mark = 1")
    put(later(situations.one_down()))
    minute(reader)
    wait_for(reader, "Media is down")
    assert reader.page.title() == "Media is down – Hachyderm status"
    assert reader.page.locator("html").get_attribute("data-valid-until") == "2022-12-01T19:43:00Z"
    assert reader.page.evaluate("window.mark") == 1, "without a reload"
    assert reader.page.locator("#heard").inner_text() == "Media is down", "and those who listen hear it"
    assert reader.page.locator("[role=status],[role=alert],[aria-live]").count() == 1
    assert reader.complaints == []


def test_what_has_not_changed_is_not_sent_again(reader: Any, put: Put) -> None:
    put(later(situations.quiet()))
    for _ in range(3):
        minute(reader)
        reader.page.wait_for_timeout(200)
    assert reader.answers == [200, 304, 304]
    assert reader.page.locator("#heard").inner_text() == "", "and nothing is said when the news are the same"


def test_an_older_page_changes_nothing(reader: Any, put: Put) -> None:
    put(later(situations.one_down(), -5 * MINUTE))
    with reader.page.expect_response("**/index.html"):
        minute(reader)
    reader.page.wait_for_timeout(200)
    assert headline(reader) == "All systems operational"


def test_a_page_nobody_looks_at_asks_for_nothing(reader: Any) -> None:
    reader.page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true })")
    for _ in range(5):
        minute(reader)
    assert reader.requests == []


def test_text_that_is_being_selected_stays(reader: Any) -> None:
    reader.page.locator("h1 span").select_text()
    minute(reader)
    assert reader.requests == []


def test_what_a_reader_unfolded_stays_open_and_the_focus_where_it_was(reader: Any, put: Put) -> None:
    group = reader.page.locator("details.group").nth(1)
    group.locator("summary").focus()
    reader.page.keyboard.press("Enter")
    put(later(situations.busy()))
    minute(reader)
    wait_for(reader, "Media is down")
    data = reader.page.locator("details.group", has_text="Data")
    assert data.get_attribute("open") is not None
    assert reader.page.evaluate("document.activeElement.querySelector('.name').textContent") == "Data"


def test_a_page_that_was_too_old_recovers(reader: Any, put: Put) -> None:
    reader.page.context.set_offline(True)
    reader.page.clock.run_for(13 * 60_000)
    assert headline(reader) == "No fresh data since 1 December 2022, 19:25 UTC"
    assert reader.page.locator("#heard").inner_text() == "No fresh data since 1 December 2022, 19:25 UTC"
    reader.page.context.set_offline(False)
    put(later(replace(situations.quiet(), measured=NOW + 15 * MINUTE), 15 * MINUTE))
    minute(reader)
    wait_for(reader, "All systems operational")
    assert reader.page.locator("html.stale").count() == 0
    assert reader.page.locator("#late").is_hidden()


def test_times_of_the_newer_page_get_the_readers_own_too(visit: Any, put: Put) -> None:
    put(situations.quiet())
    with visit("live", timezone_id="Asia/Tokyo") as opened:
        put(later(situations.one_down()))
        minute(opened)
        wait_for(opened, "Media is down")
        assert "Measured 19:25 UTC (Fri 04:25 your time)" in opened.page.inner_text("body")
