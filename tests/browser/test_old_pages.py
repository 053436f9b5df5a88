"""What is too old to be believed, or cannot tell how old it is, never looks as if all were well."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from tests.browser.conftest import Open
from tests.unit.render.pages import NOW

SCHEMES = ("light", "dark")
HOURS = timedelta(hours=5)


def green(of: Any, **options: Any) -> int:
    """Return how many pixels of a page or an element are green."""
    picture = Image.open(io.BytesIO(of.screenshot(**options))).convert("RGB")
    counted = picture.getcolors(picture.width * picture.height) or []
    return sum(number for number, (r, g, b) in counted if g > r + 30 and g > b + 15)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_front_page_is_green_while_it_may_be_believed_and_never_after(visit: Open, scheme: str) -> None:
    with visit("quiet", color_scheme=scheme) as fresh:
        assert green(fresh.page, full_page=True) > 0
    with visit("quiet", color_scheme=scheme, now=NOW + HOURS) as old:
        assert green(old.page, full_page=True) == 0
        assert "No fresh data since" in old.page.title()
        assert old.page.locator("h1").inner_text().strip().startswith("No fresh data since")


def test_an_old_front_page_is_not_green_while_its_end_is_still_on_its_way(visit: Open) -> None:
    with visit("quiet", now=NOW + HOURS) as old:
        body = old.page.request.get(old.page.url).text()
        begun = body[: body.index("<footer")]
        assert begun.index("validUntil") < begun.index("<main"), "its script stands before all that is seen"
        headers = {"Content-Security-Policy": "script-src 'unsafe-inline'", "Content-Type": "text/html"}
        begun = begun.replace('http-equiv="Content-Security-Policy"', "data-left-out")
        begun = begun.replace("addEventListener(", "void (")
        old.page.route("**/begun.html", lambda route: route.fulfill(body=begun, headers=headers))
        old.page.goto(old.page.url.replace("index.html", "begun.html"))
        assert old.page.locator("h1").inner_text().strip() == "All systems operational", "its words are still to come"
        assert green(old.page, full_page=True) == 0


def test_where_a_policy_forbids_the_script_nothing_is_green(visit: Open) -> None:
    with visit("quiet") as shown:
        body = shown.page.request.get(shown.page.url).text()
        headers = {"Content-Security-Policy": "script-src 'none'", "Content-Type": "text/html"}
        shown.page.route("**/forbidden.html", lambda route: route.fulfill(body=body, headers=headers))
        shown.page.goto(shown.page.url.replace("index.html", "forbidden.html"))
        assert shown.page.locator("h1").inner_text().strip() == "All systems operational"
        assert green(shown.page, full_page=True) == 0


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", ["index.html", "components/web.html", "history/2022-10.html"])
def test_without_a_script_nothing_is_green(visit: Open, scheme: str, path: str) -> None:
    with visit("quiet", path, color_scheme=scheme, java_script_enabled=False, now=None) as plain:
        assert green(plain.page, full_page=True) == 0


@pytest.mark.parametrize("scheme", SCHEMES)
def test_without_a_script_what_is_bad_keeps_its_colour_and_words_say_until_when_to_believe_it(
    visit: Open, scheme: str
) -> None:
    with visit("three_down", color_scheme=scheme, java_script_enabled=False, now=None) as plain:
        picture = Image.open(io.BytesIO(plain.page.locator("h1 svg").screenshot())).convert("RGB")
        counted = picture.getcolors(picture.width * picture.height) or []
        assert any(r > g + 60 for _, (r, g, _) in counted), "it is red"
        assert "this page itself is late and may be wrong" in plain.page.locator(".promise").inner_text()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("now", [NOW, NOW + HOURS])
def test_a_component_page_which_does_not_say_how_old_it_is_claims_nothing_in_green(
    visit: Open, scheme: str, now: Any
) -> None:
    with visit("quiet", "components/web.html", color_scheme=scheme, now=now) as shown:
        assert green(shown.page.locator("h1")) == 0
        assert green(shown.page, full_page=True) > 0, "days that are over stay what they were"
