"""The algebra of statuses: which of them is worse, and what many of them amount to.

For readers `operational < degraded_performance < partial_outage < major_outage`. Two words stand beside that order and
need a place in it when statuses are combined: maintenance is worse than nothing wrong and better than not knowing; not
knowing is worse than anything that is well and better than anything measured to be bad. So one thing that nobody sees
keeps a page from being green, and never hides what was seen to fail.
"""

from __future__ import annotations

from collections.abc import Iterable

from statusgen.model.words import Impact, Outcome, Status

RANK: dict[Status, int] = {
    Status.OPERATIONAL: 0,
    Status.UNDER_MAINTENANCE: 1,
    Status.UNKNOWN: 2,
    Status.DEGRADED_PERFORMANCE: 3,
    Status.PARTIAL_OUTAGE: 4,
    Status.MAJOR_OUTAGE: 5,
}
"""How bad each status is; the greater the worse."""

OF_OUTCOME: dict[Outcome, Status] = {
    Outcome.UP: Status.OPERATIONAL,
    Outcome.DEGRADED: Status.DEGRADED_PERFORMANCE,
    Outcome.DOWN: Status.MAJOR_OUTAGE,
    Outcome.UNKNOWN: Status.UNKNOWN,
}
"""What the verdict on one check means for its component."""

OF_IMPACT: dict[Impact, Status] = {
    Impact.NONE: Status.OPERATIONAL,
    Impact.MINOR: Status.DEGRADED_PERFORMANCE,
    Impact.MAJOR: Status.PARTIAL_OUTAGE,
    Impact.CRITICAL: Status.MAJOR_OUTAGE,
}
"""What an open incident that names no component means for the page."""


def worst(statuses: Iterable[Status]) -> Status:
    """Return the worst of the statuses; `operational` of none, which changes nothing it is combined with."""
    return max(statuses, key=RANK.__getitem__, default=Status.OPERATIONAL)


def roll_up(statuses: Iterable[Status]) -> Status:
    """Return what the statuses of parts mean for the whole.

    The worst of them; but an outage of some parts is partial, and a whole without parts is unknown. Rolling up groups
    gives the same as rolling up all their components.
    """
    parts = list(statuses)
    if not parts:
        return Status.UNKNOWN
    found = worst(parts)
    if found is Status.MAJOR_OUTAGE and any(part is not found for part in parts):
        return Status.PARTIAL_OUTAGE
    return found
