"""What a probe saw: the finding of one try, and the observation that is kept for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from statusgen.model.words import Outcome

Fact = bool | int | float | str

CONTROL_PREFIX = "@control/"
"""Checks whose id starts so are controls: they say whether their location is online."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a prober answers of one try.

    `reason` is from the closed list and present unless the outcome is `up`. `latency_ms` is the whole try. `phases` are
    milliseconds by name (`resolve`, `connect`, `tls`, `first_byte`, `transfer`). `facts` are measured values that may
    be shown in public (days to expiry, connections in use); a value the target did not tell is left out, never 0.
    """

    outcome: Outcome
    reason: str | None = None
    latency_ms: float | None = None
    phases: Mapping[str, float] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One immutable result: the confirmed finding of one check from one location in one run.

    `at` is the start of the first try (aware UTC), so that an outage starts at the first failure. `tries` counts all
    of them. `holds` is how long it speaks for its target, None for two and a half intervals of the project.
    """

    check: str
    location: str
    run: str
    at: datetime
    outcome: Outcome
    reason: str | None = None
    latency_ms: float | None = None
    tries: int = 1
    phases: Mapping[str, float] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    holds: timedelta | None = None
