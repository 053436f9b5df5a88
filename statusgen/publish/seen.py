"""What readers get through the public address, held against what was sent. Pure: their answers come in.

An upload that succeeded is not yet a page that is seen: a cache holds the old one, a bucket is not public, its address
is another's, or something on the way writes headers of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from statusgen.model.artifact import Artifact
from statusgen.ports import Reply
from statusgen.publish.manifest import Manifest, entry
from statusgen.publish.plan import FRONT_PAGE, Plan

OWN_STATUS = "status.json"
ROOT = ""
"""The address without a file, which readers type."""

ALWAYS = (FRONT_PAGE, OWN_STATUS, "feed.xml")
MOST = 16
"""Files that are asked for; the others went the same way."""

WAITS = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds between two looks, a minute in all: caches that heed our headers have the new page after half of that."""


class Wanted(NamedTuple):
    """A file as readers should get it: its path, the MD5 of its body, and its headers."""

    path: str
    md5: str
    content_type: str
    cache_control: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What readers get.

    `checked` counts the files that were asked for. `wrong` is told of each that is not what was sent, `remarks` of what
    is only otherwise on its way. `published` is the instant of the page that they see, None when it tells none;
    `newer`: somebody else has published since. `age` is how many seconds a cache says that it has held the front page,
    `encoding` how that was packed on its way.
    """

    checked: int
    wrong: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    published: datetime | None = None
    newer: bool = False
    age: int | None = None
    encoding: str = ""


def wanted(artifacts: Sequence[Artifact], plan: Plan, manifest: Manifest | None) -> tuple[Wanted, ...]:
    """Return what to ask for: what readers open first, what was sent, and one file that was left as it is."""
    sent = [upload.artifact for upload in reversed(plan.uploads)]
    named = {artifact.path: artifact for artifact in artifacts if artifact.path in ALWAYS}
    kept = next((artifact for artifact in artifacts if artifact.kept), None)
    chosen = {one.path: one for one in (*named.values(), *([kept] if kept else []), *sent)}
    return tuple(_wanted(one, manifest) for one in [*chosen.values()][:MOST])


def _wanted(artifact: Artifact, manifest: Manifest | None) -> Wanted:
    sent = manifest.entries[artifact.path] if artifact.kept and manifest else entry(artifact)
    return Wanted(artifact.path, sent.md5, artifact.content_type, artifact.cache_control)


def with_root(files: Sequence[Wanted]) -> tuple[Wanted, ...]:
    """Return the files together with the address that readers type, where the front page should be."""
    return (*files, *(one._replace(path=ROOT) for one in files if one.path == FRONT_PAGE))


def look(files: Sequence[Wanted], replies: Mapping[str, Reply], published: datetime) -> Seen:
    """Return what readers get of files, by the replies to their paths; `published` is the instant of what was sent."""
    theirs = _published(replies.get(OWN_STATUS))
    newer = theirs is not None and theirs > published
    wrong = [] if newer else [told for one in files if (told := _wrong(one, replies[one.path]))]
    remarks = [told for one in files for told in _remarks(one, replies[one.path])]
    front = replies.get(ROOT) or replies.get(FRONT_PAGE) or Reply()
    return Seen(
        checked=len(files),
        wrong=tuple(wrong),
        remarks=tuple(remarks),
        published=theirs,
        newer=newer,
        age=front.age,
        encoding=front.encoding,
    )


def _wrong(one: Wanted, reply: Reply) -> str:
    """Return what is wrong with a reply, empty when it is what was sent."""
    name = one.path or "the address itself"
    if reply.trouble:
        return f"{name}: {reply.trouble}"
    if reply.status != 200:  # noqa: PLR2004 - OK
        hint = "; a bucket needs an index document there" if one.path == ROOT else ""
        return f"{name}: the answer is {reply.status}{hint}"
    if hashlib.md5(reply.body, usedforsecurity=False).hexdigest() != one.md5:
        return f"{name}: the answer is another file than was sent" + (f", {reply.age} s old" if reply.age else "")
    return ""


def _remarks(one: Wanted, reply: Reply) -> Iterator[str]:
    """Yield which headers of a good reply are not those that were sent."""
    if _wrong(one, reply):
        return
    for name, ours, theirs in (
        ("Content-Type", one.content_type, reply.content_type),
        ("Cache-Control", one.cache_control, reply.cache_control),
    ):
        if _plain(ours) != _plain(theirs):
            yield f"{one.path or 'the address itself'}: {name} is {theirs!r}, and was sent as {ours!r}"


def _plain(header: str) -> frozenset[str]:
    """Return what a header says, whatever the case, the spaces and the order in which it says it."""
    return frozenset(part.strip().lower() for part in header.replace(";", ",").split(","))


def _published(reply: Reply | None) -> datetime | None:
    """Return the instant of the page that readers see; None when it tells none."""
    try:
        found = datetime.fromisoformat(json.loads(reply.body if reply else b"")["published_at"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return found if found.tzinfo else None
