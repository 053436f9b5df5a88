"""Observations become spans; days of them are put together."""

from __future__ import annotations

from statusgen.evaluate.latency import bucket
from statusgen.evaluate.track import fold, merged, stitch
from statusgen.model.track import Span
from statusgen.model.words import Outcome
from tests.factories import HOLD, MINUTE, minutes, observation, series, span, track

UP, DEGRADED, DOWN, UNKNOWN = Outcome.UP, Outcome.DEGRADED, Outcome.DOWN, Outcome.UNKNOWN


def test_nothing_seen_is_no_track() -> None:
    assert fold([], HOLD) == ()
    assert stitch([]) == ()


def test_a_lone_observation_speaks_for_two_and_a_half_intervals() -> None:
    assert fold([observation()], HOLD)[0].spans == (span(minutes(0), minutes(12.5)),)


def test_a_report_speaks_for_as_long_as_it_says_itself() -> None:
    [told] = fold([observation(holds=MINUTE * 90), observation(at=minutes(60), holds=MINUTE)], HOLD)
    assert told.spans == (span(minutes(0), minutes(61)),)


def test_an_observation_speaks_until_the_next_of_the_same_check_from_the_same_location() -> None:
    seen = [
        observation(UP, minutes(0)),
        observation(DOWN, minutes(2), check="other"),
        observation(DOWN, minutes(3), location="moon"),
        observation(DEGRADED, minutes(5), reason="slow"),
    ]
    tracks = {(one.check, one.location): one.spans for one in fold(seen, HOLD)}
    assert tracks["web-http", "earth"] == (
        span(minutes(0), minutes(5)),
        span(minutes(5), minutes(17.5), DEGRADED, "slow"),
    )
    assert tracks["other", "earth"] == (span(minutes(2), minutes(14.5), DOWN),)
    assert tracks["web-http", "moon"] == (span(minutes(3), minutes(15.5), DOWN),)


def test_tracks_are_sorted_by_check_and_location() -> None:
    seen = [observation(check=check, location=place) for check in "ba" for place in ("moon", "earth")]
    assert [(one.check, one.location) for one in fold(seen, HOLD)] == [
        ("a", "earth"), ("a", "moon"), ("b", "earth"), ("b", "moon"),
    ]  # fmt: skip


def test_time_for_which_nothing_speaks_is_in_no_span() -> None:
    assert fold(series("u...u"), HOLD)[0].spans == (
        span(minutes(0), minutes(12.5)),
        span(minutes(20), minutes(32.5)),
    )


def test_an_observation_exactly_at_the_end_of_the_hold_leaves_no_gap() -> None:
    seen = [observation(UP, minutes(0)), observation(UP, minutes(12.5))]
    assert fold(seen, HOLD)[0].spans == (span(minutes(0), minutes(25)),)


def test_neighbours_merge_only_with_equal_outcome_and_equal_reason() -> None:
    seen = [
        observation(DOWN, minutes(0), reason="timeout"),
        observation(DOWN, minutes(5), reason="timeout"),
        observation(DOWN, minutes(10), reason="http_502"),
        observation(DEGRADED, minutes(15), reason="http_502"),
    ]
    assert fold(seen, HOLD)[0].spans == (
        span(minutes(0), minutes(10), DOWN, "timeout"),
        span(minutes(10), minutes(15), DOWN, "http_502"),
        span(minutes(15), minutes(27.5), DEGRADED, "http_502"),
    )


def test_spans_that_do_not_touch_do_not_merge() -> None:
    apart = (span(minutes(0), minutes(1)), span(minutes(2), minutes(3)))
    assert merged(apart) == apart


def test_what_is_told_twice_counts_once() -> None:
    seen = series("uud")
    assert fold(seen + seen, HOLD) == fold(seen, HOLD)
    assert fold(seen + seen, HOLD)[0].latency == {bucket(100.0): 2}


def test_of_several_at_one_instant_the_worst_measured_stands() -> None:
    at_once = [
        observation(outcome, minutes(0), run=run)
        for outcome, run in [(UNKNOWN, "a"), (UP, "b"), (DOWN, "c"), (DEGRADED, "d")]
    ]
    for last in range(1, 5):
        chosen = fold(at_once[:last], HOLD)[0].spans[0].outcome
        assert chosen is {1: UNKNOWN, 2: UP, 3: DOWN, 4: DOWN}[last]
    assert fold([at_once[1], at_once[3]], HOLD)[0].spans[0].outcome is DEGRADED


def test_equal_outcomes_at_one_instant_are_decided_by_reason_and_then_by_latency() -> None:
    reasons = [observation(DOWN, run="a", reason=reason) for reason in ("http_502", "timeout")]
    assert fold(reasons, HOLD) == fold(reversed(reasons), HOLD)
    assert fold(reasons, HOLD)[0].spans[0].reason == "timeout"
    latencies = [observation(UP, run=run, latency_ms=latency) for run, latency in [("z", 10.0), ("a", 20.0)]]
    assert fold(latencies, HOLD)[0].latency == fold(reversed(latencies), HOLD)[0].latency == {bucket(20.0): 1}


def test_only_answers_count_for_latency() -> None:
    seen = [
        observation(UP, minutes(0), latency_ms=10.0),
        observation(DEGRADED, minutes(1), latency_ms=3000.0),
        observation(DOWN, minutes(2), latency_ms=10000.0),
        observation(UNKNOWN, minutes(3), latency_ms=1.0),
        observation(UP, minutes(4), latency_ms=None),
    ]
    assert fold(seen, HOLD)[0].latency == {bucket(10.0): 1, bucket(3000.0): 1}


class TestStitch:
    """Days are folded apart and put together."""

    def test_the_next_day_cuts_off_what_the_day_before_said_of_it(self) -> None:
        yesterday = track(span(minutes(-10), minutes(2.5)))
        today = track(span(minutes(1), minutes(13.5), DOWN))
        assert stitch([[yesterday], [today]])[0].spans == (
            span(minutes(-10), minutes(1)),
            span(minutes(1), minutes(13.5), DOWN),
        )

    def test_what_began_later_than_the_next_day_is_cut_off_whole(self) -> None:
        yesterday = track(
            span(minutes(-10), minutes(0)), span(minutes(0), minutes(1), DOWN), span(minutes(1), minutes(9))
        )
        today = track(span(minutes(0), minutes(12.5), DEGRADED))
        assert stitch([[yesterday], [today]])[0].spans == (
            span(minutes(-10), minutes(0)),
            span(minutes(0), minutes(12.5), DEGRADED),
        )

    def test_spans_that_meet_at_midnight_become_one(self) -> None:
        assert stitch([[track(span(minutes(-9), minutes(3)))], [track(span(minutes(2), minutes(14)))]])[0].spans == (
            span(minutes(-9), minutes(14)),
        )

    def test_a_gap_between_days_stays_a_gap(self) -> None:
        days = [[track(span(minutes(-9), minutes(-3)))], [track()], [track(span(minutes(2), minutes(14)))]]
        assert stitch(days)[0].spans == (span(minutes(-9), minutes(-3)), span(minutes(2), minutes(14)))

    def test_histograms_add_up(self) -> None:
        assert stitch([[track(latency={1: 2})], [track(latency={1: 1, 4: 1})]])[0].latency == {1: 3, 4: 1}

    def test_tracks_are_kept_apart_and_sorted_whatever_day_they_appear_on(self) -> None:
        days = [[track(check="b")], [track(check="a"), track(check="b", location="moon")]]
        assert [(one.check, one.location) for one in stitch(days)] == [("a", "earth"), ("b", "earth"), ("b", "moon")]


def test_a_span_knows_its_length() -> None:
    assert Span(minutes(0), minutes(3), UP).length == 3 * MINUTE


def test_a_skipped_observation_says_nothing_of_its_target() -> None:
    seen = observation(Outcome.UP, minutes(0))
    skipped = observation(Outcome.SKIPPED, minutes(5), reason="family_missing", latency_ms=None)
    assert fold([seen, skipped], HOLD) == fold([seen], HOLD)
    assert fold([skipped], HOLD) == ()
