"""Law: what was kept arrives in order and once, whenever the state was away and wherever a process was killed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from statusgen.history import append, deliver
from statusgen.ports import Blob
from tests.factories import MINUTE, NOW, observation
from tests.fakes import MemoryStore

LOCATIONS = ("earth", "mars")


class KilledError(BaseException):
    """The process is gone; nothing in it hears of it."""


class Fragile(MemoryStore):
    """A store whose caller is killed at one of its next writes or deletions, before or after that was carried out."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.left: int | None = None
        self.after = False

    def write(self, blobs: Sequence[Blob]) -> None:
        """Write, unless the caller dies before; it may die after."""
        self._die(before=True)
        super().write(blobs)
        self._die(before=False)

    def delete(self, keys: Sequence[str]) -> None:
        """Delete, unless the caller dies before; it may die after."""
        self._die(before=True)
        super().delete(keys)
        self._die(before=False)

    def _die(self, *, before: bool) -> None:
        if self.left is None or before is self.after:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            raise KilledError


class Agents(RuleBasedStateMachine):
    """Runs of two locations on one machine, a state that comes and goes, and processes that die."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.spool = Fragile("s3://state"), Fragile("file:spool")
        self.kept: list[str] = []
        self.runs = 0

    @rule(location=st.sampled_from(LOCATIONS))
    def run(self, location: str) -> None:
        """Keep a run; once that was answered, or the run was on the disk, it counts as kept."""
        self.runs += 1
        one = observation(at=NOW + MINUTE * self.runs, location=location, run=f"r{self.runs}")
        key = f"raw/{location}/{one.at:%Y-%m-%d/%H%M%S}-r{self.runs}.jsonl"
        try:
            assert append(self.state, [one], spool=self.spool, warn=lambda _: None) == key
        except KilledError:
            if key not in {*self.spool.keys(), *self.state.keys()}:
                return
        self.kept.append(key)

    @rule()
    def deliver(self) -> None:
        """Deliver what waits, as another process of the same machine would."""
        with suppress(KilledError):
            deliver(self.spool, self.state, lambda _: None)

    @rule(gone=st.booleans())
    def state_comes_or_goes(self, gone: bool) -> None:
        """Let the state take nothing, or everything."""
        self.state.broken = {"write": "no answer in time"} if gone else {}

    @rule(location=st.sampled_from(LOCATIONS), refused=st.booleans())
    def key_is_good_for_one_location(self, location: str, refused: bool) -> None:
        """Let a location's key lose its rights, or get them back."""
        own = {f"raw/{location}/{NOW + MINUTE * number:%Y-%m-%d/%H%M%S}-r{number}.jsonl" for number in range(99)}
        self.state.refused = self.state.refused | own if refused else self.state.refused - own

    @precondition(lambda self: self.state.left is None and self.spool.left is None)
    @rule(store=st.sampled_from(["state", "spool"]), left=st.integers(0, 2), after=st.booleans())
    def somebody_will_be_killed(self, store: str, left: int, after: bool) -> None:
        """Let one of the next calls be the last thing that a process does."""
        found: Fragile = getattr(self, store)
        found.left, found.after = left, after

    @invariant()
    def nothing_that_was_kept_is_lost(self) -> None:
        """Every run that was kept is in the state or waits."""
        assert set(self.kept) <= {*self.spool.keys(), *self.state.keys()}

    @invariant()
    def nothing_overtakes_an_older_run_of_its_location(self) -> None:
        """What has arrived of a location is older than whatever of it has not."""
        for location in LOCATIONS:
            own = [key for key in self.kept if f"/{location}/" in key]
            missing = [key for key in own if key not in self.state.keys()]  # noqa: SIM118 - a method of ours
            assert not missing or all(key < missing[0] for key in self.state.keys(f"raw/{location}/"))

    def teardown(self) -> None:
        """Let everything work again: then all of it arrives, and nothing waits."""
        self.state.broken, self.state.refused = {}, set()
        self.state.left = self.spool.left = None
        deliver(self.spool, self.state, pytest.fail)
        assert set(self.kept) <= set(self.state.keys())
        assert self.spool.keys() == ()


Agents.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestAgents = Agents.TestCase
