"""Law: what a day is explained by adds up to the figure on the page, to the microsecond, without a gap."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given

from statusgen.evaluate import evaluate
from statusgen.evaluate.explanation import explanation
from statusgen.evaluate.track import fold
from statusgen.model.announcement import Announcement
from statusgen.model.project import Project
from statusgen.model.words import Outcome, Status
from tests.factories import DAY, HOLD, project, record
from tests.property.strategies import History, announcements, flat, histories, instants, projects, shaky

COUNTED = {
    "up": Status.OPERATIONAL,
    "degraded": Status.DEGRADED_PERFORMANCE,
    "down": Status.MAJOR_OUTAGE,
    "maintenance": Status.UNDER_MAINTENANCE,
    "unmeasured": Status.UNKNOWN,
}


@given(projects, histories | shaky, announcements, instants)
def test_the_intervals_of_each_day_add_up_to_its_figure(
    of: Project, history: History, said: list[Announcement], now: datetime
) -> None:
    told = project(*of.groups, announcements=said)
    remembered = record(*fold(flat(history), HOLD))
    page = evaluate(told, remembered, now)
    for component, view in zip(told.components, page.components, strict=True):
        for bar in view.bars[-3:]:
            found = explanation(told, remembered, component, bar.day, now=now)
            assert found.uptime == bar.uptime
            for name, status in COUNTED.items():
                lengths = (one.length for one in found.intervals if one.status is status)
                assert sum(lengths, timedelta()) == getattr(found.uptime, name)
            for one, following in pairwise(found.intervals):
                assert one.end == following.start
            for one in found.intervals:
                assert one.start < one.end <= now
                assert one.start.date() == bar.day
                assert bool(one.maintenance) == (one.status is Status.UNDER_MAINTENANCE)


@given(projects, histories | shaky, instants)
def test_somebody_saw_whatever_is_said_to_have_been_seen(of: Project, history: History, now: datetime) -> None:
    seen = flat(history)
    remembered = record(*fold(seen, HOLD))
    for component in of.components:
        for day in (now.date(), now.date() - DAY):
            found = explanation(of, remembered, component, day, now=now, seen=seen)
            for interval in found.intervals:
                outcomes = {one.outcome for one in interval.testimonies}
                if interval.measured is Status.MAJOR_OUTAGE:
                    assert Outcome.DOWN in outcomes
                if interval.measured is Status.DEGRADED_PERFORMANCE:
                    assert outcomes & {Outcome.DOWN, Outcome.DEGRADED} or interval.reason in {"flapping", "recovering"}
                if interval.measured is Status.OPERATIONAL:
                    assert outcomes <= {Outcome.UP, Outcome.UNKNOWN}
                    assert Outcome.UP in outcomes
                if interval.measured is Status.UNKNOWN:
                    assert Outcome.DOWN not in outcomes or len(component.checks) > 1
