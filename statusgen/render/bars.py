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


def draw(days: Sequence[DayBar], *, running: date | None = None) -> Markup:
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
            _bad_day(bar, column + index, bar.day == running)
            for index, bar in enumerate(bars)
            if bar.status in words.TROUBLE
        )
        column += len(bars)
    paths = [Markup('<path class="{}" d="{}"/>').format(status, "".join(runs)) for status, runs in quiet.items()]
    return Markup(
        '<svg class="bars" role="img" aria-label="{}" viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>'
    ).format(describe(days), max(column, 1), HEIGHT, Markup().join([*paths, *bad]))


def describe(days: Sequence[DayBar]) -> str:
    """Return the days in a sentence: `Last 90 days: 2 days with an outage, 1 degraded, 30 not measured`."""
    if not days:
        return "No days yet"
    out = sum(bar.status in {Status.MAJOR_OUTAGE, Status.PARTIAL_OUTAGE} for bar in days)
    degraded = sum(bar.status is Status.DEGRADED_PERFORMANCE for bar in days)
    unknown = sum(bar.status is Status.UNKNOWN for bar in days)
    parts = [f"{words.count(out, 'day')} with an outage" if out else "no outage"]
    parts += [f"{degraded} degraded"] if degraded else []
    parts += [f"{unknown} not measured"] if unknown else []
    return f"Last {words.count(len(days), 'day')}: {', '.join(parts)}"


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


def _bad_day(bar: DayBar, column: int, running: bool) -> Markup:
    tall = level(bar)
    down, degraded = bar.uptime.down, bar.uptime.degraded
    told = [
        word if running else f"{word} for {words.lasted(length)}"
        for word, length in (("down", down), ("degraded", degraded))
        if length
    ]
    text = f"{words.short_day(bar.day)}: {', '.join(told) or words.LABELS[bar.status]}"
    return Markup('<path class="{} t{}" d="{}"><title>{}</title></path>').format(
        bar.status, tall, _dashes(column, 1, tall), escape(text)
    )
