"""Law: 0 ≤ uptime ≤ coverage ≤ 1, as shares of what is owed.

Time up ≤ time measured ≤ the period outside maintenance, in every figure on the page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given

from statusgen.evaluate import evaluate
from statusgen.evaluate.track import fold
from statusgen.model.announcement import Announcement
from statusgen.model.measured import Uptime
from statusgen.model.project import Project
from tests.factories import HOLD, record
from tests.property.strategies import (
    History,
    announcements,
    flat,
    histories,
    instants,
    projects,
    shaky,
)

NOTHING = timedelta()


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


@given(projects, histories | shaky, announcements, instants)
def test_every_figure_on_the_page_is_within_bounds(
    of: Project, history: History, said: list[Announcement], now: datetime
) -> None:
    page = evaluate(replace(of, announcements=tuple(said)), record(*fold(flat(history), HOLD)), now)
    for view in page.components:
        for figure in (view.uptime, view.today, *(one.uptime for one in (*view.bars, *view.periods))):
            holds(figure)
