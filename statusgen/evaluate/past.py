"""Figures over longer than the window, from the days that it held before.

A run reads ninety days, whatever the age of the site. Of the days before them only the uptime of each is kept, as it
was when the day was last whole in the window, a year of them at most. It is derived: what is lost, and what something
came late of, is made again from what is remembered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType

from statusgen.evaluate.known import known_of
from statusgen.evaluate.uptime import DAY, bars, total
from statusgen.model.measured import DayBar, Past, Period, Uptime
from statusgen.model.page import Page
from statusgen.model.project import Project
from statusgen.model.track import Record

PERIODS = (7, 30, 90, 365)
"""The whole days that the figures of a component speak of."""

MOST = max(PERIODS)
"""How many days are kept."""

NOTHING: Past = MappingProxyType({})
"""A past of which nothing is known."""


def periods(days: Sequence[DayBar], past: Mapping[date, Uptime]) -> tuple[Period, ...]:
    """Return a component's figures over whole days, from the days of the window and those known from before."""
    known = {**past, **_whole(days, past)}
    last = days[-1].day - DAY
    return tuple(Period(days=count, last=last, uptime=total(_newest(known, last, count))) for count in PERIODS)


def remembered(past: Past, page: Page) -> Past:
    """Return the days worth keeping: those kept before, and those of the page that are over.

    They are a year at most, to the day of the newest observation: where nobody measures, nothing is forgotten.
    """
    newest = (page.measured or page.published).date()
    oldest = newest - DAY * MOST
    kept = {component: dict(days) for component, days in past.items()}
    for view in page.components:
        known = kept.setdefault(view.id, {})
        known.update(_whole(view.bars, known))
    bounded = {
        component: {day: days[day] for day in sorted(days) if oldest <= day <= newest}
        for component, days in sorted(kept.items())
    }
    return {component: days for component, days in bounded.items() if days}


def remade(project: Project, record: Record, now: datetime) -> Past:
    """Return the days worth keeping, from a record that goes back as far as possible."""
    known = known_of(project, record, now)
    made = {key: bars(line, known.covers[key], now, count=MOST + 1) for key, line in known.lines.items()}
    return {key: whole for key, days in made.items() if (whole := _whole(days, {}))}


def corrected(past: Past, made: Past, days: Collection[date]) -> Past:
    """Return the days kept, some of them as they were made again.

    Unless more is known of one from before: what people did not want to keep is in the figures still.
    """
    right = {component: dict(known) for component, known in past.items()}
    for component, known in made.items():
        mine = right.setdefault(component, {})
        mine.update({day: one for day, one in known.items() if day in days and one.period >= _period(mine.get(day))})
    return right


def _whole(days: Sequence[DayBar], past: Mapping[date, Uptime]) -> dict[date, Uptime]:
    """Return the days that are over and in which anything was owed.

    What was seen before the window is not in the record, and with it the beginning of the first day that was measured
    in it. So a day of which more is known from before stays what it was.
    """
    return {
        bar.day: bar.uptime
        for bar in days[:-1]
        if bar.uptime.period and bar.uptime.period >= _period(past.get(bar.day))
    }


def _period(known: Uptime | None) -> timedelta:
    return known.period if known else timedelta()


def _newest(known: Mapping[date, Uptime], last: date, count: int) -> Iterable[Uptime]:
    days = (last - DAY * back for back in range(count))
    return (known[day] for day in days if day in known)
