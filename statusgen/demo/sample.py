"""Sample history: ninety days of plausible observations, always the same for the same instant.

It goes the way of what is really measured: into the state, through the history.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from statusgen import history
from statusgen.model.observation import Observation
from statusgen.model.project import Check, Project
from statusgen.model.words import Outcome
from statusgen.ports import ObjectStore

DAYS = 90
PACE = 2
"""Intervals between two runs of the sample; an observation speaks for two and a half, so nothing is left unmeasured."""

_DAY = timedelta(days=1)
_LATENCY_MS = {"http": 70.0, "mastodon": 90.0, "tls": 24.0, "tcp": 3.0, "postgres": 12.0, "redis": 4.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that went wrong on a day of the sample, for some components, beginning at an hour (UTC)."""

    days_ago: int
    hour: int
    lasted: timedelta
    components: frozenset[str]
    outcome: Outcome = Outcome.DOWN
    reason: str = "timeout"

    def covers(self, at: datetime, today: date) -> bool:
        """Return whether it went on at an instant."""
        began = datetime.combine(today, time(tzinfo=UTC)) - self.days_ago * _DAY + timedelta(hours=self.hour)
        return began <= at < began + self.lasted


TROUBLES = (
    Trouble(
        days_ago=71,
        hour=19,
        lasted=timedelta(hours=2),
        components=frozenset({"database", "web", "timelines"}),
        outcome=Outcome.DEGRADED,
        reason="slow",
    ),
    Trouble(
        days_ago=46,
        hour=4,
        lasted=timedelta(hours=1),
        components=frozenset({"edge-fremont"}),
        reason="tls_expired",
    ),
    Trouble(
        days_ago=20,
        hour=17,
        lasted=timedelta(hours=2),
        components=frozenset({"redis"}),
        reason="connection_refused",
    ),
    Trouble(
        days_ago=20,
        hour=17,
        lasted=timedelta(hours=2),
        components=frozenset({"timelines"}),
        reason="http_503",
    ),
    Trouble(
        days_ago=6,
        hour=21,
        lasted=timedelta(hours=3),
        components=frozenset({"media-frankfurt", "edge-frankfurt"}),
        outcome=Outcome.DEGRADED,
        reason="slow",
    ),
)


def lay(project: Project, state: ObjectStore, now: datetime) -> None:
    """Write the history of every check up to an interval before now. Raises `StateError`."""
    history.backfill(state, observations(project, now))


def observations(project: Project, now: datetime) -> Iterator[Observation]:
    """Yield what was seen from the project's first location, oldest first."""
    noise = random.Random(0)  # noqa: S311 - the same noise each time is wanted
    newest = now - project.interval
    for back in range(DAYS * _DAY // (PACE * project.interval), -1, -1):
        at = newest - back * PACE * project.interval
        for check in project.checks:
            trouble = _trouble(check, at, now.date())
            latency = _LATENCY_MS.get(check.kind, 50.0) * noise.lognormvariate(0.0, 0.25)
            yield _observation(check, at, trouble, latency=latency, location=project.locations[0].id)


def _trouble(check: Check, at: datetime, today: date) -> Trouble | None:
    found = (one for one in TROUBLES if check.component in one.components and one.covers(at, today))
    return next(found, None)


def _observation(check: Check, at: datetime, trouble: Trouble | None, *, latency: float, location: str) -> Observation:
    usual = Observation(
        check=check.id,
        location=location,
        run=f"sample-{at:%Y%m%dT%H%M%S}",
        at=at,
        outcome=Outcome.UP,
        latency_ms=round(latency, 1),
    )
    if trouble is None:
        return usual
    slow = round(latency * 30, 1) if trouble.outcome is Outcome.DEGRADED else None
    return replace(usual, outcome=trouble.outcome, reason=trouble.reason, latency_ms=slow, tries=check.confirm + 1)
