"""Overrun: the announced end of a maintenance has passed, and what it covers is down still.

| of what it covers, and was down at its announced end | the maintenance |
| --- | --- |
| nothing | was over at that end |
| one is down still, without a break | runs over |
| all were seen up again since | was over when the last of them was |
| all are not down any more, one of them unseen | is over, and nobody saw when |

A component that it expects to stay `operational` is not covered. An overrun is measured and not claimed: it is shown
and counts against uptime, until people say that the maintenance is over (decision 0033).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime

from statusgen.model.measured import Outage
from statusgen.model.words import Status


def left_down(
    affects: Mapping[str, Status], ends: datetime, outages: Mapping[str, Sequence[Outage]]
) -> tuple[Outage, ...]:
    """Return the outages of what a maintenance covers that went on at its announced end."""
    found = []
    for component, status in affects.items():
        measured = outages.get(component, ())
        index = bisect_right(measured, ends, key=lambda outage: outage.start)
        if index and status is not Status.OPERATIONAL:
            found.append(measured[index - 1])
    return tuple(outage for outage in found if outage.end is None or outage.end > ends)


def still_down(left: Sequence[Outage]) -> bool:
    """Return whether any of the outages that went on at the announced end goes on now."""
    return any(outage.end is None for outage in left)


def recovered(ends: datetime, left: Sequence[Outage]) -> datetime | None:
    """Return when all that was still down at the end was up again; the end itself if nothing was, None if unseen."""
    if any(outage.lost for outage in left):
        return None
    return max((outage.end for outage in left if outage.end), default=ends)


def out_of_sight(left: Sequence[Outage]) -> datetime | None:
    """Return when measuring stopped of what was still down at the end, if nobody saw all of it up again; else None."""
    if still_down(left) or not any(outage.lost for outage in left):
        return None
    return max(outage.end for outage in left if outage.end)
