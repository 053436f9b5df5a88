"""The entries as RSS 2.0 and Atom 1.0 (RFC 4287), written with feedgen.

feedgen is worked around here and nowhere else: it fills every date that is not given with the present time, takes the
last link given as the channel's, lets a description overwrite the content, loses the attributes of entry links, puts
entries in reverse, raises on characters that XML forbids, and writes RSS dates with an offset. So each format has a
generator of its own with every date set, text is cleaned first, and the tree it wrote is put right afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from feedgen.feed import FeedGenerator
from lxml import etree

from statusgen.model.artifact import Artifact, Stage
from statusgen.model.page import Page
from statusgen.render import links, words
from statusgen.render.entries import Entry, entries

CACHE = "public, max-age=300"
RSS_TYPE = "application/rss+xml; charset=utf-8"
ATOM_TYPE = "application/atom+xml; charset=utf-8"

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The date of a feed without entries: nothing has happened yet, and it must not change from run to run."""

_TTL_MINUTES = 15
_GENERATOR = "statusgen"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATOM = "{http://www.w3.org/2005/Atom}"


def feeds(page: Page) -> Iterator[Artifact]:
    """Yield the feeds; none when the site has no address, because their ids and links need one for ever."""
    if not links.host(page):
        return
    found = entries(page)
    for path, content_type, write in ((links.RSS, RSS_TYPE, _rss), (links.ATOM, ATOM_TYPE, _atom)):
        yield Artifact(
            path=path,
            body=write(page, found),
            content_type=content_type,
            cache_control=CACHE,
            stage=Stage.FEED,
        )


def clean(text: str) -> str:
    """Return the text without characters that XML 1.0 forbids, lone surrogates included."""
    return _FORBIDDEN.sub("", text)


def _rss(page: Page, found: Sequence[Entry]) -> bytes:
    feed = _feed(page, found, links.RSS, RSS_TYPE)
    feed.load_extension("dc", atom=False)
    feed.description(_description(page))
    feed.ttl(_TTL_MINUTES)
    for entry in found:
        item = _item(feed, entry)
        item.description(clean(entry.text) or clean(entry.title))
        item.content(clean(entry.html), type="CDATA")
        item.dc.dc_creator(clean(entry.author))
    root = _tree(feed.rss_str())
    dates = [_newest(found), *(entry.at for entry in found)]
    for element, at in zip(root.iter("lastBuildDate", "pubDate"), dates, strict=True):
        element.text = words.rfc822(at)
    return _bytes(root)


def _atom(page: Page, found: Sequence[Entry]) -> bytes:
    feed = _feed(page, found, links.ATOM, ATOM_TYPE)
    feed.subtitle(_description(page))
    for entry in found:
        item = _item(feed, entry)
        item.author({"name": clean(entry.author)})
        item.content(clean(entry.html), type="html")
        item.summary(clean(entry.text))
    root = _tree(feed.atom_str())
    for link in root.iterfind(f"{_ATOM}entry/{_ATOM}link"):
        link.set("rel", "alternate")
        link.set("type", "text/html")
    return _bytes(root)


def _feed(page: Page, found: Sequence[Entry], path: str, content_type: str) -> Any:
    feed = FeedGenerator()
    address = links.absolute(page, path)
    front = links.absolute(page, links.FRONT)
    feed.id(address)
    feed.title(clean(page.site.name))
    feed.author({"name": clean(page.site.name)})
    feed.link(href=address, rel="self", type=content_type.partition(";")[0])
    feed.link(href=front, rel="alternate", type="text/html")
    feed.language(page.site.language)
    feed.generator(_GENERATOR)
    feed.updated(_newest(found))
    feed.lastBuildDate(_newest(found))
    return feed


def _item(feed: Any, entry: Entry) -> Any:
    item = feed.add_entry(order="append")
    item.guid(entry.id, permalink=False)
    item.title(clean(entry.title))
    item.link(href=entry.link)
    item.published(entry.at)
    item.updated(entry.at)
    item.category(term=entry.category)
    return item


def _description(page: Page) -> str:
    return clean(page.site.description) or f"Announcements and measured outages of {clean(page.site.name)}"


def _newest(found: Sequence[Entry]) -> datetime:
    return found[0].at if found else _NEVER


def _tree(source: bytes) -> Any:
    return etree.fromstring(source, etree.XMLParser(strip_cdata=False, resolve_entities=False, no_network=True))


def _bytes(root: Any) -> bytes:
    etree.indent(root)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"
