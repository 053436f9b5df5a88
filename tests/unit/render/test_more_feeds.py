"""Feeds of a part: JSON Feed, maintenance, components, whole announcements; and the bounds of them all."""

from __future__ import annotations

import json
import re

import feedparser
import jsonschema
import lxml.html
import pytest

from statusgen.model.words import IncidentPhase
from statusgen.render.entries import Entry, everything, of_component, tell
from statusgen.render.feed import MOST_BYTES, newest
from statusgen.render.tongue import PLAIN
from tests.unit.render import situations
from tests.unit.render.fed import entries, ids, written
from tests.unit.render.pages import DAY, NOW, at, incident, outage, page, post, updates

INSTANT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}


AUTHORS = {"type": "array", "items": {"type": "object", "required": ["name"]}, "minItems": 1}


ADDRESS = {"type": "string", "pattern": "^https://status[.]example[.]org/"}


TEXT = {"type": "string", "minLength": 1}


JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "home_page_url", "feed_url", "items"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        **dict.fromkeys(("title", "description", "language"), TEXT),
        **dict.fromkeys(("home_page_url", "feed_url"), ADDRESS),
        "authors": AUTHORS,
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_html"],
                "additionalProperties": False,
                "properties": {
                    **dict.fromkeys(("id", "title", "summary"), TEXT),
                    **dict.fromkeys(("date_published", "date_modified"), INSTANT),
                    "url": ADDRESS,
                    "content_html": {"type": "string"},
                    "authors": AUTHORS,
                    "tags": {"type": "array", "items": TEXT},
                },
            },
        },
    },
}
"""What the specification of JSON Feed 1.1 wants, and what of it we write."""


# The other feeds


@pytest.mark.parametrize("name", sorted(situations.SITUATIONS))
def test_the_json_feed_tells_what_rss_tells(name: str) -> None:
    found = written(situations.SITUATIONS[name]())
    document = json.loads(found["feed.json"].body)
    jsonschema.Draft202012Validator(JSON_FEED).validate(document)
    rss = feedparser.parse(found["feed.xml"].body)
    assert [(item["id"], item["title"], item["url"]) for item in document["items"]] == [
        (entry.id, entry.title, entry.link) for entry in rss.entries
    ]


def test_a_site_has_these_feeds() -> None:
    assert sorted(written(situations.first_day())) == [
        *("components/database.atom", "components/media.atom", "components/web.atom"),
        *("feed.atom", "feed.json", "feed.xml", "history.atom", "maintenance.atom"),
    ]


@pytest.mark.parametrize("name", sorted(situations.SITUATIONS))
def test_every_feed_is_clean_and_says_where_it_lies(name: str) -> None:
    for path, artifact in written(situations.SITUATIONS[name]()).items():
        if path.endswith(".json"):
            continue
        parsed = feedparser.parse(artifact.body)
        assert parsed.bozo == 0
        assert f"https://status.example.org/{path}" in [link.href for link in parsed.feed.links if link.rel == "self"]
        instants = [entry.updated for entry in parsed.entries] if path.endswith(".atom") else []
        assert len(instants) == len(set(instants)), "the W3C's validator warns of two changes at one instant"
        for html in (one.value for entry in parsed.entries for one in entry.get("content", ())):
            inside = lxml.html.fragment_fromstring(html, create_parent="div")
            assert {name for each in inside.iter() for name in each.attrib} <= {
                *("href", "src", "alt", "title", "start", "width", "height"),
            }
            assert all(re.match("https?:|mailto:", address) for address in inside.xpath("//@href|//@src"))


def test_the_feed_of_maintenance_tells_of_nothing_else() -> None:
    parsed = feedparser.parse(written(situations.busy())["maintenance.atom"].body)
    assert parsed.feed.title == "Hachyderm status: maintenance"
    assert [entry.title for entry in parsed.entries] == [
        *("[In progress] A new Redis", "[Scheduled] A new Redis", "[Scheduled] Moving the primary database"),
    ]


def test_a_components_feed_tells_what_concerns_it_and_leads_to_its_page() -> None:
    found = written(situations.busy())
    media = feedparser.parse(found["components/media.atom"].body)
    assert media.feed.title == "Hachyderm status: Media"
    assert media.feed.link == "https://status.example.org/components/media.html"
    assert [entry.id.rpartition(":")[2] for entry in media.entries] == [
        *("incident/media/update/2", "incident/media/update/1", "outage/media/20221201T184400Z"),
        *("outage/media/20221123T040000Z/end", "outage/media/20221123T040000Z"),
        *("outage/media/20221121T070100Z/end", "outage/media/20221121T070100Z"),
    ]
    moderation = feedparser.parse(found["components/moderation.atom"].body)
    assert moderation.feed.link == "https://status.example.org/index.html", "nobody measures it: it has no page"


def test_a_components_feed_tells_its_outage_even_if_another_explains_it() -> None:
    found = (outage("web", at(3), at(4), outlived=at(3, 30)), outage("web", at(8), at(9), foretold=True))
    shown = page(outages=(*found, outage("web", at(10), at(11), effect=True)))
    told = (draft.id.rpartition(":")[2] for draft in of_component(shown, "web", tell(shown), PLAIN))
    drafts = [name for name in told if name.startswith("outage")]
    assert drafts == [f"outage/web/20221201T{hour}0000Z{end}" for hour in ("03", "10") for end in ("", "/end")]


def test_a_whole_announcement_is_one_entry_that_changes_in_place() -> None:
    shown = situations.busy()
    feed = feedparser.parse(written(shown)["history.atom"].body)
    first = feed.entries[0]
    assert [entry.title for entry in feed.entries] == [
        *("Pictures do not load", "A new Redis", "Posts arrive late", "Moving the primary database"),
    ]
    assert first.id == "tag:status.example.org,2022:incident/media/whole"
    assert first.published == "2022-12-01T18:50:00+00:00"
    assert first.updated == "2022-12-01T19:10:00+00:00"
    content = first.content[0].value
    assert content.index("<strong>Identified</strong>") < content.index("<strong>Investigating</strong>")
    assert first.summary.startswith("Identified: The media store")


def test_a_story_too_long_for_a_feed_ends_with_a_link_to_the_rest() -> None:
    said = updates(*((at(10, number), IncidentPhase.IDENTIFIED, "word " * 1_000) for number in range(9)))
    feed = feedparser.parse(written(page(incidents=(incident(updates=said),)))["history.atom"].body)
    assert "6 earlier updates</a>" in feed.entries[0].content[0].value


# Permanence, and bounds


def test_no_feed_is_larger_than_it_may_be() -> None:
    """However long and however awkward each text is: quotes and angle brackets grow most."""
    texts = ("< & > \" ' ", "\\\n\n", "ä漢字 ", "- [x] `code`\n")
    many = tuple(
        incident(
            f"incident-{number}",
            started=NOW - number * DAY,
            updates=updates((NOW - number * DAY, IncidentPhase.IDENTIFIED, texts[number % 4] * 1_500)),
            affected=(),
        )
        for number in range(60)
    )
    sizes = {path: len(artifact.body) for path, artifact in written(page(incidents=many)).items()}
    assert max(sizes.values()) <= MOST_BYTES
    assert sizes["feed.atom"] > MOST_BYTES // 4, "it is not empty either"


def test_a_text_too_long_for_a_feed_is_told_by_its_beginning() -> None:
    (entry,) = entries(page(posts=(post(body="A long story. " * 4_000),)))
    assert entry.html.endswith(
        '<p><a href="https://status.example.org/posts/leaving.html">Read all of it on the page.</a></p>'
    )
    assert len(entry.html) < 5_000
    assert len(entry.text) <= 500
    assert entry.text.endswith("…")


def test_an_outage_leaves_the_feed_before_it_leaves_the_window() -> None:
    """At the edge of the window the first of two outages that are one story would go alone, and the other be news."""
    old = (outage("web", at(1, days_ago=61), at(2, days_ago=61)), outage("web", at(1, days_ago=60), at(2, days_ago=60)))
    assert ids(page(outages=old)) == ["outage/20221002T010000Z/end", "outage/20221002T010000Z"]


def test_an_entry_is_written_once_for_all_feeds() -> None:
    shared: dict[str, Entry] = {}
    shown = situations.busy()
    (first, *_), (again, *_) = (
        newest(everything(shown, tell(shown), PLAIN), shared),
        newest(of_component(shown, "media", tell(shown), PLAIN), shared),
    )
    assert first is again
