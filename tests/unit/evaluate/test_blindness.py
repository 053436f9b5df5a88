"""A location whose controls all fail in a run says nothing of anything else in that run."""

from __future__ import annotations

from statusgen.evaluate.blindness import OFFLINE
from statusgen.evaluate.track import fold
from statusgen.model.reason import REASONS
from statusgen.model.words import Outcome
from tests.factories import CONTROL, HOLD, minutes, observation

UP, DEGRADED, DOWN, UNKNOWN = Outcome.UP, Outcome.DEGRADED, Outcome.DOWN, Outcome.UNKNOWN


def outcome_beside(*controls: Outcome) -> tuple[Outcome, str | None]:
    seen = [observation(DOWN, run="r", latency_ms=7.0)] + [
        observation(outcome, check=f"{CONTROL}{number}", run="r") for number, outcome in enumerate(controls)
    ]
    found = next(one for one in fold(seen, HOLD) if one.check == "web-http").spans[0]
    return found.outcome, found.reason


def test_blind_when_every_control_is_down() -> None:
    assert outcome_beside(DOWN) == (UNKNOWN, OFFLINE)
    assert outcome_beside(DOWN, DOWN) == (UNKNOWN, OFFLINE)


def test_a_control_that_is_unknown_says_nothing_either_way() -> None:
    assert outcome_beside(DOWN, UNKNOWN) == (UNKNOWN, OFFLINE)
    assert outcome_beside(UNKNOWN) == (DOWN, "timeout")


def test_one_control_that_answers_is_sight_enough() -> None:
    assert outcome_beside(DOWN, UP) == (DOWN, "timeout")
    assert outcome_beside(DOWN, DEGRADED) == (DOWN, "timeout")


def test_without_controls_a_location_is_believed() -> None:
    assert outcome_beside() == (DOWN, "timeout")


def test_controls_keep_what_they_saw() -> None:
    seen = [observation(DOWN, check=CONTROL, run="r"), observation(UP, run="r")]
    control = fold(seen, HOLD)[0]
    assert (control.check, control.spans[0].outcome) == (CONTROL, DOWN)


def test_other_runs_and_other_locations_are_believed() -> None:
    seen = [
        observation(DOWN, minutes(0), check=CONTROL, run="r"),
        observation(DOWN, minutes(0), run="r"),
        observation(DOWN, minutes(5), run="s"),
        observation(DOWN, minutes(0), run="r", location="moon"),
    ]
    _, earth, moon = fold(seen, HOLD)
    assert [one.outcome for one in earth.spans] == [UNKNOWN, DOWN]
    assert [one.outcome for one in moon.spans] == [DOWN]


def test_a_blind_up_is_no_answer_and_counts_for_no_latency() -> None:
    seen = [observation(DOWN, check=CONTROL, run="r"), observation(UP, run="r")]
    assert fold(seen, HOLD)[1].latency == {}


def test_its_reason_is_of_the_closed_list() -> None:
    assert OFFLINE in REASONS
