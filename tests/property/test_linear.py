"""Law: evaluating costs in proportion to what is remembered; twice the flapping is twice the work, never four times."""

from __future__ import annotations

from itertools import cycle

from statusgen.evaluate import evaluate
from statusgen.model.announcement import Announcement
from statusgen.model.track import Span
from statusgen.model.words import IncidentPhase, Outcome
from tests.factories import (
    DAY,
    HOUR,
    NOW,
    component,
    group,
    incident,
    maintenance,
    minutes,
    project,
    record,
    track,
    updates,
)
from tests.work import calls


def calls_to_evaluate(changes: int, announcements: int) -> int:
    """Return how many calls it takes to evaluate two components that flap so often, one depending on the other."""
    step = 10 * DAY / changes
    outcomes = cycle([Outcome.UP, Outcome.DOWN, Outcome.DEGRADED, Outcome.DOWN])
    starts = [NOW - 10 * DAY + step * index for index in range(changes)]
    spans = [Span(start, start + step, outcome) for start, outcome in zip(starts, outcomes, strict=False)]
    said: list[Announcement] = []
    for index in range(announcements):
        start = NOW - index * 2 * HOUR
        over = updates((start + HOUR, IncidentPhase.RESOLVED))
        said.append(incident(f"i{index}", started=start, updates=over))
        said.append(
            maintenance(f"m{index}", starts=start + HOUR, ends=start + HOUR + (minutes(5) - NOW), announced=start)
        )
    of = project(group(component("web"), component("edge", depends_on=["web"])), announcements=said)
    remembered = record(track(*spans), track(*spans, check="edge-http"), track(*spans, location="moon"))
    return calls(lambda: evaluate(of, remembered, NOW))


def test_twice_the_changes_and_announcements_are_about_twice_the_work() -> None:
    calls_to_evaluate(10, 1)
    once, twice = calls_to_evaluate(1000, 50), calls_to_evaluate(2000, 100)
    assert once > 1000
    assert twice < 2.3 * once
