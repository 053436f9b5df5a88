"""The site in a real browser: readable by everyone, on anything, asking nothing of anybody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.unit.render.pages import NOW

FRONTS = [(name, "index.html") for name in ("quiet", "busy", "unseen", "first_day", "crowded")]
INNER = [
    ("busy", path)
    for path in (
        *("incidents/media.html", "incidents/queues.html", "maintenance/redis.html", "posts/leaving.html"),
        *("about.html", "subscribe.html", "maintenance/index.html", "posts/index.html", "history/2022.html"),
        *("history/index.html", "history/2022-11.html", "404.html", "components/media.html", "components/redis.html"),
    )
]
RICH = [("rich", path) for path in ("index.html", "incidents/one.html", "posts/four.html")]
ALL = pytest.mark.parametrize(("name", "path"), [*FRONTS, *INNER, *RICH])
STALE = NOW + timedelta(hours=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_stale_page_is_accessible_too(scheme: str, visit: Any) -> None:
    with visit("busy", now=STALE, color_scheme=scheme) as opened:
        results = Axe().run(opened.page)
        assert results.violations_count == 0, results.generate_report()


@ALL
def test_a_page_is_one_request_and_leaves_the_console_empty(name: str, path: str, visit: Any, address: str) -> None:
    with visit(name, path) as opened:
        asked = [url for url in opened.requests if not url.startswith("data:")]
        assert asked[0] == f"{address}/{name}/{path}"
        assert set(asked[1:]) <= {f"{address}/rich/incidents/rack.0123456789ab.png"}
        assert opened.complaints == []


@pytest.mark.parametrize("name", ["quiet", "busy", "unseen", "never_measured"])
def test_without_javascript_a_reader_gets_the_same_words(name: str, visit: Any) -> None:
    with visit(name) as with_script:
        told = with_script.page.inner_text("body")
    with visit(name, now=None, java_script_enabled=False) as without:
        assert without.page.locator("body").inner_text() == told
        assert without.page.locator("#late").is_hidden()


def test_pictures_come_when_they_come_into_view_in_the_space_kept_for_them(visit: Any) -> None:
    with visit("rich", "posts/four.html", viewport={"width": 320, "height": 400}) as opened:
        images = opened.page.locator("img")
        boxes = [image.bounding_box() for image in images.all()]
        assert [(box["width"], box["height"]) for box in boxes] == [(64, 48)] * 2
        images.last.scroll_into_view_if_needed()
        opened.page.wait_for_function("[...document.images].every(one => one.complete && one.naturalWidth === 64)")


def test_a_footnote_is_reached_and_left_by_its_links(visit: Any) -> None:
    with visit("rich", "incidents/one.html") as opened:
        for link, goal in (("sup a", "update-2.note.1"), ("li[id] a:last-of-type", "update-2.ref.1")):
            opened.page.locator(".timeline > li").first.locator(link).first.click()
            assert opened.page.evaluate("document.querySelector(':target').id") == goal


def test_without_javascript_the_page_says_until_when_to_believe_it(visit: Any) -> None:
    with visit("quiet", now=None, java_script_enabled=False) as opened:
        promise = opened.page.locator(".promise").inner_text()
        assert promise == "If it is later than 1 December 2022, 19:38 UTC, this page itself is late and may be wrong."


def test_a_page_too_old_says_so_instead_of_its_news(visit: Any) -> None:
    with visit("quiet", now=STALE) as opened:
        assert opened.page.locator("h1").inner_text().strip() == "No fresh data since 1 December 2022, 19:25 UTC"
        assert (
            opened.page.title()
            == "No fresh data since 1 December 2022, 19:25 UTC – All systems operational – Hachyderm status"
        )
        assert "Last seen: All systems operational." in opened.page.locator("#late").inner_text()
        assert opened.page.locator("h1 use").get_attribute("href") == "#is-unknown"
        assert opened.page.locator(".clock").is_hidden()


def test_a_page_grows_old_while_one_looks_at_it(visit: Any) -> None:
    with visit("quiet") as opened:
        assert opened.page.locator("h1").inner_text().strip() == "All systems operational"
        opened.page.clock.fast_forward("11:59")
        assert opened.page.locator("#late").is_hidden()
        opened.page.clock.fast_forward("00:03")
        assert opened.page.locator("#late").is_visible()
        opened.page.clock.fast_forward("05:00")
        assert opened.page.locator("#last").inner_text() == "All systems operational"


def test_times_get_the_readers_own_beside_them(visit: Any) -> None:
    with visit("busy", timezone_id="Asia/Tokyo") as opened:
        text = opened.page.inner_text("body")
        assert "Measured 19:25 UTC (Fri 04:25 your time) from" in text
        assert "2 December, 14:00–18:00 UTC (23:00–Sat 03:00 your time) (4 hours)" in text
        assert "Next update by 20:00 UTC (Fri 05:00 your time)." in text
        assert opened.page.locator(".promise time").get_attribute("title") == "Fri 04:38 your time"


def test_readers_in_utc_are_not_told_twice(visit: Any) -> None:
    with visit("busy", timezone_id="UTC") as opened:
        assert "your time" not in opened.page.inner_text("body")
        assert opened.page.locator("time[title]").count() == 0


def test_everything_is_reached_by_keyboard_in_reading_order_with_a_visible_ring(visit: Any) -> None:
    where = """() => {
        const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
        return [one.innerText.trim().split('\\n')[0], style.outlineStyle, parseFloat(style.outlineWidth),
                box.top + scrollY];
    }"""
    with visit("busy") as opened:
        stops = []
        for _ in range(10):
            opened.page.keyboard.press("Tab")
            stops.append(opened.page.evaluate(where))
        assert [stop[0] for stop in stops] == [
            *("Hachyderm status", "Subscribe", "Pictures do not load", "1 earlier update"),
            *("A new Redis", "Add to calendar", "Moving the primary database", "Add to calendar"),
            *("Mastodon", "Web"),
        ]
        assert all(style == "solid" and width >= 3 for _, style, width, _ in stops)
        tops = [stop[3] for stop in stops]
        assert tops == sorted(tops)


def test_a_folded_group_opens_by_keyboard(visit: Any) -> None:
    with visit("quiet") as opened:
        group = opened.page.locator("details.group").first
        group.locator("summary").focus()
        assert not group.locator("ul").is_visible()
        opened.page.keyboard.press("Enter")
        assert group.locator("ul").is_visible()


@pytest.mark.parametrize("selector", [".mast a", ".group > summary", ".ways a"])
def test_a_finger_finds_its_target(selector: str, visit: Any) -> None:
    with visit("quiet", viewport={"width": 390, "height": 800}) as opened:
        for target in opened.page.locator(selector).all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 44


def test_status_survives_forced_colours(visit: Any) -> None:
    with visit("busy", forced_colors="active") as opened:
        shape = opened.page.locator("h1 .shape")
        assert shape.bounding_box()["width"] > 16
        colours = opened.page.evaluate(
            "[...document.querySelectorAll('h1 .shape, .bars path')].map(one => getComputedStyle(one).color)"
        )
        assert len(set(colours)) == 1


def test_print_shows_what_is_folded(visit: Any) -> None:
    with visit("quiet") as opened:
        opened.page.emulate_media(media="print")
        shown = "one => getComputedStyle(one, '::details-content').contentVisibility"
        assert opened.page.locator("details.group").first.evaluate(shown) == "visible"
        assert opened.page.locator(".legend").is_hidden()


@pytest.mark.parametrize("path", ["index.html", "subscribe.html", "404.html"])
def test_print_says_whose_page_it_is_and_leaves_out_where_to_press(path: str, visit: Any) -> None:
    with visit("golden/every-language", path) as opened:
        opened.page.emulate_media(media="print")
        assert opened.page.locator(".mast").inner_text().strip() == "Example status"


def test_what_stands_below_the_steps_keeps_its_distance(visit: Any) -> None:
    gap = """([above, below]) => document.querySelector(below).getBoundingClientRect().top
        - document.querySelector(above).getBoundingClientRect().bottom"""
    for path, above in (("index.html", ".plan p:has(.steps)"), ("posts/leaving.html", "p:has(.steps)")):
        with visit("busy", path) as opened:
            assert opened.page.evaluate(gap, [above, f"{above} + .prose"]) >= 5


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_buttons_that_copy_stand_in_one_column(width: int, visit: Any) -> None:
    with visit("busy", "subscribe.html", viewport={"width": width, "height": 800}) as opened:
        boxes = [one.bounding_box() for one in opened.page.locator("button").all()]
        assert len(boxes) > 9
        assert len({box["x"] + box["width"] for box in boxes}) == 1
        links = [one.bounding_box() for one in opened.page.locator(".outlets a").all()]
        assert all(link["x"] + link["width"] < box["x"] for link, box in zip(links, boxes, strict=True))


@pytest.mark.parametrize("width", [390, 1280])
def test_the_sign_that_a_group_opens_stands_beside_its_first_line(width: int, visit: Any) -> None:
    gap = """fold => {
        const sign = getComputedStyle(fold.querySelector('.state'), '::after');
        const first = fold.querySelector('.name').getClientRects()[0], state = fold.querySelector('.state');
        const top = sign.position == 'absolute'
            ? fold.getBoundingClientRect().top + parseFloat(sign.top) : state.getClientRects()[0].top;
        return Math.abs(top - first.top);
    }"""
    with visit("crowded", viewport={"width": width, "height": 800}) as opened:
        for fold in opened.page.locator(".group > summary").all():
            assert fold.evaluate(gap) < 12


def test_the_languages_fit_on_one_line_of_a_phone(visit: Any) -> None:
    for language in ("de", "es", "fr", "ja"):
        with visit("golden/every-language", f"{language}/index.html", viewport={"width": 390, "height": 800}) as opened:
            assert len({one.bounding_box()["y"] for one in opened.page.locator(".tongues a").all()}) == 1


def test_what_is_not_there_is_answered_with_a_way_home(visit: Any, address: str) -> None:
    with visit("quiet", "deep/down/nowhere.html") as opened:
        assert opened.page.locator("h1").inner_text() == "There is no such page here"
        assert opened.page.locator("main a").get_attribute("href") == "https://status.example.org/index.html"
