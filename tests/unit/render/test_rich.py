"""Everything that people can write, where readers get it: on pages, in feeds and as text."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import replace
from typing import Any

import feedparser
import lxml.html
import pytest

from statusgen.model.artifact import Stage
from statusgen.model.words import IncidentPhase, MaintenancePhase
from statusgen.render.feeds import feeds
from statusgen.render.tongue import PLAIN
from tests.unit.render import pages, situations
from tests.unit.render.conftest import Render
from tests.unit.render.pages import SITE, maintenance, page, post
from tests.unit.render.situations import RICH, rich


def trees(site: Render, shown: Any) -> dict[str, Any]:
    """Return every page as an element tree, by path."""
    found = site(shown).items()
    return {path: lxml.html.fromstring(one.body) for path, one in found if path.endswith(".html")}


@pytest.mark.parametrize("name", sorted(situations.SITUATIONS))
def test_no_id_stands_twice_on_a_page_however_many_announcements_it_shows(name: str, site: Render) -> None:
    for path, root in trees(site, situations.SITUATIONS[name]()).items():
        ids = root.xpath("//@id")
        assert len(ids) == len(set(ids)), path


def test_every_link_to_a_heading_or_a_footnote_finds_it(site: Render) -> None:
    found = trees(site, rich())
    links = 0
    for path, root in found.items():
        for href in root.xpath("//*[@class='prose']//a/@href"):
            target, _, fragment = href.partition("#")
            there = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
            assert fragment in found[there].xpath("//@id"), (path, href)
            links += 1
    assert links > 40


def test_headings_keep_their_address_on_the_page_of_their_announcement(site: Render) -> None:
    ids = trees(site, rich())["incidents/one.html"].xpath("//h2/@id|//h3/@id|//h4/@id|//h5/@id")
    assert ids == [f"{part}.{name}" for part in ("text", "update-2", "update-1") for name in ("why", "the-steps")]


def test_a_link_to_a_heading_of_another_announcement_leads_there(site: Render) -> None:
    shown = page(posts=(post("a", body="[b](b.md#the-steps)"), post("b", body="# The steps")))
    found = trees(site, shown)
    assert found["posts/a.html"].xpath("//*[@class='prose']//a/@href") == ["b.html#text.the-steps"]
    assert found["posts/b.html"].xpath("//h2/@id") == ["text.the-steps"]


def test_a_picture_is_published_once_for_ever_under_its_type(site: Render) -> None:
    found = site(rich())
    picture = found["incidents/rack.0123456789ab.png"]
    assert picture.body.startswith(b"\x89PNG")
    assert (picture.content_type, picture.stage, picture.timely) == ("image/png", Stage.ASSET, False)
    assert picture.cache_control == "public, max-age=31536000, immutable"
    assert [path for path in found if "rack" in path] == [picture.path]


def test_only_a_site_with_pictures_allows_them(site: Render) -> None:
    assert b"img-src data: 'self';" in site(rich())["index.html"].body
    assert b"img-src data:;" in site(situations.quiet())["index.html"].body


@pytest.mark.parametrize("path", ["feed.xml", "feed.atom"])
def test_feeds_carry_the_same_html_with_absolute_addresses_and_without_ids(path: str) -> None:
    (body,) = (artifact.body for artifact in feeds(rich(), PLAIN) if artifact.path == path)
    contents = [entry.content[0].value for entry in feedparser.parse(body, sanitize_html=False).entries]
    told = [content for content in contents if "<mark>" in content]
    assert len(told) == 7
    for content in told:
        addresses = re.findall(r'(?:href|src)="([^"]*)"', content)
        assert len(addresses) >= 7
        assert all(address.startswith("https://status.example.org/") for address in addresses)
        assert ' id="' not in content
    assert "https://status.example.org/posts/four.html#text.note.1" in "".join(told)


def test_a_feed_s_links_to_footnotes_find_them_on_the_page(site: Render) -> None:
    shown = rich()
    first = pages.updates((pages.at(18, 44), IncidentPhase.INVESTIGATING, RICH))  # as old as the incident itself
    both = pages.incident("one", body=RICH, updates=first, affected=(), pictures=shown.posts[0].source.pictures)
    shown = replace(shown, incidents=(both,))
    found = trees(site, shown)
    pattern = re.compile(rb"https://status.example.org/([a-z/]+\.html)#([a-z0-9.-]+\.[a-z0-9.-]+)")
    led = {match for artifact in feeds(shown, PLAIN) for match in pattern.findall(artifact.body)}
    assert {(b"incidents/one.html", b"text.note.2"), (b"incidents/one.html", b"update-1.the-steps")} <= led
    for path, fragment in led:
        assert fragment.decode() in found[path.decode()].xpath("//@id")


def test_text_for_programs_is_free_of_marks(site: Render) -> None:
    summary = json.loads(site(rich())["api/v2/summary.json"].body)
    body = summary["incidents"][0]["incident_updates"][0]["body"]
    assert body == (
        "Why\n\nThe disks[1] of the basement rack take 400 MB/s, not 10⁶; see the steps.[2]\n\nthe rack (image)\n\n"
        "Do not restart it 🔥\n\nIt would have to read everything again.\n\nthe rack again (image)\n\nTip\n\n"
        "H₂O stays out of the rack.\n\nThe log\n\ndisk full\n\nThe steps\n- [x] order disks\n- [ ] move\n\n"
        "Disk | Load\nnvme | 98 %\n\n[1] All eight.\n\n[2] Measured twice."
    )


def test_a_site_without_an_address_shows_pictures_too(site: Render) -> None:
    shown = replace(rich(), site=replace(SITE, url=""))
    assert trees(site, shown)["posts/four.html"].xpath("//img/@src")[0] == "../incidents/rack.0123456789ab.png"


def test_the_newest_update_of_a_maintenance_under_way_has_ids_of_its_own_on_the_front_page(site: Render) -> None:
    begun = pages.updates((pages.at(18), MaintenancePhase.IN_PROGRESS, "# Now"))
    shown = page(maintenance=(maintenance("move", phase=MaintenancePhase.IN_PROGRESS, updates=begun, affected=()),))
    assert trees(site, shown)["index.html"].xpath("//h4/@id") == ["maintenance.move.update-1.now"]
