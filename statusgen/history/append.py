"""Keeping what a run saw: one object, written once, under a name that no other run has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime

from statusgen.errors import StateError, StoreError
from statusgen.history import codec
from statusgen.history.boundary import as_state_error
from statusgen.history.compact import JSON_LINES_GZIP
from statusgen.history.contents import pack
from statusgen.history.keys import joined, raw_key, segment_key
from statusgen.history.spool import JSON_LINES, deliver, move
from statusgen.model.observation import Observation
from statusgen.ports import Blob, ObjectStore


def append(
    state: ObjectStore,
    observations: Sequence[Observation],
    *,
    spool: ObjectStore | None = None,
    warn: Callable[[str], None],
) -> str:
    """Keep the observations of one run from one location and return the key of their object; empty without any.

    Appending the same run again writes the same object again. With a spool the object goes there first, so that a
    process which is killed loses nothing, and then into the state, behind everything that waits; when the state cannot
    be written it waits, with a warning. Raises `StateError` when it can be kept nowhere, `ValueError` when the
    observations are not of one run and location.
    """
    if not observations:
        if spool is not None:
            deliver(spool, state, warn)
        return ""
    blob = _blob(observations)
    if spool is None:
        with as_state_error(state, "kept in"):
            state.write([blob])
    elif _waits(blob, spool, state, warn):
        _move(blob, spool, state, warn)
    return blob.key


def backfill(state: ObjectStore, observations: Iterable[Observation]) -> tuple[str, ...]:
    """Keep the observations of many past runs, as one segment for each day, and return their keys.

    Filling in the same observations again changes nothing. Raises `StateError`.
    """
    runs: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for one in observations:
        runs[one.location, one.run].append(one)
    days: dict[date, set[str]] = defaultdict(set)
    for run in runs.values():
        days[_began(run).date()] |= {codec.encode(one) for one in run}
    blobs = [
        Blob(key=str(segment_key(day, lines)), body=pack(lines), content_type=JSON_LINES_GZIP)
        for day, lines in sorted(days.items())
    ]
    with as_state_error(state, "kept in"):
        state.write(blobs)
    return tuple(blob.key for blob in blobs)


def _blob(observations: Sequence[Observation]) -> Blob:
    """Return the raw object of a run."""
    origins = {(one.location, one.run) for one in observations}
    if len(origins) > 1:
        raise ValueError(f"expected the observations of one run from one location, got {sorted(origins)}")
    [(location, run)] = origins
    key = raw_key(location, _began(observations), run)
    return Blob(key=str(key), body=joined(codec.encode(one) for one in observations), content_type=JSON_LINES)


def _began(run: Iterable[Observation]) -> datetime:
    return min(one.at for one in run).astimezone(UTC)


def _waits(blob: Blob, spool: ObjectStore, state: ObjectStore, warn: Callable[[str], None]) -> bool:
    """Return whether an object waits in the spool now; when it cannot, it goes into the state or is an error."""
    try:
        spool.write([blob])
    except StoreError as cause:
        _bypass(blob, spool, state, cause)
        warn(f"nothing can wait in {spool.name!r}: {cause.reason}; were the state unreachable, the run would be lost")
        return False
    return True


def _bypass(blob: Blob, spool: ObjectStore, state: ObjectStore, cause: StoreError) -> None:
    try:
        state.write([blob])
    except StoreError as error:
        raise StateError(
            f"observations can be kept neither in {state.name!r}: {error.reason}; nor in {spool.name!r}: {cause.reason}"
        ) from error


def _move(blob: Blob, spool: ObjectStore, state: ObjectStore, warn: Callable[[str], None]) -> None:
    """Deliver what waits, this object last; on its own when nobody can see what waits."""
    try:
        move(spool, state, warn)
    except StoreError as error:
        warn(f"what waits in {spool.name!r} for {state.name!r} cannot be seen: {error}")
        with suppress(StoreError):
            state.write([blob])
