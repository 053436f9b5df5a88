"""No interleaving of runs and compactors, crash, stale listing or late retry loses a single line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from statusgen.history import append, codec, recall
from statusgen.history.compact import compact
from statusgen.history.contents import read, segment_lines, split
from statusgen.history.keys import RawKey, SegmentKey, parse
from statusgen.history.listing import take
from statusgen.ports import Blob, Listed, ObjectStore
from tests.factories import DAY, HOLD, INTERVAL, NOW, observation
from tests.fakes import MemoryStore
from tests.property.walkers import Walker

TODAY = NOW.date()
LATER = NOW + 2 * DAY
"""When the day is closed."""


def nothing(_message: str) -> None:
    """Hear warnings: a stale listing names what is gone."""


def compact_at_once(store: ObjectStore) -> None:
    """Merge everything of the day, without the politeness that makes races rare."""
    listing = take(store, first=TODAY, last=TODAY, warn=nothing)
    found = read(store, listing.of(TODAY), now=LATER, warn=nothing, strict=False)
    compact(store, TODAY, found, warn=nothing)


def recall_all(store: ObjectStore) -> None:
    """Do what a run does, a day after, when the day is closed."""
    recall(store, hold=HOLD, now=LATER, days=4, warn=nothing)


WORK = {"compact": compact_at_once, "recall": recall_all}


def lines_in(store: MemoryStore) -> set[str]:
    """Return every line that any object holds."""
    lines: set[str] = set()
    for key, (body, _) in store.objects.items():
        match parse(key):
            case SegmentKey() as segment:
                lines |= segment_lines(segment, body)
            case RawKey():
                lines.update(split(body.decode()))
            case None:
                assert key.startswith("summaries/")
    return lines


class Compaction(RuleBasedStateMachine):
    """Runs that append, and up to three processes that merge, each of them one call at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.store = MemoryStore()
        self.kept: set[str] = set()
        self.sent: list[Blob] = []
        self.listings: list[Sequence[Listed]] = []
        self.walkers: list[Walker] = []
        self.runs = 0

    @initialize(count=st.integers(1, 3))
    def begin(self, count: int) -> None:
        for _ in range(count):
            self.append(location="earth", again=False)

    @rule(location=st.sampled_from(["earth", "mars"]), again=st.booleans())
    def append(self, location: str, *, again: bool) -> None:
        """A run is kept; now and then it repeats what another one said in the same words."""
        number = self.runs // 2 if again else self.runs
        self.runs += 1
        one = observation(at=NOW + number * INTERVAL / 10, location=location, run=f"r{number}")
        key = append(self.store, [one], warn=nothing)
        self.kept.add(codec.encode(one))
        self.sent.append(self.store.blobs[key])

    @rule(minutes=st.sampled_from([1, 20]))
    def time_passes(self, minutes: int) -> None:
        self.store.now += timedelta(minutes=minutes)
        self.listings.append(self.store.list())

    @rule(data=st.data())
    def a_retry_arrives_late(self, data: st.DataObject) -> None:
        """The network delivers an upload again, perhaps after its object was merged and deleted."""
        self.store.write([data.draw(st.sampled_from(self.sent))])

    @precondition(lambda self: len(self.walkers) < 3)
    @rule(work=st.sampled_from(sorted(WORK)), data=st.data())
    def a_process_begins(self, work: str, data: st.DataObject) -> None:
        walker = Walker(self.store, WORK[work])
        if self.listings and data.draw(st.booleans()):
            walker.stale = data.draw(st.sampled_from(self.listings))
        self.walkers.append(walker)

    @precondition(lambda self: self.walkers)
    @rule(data=st.data(), steps=st.integers(1, 4))
    def a_process_goes_on(self, data: st.DataObject, steps: int) -> None:
        walker = data.draw(st.sampled_from(self.walkers))
        for _ in range(steps):
            walker.step()
        self._bury()

    @precondition(lambda self: self.walkers)
    @rule(data=st.data(), when=st.sampled_from(["before", "after"]))
    def a_process_is_killed(self, data: st.DataObject, when: str) -> None:
        data.draw(st.sampled_from(self.walkers)).crash(when)  # type: ignore[arg-type]  # one of the two words
        self._bury()

    @invariant()
    def no_line_is_lost(self) -> None:
        assert lines_in(self.store) == self.kept

    def teardown(self) -> None:
        """However it went, a quiet compaction in the end leaves one object that holds everything."""
        for walker in self.walkers:
            walker.stale = None
            walker.finish()
        for _ in range(2):
            compact_at_once(self.store)
        assert len(self.store.keys("raw/") + self.store.keys("segments/")) == 1
        self.no_line_is_lost()

    def _bury(self) -> None:
        self.walkers = [walker for walker in self.walkers if not walker.done]


Compaction.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestCompaction = Compaction.TestCase
