"""Law: outages are disjoint, in order, and hold exactly the time measured to be down."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given

from statusgen.evaluate.outage import outages
from statusgen.evaluate.timeline import Timeline, timeline
from statusgen.evaluate.track import fold
from statusgen.evaluate.verdict import END_OF_TIME, verdicts
from statusgen.model.words import Status
from tests.factories import HOLD
from tests.property.strategies import CHECKS, History, flat, histories, instants, shaky

NOTHING = timedelta()


def line_of(history: History) -> Timeline:
    """Return the timeline of one component with all the checks there are."""
    tracks = fold(flat(history), HOLD)
    return timeline([verdicts([track.spans for track in tracks if track.check == check]) for check in CHECKS])


@given(histories | shaky)
def test_a_timeline_runs_without_a_break_from_the_first_observation_to_the_end_of_time(history: History) -> None:
    line = line_of(history)
    firsts = [one.at for one in flat(history) if one.check in CHECKS]
    assert bool(line) == bool(firsts)
    if line:
        assert (line[0].start, line[-1].end) == (min(firsts), END_OF_TIME)
    for one, following in pairwise(line):
        assert one.start < one.end == following.start
        assert (one.status, one.reason, one.partly) != (following.status, following.reason, following.partly)


@given(histories | shaky, instants)
def test_outages_are_disjoint_and_in_order(history: History, now: datetime) -> None:
    found = outages("web", line_of(history), now, patience=HOLD)
    for one in found[:-1]:
        assert one.end is not None
    for one in found:
        assert one.start <= now
        assert one.end is None or one.start < one.end <= now
    for one, following in pairwise(found):
        assert one.end is not None
        assert one.end < following.start


@given(histories | shaky, instants)
def test_outages_hold_exactly_the_time_that_was_measured_to_be_down(history: History, now: datetime) -> None:
    line = line_of(history)
    found = outages("web", line, now, patience=HOLD)
    down = sum(
        (max(min(one.end, now) - one.start, NOTHING) for one in line if one.status is Status.MAJOR_OUTAGE), NOTHING
    )
    assert sum(((one.end or now) - one.start - one.unmeasured for one in found), NOTHING) == down


@given(histories | shaky, instants)
def test_within_an_outage_nothing_was_ever_seen_to_be_up(history: History, now: datetime) -> None:
    line = line_of(history)
    for outage in outages("web", line, now, patience=HOLD):
        within = [one for one in line if one.start < (outage.end or now) and outage.start < one.end]
        assert {one.counted for one in within} <= {Status.MAJOR_OUTAGE, Status.UNKNOWN}
        assert outage.lost <= (outage.end is not None)


@given(histories | shaky, instants)
def test_a_longer_patience_only_joins_outages(history: History, now: datetime) -> None:
    line = line_of(history)
    strict, patient = (outages("web", line, now, patience=patience) for patience in (NOTHING, 3 * HOLD))
    assert len(patient) <= len(strict)
    assert {one.start for one in patient} <= {one.start for one in strict}
    assert {one.end for one in patient} <= {one.end for one in strict}
    assert all(one.unmeasured == NOTHING for one in strict)
