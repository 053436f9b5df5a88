"""Feeds as RSS 2.0 and Atom 1.0 (RFC 4287), written with feedgen.

feedgen is worked around here and nowhere else: it fills every date that is not given with the present time, takes the
last link given as the channel's, lets a description overwrite the content, loses the attributes of entry links, puts
entries in reverse, raises on characters that XML forbids, and writes RSS dates with an offset. So each format has a
generator of its own with every date set, text is cleaned first, and the tree it wrote is put right afterwards.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from feedgen.feed import FeedGenerator
from lxml import etree

from statusgen.render import words
from statusgen.render.entries import Entry
from statusgen.render.feed import Feed
from statusgen.render.portable import clean, plain

RSS_TYPE = "application/rss+xml; charset=utf-8"
ATOM_TYPE = "application/atom+xml; charset=utf-8"

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""The date of a feed without entries: nothing has happened yet, and it must not change from run to run.

The W3C's validator believes no date before 1990.
"""

_TTL_MINUTES = 15
_GENERATOR = "statusgen"
_ATOM = "{http://www.w3.org/2005/Atom}"


def rss(feed: Feed) -> bytes:
    """Return the feed as RSS 2.0."""
    made = _feed(feed, RSS_TYPE)
    made.load_extension("dc", atom=False)
    made.description(plain(feed.description))
    made.ttl(_TTL_MINUTES)
    for entry in feed.entries:
        item = _item(made, entry, entry.at)
        item.description(_escaped(entry.text))
        item.content(clean(entry.html), type="CDATA")
        item.dc.dc_creator(_author(entry, feed))
    root = _tree(made.rss_str())
    dates = [_newest(feed), *(entry.at for entry in feed.entries)]
    for element, at in zip(root.iter("lastBuildDate", "pubDate"), dates, strict=True):
        element.text = words.rfc822(at)
    return _bytes(root)


def atom(feed: Feed) -> bytes:
    """Return the feed as Atom 1.0."""
    made = _feed(feed, ATOM_TYPE)
    made.subtitle(plain(feed.description))
    for entry, updated in _apart(feed.entries):
        item = _item(made, entry, updated)
        item.author({"name": _author(entry, feed)})
        item.content(clean(entry.html), type="html")
        item.summary(_escaped(entry.text), type="html")
    root = _tree(made.atom_str())
    for link in root.iterfind(f"{_ATOM}entry/{_ATOM}link"):
        link.set("rel", "alternate")
        link.set("type", "text/html")
    return _bytes(root)


def _feed(feed: Feed, content_type: str) -> Any:
    made = FeedGenerator()
    made.id(feed.address)
    made.title(plain(feed.title) or feed.home)
    made.author({"name": plain(feed.author) or feed.home})
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
    item.title(plain(entry.title))
    item.link(href=entry.link)
    item.published(entry.at)
    item.updated(updated)
    item.category(term=entry.category)
    return item


def _escaped(text: str) -> str:
    """Return text as HTML: what a description is in RSS, and a summary where Atom is told so."""
    return html.escape(clean(text), quote=False)


def _author(entry: Entry, feed: Feed) -> str:
    return plain(entry.author) or plain(feed.author) or feed.home


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
