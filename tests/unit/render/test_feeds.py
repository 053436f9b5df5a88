"""RSS and Atom: what becomes an entry, what it says, where it leads, and that nothing is told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser
import pytest
from lxml import etree

from statusgen.model.artifact import Stage
from statusgen.model.page import Page
from statusgen.model.words import IncidentPhase, MaintenancePhase
from statusgen.render.feed import MOST
from statusgen.render.portable import clean
from tests.unit.render import pages, situations
from tests.unit.render.fed import entries, ids, written
from tests.unit.render.pages import DAY, NOW, SITE, at, incident, maintenance, outage, page, post, story_of, updates

NAMES = {"a": "http://www.w3.org/2005/Atom", "c": "http://purl.org/rss/1.0/modules/content/"}


BOTH = pytest.mark.parametrize("path", ["feed.xml", "feed.atom"])


def tree(shown: Page, path: str) -> Any:
    """Return a feed as an element tree."""
    return etree.fromstring(written(shown)[path].body)


@BOTH
@pytest.mark.parametrize("name", sorted(situations.SITUATIONS))
def test_every_situation_makes_a_clean_feed(name: str, path: str) -> None:
    shown = situations.SITUATIONS[name]()
    parsed = feedparser.parse(written(shown)[path].body)
    assert parsed.bozo == 0
    assert parsed.feed.title == shown.site.name
    found = [entry.id for entry in parsed.entries]
    assert len(found) == len(set(found))
    assert all(entry.id.startswith("tag:status.example.org,2022:") for entry in parsed.entries)
    assert all(entry.link.startswith("https://status.example.org/") for entry in parsed.entries)


def test_each_update_and_each_phase_and_each_outage_is_one_entry() -> None:
    assert ids(situations.busy()) == [
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
    titles = {entry.id.rpartition(":")[2]: entry.title for entry in entries(situations.busy())}
    assert titles["incident/media/update/2"] == "[Identified] Pictures do not load"
    assert titles["maintenance/database"] == "[Scheduled] Moving the primary database"
    assert titles["outage/20221121T070000Z"] == "[Down] Web and Media"
    assert titles["outage/20221121T070000Z/end"] == "[Back] Web and Media"
    assert titles["post/leaving"] == "Leaving the basement"


def test_an_entry_says_what_happened_and_to_what() -> None:
    found = {entry.id.rpartition(":")[2]: entry for entry in entries(situations.busy())}
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
    link = {entry.id.rpartition(":")[2]: entry.link for entry in entries(situations.busy())}
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
    channel = tree(situations.busy(), "feed.xml").find("channel")
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
    feed = tree(situations.busy(), "feed.atom")
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
    shown = situations.busy()
    later = replace(shown, published=NOW + timedelta(minutes=5), measured=NOW, next_run=NOW + timedelta(minutes=10))
    assert written(later)[path].body == written(shown)[path].body


@BOTH
def test_a_feed_without_entries_has_a_date_that_stays(path: str) -> None:
    shown = page(site=replace(SITE, description=""))
    body = written(shown)[path].body.decode()
    assert "2000" in body
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
    found = written(situations.quiet())
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
