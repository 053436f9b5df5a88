"""The vote of the locations on one check."""

from __future__ import annotations

import pytest

from statusgen.evaluate.verdict import END_OF_TIME, MISSED, quorum, verdicts, vote
from statusgen.model.track import Span
from statusgen.model.words import Outcome
from tests.factories import minutes, span

UP, DEGRADED, DOWN, UNKNOWN = Outcome.UP, Outcome.DEGRADED, Outcome.DOWN, Outcome.UNKNOWN
WORDS = {"u": UP, "s": DEGRADED, "d": DOWN, "?": UNKNOWN}


@pytest.mark.parametrize(("voters", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3)])
def test_the_quorum_is_more_than_half(voters: int, needed: int) -> None:
    assert quorum(voters) == needed


@pytest.mark.parametrize(
    ("seen", "wanted", "verdict"),
    [
        ("uuud", 1, DOWN),
        ("uudd", 3, DEGRADED),
        ("uddd", 3, DOWN),
        ("d", 3, DOWN),
        ("ud", 3, DEGRADED),
        ("dd?", 3, DOWN),
    ],
)
def test_a_check_may_ask_for_its_own_quorum_of_those_that_vote(seen: str, wanted: int, verdict: Outcome) -> None:
    for order in (seen, seen[::-1]):
        assert vote((span(minutes(0), minutes(1), WORDS[letter]) for letter in order), wanted)[0] is verdict


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        ("", UNKNOWN), ("?", UNKNOWN), ("??", UNKNOWN),
        ("u", UP), ("s", DEGRADED), ("d", DOWN),
        ("uu", UP), ("us", DEGRADED), ("ud", DEGRADED), ("dd", DOWN), ("sd", DEGRADED),
        ("uuu", UP), ("uud", DEGRADED), ("udd", DOWN), ("uus", DEGRADED), ("usd", DEGRADED),
        ("uudd", DEGRADED), ("uddd", DOWN),
        ("d?", DOWN), ("u?", UP), ("ud?", DEGRADED), ("udd?", DOWN), ("s??", DEGRADED),
    ],
)  # fmt: skip
def test_what_the_locations_amount_to(seen: str, verdict: Outcome) -> None:
    for order in (seen, seen[::-1]):
        assert vote(span(minutes(0), minutes(1), WORDS[letter]) for letter in order)[0] is verdict


def test_the_reason_is_that_of_the_first_location_that_saw_the_worst() -> None:
    def saw(outcome: Outcome, reason: str | None = None) -> Span:
        return span(minutes(0), minutes(1), outcome, reason)

    assert vote([saw(DEGRADED, "slow"), saw(DOWN, "http_502"), saw(DOWN, "timeout")]) == (DOWN, "http_502")
    assert vote([saw(DEGRADED, "slow"), saw(UP), saw(DOWN, "http_502")]) == (DEGRADED, "http_502")
    assert vote([saw(UP), saw(DEGRADED, "slow"), saw(DEGRADED, "wrong_role")]) == (DEGRADED, "slow")
    assert vote([saw(UNKNOWN, "secret_missing"), saw(UNKNOWN, "location_offline")]) == (UNKNOWN, "secret_missing")
    assert vote([]) == (UNKNOWN, "not_measured")
    assert vote([saw(UP), saw(UP), saw(UNKNOWN, "prober_failed")]) == (UP, None)


def test_a_check_never_seen_has_no_verdicts() -> None:
    assert verdicts([]) == verdicts([()]) == ()


def test_verdicts_run_from_the_first_observation_to_the_end_of_time() -> None:
    assert verdicts([[span(minutes(0), minutes(5)), span(minutes(9), minutes(12), DOWN)]]) == (
        span(minutes(0), minutes(5)),
        span(minutes(5), minutes(9), UNKNOWN, "not_measured"),
        span(minutes(9), minutes(12), DOWN),
        span(minutes(12), END_OF_TIME, UNKNOWN, "not_measured"),
    )


def test_a_location_without_fresh_data_has_no_vote() -> None:
    earth = [span(minutes(0), minutes(20))]
    moon = [span(minutes(5), minutes(10), DOWN)]
    mars = [span(minutes(5), minutes(8), DOWN), span(minutes(8), minutes(20))]
    assert verdicts([earth, moon, mars]) == (
        span(minutes(0), minutes(5)),
        span(minutes(5), minutes(8), DOWN),
        span(minutes(8), minutes(10), DEGRADED),
        span(minutes(10), minutes(20)),
        span(minutes(20), END_OF_TIME, UNKNOWN, "not_measured"),
    )


class TestPassiveChecks:
    """Silence says that something which had to report did not."""

    def test_without_any_report_nothing_is_known(self) -> None:
        assert verdicts([], silence=MISSED) == verdicts([()], silence=MISSED) == ()

    def test_when_no_report_speaks_any_more_it_is_down_until_the_next(self) -> None:
        assert verdicts([[span(minutes(0), minutes(5)), span(minutes(9), minutes(12))]], silence=MISSED) == (
            span(minutes(0), minutes(5)),
            span(minutes(5), minutes(9), DOWN, "heartbeat_missed"),
            span(minutes(9), minutes(12)),
            span(minutes(12), END_OF_TIME, DOWN, "heartbeat_missed"),
        )

    def test_a_report_may_come_from_anywhere(self) -> None:
        moved = [[span(minutes(0), minutes(5))], [span(minutes(4), minutes(9))]]
        assert verdicts(moved, silence=MISSED) == (
            span(minutes(0), minutes(9)),
            span(minutes(9), END_OF_TIME, DOWN, "heartbeat_missed"),
        )
