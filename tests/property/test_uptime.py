"""Law: time up ≤ time measured ≤ the period outside maintenance, so uptime and coverage lie between 0 and 1.

And days add up to the window, and what nobody saw is never counted up.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from statusgen.evaluate import evaluate
from statusgen.evaluate.timeline import timeline
from statusgen.evaluate.track import fold
from statusgen.evaluate.uptime import bars, total
from statusgen.evaluate.verdict import verdicts
from statusgen.evaluate.window import union
from statusgen.model.announcement import Announcement, Window
from statusgen.model.page import Uptime
from statusgen.model.project import Project
from statusgen.model.words import Outcome, Status
from tests.factories import HOLD, project, record
from tests.property.strategies import (
    CHECKS,
    PROJECT,
    History,
    announcements,
    flat,
    histories,
    instants,
    projects,
    shaky,
)

NOTHING = timedelta()
some = histories | shaky
covers = st.lists(st.tuples(instants, instants).map(sorted).map(lambda pair: Window(*pair)), max_size=3).map(
    lambda windows: union(one for one in windows if one.start < one.end)
)


def holds(uptime: Uptime) -> None:
    """Assert what is true of every uptime."""
    assert min(uptime.up, uptime.degraded, uptime.down, uptime.maintenance, uptime.unmeasured) >= NOTHING
    assert uptime.ratio is None or 0 <= uptime.ratio <= 1
    assert 0 <= uptime.coverage <= 1
    good, owed = uptime.up + uptime.degraded, uptime.period - uptime.maintenance
    assert NOTHING <= good <= uptime.measured <= owed <= uptime.period
    if owed and uptime.ratio is not None:
        assert good / owed <= uptime.coverage
        assert good / owed <= uptime.ratio
    assert (uptime.ratio == 1) == bool(uptime.measured and not uptime.down)


@given(projects, some, announcements, instants)
def test_every_figure_on_the_page_is_within_bounds_and_days_add_up(
    of: Project, history: History, said: list[Announcement], now: datetime
) -> None:
    page = evaluate(project(*of.groups, announcements=said), record(*fold(flat(history), HOLD)), now)
    for view in page.components:
        holds(view.uptime)
        for bar in view.bars:
            holds(bar.uptime)
        for period in view.periods:
            holds(period.uptime)
            whole = [bar.uptime for bar in view.bars[-1 - period.days : -1]]
            assert period.uptime == total(whole)
        holds(view.today)
        assert view.today.period <= view.bars[-1].uptime.period
        assert total(bar.uptime for bar in view.bars) == view.uptime


@given(histories, covers, instants)
def test_days_add_up_to_what_the_timeline_holds_outside_maintenance(
    history: History, cover: tuple[Window, ...], now: datetime
) -> None:
    line = timeline([verdicts([track.spans for track in fold(flat(history), HOLD) if track.check == CHECKS[0]])])
    whole = total(bar.uptime for bar in bars(line, cover, now))

    def lasted(*statuses: Status, within: tuple[Window, ...] = ()) -> timedelta:
        parts = [(one.start, min(one.end, now)) for one in line if one.status in statuses]
        for window in within:
            parts = [(max(start, window.start), min(end, window.end)) for start, end in parts]
        return sum((max(end - start, NOTHING) for start, end in parts), NOTHING)

    def counted(*statuses: Status) -> timedelta:
        return lasted(*statuses) - sum((lasted(*statuses, within=(window,)) for window in cover), NOTHING)

    assert whole.period == lasted(*Status)
    assert whole.up == counted(Status.OPERATIONAL)
    assert whole.degraded == counted(Status.DEGRADED_PERFORMANCE)
    assert whole.down == counted(Status.MAJOR_OUTAGE)
    assert whole.maintenance == sum((lasted(*Status, within=(window,)) for window in cover), NOTHING)
    assert whole.unmeasured == counted(Status.UNKNOWN)


@given(histories, instants)
def test_what_nobody_saw_is_never_counted_up(history: History, now: datetime) -> None:
    blind = [one for one in flat(history) if one.outcome is Outcome.UNKNOWN]
    page = evaluate(PROJECT, record(*fold(blind, HOLD)), now)
    for view in page.components:
        assert view.uptime.measured == NOTHING
        assert view.uptime.ratio is None
        assert {bar.status for bar in view.bars} == {Status.UNKNOWN}


@given(projects, some, instants, st.data())
def test_an_answer_that_nobody_heard_is_never_counted_up(
    of: Project, history: History, now: datetime, data: st.DataObject
) -> None:
    seen = flat(history)
    unheard = [
        replace(one, outcome=Outcome.UNKNOWN, reason="prober_failed")
        if one.outcome is Outcome.UP and data.draw(st.booleans())
        else one
        for one in seen
    ]
    page = evaluate(of, record(*fold(seen, HOLD)), now)
    after = evaluate(of, record(*fold(unheard, HOLD)), now)
    for one, other in zip(page.components, after.components, strict=True):
        assert other.uptime.up <= one.uptime.up
        assert other.uptime.up + other.uptime.degraded <= one.uptime.up + one.uptime.degraded
        assert other.uptime.period == one.uptime.period


@given(histories, instants)
def test_uptime_never_exceeds_what_observations_can_speak_for(history: History, now: datetime) -> None:
    seen = flat(history)
    page = evaluate(PROJECT, record(*fold(seen, HOLD)), now)
    for component, view in zip(PROJECT.components, page.components, strict=True):
        checks = {check.id for check in component.checks}
        own = {one.at for one in seen if one.check in checks and one.outcome is not Outcome.UNKNOWN}
        assert view.uptime.measured <= HOLD * len(own)
