"""Checks become the timeline of a component."""

from __future__ import annotations

from collections.abc import Sequence

from statusgen.evaluate.timeline import Stretch, Timeline, began, present, timeline
from statusgen.evaluate.verdict import END_OF_TIME, verdicts
from statusgen.model.track import Span
from statusgen.model.words import Outcome, Status
from tests.factories import MINUTE, minutes, span

UP, DEGRADED, DOWN, UNKNOWN = Outcome.UP, Outcome.DEGRADED, Outcome.DOWN, Outcome.UNKNOWN
WELL, SLOW, GONE, UNSEEN = Status.OPERATIONAL, Status.DEGRADED_PERFORMANCE, Status.MAJOR_OUTAGE, Status.UNKNOWN


def line_of(*checks: Sequence[Span]) -> Timeline:
    """Return the timeline of checks, each seen from one location."""
    return timeline([verdicts([spans]) for spans in checks])


def test_a_component_never_measured_has_no_timeline() -> None:
    assert line_of() == line_of(()) == ()


def test_a_component_is_the_worst_of_its_checks_with_the_reason_of_the_first_as_bad() -> None:
    line = line_of(
        [span(minutes(0), minutes(4)), span(minutes(4), minutes(9), DOWN, "http_502")],
        [
            span(minutes(0), minutes(2)),
            span(minutes(2), minutes(6), DEGRADED, "slow"),
            span(minutes(6), minutes(9), DOWN),
        ],
    )
    assert line == (
        Stretch(minutes(0), minutes(2), WELL, None),
        Stretch(minutes(2), minutes(4), SLOW, "slow"),
        Stretch(minutes(4), minutes(9), GONE, "http_502"),
        Stretch(minutes(9), END_OF_TIME, UNSEEN, "not_measured"),
    )


def test_a_check_that_nobody_sees_keeps_a_component_from_being_well_and_hides_nothing_bad() -> None:
    line = line_of(
        [span(minutes(0), minutes(3)), span(minutes(3), minutes(9), DOWN)],
        [span(minutes(0), minutes(1)), span(minutes(1), minutes(9), UNKNOWN, "secret_missing")],
    )
    assert [(stretch.status, stretch.reason) for stretch in line] == [
        (WELL, None),
        (UNSEEN, "secret_missing"),
        (GONE, "timeout"),
        (UNSEEN, "not_measured"),
    ]


def test_what_is_degraded_and_only_seen_in_part_says_so() -> None:
    line = line_of(
        [span(minutes(0), minutes(3), DEGRADED, "slow"), span(minutes(3), minutes(9), DOWN)],
        [span(minutes(0), minutes(1)), span(minutes(1), minutes(4), UNKNOWN), span(minutes(4), minutes(9))],
    )
    assert [(one.status, one.partly, one.counted) for one in line] == [
        (SLOW, False, SLOW),
        (SLOW, True, UNSEEN),
        (GONE, False, GONE),
        (UNSEEN, False, UNSEEN),
    ]


def test_a_check_counts_from_its_first_observation_on() -> None:
    line = line_of([span(minutes(0), minutes(9))], [span(minutes(5), minutes(9))], ())
    assert line[0] == Stretch(minutes(0), minutes(9), WELL, None)


def test_the_present_is_the_stretch_that_holds_the_instant() -> None:
    line = line_of([span(minutes(0), minutes(4)), span(minutes(4), minutes(9), DOWN)])
    assert present(line, minutes(0)) is line[0]
    assert present(line, minutes(3.99)) is line[0]
    assert present(line, minutes(4)) is line[1]
    assert present(line, minutes(9)) is line[2]
    assert present(line, minutes(99999)) is line[2]
    assert present(line, minutes(-0.01)) is None
    assert present((), minutes(0)) is None


def test_a_status_began_with_the_first_stretch_of_that_status_whatever_the_reasons() -> None:
    refused, timed_out = (span(minutes(4), minutes(6), DOWN, "open"), span(minutes(6), minutes(9), DOWN))
    line = line_of([span(minutes(0), minutes(4)), refused, timed_out])
    assert began(line, minutes(8)) == minutes(4)
    assert began(line, minutes(5)) == minutes(4)
    assert began(line, minutes(3)) == minutes(0)
    assert began(line, minutes(0) - MINUTE) is None
    assert began((), minutes(0)) is None
