"""Dependency: one story, not ten, when what many components need has failed.

An outage of a component is explained by the outage of one that its `depends_on` when that one holds all of it:

| the other | explains it |
| --- | --- |
| began before it, or at most `patience` later, and | |
| … both go on | yes |
| … the other goes on, this one is over | yes |
| … this one goes on, the other is over | no |
| … both are over, the other later or at most `patience` earlier | yes |
| began or ended otherwise | no |

`patience` is two and a half intervals, since the probes of one run see one failure at different moments. Of a chain the
far end is named. Components that depend on each other in a circle do not explain each other, so that a story remains
(decision 0035). It spares readers stories and never changes a status, an outage or an uptime.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from statusgen.model.measured import Outage


def explain(
    by_component: Mapping[str, tuple[Outage, ...]], depends_on: Mapping[str, Sequence[str]], *, patience: timedelta
) -> dict[str, tuple[Outage, ...]]:
    """Return the outages with `explained_by` filled in, by component; dependencies are tried in the order written."""
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
    behind = far_end(outage, holders)
    return replace(outage, explained_by=behind) if behind else outage


def far_end(outage: Outage, holders: Mapping[tuple[str, datetime], Sequence[Outage]]) -> str | None:
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
