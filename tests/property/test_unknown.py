"""Law: what nobody saw is never counted up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from statusgen.evaluate import evaluate
from statusgen.evaluate.overlay import overlay
from statusgen.evaluate.track import fold
from statusgen.evaluate.verdict import verdicts
from statusgen.model.project import Project
from statusgen.model.words import Outcome, Status
from tests.factories import HOLD, record
from tests.property.strategies import PROJECT, History, flat, histories, instants, projects, shaky

NOTHING = timedelta()
some = histories | shaky


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


@given(projects, some, instants)
def test_time_counts_only_if_every_check_was_seen_or_one_was_down(of: Project, history: History, now: datetime) -> None:
    tracks = fold(flat(history), HOLD)
    page = evaluate(of, record(*tracks), now)
    for component, view in zip(of.components, page.components, strict=True):
        checks = [
            verdicts([track.spans for track in tracks if track.check == check.id], check.quorum)
            for check in component.checks
        ]
        unseen = NOTHING
        for start, end, seen in overlay(checks):
            outcomes = {span.outcome for span in seen if span}
            if Outcome.UNKNOWN in outcomes and Outcome.DOWN not in outcomes:
                unseen += max(min(end, now) - start, NOTHING)
        assert view.uptime.unmeasured == unseen
