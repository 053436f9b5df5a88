"""Everything outside the program, in memory, and the program run in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from statusgen.config.theme import load_theme
from statusgen.model.observation import Finding
from statusgen.model.shard import Shard
from statusgen.model.words import Outcome, Status
from statusgen.pipeline import (
    Memory,
    Probed,
    Published,
    Vantage,
    look,
    probe,
    publish,
)
from statusgen.ports import ProbeKind, Secrets
from statusgen.values import CheckDocument
from tests import factories
from tests.conftest import ROOT
from tests.fakes import FakeClock, FixedSecrets, MemoryStore, Notes

PROJECT = factories.project()
THEME = load_theme(ROOT, "default")
DOWN = Finding(outcome=Outcome.DOWN, reason="connection_refused")
UP = Finding(outcome=Outcome.UP, latency_ms=12.0)
TIMELY = {"api/v2/status.json", "api/v2/summary.json", "index.html", "status.json"}


class AnyDocument(CheckDocument):
    """The keys of a check whose prober answers as it is told."""

    kind = "any"

    def spec(self) -> object:
        return None


@dataclass
class World:
    """Everything outside the program, in memory.

    `answer` is what probes of the components find, after `answers`; controls are up.
    """

    answer: Finding = UP
    answers: list[Finding] = field(default_factory=list)
    clock: FakeClock = field(default_factory=lambda: FakeClock(factories.NOW))
    memory: Memory = field(
        default_factory=lambda: Memory(state=MemoryStore("memory:state"), spool=MemoryStore("memory:spool"))
    )
    target: MemoryStore = field(default_factory=lambda: MemoryStore("memory:target"))
    progress: Notes = field(default_factory=Notes)
    runs: int = 0
    shard: Shard | None = None

    @property
    def state(self) -> MemoryStore:
        return self.memory.state  # type: ignore[return-value]  # put there above

    @property
    def spool(self) -> MemoryStore:
        return self.memory.spool  # type: ignore[return-value]  # put there above

    def wait(self, time: timedelta) -> None:
        self.clock.advance(time)
        self.state.now = self.target.now = self.clock.now()

    def written(self, key: str) -> int:
        """Return how often an object of the state was written."""
        return sum(key in call.keys for call in self.state.calls if call.method == "write")

    def vantage(self) -> Vantage:
        async def answer(spec: Any, secrets: Secrets) -> Finding:
            return self.answers.pop(0) if self.answers else self.answer

        async def online(spec: Any, secrets: Secrets) -> Finding:
            return UP

        self.runs += 1
        return Vantage(
            location=PROJECT.locations[0],
            run=f"run-{self.runs}",
            kinds={"http": ProbeKind(AnyDocument, answer), "tcp": ProbeKind(AnyDocument, online)},
            secrets=FixedSecrets(),
            shard=self.shard,
        )

    def probe(self) -> Probed:
        return probe(PROJECT, self.vantage(), self.memory, clock=self.clock, progress=self.progress)

    def web(self) -> tuple[Outcome, str | None, int]:
        """Probe, and return what was found of the one check that is no control."""
        one = self.probe().observations[-1]
        return one.outcome, one.reason, one.tries

    def publish(self, **more: Any) -> Published:
        ports = {"secrets": {}, "clock": self.clock, "progress": self.progress}
        return publish(PROJECT, THEME, self.vantage(), self.memory, self.target, **(ports | more))

    def look(self, now: datetime | None = None) -> Status:
        return look(PROJECT, self.state, now=now or self.clock.now(), progress=self.progress).status
