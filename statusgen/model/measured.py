"""What was measured, summed up: uptime, days, outages and speed. Instants are aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from statusgen.model.words import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Uptime:
    """Time-weighted uptime over a period, always beside its coverage.

    `period` is the window (or day) from the component's first measurement in it until now: nothing is owed for the time
    before. `up`, `degraded`, `down` are measured outside maintenance; `maintenance` was covered by an announced window;
    `unmeasured` is the rest of `period`. Degraded time counts as up: it was reachable. Whoever writes a figure down
    rounds it down, from these durations and not from `ratio`, so that 100 % means not one second.
    """

    period: timedelta
    up: timedelta = timedelta()
    degraded: timedelta = timedelta()
    down: timedelta = timedelta()
    maintenance: timedelta = timedelta()

    @property
    def measured(self) -> timedelta:
        """Time that counts: measured and outside maintenance."""
        return self.up + self.degraded + self.down

    @property
    def unmeasured(self) -> timedelta:
        """Time that nobody saw."""
        return self.period - self.measured - self.maintenance

    @property
    def ratio(self) -> float | None:
        """Uptime from 0 to 1 over measured time; None when nothing was measured."""
        return (self.up + self.degraded) / self.measured if self.measured else None

    @property
    def coverage(self) -> float:
        """The share of the period outside maintenance that was measured, from 0 to 1; 0 for an empty period."""
        owed = self.period - self.maintenance
        return self.measured / owed if owed else 0.0


Past = Mapping[str, Mapping[date, Uptime]]
"""The uptime of days gone by: by component, then by UTC day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The uptime of the last so many whole UTC days, the last of them `last`, which is yesterday.

    The day that runs is left out, so that a figure stays what it is until the day is over.
    """

    days: int
    last: date
    uptime: Uptime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A measured interval in which a component was down, with its true start and end, under maintenance or not.

    `end` is None while it lasts. `reason` is that of its first moment. `unmeasured` is time within it that nobody saw
    (short gaps only). `lost`: nobody saw it end; measuring stopped at `end`. `planned`: it lies wholly within announced
    maintenance. `explained_by` is the component it depends on whose own outage holds all of this one.

    Outages of a component that follow each other closely are one episode: `episode` is when that began, `number` the
    how-manieth time it went down in it, and `over` whether it has been quiet since for long enough to say so.

    What feeds go by, since they take nothing back: `effect` says that it began with an outage of a component it depends
    on and is nothing more so far, `foretold` that it lies wholly within maintenance announced before it. `outlived` is
    when it had gone on for too long after that outage, and `overran` when that maintenance ended and left it down.
    """

    component: str
    start: datetime
    end: datetime | None
    reason: str | None = None
    unmeasured: timedelta = timedelta()
    lost: bool = False
    planned: bool = False
    explained_by: str | None = None
    episode: datetime | None = None
    number: int = 1
    over: bool = False
    effect: bool = False
    foretold: bool = False
    outlived: datetime | None = None
    overran: datetime | None = None

    @property
    def told(self) -> datetime:
        """Since when it is news: from its start, or from when nothing accounted for it any more."""
        return max(at for at in (self.start, self.outlived, self.overran) if at)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBar:
    """One UTC day of one component: the worst status measured for at least a moment, and the day's uptime.

    `status` is `under_maintenance` when nothing but maintenance was there, `unknown` when nothing was measured.
    """

    day: date
    status: Status
    uptime: Uptime


@dataclass(frozen=True, slots=True)
class DaySpeed:
    """How fast a check answered on one day (UTC): within `median_ms` half of the time, `most_ms` nineteen in twenty."""

    day: date
    median_ms: float
    most_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSpeed:
    """How fast a component answered from one place, on the days of the window with answers, in order, without today."""

    place: str
    days: tuple[DaySpeed, ...]
