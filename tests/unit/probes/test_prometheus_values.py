"""What the values of a query amount to: the worst decides, and what is no number proves nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.model.words import Outcome
from statusgen.probes.prometheus_values import Limits, judge

BOTH = Limits(degraded_above=10, down_above=20, degraded_below=0, down_below=-10)
NAN = math.nan
WORST_FIRST = (Outcome.DOWN, Outcome.DEGRADED, Outcome.UNKNOWN, Outcome.UP)


@pytest.mark.parametrize(
    ("values", "outcome", "reason", "worst"),
    [
        ([], "unknown", "not_measured", None),
        ([5], "up", None, 5),
        ([10], "up", None, 10),
        ([0, 3, 10], "up", None, 10),
        ([10.5, 1], "degraded", "value_high", 10.5),
        ([-1, 1], "degraded", "value_low", -1),
        ([-1, 11], "degraded", "value_high", 11),
        ([21, 11, -1], "down", "value_high", 21),
        ([-11, 11], "down", "value_low", -11),
        ([math.inf], "down", "value_high", None),
        ([-math.inf], "down", "value_low", None),
        ([NAN], "unknown", "not_measured", None),
        ([NAN, 5], "unknown", "not_measured", None),
        ([NAN, 11], "degraded", "value_high", 11),
        ([NAN, 21], "down", "value_high", 21),
    ],
)
def test_the_worst_value_decides(
    values: Sequence[float], outcome: str, reason: str | None, worst: float | None
) -> None:
    facts = {"series": len(values)} if worst is None else {"series": len(values), "value": worst}
    assert judge(values, BOTH) == (outcome, reason, facts)


def test_where_only_low_values_are_wrong_the_lowest_is_told() -> None:
    assert judge([5, 7], Limits(down_below=1)) == (Outcome.UP, None, {"series": 2, "value": 5})


@given(st.lists(st.floats(), max_size=6), st.floats())
def test_another_series_never_makes_it_better(values: list[float], other: float) -> None:
    before, after = judge(values, BOTH)[0], judge([*values, other], BOTH)[0]
    assert WORST_FIRST.index(after) <= WORST_FIRST.index(before) or not values
