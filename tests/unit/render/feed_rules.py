"""What the W3C's feed validator calls an error or a warning in RSS 2.0 and Atom 1.0, as far as we could come near it.

The validator is in no package registry, so its rules are stated here, in words of our own, over the bytes of a feed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.entities import name2codepoint
from typing import Any

import lxml.html
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_URI = re.compile(r"https?://[0-9A-Za-z;/?:@&=+$.\-_!~*'()%,#]+")
_TAG = re.compile(r"tag:[a-z0-9.\-]+,\d{4}:[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]*")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
_BAD = re.compile("[\x80-\x9f\ufffd]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
_ABSOLUTE = re.compile(r"\w+:")
_ELEMENTS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
        "var",
    ]
)
_ATTRIBUTES = frozenset(
    [
        "alt",
        "cite",
        "colspan",
        "datetime",
        "dir",
        "height",
        "href",
        "lang",
        "reversed",
        "rowspan",
        "scope",
        "src",
        "start",
        "title",
        "width",
    ]
)
_EARLIEST = 1990


def complaints(body: bytes, address: str) -> list[str]:
    """Return what is wrong with a feed that lies at an address."""
    root = etree.fromstring(body)
    found = [f"{one.tag}: an odd character" for one in root.iter() if any(map(_BAD.search, _texts(one)))]
    if root.tag == "rss":
        return [*found, *_rss(root.find("channel"), address)]
    return [*found, *_atom(root, address)]


def _texts(element: Any) -> Iterator[str]:
    yield element.text or ""
    yield from element.attrib.values()


def _rss(channel: Any, address: str) -> Iterator[str]:
    for name in ("title", "description"):
        yield from _plain(channel, name)
    yield from _uri(channel.findtext("link"))
    yield from _self(channel, address, "application/rss+xml")
    yield from _language(channel.findtext("language"))
    for date in (*channel.iter("pubDate"), *channel.iter("lastBuildDate")):
        if not _RFC822.fullmatch(date.text) or parsedate_to_datetime(date.text).year < _EARLIEST:
            yield f"not a date of RSS: {date.text}"
    items = channel.findall("item")
    yield from _twice([item.findtext("guid") for item in items], "guid")
    for item in items:
        yield from _once(item, "title", "link", "guid", "pubDate", "description", "category", CONTENT, CREATOR)
        yield from _plain(item, "title")
        yield from _plain(item, "category")
        yield from _uri(item.findtext("link"))
        yield from _tag(item.findtext("guid"))
        if item.find("guid").get("isPermaLink") != "false":
            yield "a guid that is no address says that it is one"
        names = [child.tag for child in item]
        if names.index("description") > names.index(CONTENT):
            yield "the content stands before the description"
        for name in ("description", CONTENT):
            yield from _html(item.findtext(name))


def _atom(feed: Any, address: str) -> Iterator[str]:
    yield from _once(feed, *(f"{ATOM}{name}" for name in ("id", "title", "updated", "author")))
    if feed.findtext(f"{ATOM}id") != address:
        yield f"the id is not the canonical address: {feed.findtext(f'{ATOM}id')}"
    for name in ("title", "subtitle", "author/{http://www.w3.org/2005/Atom}name"):
        yield from _plain(feed, f"{ATOM}{name}")
    yield from _self(feed, address, "application/atom+xml")
    yield from _language(feed.get(LANG))
    yield from _uri(feed.xpath("string(*[local-name()='link'][@rel='alternate']/@href)"))
    for date in (*feed.iter(f"{ATOM}updated"), *feed.iter(f"{ATOM}published")):
        if not _INSTANT.fullmatch(date.text) or datetime.fromisoformat(date.text).year < _EARLIEST:
            yield f"not a date of Atom: {date.text}"
    found = feed.findall(f"{ATOM}entry")
    yield from _twice([one.findtext(f"{ATOM}id") for one in found], "id")
    yield from _twice([one.findtext(f"{ATOM}updated") for one in found], "updated")
    for one in found:
        names = ("id", "title", "updated", "published", "author", "content", "summary", "link", "category")
        yield from _once(one, *(f"{ATOM}{name}" for name in names))
        yield from _tag(one.findtext(f"{ATOM}id"))
        yield from _plain(one, f"{ATOM}title")
        yield from _plain(one, f"{ATOM}author/{ATOM}name")
        yield from _uri(one.find(f"{ATOM}link").get("href"))
        for name in ("summary", "content"):
            part = one.find(f"{ATOM}{name}")
            if part.get("type") != "html":
                yield f"{name}: it does not say that it is HTML"
            yield from _html(part.text)
        if one.findtext(f"{ATOM}summary") == one.findtext(f"{ATOM}content"):
            yield "the summary is the content"


def _once(parent: Any, *names: str) -> Iterator[str]:
    yield from (f"{name}: {len(found)} of it" for name in names if len(found := parent.findall(name)) != 1)


def _twice(values: list[str], what: str) -> Iterator[str]:
    yield from (f"{what}: {value} stands twice" for value, count in Counter(values).items() if count > 1)


def _plain(parent: Any, name: str) -> Iterator[str]:
    """Yield what is wrong with text that some readers take for HTML."""
    text = (parent.findtext(name) or "").strip()
    if not text:
        yield f"{name}: it is empty"
    if re.search(r"<[/a-zA-Z]", text):
        yield f"{name}: {text} looks like HTML"
    entities = [one for one in re.findall(r"&(#?\w+)", text) if one in name2codepoint or one == "apos"]
    if entities or re.search(r"&#?\d|&\w*\d", text):
        yield f"{name}: {text} looks like entities"
    if re.search(r"<[\w.+'-]+@[\w.-]+>", text):
        yield f"{name}: an address for mail in it"


def _uri(text: str) -> Iterator[str]:
    if not _URI.fullmatch(text):
        yield f"not a whole address: {text}"


def _tag(text: str) -> Iterator[str]:
    if not _TAG.fullmatch(text):
        yield f"not an id by RFC 4151: {text}"


def _language(text: str) -> Iterator[str]:
    if not _LANGUAGE.fullmatch(text or ""):
        yield f"not a language: {text}"


def _self(parent: Any, address: str, kind: str) -> Iterator[str]:
    found = [(one.get("href"), one.get("type")) for one in parent.findall(f"{ATOM}link") if one.get("rel") == "self"]
    if found != [(address, kind)]:
        yield f"it says to lie at {found}"


def _html(text: str | None) -> Iterator[str]:
    if not (text or "").strip():
        yield "an entry without content"
        return
    root = lxml.html.fragment_fromstring(text, create_parent="div")
    for element in root.iterdescendants():
        if element.tag not in _ELEMENTS:
            yield f"a risk, or no HTML: {element.tag}"
            continue
        yield from (f"a risk: {name}" for name in element.attrib if name not in _ATTRIBUTES)
        for name in ("href", "src", "cite"):
            if name in element.attrib and not _ABSOLUTE.match(element.get(name)):
                yield f"a relative address: {element.get(name)}"
