"""Law: worst() is associative, commutative, idempotent; more failures never look better."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from statusgen.evaluate.status import RANK, roll_up, worst
from statusgen.evaluate.verdict import vote
from statusgen.model.words import Outcome, Status
from tests.factories import minutes, span
from tests.property.strategies import statuses

BADNESS = {Outcome.UP: 0, Outcome.DEGRADED: 1, Outcome.DOWN: 2}
some = st.lists(statuses, min_size=1, max_size=6)


def test_worst_is_commutative_and_idempotent() -> None:
    for one, other in product(Status, Status):
        assert worst([one, other]) is worst([other, one])
        assert worst([one, one]) is one


def test_worst_is_associative() -> None:
    for one, two, three in product(Status, repeat=3):
        assert worst([worst([one, two]), three]) is worst([one, worst([two, three])]) is worst([one, two, three])


def test_operational_changes_nothing() -> None:
    for one in Status:
        assert worst([one, Status.OPERATIONAL]) is one


@given(st.lists(some, min_size=1, max_size=4))
def test_how_components_are_grouped_does_not_change_the_page(groups: list[list[Status]]) -> None:
    everything = [status for group in groups for status in group]
    assert roll_up(roll_up(group) for group in groups) is roll_up(everything)


@given(some, st.data())
def test_a_worse_part_never_makes_a_better_whole(parts: list[Status], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(parts) - 1))
    worse = data.draw(st.sampled_from([status for status in Status if RANK[status] >= RANK[parts[index]]]))
    changed = [*parts[:index], worse, *parts[index + 1 :]]
    assert RANK[roll_up(changed)] >= RANK[roll_up(parts)]
    assert RANK[worst(changed)] >= RANK[worst(parts)]


@given(some)
def test_a_whole_is_green_only_when_every_part_is(parts: list[Status]) -> None:
    assert (roll_up(parts) is Status.OPERATIONAL) == (set(parts) == {Status.OPERATIONAL})


@given(st.lists(st.sampled_from(sorted(BADNESS)), min_size=1, max_size=5), st.integers(0, 4), st.data())
def test_a_location_that_sees_worse_never_makes_a_better_verdict(
    seen: list[Outcome], unknown: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(seen) - 1))
    worse = data.draw(st.sampled_from([outcome for outcome in BADNESS if BADNESS[outcome] >= BADNESS[seen[index]]]))
    blind = [Outcome.UNKNOWN] * unknown

    def verdict(outcomes: list[Outcome]) -> int:
        return BADNESS[vote(span(minutes(0), minutes(1), outcome) for outcome in outcomes + blind)[0]]

    assert verdict([*seen[:index], worse, *seen[index + 1 :]]) >= verdict(seen)
