"""The algebra of statuses; its laws are in `tests/property/test_status_algebra.py`."""

from __future__ import annotations

import pytest

from statusgen.evaluate.status import OF_IMPACT, OF_OUTCOME, RANK, roll_up, worst
from statusgen.model.words import Impact, Outcome, Status

OPERATIONAL, MAINTENANCE, UNKNOWN = Status.OPERATIONAL, Status.UNDER_MAINTENANCE, Status.UNKNOWN
DEGRADED, PARTIAL, MAJOR = Status.DEGRADED_PERFORMANCE, Status.PARTIAL_OUTAGE, Status.MAJOR_OUTAGE


def test_from_best_to_worst() -> None:
    assert sorted(Status, key=RANK.__getitem__) == [OPERATIONAL, MAINTENANCE, UNKNOWN, DEGRADED, PARTIAL, MAJOR]
    assert sorted(RANK.values()) == [0, 1, 2, 3, 4, 5]


def test_a_verdict_is_the_status_of_its_component() -> None:
    assert OF_OUTCOME == {
        Outcome.UP: OPERATIONAL, Outcome.DEGRADED: DEGRADED, Outcome.DOWN: MAJOR, Outcome.UNKNOWN: UNKNOWN,
    }  # fmt: skip


def test_an_impact_is_the_status_of_the_page() -> None:
    assert OF_IMPACT == {
        Impact.NONE: OPERATIONAL, Impact.MINOR: DEGRADED, Impact.MAJOR: PARTIAL, Impact.CRITICAL: MAJOR,
    }  # fmt: skip


def test_the_worst_of_nothing_changes_nothing() -> None:
    assert worst([]) is OPERATIONAL


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], UNKNOWN),
        ([OPERATIONAL, OPERATIONAL], OPERATIONAL),
        ([OPERATIONAL, MAINTENANCE], MAINTENANCE),
        ([OPERATIONAL, UNKNOWN], UNKNOWN),
        ([UNKNOWN, UNKNOWN], UNKNOWN),
        ([UNKNOWN, DEGRADED], DEGRADED),
        ([OPERATIONAL, PARTIAL], PARTIAL),
        ([PARTIAL, PARTIAL], PARTIAL),
        ([OPERATIONAL, MAJOR], PARTIAL),
        ([UNKNOWN, MAJOR], PARTIAL),
        ([MAINTENANCE, MAJOR], PARTIAL),
        ([PARTIAL, MAJOR], PARTIAL),
        ([MAJOR], MAJOR),
        ([MAJOR, MAJOR], MAJOR),
    ],
)
def test_what_parts_mean_for_the_whole(parts: list[Status], whole: Status) -> None:
    assert roll_up(parts) is whole
    assert roll_up(reversed(parts)) is whole
