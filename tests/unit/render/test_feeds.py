"""The feeds: what they tell, and the written bytes of RSS 2.0, Atom 1.0 and JSON Feed 1.1."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser
import jsonschema
import lxml.html
import pytest
from lxml import etree

from statusgen.model.artifact import Artifact, Stage
from statusgen.model.page import Page
from statusgen.model.words import IncidentPhase, MaintenancePhase
from statusgen.render.entries import Entry, everything, of_component, tell
from statusgen.render.feed import MOST, MOST_BYTES, newest
from statusgen.render.feeds import feeds
from statusgen.render.portable import clean
from statusgen.render.tongue import PLAIN
from tests.unit.render import pages
from tests.unit.render.pages import DAY, NOW, SITE, at, incident, maintenance, outage, page, post, story_of, updates

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

NAMES = {"a": "http://www.w3.org/2005/Atom", "c": "http://purl.org/rss/1.0/modules/content/"}
BOTH = pytest.mark.parametrize("path", ["feed.xml", "feed.atom"])


def written(shown: Page) -> dict[str, Artifact]:
    """Return the feeds of a page by path."""
    return {artifact.path: artifact for artifact in feeds(shown, PLAIN)}


def tree(shown: Page, path: str) -> Any:
    """Return a feed as an element tree."""
    return etree.fromstring(written(shown)[path].body)


def entries(shown: Page) -> tuple[Entry, ...]:
    """Return the entries of the main feed, newest first."""
    return newest(everything(shown, tell(shown), PLAIN), {})


def ids(shown: Page) -> list[str]:
    """Return the ids of the entries without what they share, newest first."""
    return [entry.id.removeprefix("tag:status.example.org,2022:") for entry in entries(shown)]


@BOTH
@pytest.mark.parametrize("name", sorted(pages.SITUATIONS))
def test_every_situation_makes_a_clean_feed(name: str, path: str) -> None:
    shown = pages.SITUATIONS[name]()
    parsed = feedparser.parse(written(shown)[path].body)
    assert parsed.bozo == 0
    assert parsed.feed.title == shown.site.name
    found = [entry.id for entry in parsed.entries]
    assert len(found) == len(set(found))
    assert all(entry.id.startswith("tag:status.example.org,2022:") for entry in parsed.entries)
    assert all(entry.link.startswith("https://status.example.org/") for entry in parsed.entries)


def test_each_update_and_each_phase_and_each_outage_is_one_entry() -> None:
    assert ids(pages.busy()) == [
        "incident/media/update/2",
        "incident/media/update/1",
        "outage/20221201T184400Z",
        "maintenance/redis/update/1",
        "incident/queues/update/3",
        "post/thanks",
        "post/leaving",
        "maintenance/redis",
        "maintenance/database",
        "incident/queues/update/2",
        "outage/20221126T080100Z/end",
        "incident/queues/update/1",
        "outage/20221126T080100Z",
        "incident/queues",
        "outage/20221123T040000Z/end",
        "outage/20221123T040000Z",
        "outage/20221121T070000Z/end",
        "outage/20221121T070000Z",
    ]


def test_titles_carry_the_phase() -> None:
    titles = {entry.id.rpartition(":")[2]: entry.title for entry in entries(pages.busy())}
    assert titles["incident/media/update/2"] == "[Identified] Pictures do not load"
    assert titles["maintenance/database"] == "[Scheduled] Moving the primary database"
    assert titles["outage/20221121T070000Z"] == "[Down] Web and Media"
    assert titles["outage/20221121T070000Z/end"] == "[Back] Web and Media"
    assert titles["post/leaving"] == "Leaving the basement"


def test_an_entry_says_what_happened_and_to_what() -> None:
    found = {entry.id.rpartition(":")[2]: entry for entry in entries(pages.busy())}
    media = found["incident/media/update/2"]
    assert media.html == (
        "<p>The media store refuses connections. <strong>Posting text works.</strong></p>\n<p>Affects Media (down).</p>"
    )
    assert media.text == "The media store refuses connections. Posting text works.\n\nAffects Media (down)."
    assert (media.author, media.category) == ("Nova", "incident")
    planned = found["maintenance/database"]
    assert planned.text.endswith("Window: 2 December 2022, 14:00–18:00 UTC.\n\nAffects Database (down).")
    assert planned.author == "Hachyderm status"
    assert found["outage/20221201T184400Z"].text == "Our checks found Media down since 1 December 2022, 18:44 UTC."
    assert found["outage/20221121T070000Z/end"].html == (
        "<p>Web was down for 20 minutes, 21 November 2022, 07:00–07:20 UTC: the connection was refused.<br>"
        "Media was down for 24 minutes, 21 November 2022, 07:01–07:25 UTC: the connection was refused.</p>"
    )
    assert found["outage/20221123T040000Z/end"].text.startswith("Media was down 3 times, for 9 minutes in all,")
    assert found["post/leaving"].author == "Nova and Malte"


def test_entries_lead_to_the_place_they_tell_of() -> None:
    link = {entry.id.rpartition(":")[2]: entry.link for entry in entries(pages.busy())}
    root = "https://status.example.org"
    assert link["incident/media/update/2"] == f"{root}/incidents/media.html#update-2"
    assert link["incident/queues"] == f"{root}/incidents/queues.html"
    assert link["post/leaving"] == f"{root}/posts/leaving.html"
    assert link["outage/20221123T040000Z"] == f"{root}/history/2022-11.html#2022-11-23"
    unlisted = page(outages=(outage("media", at(3, days_ago=40), None),), history=(story_of(pages.TODAY),))
    assert entries(unlisted)[0].link == f"{root}/history/index.html"


def test_an_outage_is_back_only_when_it_stays_so() -> None:
    gone = (outage("media", at(18), at(18, 10)), outage("media", at(19), at(19, 15), over=False))
    assert ids(page(outages=gone)) == [
        "outage/20221201T190000Z",
        "outage/20221201T180000Z/end",
        "outage/20221201T180000Z",
    ]
    back = (gone[0], replace(gone[1], over=True))
    assert ids(page(outages=back))[0] == "outage/20221201T190000Z/end"


def test_an_episode_of_many_outages_is_down_once_and_back_once() -> None:
    flapping = [
        outage("media", at(4, minute), at(4, minute + 3), episode=at(4), number=number)
        for number, minute in enumerate(range(0, 60, 5), 1)
    ]
    assert ids(page(outages=tuple(flapping))) == ["outage/20221201T040000Z/end", "outage/20221201T040000Z"]
    waiting = tuple(replace(one, over=False) for one in flapping)
    assert ids(page(outages=waiting)) == ["outage/20221201T040000Z"]


def test_a_planned_outage_and_one_that_another_explains_are_no_entries() -> None:
    quiet = (outage("database", at(3), at(4), foretold=True), outage("web", at(3), at(4), effect=True))
    assert not [name for name in ids(page(outages=quiet, maintenance=(maintenance(),))) if name.startswith("outage")]


def test_an_outage_that_people_write_of_later_leads_there_and_is_not_told_again() -> None:
    alone = page(outages=(outage("media", at(18, 44), at(19, 30)),))
    merged = page(outages=alone.outages, incidents=(incident(),))
    before, after = ({one.id: one for one in entries(shown) if one.category == "outage"} for shown in (alone, merged))
    assert [one.link.rpartition("/")[2] for one in after.values()] == ["media.html", "media.html"]
    assert before == {name: replace(one, link=before[name].link) for name, one in after.items()}


def test_links_within_an_entry_are_absolute() -> None:
    said = updates(
        (at(19), IncidentPhase.IDENTIFIED, "See [the plan](../maintenance/database.md) and [above](#update-1).")
    )
    (entry,) = entries(page(incidents=(incident(updates=said, affected=()),)))
    assert 'href="https://status.example.org/maintenance/database.html"' in entry.html
    assert 'href="https://status.example.org/incidents/media.html#update-1"' in entry.html


def test_rss_has_what_the_format_wants() -> None:
    channel = tree(pages.busy(), "feed.xml").find("channel")
    assert channel.findtext("link") == "https://status.example.org/index.html"
    assert channel.findtext("description") == "How the servers of our instance are doing."
    assert channel.findtext("language") == "en"
    assert channel.findtext("ttl") == "15"
    assert channel.findtext("lastBuildDate") == "Thu, 01 Dec 2022 19:10:00 GMT"
    (own,) = channel.findall("a:link", NAMES)
    assert dict(own.attrib) == {
        "href": "https://status.example.org/feed.xml",
        "rel": "self",
        "type": "application/rss+xml",
    }
    item = channel.find("item")
    assert item.findtext("guid") == "tag:status.example.org,2022:incident/media/update/2"
    assert item.find("guid").get("isPermaLink") == "false"
    assert item.findtext("pubDate") == "Thu, 01 Dec 2022 19:10:00 GMT"
    assert item.findtext("{http://purl.org/dc/elements/1.1/}creator") == "Nova"
    assert item.findtext("c:encoded", namespaces=NAMES).startswith("<p>The media store")
    assert item.findtext("description").startswith("The media store refuses connections. Posting")
    assert item.find("author") is None
    dates = [parsedate_to_datetime(each.text) for each in channel.iter("pubDate")]
    assert dates == sorted(dates, reverse=True)


def test_atom_has_what_the_format_wants() -> None:
    feed = tree(pages.busy(), "feed.atom")
    assert feed.findtext("a:id", namespaces=NAMES) == "https://status.example.org/feed.atom"
    assert feed.findtext("a:updated", namespaces=NAMES) == "2022-12-01T19:10:00+00:00"
    assert feed.findtext("a:author/a:name", namespaces=NAMES) == "Hachyderm status"
    assert feed.findtext("a:subtitle", namespaces=NAMES) == "How the servers of our instance are doing."
    assert [(link.get("rel"), link.get("type"), link.get("href")) for link in feed.findall("a:link", NAMES)] == [
        ("self", "application/atom+xml", "https://status.example.org/feed.atom"),
        ("alternate", "text/html", "https://status.example.org/index.html"),
    ]
    entry = feed.find("a:entry", NAMES)
    (link,) = entry.findall("a:link", NAMES)
    assert dict(link.attrib) == {
        "href": "https://status.example.org/incidents/media.html#update-2",
        "rel": "alternate",
        "type": "text/html",
    }
    assert entry.findtext("a:published", namespaces=NAMES) == "2022-12-01T19:10:00+00:00"
    assert entry.findtext("a:updated", namespaces=NAMES) == "2022-12-01T19:10:00+00:00"
    assert entry.find("a:content", NAMES).get("type") == "html"
    assert entry.findtext("a:summary", namespaces=NAMES).startswith("The media store")
    assert entry.find("a:category", NAMES).get("term") == "incident"


@BOTH
def test_feeds_do_not_change_while_nothing_happens(path: str) -> None:
    shown = pages.busy()
    later = replace(shown, published=NOW + timedelta(minutes=5), measured=NOW, next_run=NOW + timedelta(minutes=10))
    assert written(later)[path].body == written(shown)[path].body


@BOTH
def test_a_feed_without_entries_has_a_date_that_stays(path: str) -> None:
    shown = page(site=replace(SITE, description=""))
    body = written(shown)[path].body.decode()
    assert "1970" in body
    assert "Announcements and measured outages of Hachyderm status" in body
    assert written(replace(shown, published=NOW + DAY))[path].body.decode() == body


@BOTH
def test_what_xml_forbids_never_reaches_a_feed(path: str) -> None:
    nasty = "a\x00\x0b\ufffe\ud800 <b> & ]]> c"
    site = replace(SITE, name=nasty, description=nasty)
    said = post(title=nasty, body=nasty, authors=(nasty,))
    broken = incident(title=nasty, updates=updates((at(19), IncidentPhase.IDENTIFIED, nasty)))
    parsed = feedparser.parse(written(page(site=site, posts=(said,), incidents=(broken,)))[path].body)
    assert parsed.bozo == 0
    assert len(parsed.entries) == 2
    assert clean(nasty) == "a <b> & ]]> c"


@BOTH
def test_a_post_without_words_still_has_a_description(path: str) -> None:
    parsed = feedparser.parse(written(page(posts=(post(body=""),)))[path].body)
    assert parsed.bozo == 0
    assert parsed.entries[0].title == "Leaving the basement"


def test_a_feed_holds_the_newest_entries_only() -> None:
    many = tuple(post(f"post-{number}", published=NOW - number * DAY / 9) for number in range(MOST + 9))
    found = entries(page(posts=many))
    assert len(found) == MOST
    assert found[0].id.endswith("post/post-0")


def test_a_late_announcement_keeps_its_year() -> None:
    """The year in an id is that of the announcement, so that updates in a new year share it."""
    said = updates((datetime(2023, 1, 2, tzinfo=UTC), IncidentPhase.RESOLVED, "It works."))
    new_year = incident(started=datetime(2022, 12, 31, tzinfo=UTC), updates=said, resolved=said[0].at)
    planned = maintenance(phase=MaintenancePhase.SCHEDULED)
    assert {entry.id[:27] for entry in entries(page(incidents=(new_year,), maintenance=(planned,)))} == {
        "tag:status.example.org,2022"
    }


def test_feeds_are_sent_before_the_front_page_and_revalidated_soon() -> None:
    found = written(pages.quiet())
    assert {path.rpartition(".")[2]: one.content_type for path, one in found.items()} == {
        "xml": "application/rss+xml; charset=utf-8",
        "atom": "application/atom+xml; charset=utf-8",
        "json": "application/feed+json; charset=utf-8",
    }
    for one in found.values():
        assert (one.cache_control, one.stage, one.timely) == ("public, max-age=300", Stage.FEED, False)


def test_a_site_without_an_address_has_no_feeds() -> None:
    """Their ids hold the host for ever: made up now, they would tell everything again on the day it is known."""
    assert written(page(site=replace(SITE, url=""))) == {}


# The other feeds


@pytest.mark.parametrize("name", sorted(pages.SITUATIONS))
def test_the_json_feed_tells_what_rss_tells(name: str) -> None:
    found = written(pages.SITUATIONS[name]())
    document = json.loads(found["feed.json"].body)
    jsonschema.Draft202012Validator(JSON_FEED).validate(document)
    rss = feedparser.parse(found["feed.xml"].body)
    assert [(item["id"], item["title"], item["url"]) for item in document["items"]] == [
        (entry.id, entry.title, entry.link) for entry in rss.entries
    ]


def test_a_site_has_these_feeds() -> None:
    assert sorted(written(pages.first_day())) == [
        *("components/database.atom", "components/media.atom", "components/web.atom"),
        *("feed.atom", "feed.json", "feed.xml", "history.atom", "maintenance.atom"),
    ]


@pytest.mark.parametrize("name", sorted(pages.SITUATIONS))
def test_every_feed_is_clean_and_says_where_it_lies(name: str) -> None:
    for path, artifact in written(pages.SITUATIONS[name]()).items():
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
    parsed = feedparser.parse(written(pages.busy())["maintenance.atom"].body)
    assert parsed.feed.title == "Hachyderm status: maintenance"
    assert [entry.title for entry in parsed.entries] == [
        *("[In progress] A new Redis", "[Scheduled] A new Redis", "[Scheduled] Moving the primary database"),
    ]


def test_a_components_feed_tells_what_concerns_it_and_leads_to_its_page() -> None:
    found = written(pages.busy())
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
    shown = pages.busy()
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
    shown = pages.busy()
    (first, *_), (again, *_) = (
        newest(everything(shown, tell(shown), PLAIN), shared),
        newest(of_component(shown, "media", tell(shown), PLAIN), shared),
    )
    assert first is again
