"""The explanation of a day's figure: the pieces of time that the figure is the sum of, and where they come from."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import attrgetter

from statusgen.evaluate.known import known_of
from statusgen.evaluate.recurrence import expand
from statusgen.evaluate.uptime import DAY, Piece, figure, midnight, pieces
from statusgen.evaluate.window import cover
from statusgen.model.announcement import Maintenance, Window
from statusgen.model.explanation import Explanation, Interval, Testimony
from statusgen.model.measured import Uptime
from statusgen.model.observation import Observation
from statusgen.model.project import Component, Project
from statusgen.model.track import Record, Span, Track
from statusgen.model.words import Status

_start_of = attrgetter("start")
_end_of = attrgetter("end")
_at = attrgetter("at")

Seen = Mapping[tuple[str, str], Sequence[Observation]]
"""Single observations in order of time, by check and location."""


def explanation(
    project: Project,
    record: Record,
    component: Component,
    day: date,
    *,
    now: datetime,
    seen: Iterable[Observation] = (),
) -> Explanation:
    """Return what the figure of one UTC day is made of, as far as that day has passed by now.

    `record` holds the day and what was before it; `seen` are the single observations of the day, to be counted.
    """
    project = expand(project, now)
    known = known_of(project, record, now)
    window = Window(midnight(day), min(now, midnight(day) + DAY))
    found = tuple(pieces(known.lines[component.id], known.covers[component.id], window))
    by_source = _by_source(seen)
    return Explanation(
        component=component.id,
        name=component.name,
        day=day,
        intervals=tuple(
            _interval(project, component, piece, tracks=known.tracks, seen=by_source, now=now) for piece in found
        ),
        uptime=_sum(found),
        to_come=now < midnight(day),
    )


def _sum(found: Iterable[Piece]) -> Uptime:
    """Return what pieces of time add up to."""
    spent: dict[Status, timedelta] = defaultdict(timedelta)
    for piece in found:
        spent[piece.status] += piece.end - piece.start
    return figure(spent, sum(spent.values(), timedelta()))


def _by_source(seen: Iterable[Observation]) -> Seen:
    by_source: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for one in sorted(seen, key=_at):
        by_source[one.check, one.location].append(one)
    return by_source


def _interval(
    project: Project,
    component: Component,
    piece: Piece,
    *,
    tracks: Mapping[str, Sequence[Track]],
    seen: Seen,
    now: datetime,
) -> Interval:
    return Interval(
        start=piece.start,
        end=piece.end,
        status=piece.status,
        measured=piece.stretch.status,
        reason=piece.stretch.reason,
        partly=piece.stretch.partly,
        maintenance=tuple(_covering(project, component, piece.start, now)) if piece.covered else (),
        testimonies=tuple(
            testimony
            for check in component.checks
            for track in tracks.get(check.id, ())
            for testimony in _testimonies(track, piece, seen.get((track.check, track.location), ()))
        ),
    )


def _covering(project: Project, component: Component, at: datetime, now: datetime) -> Iterator[str]:
    """Yield the maintenance that covers a component at an instant."""
    for one in project.announcements:
        if isinstance(one, Maintenance) and any(window.holds(at) for window in cover(component.id, [one], now)):
            yield one.slug


def _testimonies(track: Track, piece: Piece, seen: Sequence[Observation]) -> Iterable[Testimony]:
    """Return what a location said of a check within a piece of time: one for each thing it said, the first first."""
    said: dict[tuple[str, str | None], Testimony] = {}
    first = bisect_right(track.spans, piece.start, key=_end_of)
    last = bisect_left(track.spans, piece.end, key=_start_of)
    for span in track.spans[first:last]:
        made = _made(span, piece, seen)
        before = said.get((span.outcome, span.reason)) or Testimony(
            check=track.check, location=track.location, outcome=span.outcome, reason=span.reason
        )
        said[span.outcome, span.reason] = replace(
            before,
            observations=before.observations + len(made),
            tries=before.tries + sum(one.tries for one in made),
        )
    return said.values()


def _made(span: Span, piece: Piece, seen: Sequence[Observation]) -> Sequence[Observation]:
    """Return the observations made in a span, as far as it lies within a piece of time."""
    start, end = max(span.start, piece.start), min(span.end, piece.end)
    return seen[bisect_left(seen, start, key=_at) : bisect_left(seen, end, key=_at)]
