"""The timeline of a component: its measured status from its first observation on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from statusgen.evaluate.overlay import overlay
from statusgen.evaluate.status import OF_OUTCOME, RANK
from statusgen.model.track import Span
from statusgen.model.words import Outcome, Status

_start_of = attrgetter("start")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time `[start, end)` in which the measured status of a component and its reason did not change.

    `partly`: it is degraded as far as it was seen, and one of its checks was not. That check may have been down.
    """

    start: datetime
    end: datetime
    status: Status
    reason: str | None
    partly: bool = False

    @property
    def counted(self) -> Status:
        """As what its time counts: what may have been worse than it looks counts as unknown."""
        return Status.UNKNOWN if self.partly else self.status


Timeline = tuple[Stretch, ...]
"""Stretches in order, without a break, from the first observation to the end of time; empty when never measured."""


def timeline(checks: Sequence[Sequence[Span]]) -> Timeline:
    """Return the timeline of a component from the verdicts on its checks, in the order the checks are written.

    It is the worst of the checks at every instant, with the reason of the first check that is as bad. A check counts
    from its first observation on, so that adding one does not turn the past unknown.
    """
    result: list[Stretch] = []
    for start, end, seen in overlay(checks):
        what = _worst_check([span for span in seen if span is not None])
        last = result[-1] if result else None
        if last and (last.status, last.reason, last.partly) == what:
            result[-1] = Stretch(last.start, end, *what)
        else:
            result.append(Stretch(start, end, *what))
    return tuple(result)


def index_at(line: Timeline, now: datetime) -> int:
    """Return the index of the stretch that holds the instant; -1 before the first observation."""
    return bisect_right(line, now, key=_start_of) - 1


def present(line: Timeline, now: datetime) -> Stretch | None:
    """Return the stretch that holds the instant; None before the first observation."""
    index = index_at(line, now)
    return line[index] if index >= 0 else None


def began(line: Timeline, now: datetime) -> datetime | None:
    """Return when the status at an instant began, whatever its reasons were; None before the first observation."""
    index = index_at(line, now)
    while index > 0 and line[index - 1].status is line[index].status:
        index -= 1
    return line[index].start if index >= 0 else None


def _worst_check(verdicts: Sequence[Span]) -> tuple[Status, str | None, bool]:
    """Return the worst status, its reason, and whether it is only that of a part."""
    found = max(verdicts, key=lambda span: RANK[OF_OUTCOME[span.outcome]])
    partly = found.outcome is Outcome.DEGRADED and any(span.outcome is Outcome.UNKNOWN for span in verdicts)
    return OF_OUTCOME[found.outcome], found.reason, partly
