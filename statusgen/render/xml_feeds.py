"""Feeds as RSS 2.0 and Atom 1.0 (RFC 4287), written with feedgen.

feedgen is worked around here and nowhere else: it fills every date that is not given with the present time, takes the
last link given as the channel's, lets a description overwrite the content, loses the attributes of entry links, puts
entries in reverse, raises on characters that XML forbids, and writes RSS dates with an offset. So each format has a
generator of its own with every date set, text is cleaned first, and the tree it wrote is put right afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from feedgen.feed import FeedGenerator
from lxml import etree

from statusgen.render import words
from statusgen.render.entries import Entry
from statusgen.render.feed import Feed
from statusgen.render.portable import clean

RSS_TYPE = "application/rss+xml; charset=utf-8"
ATOM_TYPE = "application/atom+xml; charset=utf-8"

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The date of a feed without entries: nothing has happened yet, and it must not change from run to run."""

_TTL_MINUTES = 15
_GENERATOR = "statusgen"
_ATOM = "{http://www.w3.org/2005/Atom}"


def rss(feed: Feed) -> bytes:
    """Return the feed as RSS 2.0."""
    made = _feed(feed, RSS_TYPE)
    made.load_extension("dc", atom=False)
    made.description(clean(feed.description))
    made.ttl(_TTL_MINUTES)
    for entry in feed.entries:
        item = _item(made, entry, entry.at)
        item.description(clean(entry.text) or clean(entry.title))
        item.content(clean(entry.html), type="CDATA")
        item.dc.dc_creator(clean(entry.author))
    root = _tree(made.rss_str())
    dates = [_newest(feed), *(entry.at for entry in feed.entries)]
    for element, at in zip(root.iter("lastBuildDate", "pubDate"), dates, strict=True):
        element.text = words.rfc822(at)
    return _bytes(root)


def atom(feed: Feed) -> bytes:
    """Return the feed as Atom 1.0."""
    made = _feed(feed, ATOM_TYPE)
    made.subtitle(clean(feed.description))
    for entry, updated in _apart(feed.entries):
        item = _item(made, entry, updated)
        item.author({"name": clean(entry.author)})
        item.content(clean(entry.html), type="html")
        item.summary(clean(entry.text))
    root = _tree(made.atom_str())
    for link in root.iterfind(f"{_ATOM}entry/{_ATOM}link"):
        link.set("rel", "alternate")
        link.set("type", "text/html")
    return _bytes(root)


def _feed(feed: Feed, content_type: str) -> Any:
    made = FeedGenerator()
    made.id(feed.address)
    made.title(clean(feed.title))
    made.author({"name": clean(feed.author)})
    made.link(href=feed.address, rel="self", type=content_type.partition(";")[0])
    made.link(href=feed.home, rel="alternate", type="text/html")
    made.language(feed.language)
    made.generator(_GENERATOR)
    made.updated(_newest(feed))
    made.lastBuildDate(_newest(feed))
    return made


def _item(made: Any, entry: Entry, updated: datetime) -> Any:
    item = made.add_entry(order="append")
    item.guid(entry.id, permalink=False)
    item.title(clean(entry.title))
    item.link(href=entry.link)
    item.published(entry.at)
    item.updated(updated)
    item.category(term=entry.category)
    return item


def _apart(entries: Sequence[Entry]) -> Iterator[tuple[Entry, datetime]]:
    """Yield the entries with the times of their last change, no two of them the same, as the W3C's validator wants it.

    What is told of the same instant is set apart by milliseconds that follow from its id.
    """
    seen: set[datetime] = set()
    for entry in entries:
        updated = entry.updated
        if updated in seen:
            updated += timedelta(milliseconds=1 + hashlib.sha256(entry.id.encode()).digest()[0])
        while updated in seen:
            updated += timedelta(milliseconds=1)
        seen.add(updated)
        yield entry, updated


def _newest(feed: Feed) -> datetime:
    return max((entry.updated for entry in feed.entries), default=_NEVER)


def _tree(source: bytes) -> Any:
    return etree.fromstring(source, etree.XMLParser(strip_cdata=False, resolve_entities=False, no_network=True))


def _bytes(root: Any) -> bytes:
    etree.indent(root)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"
