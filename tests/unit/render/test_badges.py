"""Badges: small pictures, and what shields.io asks for."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from lxml import etree

from statusgen.model.artifact import Artifact, Stage
from statusgen.model.page import Page
from statusgen.model.words import Status
from statusgen.render import badges
from statusgen.render.tongue import PLAIN
from tests.unit.render import situations
from tests.unit.render.pages import NOW, component, group, page

SVG = {"s": "http://www.w3.org/2000/svg"}


def written(shown: Page) -> dict[str, Artifact]:
    """Return the badges of a page by path."""
    return {artifact.path: artifact for artifact in badges.badges(shown, PLAIN)}


def luminance(colour: str) -> float:
    """Return how bright a colour is, as WCAG reckons it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_component_and_the_whole_have_a_picture_and_a_shield() -> None:
    assert sorted(written(situations.first_day())) == [
        *("badge.json", "badge.svg", "badges/database.json", "badges/database.svg"),
        *("badges/media.json", "badges/media.svg", "badges/web.json", "badges/web.svg"),
    ]


def test_a_picture_says_in_words_what_it_shows() -> None:
    root = etree.fromstring(written(situations.busy())["badges/media.svg"].body)
    assert root.findtext("s:title", namespaces=SVG) == root.get("aria-label") == "Media: down"
    assert root.get("role") == "img"
    assert [each.text for each in root.iterfind(".//s:text", SVG)] == ["Media", "down"]


def test_texts_stand_beside_each_other_and_fill_the_picture() -> None:
    root = etree.fromstring(written(situations.busy())["badges/media.svg"].body)
    left, right = [(int(one.get("x")), int(one.get("textLength"))) for one in root.iterfind(".//s:text", SVG)]
    boxes = [(int(one.get("x", 0)), int(one.get("width"))) for one in root.iterfind(".//s:g/s:rect", SVG)]
    for (start, length), (edge, wide) in zip((left, right), boxes, strict=True):
        assert (start - edge, length + 12) == (6, wide)
    assert all(first[0] + first[1] == second[0] for first, second in pairwise(boxes))
    assert int(root.get("width")) == sum(wide for _, wide in boxes)


@pytest.mark.parametrize("status", list(Status))
def test_the_words_can_be_read_on_their_colour(status: Status) -> None:
    for colour in (badges.COLOURS[status], badges.LABEL_COLOUR):
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5


@pytest.mark.parametrize("status", list(Status))
def test_a_shield_is_what_shields_io_asks_for(status: Status) -> None:
    shown = page(group("Core", component("Web", status)))
    found = json.loads(written(shown)["badges/web.json"].body)
    assert set(found) == {"schemaVersion", "label", "message", "color", "labelColor", "isError", "cacheSeconds"}
    assert (found["schemaVersion"], found["label"], found["cacheSeconds"]) == (1, "Web", 300)
    assert found["message"]
    assert found["isError"] == (status in {Status.MAJOR_OUTAGE, Status.PARTIAL_OUTAGE, Status.DEGRADED_PERFORMANCE})


@pytest.mark.parametrize(
    ("text", "about"), [("operational", 63), ("down", 30), ("Media", 32), ("漢字", 22), ("e\u0301", 7), ("", 0)]
)
def test_a_width_is_about_that_of_a_sans_serif_face(text: str, about: int) -> None:
    assert abs(badges.width(text) - about) <= max(2, about // 10)


def test_a_name_that_is_markup_stays_a_name_and_a_long_one_is_cut() -> None:
    shown = page(group("Core", replace(component("Web"), name="<b> & \x00 " + "x" * 60)))
    (text, _) = etree.fromstring(written(shown)["badges/web.svg"].body).iterfind(".//s:text", SVG)
    assert text.text.startswith("<b> &  xxx")
    assert text.text.endswith("…")
    assert len(text.text) == badges.MOST_LABEL


def test_a_badge_changes_only_when_a_status_does() -> None:
    shown = situations.busy()
    later = replace(shown, published=NOW + timedelta(minutes=5), measured=NOW)
    assert written(later) == written(shown)
    assert {(one.cache_control, one.stage, one.timely) for one in written(shown).values()} == {
        ("public, max-age=300", Stage.FEED, False)
    }
    types = {path.rpartition(".")[2]: one.content_type for path, one in written(shown).items()}
    assert types == {"svg": "image/svg+xml; charset=utf-8", "json": "application/json; charset=utf-8"}
