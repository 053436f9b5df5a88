"""How fast a component answered from one place: a line for each day's median, a band up to what most stayed within.

Drawn in units of one day by one step of the scale and stretched to its place. Days without answers are gaps. The
numbers behind it stand in a table beside it, and the sentence that it has to tell in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from statistics import median_low

from markupsafe import Markup

from statusgen.model.measured import DaySpeed, PlaceSpeed
from statusgen.render.tongue import Tongue

HEIGHT = 40
"""The height of the drawing, in its own units; the top of the scale fills it."""

_STEPS = (1, 2, 5)


def top(places: Iterable[PlaceSpeed]) -> float:
    """Return the latency (ms) at the top of the scale: 1, 2 or 5 times a power of ten, above all that is drawn."""
    most = max((one.most_ms for place in places for one in place.days), default=1.0)
    scale = 1.0
    while True:
        for step in _STEPS:
            if step * scale >= most:
                return step * scale
        scale *= 10


def draw(place: PlaceSpeed, say: Tongue, *, first: date, days: int, top_ms: float) -> Markup:
    """Return the drawing of so many days from the first on; `top_ms` is the same for all places, to compare them."""
    runs = list(_runs(place.days))
    line = "".join(_line(run, first, top_ms) for run in runs)
    band = "".join(_band(run, first, top_ms) for run in runs)
    return Markup(
        '<svg class="chart" role="img" aria-label="{}" viewBox="0 0 {} {}" preserveAspectRatio="none">'
        '<path class="guide" vector-effect="non-scaling-stroke" d="M0 0H{}M0 {}H{}"/><path class="band" d="{}"/>'
        '<path vector-effect="non-scaling-stroke" d="{}"/></svg>'
    ).format(describe(place, say), days, HEIGHT, days, HEIGHT // 2, days, band, line)


def describe(place: PlaceSpeed, say: Tongue) -> str:
    """Return what the drawing tells: `Frankfurt: typically 120 ms; slowest on 12 October, when …`."""
    slowest = max(place.days, key=lambda one: (one.most_ms, one.day))
    return say(
        "{place}: typically {typical}; slowest on {day}, when nineteen in twenty answers came within {most}",
        place=place.place,
        typical=say.milliseconds(median_low(one.median_ms for one in place.days)),
        day=say.short_day(slowest.day),
        most=say.milliseconds(slowest.most_ms),
    )


def table(places: Sequence[PlaceSpeed]) -> tuple[tuple[date, tuple[DaySpeed | None, ...]], ...]:
    """Return every day with answers, newest first, with what each place saw of it."""
    by_place = [{one.day: one for one in place.days} for place in places]
    days = sorted({day for known in by_place for day in known}, reverse=True)
    return tuple((day, tuple(known.get(day) for known in by_place)) for day in days)


def _runs(days: Sequence[DaySpeed]) -> Iterator[list[DaySpeed]]:
    """Yield days, one at least, in order as long as none is missing between them."""
    run = [days[0]]
    for one in days[1:]:
        if (one.day - run[-1].day).days > 1:
            yield run
            run = []
        run.append(one)
    yield run


def _line(run: Sequence[DaySpeed], first: date, top_ms: float) -> str:
    """Return a path through the medians, from the beginning of the first day to the end of the last."""
    points = [(_left(one, first) + 0.5, _down(one.median_ms, top_ms)) for one in run]
    start, end = _left(run[0], first), _left(run[-1], first) + 1
    return _path([(start, points[0][1]), *points, (end, points[-1][1])])


def _band(run: Sequence[DaySpeed], first: date, top_ms: float) -> str:
    upper = [(_left(one, first) + 0.5, _down(one.most_ms, top_ms)) for one in run]
    lower = [(_left(one, first) + 0.5, _down(one.median_ms, top_ms)) for one in reversed(run)]
    start, end = _left(run[0], first), _left(run[-1], first) + 1
    corners = [(start, upper[0][1]), *upper, (end, upper[-1][1]), (end, lower[0][1]), *lower, (start, lower[-1][1])]
    return _path(corners) + "z"


def _left(one: DaySpeed, first: date) -> int:
    return (one.day - first).days


def _down(milliseconds: float, top_ms: float) -> float:
    return HEIGHT * (1 - milliseconds / top_ms)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:.1f}".removesuffix(".0") for x, y in points)
