"""What is in stored objects.

Raw objects are untrusted: they are bounded, and speak for their own location and time only. What cannot be read is set
aside with a warning: it counts for nothing, stays where it lies and is never deleted.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from statusgen.history import codec
from statusgen.history.keys import RawKey, SegmentKey, joined, segment_key
from statusgen.history.listing import Stored
from statusgen.model.observation import Observation
from statusgen.ports import ObjectStore

MIB = 1024 * 1024
LARGEST_RAW = 8 * MIB
"""Bytes in a raw object, some ten thousand observations of one run."""
LARGEST_SEGMENT = 64 * MIB
"""Bytes in a compressed object."""
LARGEST_INFLATED = 256 * MIB
"""Bytes in a compressed object when inflated; a day of five hundred checks from three locations is about 150 MiB."""

LONGEST_RUN = timedelta(hours=1)
"""How long after its beginning a run may still observe."""
AHEAD = timedelta(minutes=5)
"""How far ahead of `now` an instant may be, for clocks that differ a little."""

_GZIP = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The lines of one object that count, as they were written.

    `whole` when they are all of its lines: only then may it be deleted once they are safe elsewhere.
    """

    stored: Stored
    lines: frozenset[str]
    whole: bool

    @property
    def name(self) -> str:
        """Its key in the store."""
        return self.stored.name


class VanishedError(Exception):
    """Objects that were listed are gone: somebody compacted their day meanwhile, and a new listing shows where to."""


def read(
    state: ObjectStore, stored: Sequence[Stored], *, now: datetime, warn: Callable[[str], None], strict: bool = True
) -> tuple[Contents, ...]:
    """Return what the objects hold.

    Raises `VanishedError` when one does not exist any more; unless `strict`, it is left out with a warning instead.
    Raises `StoreError`.
    """
    bearable = [one for one in stored if _is_bearable(one)]
    bodies = state.read([one.name for one in bearable]) if bearable else {}
    found: list[Contents] = []
    for one in stored:
        if one.name in bodies:
            found.append(_contents(one, bodies[one.name], now, warn))
        elif not _is_bearable(one):
            found.append(_set_aside(one, "it is too large", warn))
        elif strict:
            raise VanishedError(one.name)
        else:
            warn(f"{one.name!r} is listed but does not exist; what it held may be missing until the next run")
    return tuple(found)


def observations(
    contents: Iterable[Contents], *, now: datetime, warn: Callable[[str], None]
) -> tuple[Observation, ...]:
    """Return the observations in the objects, each once, in order of their lines; none from the future."""
    lines = sorted(frozenset[str]().union(*(one.lines for one in contents)))
    found: list[Observation] = []
    unread = 0
    for line in lines:
        try:
            found.append(codec.decode(line))
        except ValueError:
            unread += 1
    if unread:
        warn(f"{unread} lines are kept but cannot be understood; a newer version of statusgen may have written them")
    return tuple(one for one in found if one.at <= now + AHEAD)


def pack(lines: Iterable[str]) -> bytes:
    """Return a set of lines compressed, without a time in it."""
    deflate = zlib.compressobj(wbits=_GZIP)
    return deflate.compress(joined(lines)) + deflate.flush()


def split(text: str) -> Sequence[str]:
    """Return the lines of a text, without empty ones; only a line feed ends a line."""
    return [line for line in text.split("\n") if line.strip()]


def unpack(body: bytes, *, most: int = LARGEST_INFLATED) -> str:
    """Return what a compressed object holds; raise `ValueError` when it is damaged or inflates beyond `most` bytes."""
    inflate = zlib.decompressobj(wbits=_GZIP)
    try:
        text = inflate.decompress(body, most)
    except zlib.error as error:
        raise ValueError("it is damaged") from error
    if inflate.unconsumed_tail:
        raise ValueError(f"it inflates to more than {most // MIB} MiB")
    if not inflate.eof or inflate.unused_data:
        raise ValueError("it is damaged")
    return text.decode()


def segment_lines(key: SegmentKey, body: bytes) -> frozenset[str]:
    """Return the lines of a segment; raise `ValueError` when they are not those its name promises."""
    lines = frozenset(split(unpack(body)))
    if segment_key(key.day, lines) != key:
        raise ValueError("it is not what its name says")
    return lines


def _is_bearable(stored: Stored) -> bool:
    return stored.size <= (LARGEST_RAW if isinstance(stored.key, RawKey) else LARGEST_SEGMENT)


def _set_aside(stored: Stored, why: str, warn: Callable[[str], None]) -> Contents:
    """Return an object of which nothing counts."""
    warn(f"{stored.name!r} is set aside: {why}")
    return Contents(stored=stored, lines=frozenset(), whole=False)


def _contents(stored: Stored, body: bytes, now: datetime, warn: Callable[[str], None]) -> Contents:
    """Return what one object holds."""
    try:
        if isinstance(stored.key, SegmentKey):
            return Contents(stored=stored, lines=segment_lines(stored.key, body), whole=True)
        written = frozenset(split(body.decode()))
    except ValueError as error:
        return _set_aside(stored, _words(error), warn)
    doubts = {line: doubt for line in written if (doubt := _doubt(stored.key, line, now))}
    if doubts:
        warn(f"{len(doubts)} lines of {stored.name!r} are set aside: {min(doubts.values())}")
    return Contents(stored=stored, lines=written - doubts.keys(), whole=not doubts)


def _words(error: ValueError) -> str:
    return "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)


def _doubt(key: RawKey, line: str, now: datetime) -> str:
    """Return why a raw line is not believed; empty when it is."""
    try:
        said = codec.document(line)
        at = codec.instant(said)
    except ValueError:
        return "they cannot be read"
    if said.get("location") != key.location:
        return f"they speak for another location than {key.location!r}"
    if not key.began <= at < key.began + LONGEST_RUN:
        return "they are not from the time that the name says"
    if at > now + AHEAD:
        return "they are dated in the future; check that location's clock"
    return ""
