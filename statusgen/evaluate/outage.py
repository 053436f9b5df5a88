"""Outages: the intervals in which a component was measured to be down.

How a gap in the measurements is told (decision 0032):

- A gap never counts as time down, and it ends nothing that anyone saw end: an outage after which nothing was measured
  is `lost` at the moment measuring stopped.
- When the next thing seen after a gap of at most two and a half intervals is that the component is still down, it is
  one outage, and the gap is stated in it as `unmeasured`. After a longer gap it is another outage.
- Time in which only a part of a component was seen, and that part degraded, is a gap too: what was down may be down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from statusgen.evaluate.timeline import Stretch, Timeline
from statusgen.model.measured import Outage
from statusgen.model.words import Status


def outages(component: str, line: Timeline, now: datetime, *, patience: timedelta) -> tuple[Outage, ...]:
    """Return the outages of a component until now, oldest first; `patience` is the longest gap within one."""
    return tuple(_outages(component, line, now, patience))


def _outages(component: str, line: Timeline, now: datetime, patience: timedelta) -> Iterator[Outage]:
    current: list[Stretch] = []
    for stretch in line:
        if stretch.start > now:
            break
        if stretch.status is Status.MAJOR_OUTAGE:
            if current and stretch.start - current[-1].end > patience:
                yield _outage(component, current, lost=True)
                current = []
            current.append(stretch)
        elif current and stretch.counted is not Status.UNKNOWN:
            yield _outage(component, current, lost=current[-1].end < stretch.start)
            current = []
    if current:
        ongoing = now < current[-1].end
        yield _outage(component, current, ongoing=ongoing, lost=not ongoing)


def _outage(component: str, stretches: Sequence[Stretch], *, lost: bool, ongoing: bool = False) -> Outage:
    """Return the outage made of stretches of time down, in order, with nothing but gaps between them."""
    first, last = stretches[0], stretches[-1]
    down = sum((one.end - one.start for one in stretches), timedelta())
    return Outage(
        component=component,
        start=first.start,
        end=None if ongoing else last.end,
        reason=first.reason,
        unmeasured=last.end - first.start - down,
        lost=lost,
    )
