"""What a location last saw down, so that a recovery needs as much evidence as the failure did.

    <spool>/seen/<location>.json        the checks that the last run doubts, and nothing else

It is kept beside the spool, on the machine that probes: an agent that may only write has nothing else. A machine that
is thrown away after each run has no such memory, so the state's newest raw objects of the location are asked instead.
To know nothing is no error: then nothing is doubted, and one success is believed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from statusgen.errors import StoreError
from statusgen.history import contents
from statusgen.history.contents import AHEAD
from statusgen.history.keys import RAW, RawKey, parse
from statusgen.history.listing import Stored
from statusgen.model.observation import Observation
from statusgen.model.reason import UNSTEADY
from statusgen.model.words import Outcome
from statusgen.ports import Blob, ObjectStore

MOST = 64
"""Raw objects that are read at most; a run of one location is one of them, or one for each part of it."""


def doubted(spool: ObjectStore, state: ObjectStore, location: str, *, now: datetime, hold: timedelta) -> frozenset[str]:
    """Return the checks that the location last saw down; empty when nobody knows. Raises nothing.

    The state is read only when this machine does not remember: one listing, and what began within `hold` of the newest.
    """
    try:
        remembered = _remembered(spool, location)
        return _told_by_state(state, location, now, hold) if remembered is None else remembered
    except StoreError:
        return frozenset()


def remember(
    spool: ObjectStore,
    location: str,
    observations: Sequence[Observation],
    *,
    doubted: frozenset[str],
    warn: Callable[[str], None],
) -> None:
    """Remember what the next run is to doubt; a check that was not measured stays as it was. Raises nothing."""
    if not observations:
        return
    down = sorted(_doubts(observations, doubted))
    body = json.dumps({"down": down}, ensure_ascii=False).encode()
    try:
        spool.write([Blob(key=_key(location), body=body, content_type="application/json")])
    except StoreError as error:
        warn(f"what was seen down cannot be remembered in {spool.name!r}: {error.reason}")


def _key(location: str) -> str:
    return f"seen/{location}.json"


def _doubts(observations: Iterable[Observation], before: frozenset[str]) -> frozenset[str]:
    """Return what is doubted after the observations, of which the last of a check counts."""
    doubts = set(before)
    for one in sorted(observations, key=lambda one: one.at):
        if one.outcome is Outcome.DOWN or one.reason == UNSTEADY:
            doubts.add(one.check)
        elif one.outcome in {Outcome.UP, Outcome.DEGRADED}:
            doubts.discard(one.check)
    return frozenset(doubts)


def _remembered(spool: ObjectStore, location: str) -> frozenset[str] | None:
    """Return what this machine remembers; None when that is nothing, or cannot be understood."""
    body = spool.read([_key(location)]).get(_key(location))
    try:
        said = json.loads(body or b"")
        return frozenset(str(check) for check in said["down"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _told_by_state(state: ObjectStore, location: str, now: datetime, hold: timedelta) -> frozenset[str]:
    """Return what the newest runs of the location saw down. What is wrong with an object is for others to tell."""
    recent = _recent(state, location, now, hold)
    read = contents.read(state, recent, now=now, warn=_nobody, strict=False)
    return _doubts(contents.observations(read, now=now, warn=_nobody), frozenset())


def _recent(state: ObjectStore, location: str, now: datetime, hold: timedelta) -> Sequence[Stored]:
    """Return the raw objects of the location's newest runs; parts of a run and heartbeats are objects of their own."""
    raw = [
        (key.began, Stored(key=key, size=one.size, settled=False))
        for one in state.list(f"{RAW}{location}/")
        if isinstance(key := parse(one.key), RawKey) and key.began <= now + AHEAD
    ]
    newest = sorted(raw, key=lambda began_and_stored: began_and_stored[0])[-MOST:]
    return [stored for began, stored in newest if began >= newest[-1][0] - hold]


def _nobody(message: str) -> None:
    """Hear a warning that `recall` gives too."""
