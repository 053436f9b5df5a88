"""A post as people write it in HackMD: a note, with or without front matter, whose first heading may be its title."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from statusgen.config.markdown import has_front_matter, split_front_matter, with_breaks
from statusgen.config.nodes import Entry, Scalar, Table
from statusgen.errors import Place, Problem
from statusgen.render.markdown import to_text

IGNORED = frozenset(
    {
        *("description", "dir", "disqus", "GA", "image", "opengraph", "robots", "slideOptions"),
        *("tags", "type"),
    }
)
"""The keys that a HackMD note may have and that say nothing here."""

_TITLE = re.compile(r" {0,3}#[ \t]+(?=\S)")
_UNDERLINE = re.compile(r" {0,3}=+[ \t]*")
_TAGS = re.compile(r"^(?:#{6} tags:[^\n]*|\[TOC\][ \t]*)$", re.MULTILINE)
"""What HackMD makes of a note's own: the line of its tags, and the place of its table of contents."""

_EMBED = re.compile(r"^\{%[ \t]*(\w+)[ \t]+([\w:/.?=&#%~+-]{1,300}?)[ \t]*%\}[ \t]*$", re.MULTILINE)
_PLAYERS = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class _Heading:
    """The heading of the first level that a text begins with: its words, and its lines, counted from 0."""

    title: str
    first: int
    after: int


def split_note(text: str, file: str, found: list[Problem]) -> tuple[Table, str, int] | None:
    """Return a post's front matter, the Markdown below it, and the line where that starts; None when it is none.

    The first heading stands in for a title, and `date` or the day that the file's name begins with for `published`.
    What becomes of the front matter leaves empty lines, so that lines are counted as in the file.
    """
    text = _TAGS.sub("", text)
    if has_front_matter(text) or not _heading(text):
        parts = split_front_matter(text, file, found, instead="; or with '# ' and the title")
        if parts is None:
            return None
        table, below, line = parts
    else:
        table, below, line = Table(Place(file, 1, 1), {}), text, 1
    below = _EMBED.sub(_linked, below)
    entries = {key: entry for key, entry in table.entries.items() if key not in IGNORED}
    heading = _heading(below)
    if heading:
        entries.setdefault("title", _entry(Place(file, line + heading.first, 1), heading.title))
        if _says(entries["title"], heading.title):
            below = _without(below, heading)
    day = _day(entries.pop("date", None), file)
    if day:
        entries.setdefault("published", day)
    broken = entries.pop("breaks", None)
    return replace(table, entries=entries), with_breaks(below) if broken and _says(broken, "true") else below, line


def _linked(embed: re.Match[str]) -> str:
    """Return a link in place of what HackMD shows in a frame; what leads nowhere stays as it is."""
    kind, what = embed.groups()
    address = what if what.startswith("https://") else _PLAYERS.get(kind, "") + what
    return f"<{address}>" if address.startswith("https://") else embed[0]


def _heading(text: str) -> _Heading | None:
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return None
    line = lines[first]
    underlined = _UNDERLINE.fullmatch("".join(lines[first + 1 : first + 2])) is not None
    title = to_text(line) if underlined or _TITLE.match(line) else ""
    return _Heading(title, first, first + 1 + underlined) if title else None


def _says(entry: Entry, text: str) -> bool:
    return isinstance(entry.value, Scalar) and entry.value.text.strip() == text


def _without(text: str, heading: _Heading) -> str:
    """Return the text with empty lines in place of its heading."""
    lines = text.split("\n")
    lines[heading.first : heading.after] = [""] * (heading.after - heading.first)
    return "\n".join(lines)


def _day(entry: Entry | None, file: str) -> Entry | None:
    """Return when a note without `published` is: its `date`, else the day in its file's name, from midnight in UTC."""
    if entry is None:
        day = _DAY.match(PurePosixPath(file).name)
        return _entry(Place(file, 1, 1), f"{day[0]}T00:00Z") if day and _is_day(day[0]) else None
    if isinstance(entry.value, Scalar) and _is_day(entry.value.text):
        return replace(entry, value=replace(entry.value, text=f"{entry.value.text}T00:00Z"))
    return entry


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _entry(at: Place, text: str) -> Entry:
    return Entry(at, Scalar(at, text))
