"""Law: whatever the network, the clocks and the processes do, what was acknowledged is in the history exactly once.

Writers, publishers, agents with spools and compactors run on one store at the same time, a request at a time. Each
listing may be of any earlier moment, each request may fail before or after it has taken effect, each process may be
killed at each of them, and clocks are wrong by minutes, more than is forgiven.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from statusgen.errors import StateError
from statusgen.evaluate.track import fold
from statusgen.history import append, codec, deliver, observed, recall
from statusgen.history.compact import compact
from statusgen.history.contents import read
from statusgen.history.listing import take
from statusgen.model.observation import Observation
from statusgen.model.track import Record
from statusgen.ports import Blob, Listed, ObjectStore
from tests.factories import DAY, HOLD, HOUR, NOW, observation
from tests.fakes import MemoryStore
from tests.property.walkers import Requester, When

PLACES = ("earth", "mars", "moon")
SKEWS = {"earth": timedelta(), "mars": timedelta(minutes=7), "moon": -timedelta(minutes=20)}
"""How wrong each location's clock is."""
MOST_AT_ONCE = 4
METHODS = ("list", "read", "write", "delete")
WHEN: tuple[When, ...] = ("before", "after")


def unheard(_message: str) -> None:
    """Hear a warning: a failure on the way is none of ours in the end."""


class History(RuleBasedStateMachine):
    """A store and the processes on it; `acknowledged` are the lines of the runs of which somebody was told: kept."""

    def __init__(self) -> None:
        super().__init__()
        self.store = MemoryStore()
        self.store.now = NOW
        self.spools = {place: MemoryStore(f"file:{place}") for place in PLACES}
        self.attempted: dict[str, Observation] = {}
        self.acknowledged: set[str] = set()
        self.sent: list[Blob] = []
        self.listings: list[Sequence[Listed]] = []
        self.processes: list[Requester] = []

    @precondition(lambda self: len(self.processes) < MOST_AT_ONCE)
    @rule(place=st.sampled_from(PLACES), spooled=st.booleans(), publishes=st.booleans())
    def a_run_begins(self, place: str, *, spooled: bool, publishes: bool) -> None:
        """A location keeps what it saw, through its spool or not, and may read and tidy the whole state then."""
        number = len(self.attempted)
        one = observation(at=self.store.now + SKEWS[place], location=place, run=f"r{number}", latency_ms=float(number))
        self.attempted[codec.encode(one)] = one

        def work(state: ObjectStore) -> None:
            with suppress(StateError):
                append(state, [one], spool=self.spools[place] if spooled else None, warn=unheard)
                self.acknowledged.add(codec.encode(one))
                if publishes:
                    recall(state, hold=HOLD, now=one.at, days=4, warn=unheard)

        self._begin(work)

    @precondition(lambda self: len(self.processes) < MOST_AT_ONCE)
    @rule(place=st.sampled_from(PLACES), later=st.sampled_from([timedelta(), DAY]))
    def somebody_reads_and_tidies(self, place: str, later: timedelta) -> None:
        """A page is made; also by somebody who thinks that the day is over already."""
        now = self.store.now + SKEWS[place] + later

        def work(state: ObjectStore) -> None:
            with suppress(StateError):
                recall(state, hold=HOLD, now=now, days=4, warn=unheard)

        self._begin(work)

    @precondition(lambda self: len(self.processes) < MOST_AT_ONCE)
    @rule()
    def somebody_compacts(self) -> None:
        """All days are merged at once, young objects too, without the politeness that makes races rare."""
        now = self.store.now

        def work(state: ObjectStore) -> None:
            with suppress(Exception):
                listing = take(state, first=NOW.date(), last=now.date(), warn=unheard)
                for day in listing.days:
                    found = read(state, listing.of(day), now=now, warn=unheard, strict=False)
                    compact(state, day, found, warn=unheard)

        self._begin(work)

    @precondition(lambda self: self.processes)
    @rule(data=st.data(), requests=st.integers(1, 6), stale=st.booleans())
    def a_process_goes_on(self, data: st.DataObject, requests: int, *, stale: bool) -> None:
        """Some requests are answered; a listing among them may be an old one."""
        one = data.draw(st.sampled_from(self.processes))
        one.stale = data.draw(st.sampled_from(self.listings)) if stale and self.listings else None
        for _ in range(requests):
            one.step()
        self._look_around()

    @precondition(lambda self: self.processes)
    @rule(data=st.data(), method=st.sampled_from(METHODS), when=st.sampled_from(WHEN), killed=st.booleans())
    def a_request_goes_wrong(self, data: st.DataObject, method: str, when: When, *, killed: bool) -> None:
        """A process hears of a failure, or is killed, though what it asked for may have been done."""
        one = data.draw(st.sampled_from(self.processes))
        one.stale = None
        if one.go_to(method):
            (one.crash if killed else one.fail)(when)
        self._look_around()

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def a_retry_arrives_late(self, data: st.DataObject) -> None:
        """The network delivers an upload again, perhaps after its object was merged and deleted."""
        self.store.write([data.draw(st.sampled_from(self.sent))])

    @rule(by=st.sampled_from([timedelta(minutes=3), timedelta(minutes=20), 13 * HOUR]))
    def time_passes(self, by: timedelta) -> None:
        """Objects grow old, and days end."""
        self.store.now += by

    def teardown(self) -> None:
        """Once the dust has settled, everything that was acknowledged is there, once, and stays as it is."""
        for process in self.processes:
            process.stale = None
            process.finish()
        for spool in self.spools.values():
            deliver(spool, self.store, pytest.fail)
        self.store.now += 3 * DAY
        append(self.store, [last := observation(at=self.store.now, run="last")], warn=pytest.fail)
        self.attempted[codec.encode(last)] = last
        raw = self._recalled(tidy=False)
        assert self._recalled() == self._recalled() == raw
        kept = self._exactly_once()
        assert raw.tracks == fold(kept, HOLD)
        objects = dict(self.store.objects)
        assert self._recalled() == raw
        assert self.store.objects == objects
        assert self._exactly_once() == kept

    def _recalled(self, *, tidy: bool = True) -> Record:
        return recall(self.store, hold=HOLD, now=self.store.now, days=30, warn=pytest.fail, tidy=tidy)

    def _exactly_once(self) -> list[Observation]:
        """Return all observations of the history, of which each is one that was made, and none is missing or double."""
        days = [self.store.now.date() - number * DAY for number in range(30)]
        found = [one for day in days for one in observed(self.store, day, now=self.store.now, warn=pytest.fail)]
        times = Counter(codec.encode(one) for one in found)
        assert set(times.values()) == {1}
        assert self.acknowledged <= set(times) <= set(self.attempted)
        return found

    def _begin(self, work: object) -> None:
        self.processes.append(Requester(self.store, work))  # type: ignore[arg-type]

    def _look_around(self) -> None:
        """Bury the dead, and remember what there was to be listed and to be sent again."""
        self.processes = [process for process in self.processes if not process.done]
        self.listings.append(self.store.list())
        self.sent = list(
            {blob.key: blob for blob in [*self.sent, *self.store.blobs.values()] if "raw/" in blob.key}.values()
        )


History.TestCase.settings = settings(stateful_step_count=50, max_examples=2 * settings.default.max_examples)
TestNothingIsLost = History.TestCase
