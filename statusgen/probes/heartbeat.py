"""The kind `heartbeat`: something that nobody asks, because it reports by itself, such as a backup at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.values import CheckDocument, Document, parse_duration, wrong

LONGEST = timedelta(days=31)
"""The longest time between two reports that can be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatSpec:
    """How long after a report the next one must have come."""

    within: timedelta


def parse_within(text: object) -> timedelta:
    """Return a duration of up to 31 days."""
    within = parse_duration(text)
    if within > LONGEST:
        raise wrong(f"expected at most '31d', got {text!r}")
    return within


class HeartbeatTarget(Document):
    """What is expected of who reports."""

    within: Annotated[timedelta, BeforeValidator(parse_within)] = Field(
        description="How long after a report the next one must have come, at most `31d`; then it is down.",
        examples=["26h"],
    )


class HeartbeatDocument(CheckDocument):
    """The keys of a `heartbeat` check."""

    kind: ClassVar[str] = "heartbeat"

    heartbeat: HeartbeatTarget = Field(description="How often it must report.", examples=["{within: 26h}"])

    def spec(self) -> HeartbeatSpec:
        """Return the same as plain data."""
        return HeartbeatSpec(within=self.heartbeat.within)

    def holds(self) -> timedelta:
        """Return how long a report speaks."""
        return self.heartbeat.within


async def probe(spec: HeartbeatSpec, secrets: Secrets) -> Finding:  # noqa: ARG001 - every prober is given both
    """Return that nothing was measured: nobody can ask for a report, and no run does."""
    return Finding(outcome=Outcome.UNKNOWN, reason="not_measured")


KIND = ProbeKind(HeartbeatDocument, probe)
