"""Follows every link of a site that stays within it, as a link checker does, and tells those that lead nowhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

Fetch = Callable[[str], bytes | None]
"""Returns what lies at a path of the site; None when nothing does."""

_BASE = "https://crawled.invalid/"
_CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
_ADDRESS = re.compile(r"""https?://[^\s"'<>]+""")
_REFRESH = re.compile(r"url=(.+)", re.IGNORECASE)


def broken(fetch: Fetch, roots: Iterable[str], site: str) -> set[tuple[str, str]]:
    """Return each link that leads nowhere, as the file that holds it and the path that it names.

    `site` is the public address of the site's root: what begins with it is a link within the site. A root that is
    missing counts as well, as a link from nowhere.
    """
    waiting = [("", root) for root in roots]
    seen: set[str] = set()
    found: set[tuple[str, str]] = set()
    missing: set[str] = set()
    while waiting:
        holder, path = waiting.pop()
        if path not in seen:
            seen.add(path)
            body = fetch(path)
            if body is None:
                missing.add(path)
            else:
                waiting += [(path, to) for to in links(path, body, site.rstrip("/") + "/")]
        if path in missing:
            found.add((holder, path))
    return found


@lru_cache(maxsize=100_000)
def links(path: str, body: bytes, site: str) -> frozenset[str]:
    """Return the paths within the site that a file refers to."""
    targets = set()
    for link in _written(path, body, site):
        address = urljoin(_BASE + path, link.strip())
        address = address.replace(site, _BASE, 1) if address.startswith(site) else address
        if address.startswith(_BASE):
            place = unquote(urlsplit(address).path).lstrip("/")
            targets.add(f"{place}index.html" if not place or place.endswith("/") else place)
    return frozenset(targets)


def _written(path: str, body: bytes, site: str) -> Iterator[str]:
    """Yield the links as they are written."""
    kind = path.rpartition(".")[2]
    text = body.decode("utf-8") if kind in {"html", "css", "atom", "rss", "xml", "json", "ics", "svg"} else ""
    if kind == "html":
        page = _Page()
        page.feed(text)
        yield from page.found
    elif kind == "css":
        yield from _CSS_URL.findall(text)
    elif kind in {"atom", "rss", "xml", "svg"}:
        for element in ET.fromstring(text).iter():
            yield from (value for name, value in element.items() if name.rpartition("}")[2] in {"href", "src", "url"})
            yield from _within(element.text or "", site)
    elif kind == "json":
        for said in _texts(json.loads(text)):
            yield from _within(said, site)
    elif kind == "ics":
        yield from _within(text.replace("\r\n ", ""), site)


def _within(text: str, site: str) -> Iterator[str]:
    """Yield the addresses of this site in a text."""
    return (address for address in _ADDRESS.findall(text) if address.startswith(site))


def _texts(value: object) -> Iterator[str]:
    """Yield every text in a document of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


class _Page(HTMLParser):
    """Collects every link of a page: of anchors, styles, pictures in all sizes, alternates, feeds and redirections."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._style = tag == "style"
        self.found += [given[name] for name in ("href", "src", "poster", "data", "action") if given.get(name)]
        self.found += [part.split()[0] for part in given.get("srcset", "").split(",") if part.strip()]
        self.found += _CSS_URL.findall(given.get("style", ""))
        if given.get("http-equiv", "").lower() == "refresh":
            self.found += _REFRESH.findall(given.get("content", ""))
        if given.get("property", "").startswith("og:") and given.get("content", "").startswith("http"):
            self.found.append(given["content"])

    def handle_data(self, data: str) -> None:
        if self._style:
            self.found += _CSS_URL.findall(data)

    def handle_endtag(self, tag: str) -> None:
        self._style = self._style and tag != "style"
