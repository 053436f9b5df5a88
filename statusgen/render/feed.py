"""A feed before it has a format: what it is called, where it lies, and as many of its newest entries as fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import escape

from statusgen.render.entries import Draft, Entry

MOST = 100
"""How many entries a feed holds, newest first; older ones drop out."""

MOST_OF_A_PART = 20
"""How many entries the feed of one component holds: there may be many such feeds."""

MOST_BYTES = 150_000
"""No feed is larger than this, however much people write."""

_FRAME = 1_200
"""Bytes that an entry takes besides its words, at most, in the format that takes the most."""

_ROOM = MOST_BYTES - 6_000
"""Bytes for entries: the rest is for what a feed says of itself."""

Written = dict[str, Entry]
"""The entries written so far, by id: feeds share them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed. `address` is its own, `home` that of the page that it goes with; both are absolute."""

    address: str
    home: str
    title: str
    description: str
    author: str
    language: str
    entries: tuple[Entry, ...]


def newest(drafts: Iterable[Draft], written: Written, most: int = MOST) -> tuple[Entry, ...]:
    """Return the newest entries, newest first, as many as a feed may hold; each is written into `written` once."""
    found: list[Entry] = []
    room = _ROOM
    for draft in sorted(drafts, key=lambda draft: (draft.updated, draft.place, draft.id), reverse=True)[:most]:
        entry = written.get(draft.id) or draft.write()
        written[draft.id] = entry
        room -= _weight(entry)
        if room < 0:
            break
        found.append(entry)
    return tuple(found)


def _weight(entry: Entry) -> int:
    """Return how many bytes an entry takes at most, in whichever format."""
    texts = (entry.title, entry.link, entry.id, entry.author, str(entry.html), entry.text)
    return _FRAME + sum(len(str(escape(text)).encode("utf-8", "replace")) + _doubled(text) for text in texts)


def _doubled(text: str) -> int:
    return sum(text.count(character) for character in "\n\t\r\\")
