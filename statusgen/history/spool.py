"""What waits on this machine for the state: in order, for as long as it takes, whatever happens to the process.

An object leaves the spool only when the state has taken it, and keeps its key, so that one that is delivered twice,
after a crash in between or by two processes at once, is still one object. Each location's objects are a queue of their
own: a key that may write for one location only does not hold up the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from statusgen.errors import StoreError
from statusgen.history.keys import RAW, RawKey, parse
from statusgen.ports import Blob, ObjectStore

BATCH = 50
"""Objects that are delivered at once; the next ones follow when all of them have arrived."""

JSON_LINES = "application/jsonl; charset=utf-8"


def deliver(spool: ObjectStore, state: ObjectStore, warn: Callable[[str], None]) -> int:
    """Move the waiting objects into the state, oldest first, and return how many have arrived.

    What cannot be delivered goes on waiting, with a warning; no error is raised.
    """
    try:
        return move(spool, state, warn)
    except StoreError as error:
        warn(f"what waits in {spool.name!r} for {state.name!r} cannot be seen: {error}")
        return 0


def move(spool: ObjectStore, state: ObjectStore, warn: Callable[[str], None]) -> int:
    """Do as `deliver`, but raise `StoreError` when nobody can see what waits."""
    arrived = 0
    for keys in _waiting(spool).values():
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            bodies = _bodies(spool, batch, warn)
            done, trouble = _write(state, bodies)
            _forget(spool, done, warn)
            arrived += len(done)
            if trouble:
                left = len(keys) - start - len(done)
                runs = "the observations of a run wait" if left == 1 else f"the observations of {left} runs wait"
                warn(f"{runs} in {spool.name!r} for {state.name!r}: {trouble}; the next run delivers them")
                break
    return arrived


def _waiting(spool: ObjectStore) -> Mapping[str, Sequence[str]]:
    """Return the keys of the runs that wait, oldest first, by location; the location that waits longest first."""
    keys = [key for one in spool.list(RAW) if isinstance(key := parse(one.key), RawKey)]
    by_location: dict[str, list[str]] = defaultdict(list)
    for key in sorted(keys, key=lambda key: (key.began, key.location, key.run)):
        by_location[key.location].append(str(key))
    return by_location


def _bodies(spool: ObjectStore, keys: Sequence[str], warn: Callable[[str], None]) -> dict[str, bytes]:
    """Return what can be read; another process may have delivered and removed the rest."""
    bodies: dict[str, bytes] = {}
    for key in keys:
        try:
            bodies |= spool.read([key])
        except StoreError as error:
            warn(f"{key!r} stays in {spool.name!r}: {error}")
    return bodies


def _write(state: ObjectStore, bodies: Mapping[str, bytes]) -> tuple[Sequence[str], StoreError | None]:
    """Return the keys that the state has taken, and what was in the way of the others."""
    try:
        state.write([Blob(key=key, body=body, content_type=JSON_LINES) for key, body in bodies.items()])
    except StoreError as error:
        return error.done, error
    return tuple(bodies), None


def _forget(spool: ObjectStore, keys: Sequence[str], warn: Callable[[str], None]) -> None:
    """Remove what has arrived; what cannot be removed is delivered again, which changes nothing."""
    try:
        spool.delete(keys)
    except StoreError as error:
        warn(f"what was delivered stays in {spool.name!r}: {error}; the next run delivers it again, which is harmless")
