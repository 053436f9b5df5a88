"""The state of a site of any age, laid out as years of runs would have left it, and a meter for what a run costs.

Closed days differ by their dates alone, so one of them is summed up and copied. Nobody reads their segments, so these
are empty: a run that did read one would say that it is damaged.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from statusgen.history import append, backfill
from statusgen.history.contents import pack, split, unpack
from statusgen.history.keys import SegmentKey, summary_key
from statusgen.history.summary import store, summarise
from statusgen.model.observation import Observation
from statusgen.model.words import Outcome
from statusgen.ports import Blob, Listed, ObjectStore
from tests.factories import DAY, HOLD, MINUTE, observation
from tests.fakes import MemoryStore

PAGE = 1000
"""Objects that a server lists in one answer, and deletes in one request."""
ENTRY = 250
"""Bytes of a listing for each object, besides its key."""
FRESH = 20 * MINUTE
"""How long what was observed lies in objects of its own, before it is merged."""


def component_id(number: int) -> str:
    """Return the component that a check is about."""
    return f"service-{number:02}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """How much is observed: so many checks, from so many locations, in so many runs a day."""

    checks: int = 50
    locations: int = 3
    runs: int = 288

    def day(self, midnight: datetime) -> Iterator[list[Observation]]:
        """Yield what each run of a day saw, in order; one observation in three hundred is bad."""
        random = Random(7)
        for number in range(self.runs):
            at = midnight + number * DAY / self.runs
            for location in range(self.locations):
                yield [self._one(at, check, location, random) for check in range(self.checks)]

    def _one(self, at: datetime, check: int, location: int, random: Random) -> Observation:
        return observation(
            Outcome.DOWN if random.random() < 1 / 300 else Outcome.UP,
            at + timedelta(milliseconds=random.randrange(2000)),
            check=f"{component_id(check)}-http",
            location=f"place-{location}",
            run=f"{at:%Y%m%dT%H%M%S}-{location}",
            latency_ms=round(random.lognormvariate(5, 0.5), 1),
            phases={name: round(random.random() * 30, 1) for name in ("resolve", "connect", "tls", "first_byte")},
        )


def aged(days: int, now: datetime, site: Site) -> MemoryStore:
    """Return the state of a site that is so many days old, today included, with what was observed up to `now`."""
    state = MemoryStore()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    state.now = midnight - DAY
    months: dict[str, list[str]] = defaultdict(list)
    line = _summed_up(midnight - DAY, site)
    for number in range(1, days):
        day = midnight.date() - number * DAY
        months[summary_key(day)].append(_redated(line, day))
        state.objects[str(_segment(day))] = (b"", state.now)
    for key, lines in months.items():
        state.objects[key] = (pack(lines), state.now)
    _observe(state, [run for run in site.day(midnight) if run[0].at <= now], now)
    return state


def _observe(state: MemoryStore, runs: Sequence[Sequence[Observation]], now: datetime) -> None:
    """Keep the runs of today: the older ones in one segment, the newest each by itself."""
    old = [one for run in runs for one in run if run[0].at < now - FRESH]
    if old:
        state.now = now - FRESH
        backfill(state, old)
    for run in runs:
        if run[0].at >= now - FRESH:
            state.now = run[0].at
            append(state, run, warn=_refuse)
    state.now = now


def _segment(day: date) -> SegmentKey:
    return SegmentKey(day, hashlib.sha256(str(day).encode()).hexdigest())


def _summed_up(midnight: datetime, site: Site) -> str:
    """Return the line of a day's summary."""
    day, state = midnight.date(), MemoryStore()
    seen = [one for run in site.day(midnight) for one in run]
    store(state, [summarise(day, seen, HOLD, sources=[str(_segment(day))])], [day])
    [(body, _)] = state.objects.values()
    [line] = split(unpack(body))
    return line.replace(str(_segment(day)), "SEGMENT").replace(str(day + DAY), "TOMORROW").replace(str(day), "TODAY")


def _redated(line: str, day: date) -> str:
    for word, meant in {"SEGMENT": _segment(day), "TOMORROW": day + DAY, "TODAY": day}.items():
        line = line.replace(word, str(meant))
    return line


def _refuse(message: str) -> None:
    raise AssertionError(message)


class Meter:
    """A store that counts what a server would be asked and what would be moved."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.requests = 0
        self.listed = 0
        self.moved = 0

    @property
    def name(self) -> str:
        """How users know it."""
        return self._store.name

    def list(self, prefix: str = "", after: str = "") -> Sequence[Listed]:
        """Count a request for each page, and a line for each object."""
        found = self._store.list(prefix, after)
        self.requests += max(1, -(-len(found) // PAGE))
        self.listed += sum(len(one.key) + ENTRY for one in found)
        return found

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Count a request and the bytes for each key."""
        bodies = self._store.read(keys)
        self.requests += len(keys)
        self.moved += sum(map(len, bodies.values()))
        return bodies

    def write(self, blobs: Sequence[Blob]) -> None:
        """Count a request and the bytes for each object."""
        self.requests += len(blobs)
        self.moved += sum(len(blob.body) for blob in blobs)
        self._store.write(blobs)

    def delete(self, keys: Sequence[str]) -> None:
        """Count a request for each batch."""
        self.requests += -(-len(keys) // PAGE)
        self._store.delete(keys)
