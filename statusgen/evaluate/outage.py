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

from statusgen.evaluate.timeline import Stretch, Timeline
from statusgen.evaluate.window import Window, last_begun
from statusgen.model.page import Outage
from statusgen.model.words import Status


def outages(component: str, line: Timeline, now: datetime, *, patience: timedelta) -> tuple[Outage, ...]:
    """Return the outages of a component until now, oldest first; `patience` is the longest gap within one."""
    return tuple(_outages(component, line, now, patience))


def planned(outage: Outage, cover: Sequence[Window], now: datetime) -> bool:
    """Return whether an outage lies wholly within maintenance; one that goes on does so until now."""
    window = last_begun(cover, outage.start)
    if window is None:
        return False
    return now < window.end if outage.end is None else outage.end <= window.end


def began_within(outage: Outage, cover: Sequence[Window]) -> bool:
    """Return whether an outage began under maintenance, however long it lasted."""
    window = last_begun(cover, outage.start)
    return window is not None and window.holds(outage.start)


def explain(
    by_component: Mapping[str, tuple[Outage, ...]], depends_on: Mapping[str, Sequence[str]], *, patience: timedelta
) -> dict[str, tuple[Outage, ...]]:
    """Return the outages with `explained_by` filled in, by component.

    An outage is explained by one of a component it depends on when that one holds all of it: it began no more than
    `patience` later, ended no more than `patience` earlier, and goes on if this one does. Of a chain the far end is
    named. Components that depend on each other in a circle do not explain each other, so that a story remains.
    """
    holders = {
        (outage.component, outage.start): tuple(_holders(outage, by_component, depends_on, patience))
        for component, outages in by_component.items()
        if depends_on[component]
        for outage in outages
    }
    return {
        component: tuple(_explained(outage, holders) for outage in outages) if depends_on[component] else outages
        for component, outages in by_component.items()
    }


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
        elif current and stretch.status is not Status.UNKNOWN:
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


def _explained(outage: Outage, holders: Mapping[tuple[str, datetime], Sequence[Outage]]) -> Outage:
    behind = _far_end(outage, holders)
    return replace(outage, explained_by=behind) if behind else outage


def _far_end(outage: Outage, holders: Mapping[tuple[str, datetime], Sequence[Outage]]) -> str | None:
    """Return the component of the nearest outage behind this one that nothing explains in turn."""
    waiting = list(holders[outage.component, outage.start])
    visited = {outage.component}
    for one in waiting:
        behind = holders.get((one.component, one.start))
        if not behind:
            return one.component
        if one.component not in visited:
            visited.add(one.component)
            waiting.extend(behind)
    return None
