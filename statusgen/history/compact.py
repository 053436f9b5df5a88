"""Merging the objects of a day into one segment, so that nothing is ever lost.

The union of their lines is written under the hash of its content and read back. Then an object is deleted only if what
was read back *dominates* it: holds all its lines and more, or holds exactly its lines while the object is a raw one.

Why this is safe for any number of compactors, in any interleaving, with crashes, pauses and stale listings: objects
never change. Suppose a line that was once stored is in no object any more. Among all objects that ever held it take one
that nothing dominates; there is one, because domination is a strict order (more lines, or as many and a segment) on
finitely many objects. It was deleted, so something that dominated it was read back, which held the line too:
contradiction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from statusgen.history.contents import LARGEST_INFLATED, MIB, Contents, pack, segment_lines
from statusgen.history.keys import RawKey, SegmentKey, segment_key
from statusgen.ports import Blob, ObjectStore

JSON_LINES_GZIP = "application/gzip"


def compact(state: ObjectStore, day: date, contents: Sequence[Contents], *, warn: Callable[[str], None]) -> set[str]:
    """Merge the objects of a day into one segment and return the names of those that hold its lines now.

    Raises `StoreError`; whatever has happened until then, every line is still stored.
    """
    names = {one.name for one in contents}
    union = frozenset[str]().union(*(one.lines for one in contents))
    if not union:
        return names
    if sum(len(line.encode()) + 1 for line in union) > LARGEST_INFLATED:
        warn(f"the objects of {day} are not merged: they hold more than {LARGEST_INFLATED // MIB} MiB")
        return names
    key = segment_key(day, union)
    if str(key) not in names:
        state.write([Blob(key=str(key), body=pack(union), content_type=JSON_LINES_GZIP)])
        if _read_back(state, key) != union:
            warn(f"{str(key)!r} was not stored as it was sent; nothing is deleted, the next run tries again")
            return names
    doomed = [one.name for one in contents if is_dominated(one, union)]
    if doomed:
        state.delete(doomed)
    return (names - set(doomed)) | {str(key)}


def is_dominated(contents: Contents, union: frozenset[str]) -> bool:
    """Return whether an object may be deleted when a segment with these lines has been read back."""
    if not contents.whole:
        return False
    return contents.lines < union or (isinstance(contents.stored.key, RawKey) and contents.lines == union)


def _read_back(state: ObjectStore, key: SegmentKey) -> frozenset[str] | None:
    body = state.read([str(key)]).get(str(key))
    try:
        return None if body is None else segment_lines(key, body)
    except ValueError:
        return None
