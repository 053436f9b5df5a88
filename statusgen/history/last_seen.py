"""What a location last saw down, so that a recovery needs as much evidence as the failure did.

    <spool>/seen/<location>.json                the checks that the last run doubts, and nothing else
    <spool>/seen/<location>/<n>of<m>.json       the same of a part of the checks, since parts run at the same time

It is kept beside the spool, on the machine that probes: an agent that may only write has nothing else. A machine that
is thrown away after each run has no such memory, so the state's newest raw objects of the location are asked instead,
which `recall` leaves unmerged for that. To know nothing is no error: then nothing is doubted, and one success is
believed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from statusgen.errors import StoreError
from statusgen.history import contents
from statusgen.history.contents import AHEAD
from statusgen.history.keys import RAW, RawKey, parse
from statusgen.history.listing import Stored, newest_runs
from statusgen.history.once import told_elsewhere
from statusgen.model.observation import Observation
from statusgen.model.reason import UNSTEADY
from statusgen.model.shard import MOST_PARTS, Shard
from statusgen.model.words import Outcome
from statusgen.ports import Blob, ObjectStore

MOST = 4 * MOST_PARTS
"""Raw objects that are read at most. A run is as many as it has parts, and three runs begin within two and a half
intervals; what is left is for heartbeats.
"""


def doubted(
    spool: ObjectStore,
    state: ObjectStore,
    location: str,
    *,
    now: datetime,
    hold: timedelta,
    part: Shard | None = None,
) -> frozenset[str]:
    """Return the checks that the location last saw down; empty when nobody knows. Raises nothing.

    The state is read only when this machine does not remember: one listing, and what began within `hold` of the newest.
    """
    try:
        remembered = _remembered(spool, _key(location, part))
        return _told_by_state(state, location, now, hold) if remembered is None else remembered
    except StoreError:
        return frozenset()


def remember(
    spool: ObjectStore,
    location: str,
    observations: Sequence[Observation],
    *,
    doubted: frozenset[str],
    part: Shard | None = None,
    warn: Callable[[str], None],
) -> None:
    """Remember what the next run is to doubt; a check that was not measured stays as it was. Raises nothing."""
    if not observations:
        return
    down = sorted(_doubts(observations, doubted))
    body = json.dumps({"down": down}, ensure_ascii=False).encode()
    try:
        spool.write([Blob(key=_key(location, part), body=body, content_type="application/json")])
    except StoreError as error:
        warn(f"what was seen down cannot be remembered in {spool.name!r}: {error.reason}")


def _key(location: str, part: Shard | None) -> str:
    return f"seen/{location}/{part.number}of{part.parts}.json" if part else f"seen/{location}.json"


def _doubts(observations: Iterable[Observation], before: frozenset[str]) -> frozenset[str]:
    """Return what is doubted after the observations, of which the last of a check counts."""
    doubts = set(before)
    for one in sorted(observations, key=lambda one: one.at):
        if one.outcome is Outcome.DOWN or one.reason == UNSTEADY:
            doubts.add(one.check)
        elif one.outcome in {Outcome.UP, Outcome.DEGRADED}:
            doubts.discard(one.check)
    return frozenset(doubts)


def _remembered(spool: ObjectStore, key: str) -> frozenset[str] | None:
    """Return what this machine remembers; None when that is nothing, or cannot be understood."""
    body = spool.read([key]).get(key)
    try:
        said = json.loads(body or b"")
        return frozenset(str(check) for check in said["down"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _told_by_state(state: ObjectStore, location: str, now: datetime, hold: timedelta) -> frozenset[str]:
    """Return what the newest runs of the location saw down. What is wrong with an object is for others to tell."""
    recent = _recent(state, location, now, hold)
    read = contents.read(state, recent, now=now, warn=told_elsewhere, strict=False)
    return _doubts(contents.observations(read, now=now, warn=told_elsewhere), frozenset())


def _recent(state: ObjectStore, location: str, now: datetime, hold: timedelta) -> Sequence[Stored]:
    """Return the raw objects of the location's newest runs; parts of a run and heartbeats are objects of their own."""
    raw = {
        key: one.size
        for one in state.list(f"{RAW}{location}/")
        if isinstance(key := parse(one.key), RawKey) and key.began <= now + AHEAD
    }
    newest = sorted(newest_runs(raw, hold), key=lambda key: (key.began, key.run))[-MOST:]
    return [Stored(key=key, size=raw[key], settled=False) for key in newest]
