"""What is remembered of a check over time: spans of one outcome, and how fast it answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from statusgen.model.observation import Observation
from statusgen.model.words import Outcome


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time `[start, end)` with one outcome; time in no span was not measured."""

    start: datetime
    end: datetime
    outcome: Outcome
    reason: str | None = None

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One check as seen from one location: spans in order, apart from each other; latencies as a histogram.

    The last span runs on for as long as its observation speaks (two and a half intervals), which may be past
    midnight: the next day's first span cuts it off when days are stitched together. `latency` counts answers by
    bucket, see `evaluate.latency`.
    """

    check: str
    location: str
    spans: tuple[Span, ...] = ()
    latency: Mapping[int, int] = field(default_factory=dict)


Speed = tuple[int, int]
"""The latency of one day's answers: the buckets that half of them and nineteen in twenty did not exceed."""

Speeds = Mapping[tuple[str, str], Mapping[date, Speed]]
"""How fast a check answered at a location, by both, then by the day of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything remembered that a page needs: a track per check and location, and the newest observations.

    `since` is the first instant ever measured within the window, `measured` the newest; both None before the first run.
    `latest` is the newest observation of each check from each location. `late` are days before the window of which
    something came only now. `speeds` is how fast each check answered at each location.
    """

    tracks: tuple[Track, ...] = ()
    latest: tuple[Observation, ...] = ()
    since: datetime | None = None
    measured: datetime | None = None
    late: frozenset[date] = frozenset()
    speeds: Speeds = field(default_factory=dict)
