"""Law: what arrives late changes the day it belongs to and at most the next, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from statusgen.evaluate import evaluate
from statusgen.evaluate.track import fold
from statusgen.evaluate.uptime import midnight
from statusgen.model.measured import Outage
from statusgen.model.observation import Observation
from statusgen.model.page import Page
from statusgen.model.project import Project
from tests.factories import DAY, HOLD, observation, record
from tests.property.strategies import CHECKS, LOCATIONS, MIDNIGHT, History, flat, histories, projects, shaky

FIRST = MIDNIGHT - 4 * DAY
"""When everything was measured for the first time: what was never measured before owes nothing."""

some = histories | shaky


def moved(history: History, by: timedelta) -> list[Observation]:
    """Return what was seen in a history, some days earlier or later."""
    return [replace(one, at=one.at + by, run=f"{one.run}-{by.days}") for one in flat(history)]


def page_of(of: Project, seen: Sequence[Observation], now: datetime) -> Page:
    """Return the page of what was seen since the first time."""
    begin = [observation(at=FIRST, check=check, run="first") for check in CHECKS]
    return evaluate(of, record(*fold([*begin, *seen], HOLD)), now)


def apart(outages: Sequence[Outage], start: datetime, end: datetime) -> list[Outage]:
    """Return the outages that ended before a stretch of time, with patience, or began after it."""
    return [one for one in outages if (one.end and one.end + HOLD < start) or one.start >= end]


@given(projects, st.lists(some, min_size=3, max_size=3), some, st.sampled_from(LOCATIONS))
def test_a_late_batch_changes_its_own_day_and_the_next(
    of: Project, days: list[History], late: History, location: str
) -> None:
    seen = [one for back, history in enumerate(days) for one in moved(history, -back * DAY)]
    day = MIDNIGHT - 2 * DAY
    batch = [
        replace(one, location=location, run=f"late-{one.run}")
        for one in moved(late, -2 * DAY)
        if day <= one.at < day + DAY
    ]
    now = MIDNIGHT + 3 * DAY
    before, after = page_of(of, seen, now), page_of(of, [*seen, *batch], now)
    touched = {day.date(), day.date() + DAY}
    for one, other in zip(before.components, after.components, strict=True):
        assert [bar for bar in one.bars if bar.day not in touched] == [
            bar for bar in other.bars if bar.day not in touched
        ]
    start, end = midnight(day.date()), midnight(day.date()) + 2 * DAY
    assert apart(before.outages, start, end) == apart(after.outages, start, end)
