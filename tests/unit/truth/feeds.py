"""Feeds as readers read them: RSS and Atom by feedparser, JSON Feed as JSON, each into the same entries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import feedparser
import lxml.html

from tests.unit.truth.stage import URL
from tests.unit.truth.told import AFFECTS, Part, Told, instant, moment, named, phase_of, windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed; `path` and `place` are its link within the site, `words` its content without marks."""

    id: str
    title: str
    path: str
    place: str
    at: datetime
    updated: datetime
    category: str
    author: str
    html: str

    @property
    def words(self) -> str:
        """Return what one reads of it."""
        return " ".join(lxml.html.fromstring(f"<div>{self.html}</div>").text_content().split())


@cache
def xml(body: bytes) -> tuple[Entry, ...]:
    """Return the entries of a feed in RSS or Atom, in its order."""
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    return tuple(_entry(one) for one in parsed.entries)


def json_feed(body: bytes) -> list[Entry]:
    """Return the items of a JSON Feed, in its order."""
    return [
        Entry(
            id=one["id"],
            title=one["title"],
            at=instant(one["date_published"]),
            updated=instant(one["date_modified"]),
            category=one["tags"][0],
            author=one["authors"][0]["name"],
            html=one["content_html"],
            **_link(one["url"]),
        )
        for one in json.loads(body)["items"]
    ]


def _entry(one: Any) -> Entry:
    at = datetime(*one.published_parsed[:6], tzinfo=UTC)
    updated = datetime(*one.updated_parsed[:6], tzinfo=UTC) if "updated_parsed" in one else at
    return Entry(
        id=one.id,
        title=one.title,
        at=at,
        updated=updated,
        category=one.tags[0].term,
        author=one.author,
        html=one.content[0].value,
        **_link(one.link),
    )


def _link(address: str) -> Mapping[str, str]:
    assert address.startswith(f"{URL}/")
    path, _, place = address.removeprefix(f"{URL}/").partition("#")
    return {"path": path, "place": place}


def by_announcement(entries: Iterable[Entry]) -> dict[str, Told]:
    """Return the announcements that a feed with an entry for each thing said tells of, by path."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.category in {"incident", "maintenance"}:
            found.setdefault(entry.path, []).insert(0, entry)
    return {path: _told(path, parts) for path, parts in found.items()}


def _told(path: str, entries: list[Entry]) -> Told:
    titles = [entry.title.removeprefix("[").partition("] ") for entry in entries]
    assert len({title for _, _, title in titles}) == 1
    said = tuple(_part(entry, phase_of(label)) for entry, (label, _, _) in zip(entries, titles, strict=True))
    return Told(path=path, title=titles[0][2], phase=said[-1].phase, said=said, components=said[-1].affects)


def _part(entry: Entry, phase: str) -> Part:
    tree = lxml.html.fromstring(f"<div>{entry.html}</div>")
    lines = [" ".join(one.text_content().split()) for one in tree.iter("p")]
    affects = [named(line) for line in lines if line.startswith(AFFECTS)]
    plans = [windows(line) for line in lines if line.startswith(("Window: ", "New window: "))]
    was = [windows(line) for line in lines if line.startswith("It was to be ")]
    return Part(
        at=entry.at,
        phase=phase,
        text=entry.words,
        number=int(entry.place.removeprefix("update-")) if entry.place else None,
        affects=affects[0] if affects else {},
        window=plans[0][0] if plans else None,
        was=was[0][0] if was else None,
    )


def whole(entries: Iterable[Entry]) -> dict[str, Told]:
    """Return the announcements of a feed that has one entry for each, by path."""
    return {entry.path: _whole(entry) for entry in entries}


def _whole(entry: Entry) -> Told:
    tree = lxml.html.fromstring(f"<div>{entry.html}</div>")
    said: list[Part] = []
    for head in tree.xpath("p[small]"):
        texts = []
        for after in head.itersiblings():
            if after.xpath("self::p[small]"):
                break
            texts.append(after.text_content())
        (small,), (strong,) = head.xpath("small/text()"), head.xpath("strong/text()")
        said.insert(0, Part(at=moment(small), phase=phase_of(strong), text=" ".join(texts)))
    lines = [" ".join(one.text_content().split()) for one in tree.iter("p")]
    affects = [named(line) for line in lines if line.startswith(AFFECTS)]
    plans = [windows(line)[0] for line in lines if line.startswith(("Window: ", "New window: "))]
    return Told(
        path=entry.path,
        title=entry.title,
        phase=said[-1].phase,
        start=plans[0][0] if plans else entry.at,
        end=plans[0][1] if plans else None,
        components=affects[0] if affects else {},
        said=tuple(said),
        id=entry.id,
        updated=entry.updated,
    )
