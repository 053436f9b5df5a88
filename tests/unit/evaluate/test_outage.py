"""Outages: measured intervals, and what gaps do to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from statusgen.evaluate.outage import outages
from statusgen.evaluate.timeline import timeline
from statusgen.evaluate.track import fold
from statusgen.evaluate.verdict import verdicts
from statusgen.model.measured import Outage
from tests.factories import HOLD, INTERVAL, NOW, minutes, series


def measured(letters: str, now: datetime) -> tuple[Outage, ...]:
    """Return the outages of a component with one check, seen as the letters say every five minutes."""
    line = timeline([verdicts([track.spans for track in fold(series(letters), HOLD)])])
    return outages("web", line, now, patience=HOLD)


class TestMeasured:
    """Each outage has its true start and end."""

    def test_from_the_first_failure_to_the_first_success(self) -> None:
        assert measured("uddu", minutes(20)) == (
            Outage(component="web", start=minutes(5), end=minutes(15), reason="connection_refused"),
        )

    def test_degraded_and_unknown_are_no_outage(self) -> None:
        assert measured("us?u", minutes(20)) == ()

    def test_never_measured_is_no_outage(self) -> None:
        assert outages("web", (), NOW, patience=HOLD) == ()

    def test_it_goes_on_while_the_last_observation_speaks(self) -> None:
        assert [one.end for one in measured("ud", minutes(5))] == [None]
        assert [one.end for one in measured("ud", minutes(17.4))] == [None]

    def test_it_is_not_there_before_it_began(self) -> None:
        assert measured("ud", minutes(4.9)) == ()

    def test_what_is_seen_later_than_now_does_not_end_it(self) -> None:
        assert [one.end for one in measured("udu", minutes(9))] == [None]
        assert [one.end for one in measured("udu", minutes(10))] == [minutes(10)]

    def test_each_return_makes_another(self) -> None:
        assert [(one.start, one.end) for one in measured("dudsd", minutes(20))] == [
            (minutes(0), minutes(5)),
            (minutes(10), minutes(15)),
            (minutes(20), None),
        ]

    def test_its_reason_is_that_of_its_first_moment(self) -> None:
        first, *rest = series("ddu")
        seen = [*rest, replace(first, reason="open")]
        line = timeline([verdicts([track.spans for track in fold(seen, HOLD)])])
        (found,) = outages("web", line, minutes(20), patience=HOLD)
        assert (found.reason, found.start, found.end) == ("open", minutes(0), minutes(10))


class TestGaps:
    """A gap is never time down, and never passes in silence."""

    def test_a_short_gap_within_one_outage_is_stated(self) -> None:
        (found,) = measured("d....d.u", minutes(40))
        assert (found.start, found.end, found.lost) == (minutes(0), minutes(35), False)
        assert found.unmeasured == timedelta(minutes=12.5)

    def test_a_gap_longer_than_the_hold_divides(self) -> None:
        first, second = measured("d.....du", minutes(40))
        assert (first.start, first.end, first.lost, first.unmeasured) == (minutes(0), minutes(12.5), True, timedelta())
        assert (second.start, second.end, second.lost) == (minutes(30), minutes(35), False)

    def test_an_unknown_observation_is_a_gap_too(self) -> None:
        (found,) = measured("d?du", minutes(20))
        assert (found.start, found.end, found.unmeasured) == (minutes(0), minutes(15), INTERVAL)

    def test_several_gaps_add_up(self) -> None:
        (found,) = measured("d?d?du", minutes(30))
        assert found.unmeasured == 2 * INTERVAL

    def test_when_measuring_stops_the_outage_is_lost_and_not_over(self) -> None:
        (found,) = measured("ud", minutes(17.5))
        assert (found.end, found.lost) == (minutes(17.5), True)
        assert measured("ud", minutes(9999)) == (found,)

    def test_an_end_that_came_in_a_gap_was_not_seen(self) -> None:
        (found,) = measured("ud?u", minutes(30))
        assert (found.end, found.lost) == (minutes(10), True)

    def test_nobody_saw_the_end_where_only_another_check_was_seen_and_that_degraded(self) -> None:
        tracks = [fold(series(letters, check=letters), HOLD) for letters in ("d??du", "usssu")]
        line = timeline([verdicts([track.spans for track in of]) for of in tracks])
        (found,) = outages("web", line, minutes(20), patience=HOLD)
        assert (found.start, found.end, found.unmeasured) == (minutes(0), minutes(20), 2 * INTERVAL)
        (lost,) = outages("web", line, minutes(12), patience=HOLD)
        assert (lost.end, lost.lost) == (minutes(5), True)

    def test_an_outage_that_goes_on_after_a_gap_states_it(self) -> None:
        (found,) = measured("d?d", minutes(12))
        assert (found.end, found.lost, found.unmeasured) == (None, False, INTERVAL)
