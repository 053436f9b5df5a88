"""Effects: outages that a feed leaves to the outage which they began with.

What the page says of an outage may change from run to run: one that goes on when its cause is over is a story of its
own at once, and no more if it ends soon after (decision 0035). A feed takes nothing back. So it goes by how an outage
began, which no later observation changes.

| an outage | and now | is |
| --- | --- | --- |
| that began while nothing it depends on was down | | news, from its start |
| that began while something it depends on was down | or has not been back for `patience` | an effect |
| that began so | and goes on, or went on, for longer than that | news, from then on |

"While" lasts until `patience` after the other came back; when it goes down again until then, it goes on. What is seen
down a moment before the thing it depends on has been told by then, so it stays news: of the same story, whose name the
other takes over. Components that depend on each other in a circle are nobody's effect (decision 0117).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from statusgen.evaluate.dependency import far_end
from statusgen.model.measured import Outage


def with_effects(
    by_component: Mapping[str, tuple[Outage, ...]],
    depends_on: Mapping[str, Sequence[str]],
    now: datetime,
    *,
    patience: timedelta,
) -> dict[str, tuple[Outage, ...]]:
    """Return the outages, by component, with those marked that are effects of others or have outlived them."""
    followed = {
        (outage.component, outage.start): tuple(_followed(outage, by_component, depends_on, patience))
        for component, outages in by_component.items()
        if depends_on[component]
        for outage in outages
    }
    return {
        component: tuple(_marked(outage, followed, by_component, now, patience) for outage in outages)
        if depends_on[component]
        else outages
        for component, outages in by_component.items()
    }


def _followed(
    outage: Outage,
    by_component: Mapping[str, Sequence[Outage]],
    depends_on: Mapping[str, Sequence[str]],
    patience: timedelta,
) -> Iterator[Outage]:
    """Yield the outages of direct dependencies that an outage began with."""
    for component in depends_on[outage.component]:
        candidates = by_component.get(component, ())
        index = bisect_right(candidates, outage.start, key=lambda candidate: candidate.start)
        if index and _until(candidates[index - 1], (), patience, outage.start) >= outage.start:
            yield candidates[index - 1]


def _until(outage: Outage, later: Sequence[Outage], patience: timedelta, now: datetime) -> datetime:
    """Return until when an outage and those that follow it closely account for others; now at least if one goes on."""
    until = now if outage.end is None else outage.end + patience
    for one in later:
        if one.start > until:
            break
        until = now if one.end is None else one.end + patience
    return until


def _marked(
    outage: Outage,
    followed: Mapping[tuple[str, datetime], Sequence[Outage]],
    by_component: Mapping[str, Sequence[Outage]],
    now: datetime,
    patience: timedelta,
) -> Outage:
    if far_end(outage, followed) is None:
        return outage
    limits = (
        _until(one, by_component[one.component][_after(one, by_component) :], patience, now)
        for one in followed[outage.component, outage.start]
    )
    until = max(limits)
    return replace(outage, effect=True) if (outage.end or now) <= until else replace(outage, outlived=until)


def _after(outage: Outage, by_component: Mapping[str, Sequence[Outage]]) -> int:
    return bisect_right(by_component[outage.component], outage.start, key=lambda one: one.start)
