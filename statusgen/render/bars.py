"""Ninety days as one small SVG: a bar for each day, taller the longer the trouble, with the story in words beside it.

How it works: a stretch of equal days is one horizontal line whose dashes are the days, and bad days are drawn over it,
so that only they tell one component from the next and forty components stay light. The drawing is one unit wide per day
and is stretched to its place. Colour says which status, height and pattern say it again: operational days are low,
maintenance days are low and thin, days without data are dots on the ground line, and bad days stand out of the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from markupsafe import Markup, escape

from statusgen.model.components import GroupView
from statusgen.model.measured import DayBar
from statusgen.model.words import Status
from statusgen.render import words
from statusgen.render.tongue import Tongue

HEIGHT = 12
"""The height of the drawing, in its own units; a full bar fills it."""

_LEVELS = {Status.OPERATIONAL: 4, Status.UNDER_MAINTENANCE: 4, Status.UNKNOWN: 1}
_GROUND = {status: Status.OPERATIONAL if status in words.TROUBLE else status for status in Status}
"""What is drawn below a day: bad ones stand on the line of good ones, which they hide."""

_BRIEF = timedelta(minutes=15)
_LONG = timedelta(hours=2)
_WORST = (*words.TROUBLE, Status.OPERATIONAL, Status.UNDER_MAINTENANCE, Status.UNKNOWN)


def level(bar: DayBar) -> int:
    """Return how tall a day stands, from 1 to `HEIGHT`: for bad days by how long it was down or degraded."""
    if bar.status in _LEVELS:
        return _LEVELS[bar.status]
    trouble = bar.uptime.down + bar.uptime.degraded
    if trouble < _BRIEF:
        return 8
    return 10 if trouble < _LONG else HEIGHT


def draw(days: Sequence[DayBar], say: Tongue, *, running: date | None = None) -> Markup:
    """Return the drawing of the days, oldest first; hovering a bad day tells what it was.

    Of the `running` day it is not told for how long, which changes by the minute.
    """
    quiet: dict[Status, list[str]] = {}
    bad: list[Markup] = []
    column = 0
    for status, run in groupby(days, key=lambda bar: _GROUND[bar.status]):
        bars = list(run)
        quiet.setdefault(status, []).append(_dashes(column, len(bars), _LEVELS[status]))
        bad.extend(
            _bad_day(bar, column + index, say, running=bar.day == running)
            for index, bar in enumerate(bars)
            if bar.status in words.TROUBLE
        )
        column += len(bars)
    paths = [Markup('<path class="{}" d="{}"/>').format(status, "".join(runs)) for status, runs in quiet.items()]
    return Markup(
        '<svg class="bars" role="img" aria-label="{}" viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>'
    ).format(describe(days, say), max(column, 1), HEIGHT, Markup().join([*paths, *bad]))


def describe(days: Sequence[DayBar], say: Tongue) -> str:
    """Return the days in a sentence: `Last 90 days: 2 days with an outage, 1 degraded, 30 not measured`."""
    if not days:
        return say("No days yet")
    out = sum(bar.status in {Status.MAJOR_OUTAGE, Status.PARTIAL_OUTAGE} for bar in days)
    degraded = sum(bar.status is Status.DEGRADED_PERFORMANCE for bar in days)
    unknown = sum(bar.status is Status.UNKNOWN for bar in days)
    parts = [say.many("{n} day with an outage", "{n} days with an outage", out) if out else say("no outage")]
    parts += [say.many("{n} degraded", "{n} degraded", degraded)] if degraded else []
    parts += [say.many("{n} not measured", "{n} not measured", unknown)] if unknown else []
    return say.many("Last {n} day: {what}", "Last {n} days: {what}", len(days), what=say.row(parts))


def merge(group: GroupView) -> tuple[DayBar, ...]:
    """Return one row for a group: on each day its worst component; those without days are left out."""
    rows = [component.bars for component in group.components if component.bars]
    return tuple(_worst(column) for column in zip(*rows, strict=False))


def _worst(column: Sequence[DayBar]) -> DayBar:
    return min(column, key=lambda bar: (_WORST.index(bar.status), -level(bar)))


def _dashes(column: int, length: int, tall: int) -> str:
    return f"M{column} {_middle(tall)}h{length}"


def _middle(tall: int) -> str:
    return f"{HEIGHT - tall / 2:g}"


def _bad_day(bar: DayBar, column: int, say: Tongue, *, running: bool) -> Markup:
    tall = level(bar)
    told = [_told(status, length, say, running) for status, length in _lengths(bar) if length]
    what = say.row(told) or say.label(bar.status)
    text = say("{day}: {what}", day=say.short_day(bar.day), what=what)
    return Markup('<path class="{}" d="{}"><title>{}</title></path>').format(
        f"{bar.status} t{tall}", _dashes(column, 1, tall), escape(text)
    )


def _lengths(bar: DayBar) -> tuple[tuple[Status, timedelta], ...]:
    return (Status.MAJOR_OUTAGE, bar.uptime.down), (Status.DEGRADED_PERFORMANCE, bar.uptime.degraded)


def _told(status: Status, length: timedelta, say: Tongue, running: bool) -> str:
    if running:
        return say.label(status)
    told = say.lasted(length)
    if status is Status.MAJOR_OUTAGE:
        return say("down for {length}", length=told)
    return say("degraded for {length}", length=told)
