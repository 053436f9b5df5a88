"""Delivering what had to wait while the state could not be written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from statusgen.errors import StoreError
from statusgen.history.append import JSON_LINES
from statusgen.history.keys import RAW, RawKey, parse
from statusgen.ports import Blob, ObjectStore

BATCH = 50
"""Objects that are delivered before the next ones are begun."""


def deliver(spool: ObjectStore, state: ObjectStore, warn: Callable[[str], None]) -> int:
    """Move the waiting objects into the state, oldest first, and return how many have arrived.

    An object keeps its key, so that one delivered twice, after a crash in between, is still one object. What cannot be
    delivered goes on waiting, with a warning; no error is raised.
    """
    arrived = 0
    try:
        waiting = _waiting(spool)
        for start in range(0, len(waiting), BATCH):
            arrived += _move(spool, state, waiting[start : start + BATCH])
    except StoreError as error:
        warn(f"observations still wait in {spool.name!r} for {state.name!r}: {error}")
    return arrived


def _waiting(spool: ObjectStore) -> list[str]:
    """Return the keys of the runs that wait, oldest first."""
    keys = [key for one in spool.list(RAW) if isinstance(key := parse(one.key), RawKey)]
    return [str(key) for key in sorted(keys, key=lambda key: (key.began, key.location, key.run))]


def _move(spool: ObjectStore, state: ObjectStore, keys: Sequence[str]) -> int:
    """Move a batch and return how many have arrived; what has arrived leaves the spool, even if the rest fails."""
    bodies = spool.read(keys)
    arrived: Sequence[str] = tuple(bodies)
    try:
        state.write([Blob(key=key, body=body, content_type=JSON_LINES) for key, body in bodies.items()])
    except StoreError as error:
        arrived = error.done
        raise
    finally:
        spool.delete(arrived)
    return len(arrived)
