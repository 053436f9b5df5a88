"""Law: more failures never look better, whatever flaps and whoever votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from statusgen.evaluate import evaluate
from statusgen.evaluate.status import RANK
from statusgen.evaluate.track import fold
from statusgen.model.measured import Uptime
from statusgen.model.observation import CONTROL_PREFIX, Observation
from statusgen.model.page import Page
from statusgen.model.project import Project
from statusgen.model.words import Outcome
from tests.factories import HOLD, record
from tests.property.strategies import LOCATIONS, History, announcements, flat, histories, instants, projects, shaky

some = histories | shaky
told = st.builds(lambda of, said: replace(of, announcements=tuple(said)), projects, announcements)
"""Projects with any quorums, and whatever their people announce."""


def page_of(of: Project, seen: Sequence[Observation], now: datetime) -> Page:
    """Return the page of a project."""
    return evaluate(of, record(*fold(seen, HOLD)), now)


def failed(one: Observation, **more: str) -> Observation:
    """Return an observation as a failure, or the same from another place or of another check."""
    return replace(one, outcome=Outcome.DOWN, reason="timeout", **more)  # type: ignore[arg-type]  # only texts


def is_no_control(one: Observation) -> bool:
    """Return whether an observation tells of the target and not of its own place."""
    return not one.check.startswith(CONTROL_PREFIX)


def no_more(worse: Uptime, uptime: Uptime) -> None:
    """Assert that a figure is no better than another of the same time."""
    assert worse.down >= uptime.down
    assert worse.up + worse.degraded <= uptime.up + uptime.degraded
    if worse.ratio is not None and uptime.ratio is not None:
        assert worse.ratio <= uptime.ratio


def no_better(worse: Page, page: Page) -> None:
    """Assert that nothing on a page looks better than on another."""
    assert RANK[worse.status] >= RANK[page.status]
    for one, other in zip(worse.components, page.components, strict=True):
        assert RANK[one.status] >= RANK[other.status], one.id
        assert RANK[one.measured] >= RANK[other.measured], one.id
        no_more(one.uptime, other.uptime)
        for bar, plain in zip(one.bars, other.bars, strict=True):
            assert RANK[bar.status] >= RANK[plain.status], bar.day
            no_more(bar.uptime, plain.uptime)
        for period, usual in zip(one.periods, other.periods, strict=True):
            no_more(period.uptime, usual.uptime)
    for group, before in zip(worse.groups, page.groups, strict=True):
        assert RANK[group.status] >= RANK[before.status]
    for work, planned in zip(worse.maintenance, page.maintenance, strict=True):
        assert work.source == planned.source
        assert work.overrun >= planned.overrun, work.source.slug
    assert [(view.source, view.open) for view in worse.incidents] == [(v.source, v.open) for v in page.incidents]


@given(told, some, instants, st.data())
def test_what_fails_instead_of_working(of: Project, history: History, now: datetime, data: st.DataObject) -> None:
    seen = flat(history)
    changed = [failed(one) if is_no_control(one) and data.draw(st.booleans()) else one for one in seen]
    no_better(page_of(of, changed, now), page_of(of, seen, now))


@given(told, some, instants, st.data())
def test_what_one_more_place_sees_fail(of: Project, history: History, now: datetime, data: st.DataObject) -> None:
    seen = flat(history)
    place = data.draw(st.sampled_from([*LOCATIONS, "venus"]))
    more = [
        failed(one, location=place, run=f"more-{one.run}")
        for one in seen
        if is_no_control(one) and data.draw(st.booleans())
    ]
    no_better(page_of(of, [*seen, *more], now), page_of(of, seen, now))


@given(told, some, instants)
def test_one_more_check_that_fails(of: Project, history: History, now: datetime) -> None:
    seen = flat(history)
    more = [failed(one, check="web-tls", run=f"more-{one.run}") for one in seen if one.check == "web-http"]
    no_better(page_of(of, [*seen, *more], now), page_of(of, seen, now))
