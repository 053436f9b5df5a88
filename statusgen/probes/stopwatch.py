"""Times one try and its phases, and makes the finding that carries them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from statusgen.model.observation import Fact, Finding
from statusgen.model.words import Outcome


class Stopwatch:
    """Runs from when it is made, on the event loop's clock, which never goes backwards."""

    def __init__(self) -> None:
        self._time = asyncio.get_running_loop().time
        self._start = self._time()
        self._phases: dict[str, float] = {}

    @property
    def elapsed_ms(self) -> float:
        """Milliseconds since it was made."""
        return (self._time() - self._start) * 1000

    @property
    def phases_ms(self) -> float:
        """Milliseconds that the phases make up so far."""
        return sum(self._phases.values())

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count the time within to a phase, also when it fails; what comes twice (a redirect) adds up."""
        began = self._time()
        try:
            yield
        finally:
            self.add(name, (self._time() - began) * 1000)

    @contextmanager
    def only_phases(self) -> Iterator[None]:
        """Let nothing within count but its phases: the rest is our own work, and no part of the answer."""
        began, known = self._time(), self.phases_ms
        try:
            yield
        finally:
            self._start += self._time() - began - (self.phases_ms - known) / 1000

    def add(self, name: str, milliseconds: float) -> None:
        """Count so much to a phase."""
        self._phases[name] = self._phases.get(name, 0.0) + milliseconds

    def finding(self, outcome: Outcome, reason: str | None = None, facts: Mapping[str, Fact] | None = None) -> Finding:
        """Return what was found, with the time until now, to a tenth of a millisecond."""
        return Finding(
            outcome=outcome,
            reason=reason,
            latency_ms=round(self.elapsed_ms, 1),
            phases={name: round(milliseconds, 1) for name, milliseconds in self._phases.items()},
            facts=facts or {},
        )
