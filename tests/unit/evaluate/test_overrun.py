"""What a maintenance left down at its announced end, and when that was up again."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from statusgen.evaluate.overrun import left_down, out_of_sight, recovered, still_down
from statusgen.model.measured import Outage
from statusgen.model.words import Status
from tests.factories import NOW, minutes

BOTH: Mapping[str, Status] = {"web": Status.DEGRADED_PERFORMANCE, "database": Status.MAJOR_OUTAGE}


def outage(start: float, end: float | None, *, of: str = "web", lost: bool = False) -> Outage:
    """Return an outage by the minutes of its start and end, before and after the announced end of the maintenance."""
    return Outage(component=of, start=minutes(start), end=None if end is None else minutes(end), lost=lost)


@pytest.mark.parametrize("held", [outage(-10, 5), outage(-10, None), outage(0, 5), outage(-10, 5, lost=True)], ids=str)
def test_an_outage_that_holds_the_end_was_left_down(held: Outage) -> None:
    assert left_down(BOTH, NOW, {"web": [outage(-30, -20), held]}) == (held,)


@pytest.mark.parametrize("other", [outage(-10, -5), outage(-10, 0), outage(1, None)], ids=str)
def test_one_that_was_over_by_then_or_began_later_was_not(other: Outage) -> None:
    assert left_down(BOTH, NOW, {"web": [other]}) == ()


def test_what_was_to_stay_up_is_not_covered_and_what_is_not_named_neither() -> None:
    assert left_down({"web": Status.OPERATIONAL}, NOW, {"web": [outage(-5, None)]}) == ()
    assert left_down({}, NOW, {"web": [outage(-5, None)]}) == ()
    assert left_down(BOTH, NOW, {}) == ()


def test_it_runs_over_while_one_of_them_goes_on() -> None:
    assert still_down([outage(-5, 3), outage(-5, None, of="database")])
    assert not still_down([outage(-5, 3)])
    assert not still_down([])


def test_it_was_over_when_the_last_of_them_was_and_at_its_end_if_none_was_down() -> None:
    assert recovered(NOW, []) == NOW
    assert recovered(NOW, [outage(-5, 3), outage(-5, 20, of="database")]) == minutes(20)


def test_nobody_knows_when_it_was_over_if_the_end_of_one_was_not_seen() -> None:
    assert recovered(NOW, [outage(-5, 3), outage(-5, 20, of="database", lost=True)]) is None


def test_it_is_told_when_it_went_out_of_sight_instead() -> None:
    lost = outage(-5, 20, of="database", lost=True)
    assert out_of_sight([outage(-5, 3), lost]) == minutes(20)
    assert out_of_sight([outage(-5, 30), lost]) == minutes(30)
    assert out_of_sight([outage(-5, 3)]) is None
    assert out_of_sight([outage(-5, None), lost]) is None
