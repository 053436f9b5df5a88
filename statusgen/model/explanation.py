"""What lies behind one figure: the intervals of a day, who saw what in them, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from statusgen.model.measured import Uptime
from statusgen.model.words import Outcome, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """What one location said of one check within an interval.

    `observations` counts those made in it; none when an earlier one still speaks. `tries` counts all their tries.
    """

    check: str
    location: str
    outcome: Outcome
    reason: str | None
    observations: int = 0
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A stretch of time `[start, end)` that counts as one thing.

    `status` is as what it counts: `measured`; or `under_maintenance` where `maintenance`, by slug, covers it; or
    `unknown` where it was seen `partly`: degraded as far as it was, with a check that was not.
    """

    start: datetime
    end: datetime
    status: Status
    measured: Status
    reason: str | None
    maintenance: tuple[str, ...] = ()
    testimonies: tuple[Testimony, ...] = ()
    partly: bool = False

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One UTC day of one component: its intervals in order, without a break, and the uptime that they add up to.

    `to_come` when the day has not begun; otherwise one without intervals was before anybody measured the component.
    """

    component: str
    name: str
    day: date
    intervals: tuple[Interval, ...]
    uptime: Uptime
    to_come: bool = False
