"""Outages: the intervals in which a component was measured to be down.

How a gap in the measurements is told (decision 0032):

- A gap never counts as time down, and it ends nothing that anyone saw end: an outage after which nothing was measured
  is `lost` at the moment measuring stopped.
- When the next thing seen after a gap of at most two and a half intervals is that the component is still down, it is
  one outage, and the gap is stated in it as `unmeasured`. After a longer gap it is another outage.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from statusgen.evaluate.timeline import Timeline
from statusgen.evaluate.window import Window
from statusgen.model.page import Outage
from statusgen.model.words import Status


def outages(component: str, line: Timeline, now: datetime, *, patience: timedelta) -> tuple[Outage, ...]:
    """Return the outages of a component until now, oldest first; `patience` is the longest gap within one."""
    return tuple(_outages(component, line, now, patience))


def planned(outage: Outage, cover: Sequence[Window], now: datetime) -> bool:
    """Return whether an outage lies wholly within maintenance; one that goes on does so until now."""
    return any(
        window.start <= outage.start and (window.holds(now) if outage.end is None else outage.end <= window.end)
        for window in cover
    )


def began_within(outage: Outage, cover: Sequence[Window]) -> bool:
    """Return whether an outage began under maintenance, however long it lasted."""
    return any(window.holds(outage.start) for window in cover)


def explain(
    by_component: Mapping[str, Sequence[Outage]], depends_on: Mapping[str, Sequence[str]], *, patience: timedelta
) -> dict[str, tuple[Outage, ...]]:
    """Return the outages with `explained_by` filled in, by component.

    An outage is explained by one of a component it depends on when that one holds all of it: it began no more than
    `patience` later, ended no more than `patience` earlier, and goes on if this one does. Of a chain the far end is
    named. Components that depend on each other in a circle do not explain each other, so that a story remains.
    """
    holders = {
        (outage.component, outage.start): tuple(_holders(outage, by_component, depends_on, patience))
        for outages in by_component.values()
        for outage in outages
    }
    return {
        component: tuple(replace(outage, explained_by=_far_end(outage, holders)) for outage in outages)
        for component, outages in by_component.items()
    }


def _outages(component: str, line: Timeline, now: datetime, patience: timedelta) -> Iterator[Outage]:
    current: Outage | None = None
    seen_until = now
    for stretch in line:
        if stretch.start > now:
            break
        if stretch.status is Status.MAJOR_OUTAGE:
            gap = stretch.start - seen_until if current else timedelta()
            if current and gap <= patience:
                current = replace(current, unmeasured=current.unmeasured + gap)
            else:
                if current:
                    yield replace(current, end=seen_until, lost=True)
                current = Outage(component=component, start=stretch.start, end=None, reason=stretch.reason)
            seen_until = stretch.end
        elif current and stretch.status is not Status.UNKNOWN:
            yield replace(current, end=seen_until, lost=seen_until < stretch.start)
            current = None
    if current:
        yield current if now < seen_until else replace(current, end=seen_until, lost=True)


def _holders(
    outage: Outage,
    by_component: Mapping[str, Sequence[Outage]],
    depends_on: Mapping[str, Sequence[str]],
    patience: timedelta,
) -> Iterator[Outage]:
    """Yield the outages of direct dependencies that hold all of an outage, in the order they are written."""
    for component in depends_on[outage.component]:
        candidates = by_component.get(component, ())
        # The last that began in time also ended last, so when it does not hold the outage no other does.
        index = bisect_right(candidates, outage.start + patience, key=lambda candidate: candidate.start)
        if index and _outlasts(candidates[index - 1], outage, patience):
            yield candidates[index - 1]


def _outlasts(candidate: Outage, outage: Outage, patience: timedelta) -> bool:
    if candidate.end is None:
        return True
    return outage.end is not None and outage.end <= candidate.end + patience


def _far_end(outage: Outage, holders: Mapping[tuple[str, datetime], Sequence[Outage]]) -> str | None:
    """Return the component of the nearest outage behind this one that nothing explains in turn."""
    waiting = list(holders[outage.component, outage.start])
    visited = {outage.component}
    for one in waiting:
        behind = holders[one.component, one.start]
        if not behind:
            return one.component
        if one.component not in visited:
            visited.add(one.component)
            waiting.extend(behind)
    return None
