"""The vote: what several locations together say of one check.

| of the locations with fresh data | verdict |
| --- | --- |
| none | `unknown` |
| a quorum sees it down | `down` |
| fewer see it down, or any sees it degraded | `degraded` |
| all see it up | `up` |

The quorum is the majority, more than half, unless a check asks for its own number. A location without fresh data, or
whose own observation is `unknown`, has no vote; so a lone location decides alone. What only some places see is never
hidden, and never called an outage.

A passive check is not looked at from anywhere: something reports by itself. As long as a report speaks it is the only
one to be believed; when none does any more, the check is `down` because a `heartbeat_missed`. Before the first report
nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from statusgen.evaluate.overlay import overlay
from statusgen.evaluate.track import merged
from statusgen.model.track import Span
from statusgen.model.words import Outcome

END_OF_TIME = datetime.max.replace(tzinfo=UTC)
"""Where a history that goes on until something else is seen ends."""

NOT_MEASURED = "not_measured"

Silence = tuple[Outcome, str]
"""What it means that no location has fresh data."""

UNSEEN: Silence = (Outcome.UNKNOWN, NOT_MEASURED)
MISSED: Silence = (Outcome.DOWN, "heartbeat_missed")
"""The silence of a passive check."""


def quorum(voters: int, wanted: int | None = None) -> int:
    """Return how many of the locations with fresh data must see a check down for it to be down.

    `wanted` is what people ask for; when fewer locations vote than that, all of them must see it.
    """
    return voters // 2 + 1 if wanted is None else min(wanted, voters)


def vote(seen: Iterable[Span], wanted: int | None = None) -> tuple[Outcome, str | None]:
    """Return the verdict and its reason: that of the first location, in the order given, which saw the worst."""
    spans = list(seen)
    if len(spans) == 1:
        return spans[0].outcome, spans[0].reason
    votes = [span for span in spans if span.outcome is not Outcome.UNKNOWN]
    if not votes:
        return Outcome.UNKNOWN, next((span.reason for span in spans), NOT_MEASURED)
    down = [span for span in votes if span.outcome is Outcome.DOWN]
    if len(down) >= quorum(len(votes), wanted):
        return Outcome.DOWN, down[0].reason
    troubled = down or [span for span in votes if span.outcome is Outcome.DEGRADED]
    if troubled:
        return Outcome.DEGRADED, troubled[0].reason
    return Outcome.UP, None


def verdicts(
    locations: Sequence[Sequence[Span]], wanted: int | None = None, *, silence: Silence = UNSEEN
) -> tuple[Span, ...]:
    """Return the verdict on one check over time, from its spans by location; `wanted` is its own quorum, if any.

    It runs without a break from the first observation to the end of time, with `silence` wherever no location has
    fresh data; it is empty when there never was an observation.
    """
    return merged(_verdicts(locations, wanted, silence))


def _verdicts(locations: Sequence[Sequence[Span]], wanted: int | None, silence: Silence) -> Iterator[Span]:
    end = None
    for start, end, seen in overlay(locations):
        spans = [span for span in seen if span is not None]
        outcome, reason = vote(spans, wanted) if spans else silence
        yield Span(start, end, outcome, reason)
    if end is not None:
        yield Span(end, END_OF_TIME, *silence)
