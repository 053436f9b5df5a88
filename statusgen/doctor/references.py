"""Finds what a page fetches from elsewhere. Pure: the files of the site come in, findings come out.

A link is no dependence: it leads away, and the page stands without it. What a browser loads by itself is one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

from statusgen.doctor.finding import Finding, Severity
from statusgen.model.artifact import Artifact

ABOUT = "independence"

_LOADED = {
    ("img", "src"),
    ("img", "srcset"),
    ("script", "src"),
    ("iframe", "src"),
    ("source", "src"),
    ("source", "srcset"),
    ("video", "src"),
    ("video", "poster"),
    ("audio", "src"),
    ("embed", "src"),
    ("object", "data"),
    ("use", "href"),
    ("image", "href"),
}
_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest"}


def judge(artifacts: Iterable[Artifact], own: Collection[str], probed: Collection[str]) -> tuple[Finding, ...]:
    """Return from which hosts the pages load something, besides their own ones."""
    found: dict[str, str] = {}
    for artifact in artifacts:
        if artifact.content_type.startswith("text/html"):
            for host in loaded(artifact.body.decode("utf-8", "replace")):
                found.setdefault(host, artifact.path)
    return tuple(_finding(host, path, probed) for host, path in sorted(found.items()) if host not in own)


def loaded(page: str) -> frozenset[str]:
    """Return the hosts from which a browser loads something for this page, in lower case."""
    reader = _Reader()
    reader.feed(page)
    return frozenset(reader.hosts)


def _finding(host: str, path: str, probed: Collection[str]) -> Finding:
    if host in probed:
        return Finding(
            about=ABOUT,
            severity=Severity.PROBLEM,
            title=f"{path} loads something from {host}, which is probed",
            why="while that is down the page hangs or lacks it",
            advice="put the file beside the theme or the announcement, so that it is published with the page",
        )
    return Finding(
        about=ABOUT,
        severity=Severity.WARNING,
        title=f"{path} loads something from {host}",
        why="the page needs one more party to work, and tells it who reads",
        advice="put the file beside the theme or the announcement, so that it is published with the page",
    )


class _Reader(HTMLParser):
    """Collects hosts."""

    def __init__(self) -> None:
        super().__init__()
        self.hosts: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at what an element loads."""
        given = {name: value or "" for name, value in attrs}
        loads = tag == "link" and _LINKS & set(given.get("rel", "").lower().split())
        for name, value in given.items():
            if (tag, name.removeprefix("xlink:")) in _LOADED or (loads and name == "href"):
                self.hosts.update(_hosts(value))


def _hosts(value: str) -> Iterator[str]:
    for part in value.split(","):
        words = part.split()
        try:
            host = urlsplit(words[0]).hostname if words else None
        except ValueError:
            continue
        if host:
            yield host.lower()
