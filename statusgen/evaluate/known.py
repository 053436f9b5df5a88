"""What is known of every component at an instant: what the page, its figures and their explanation are made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from statusgen.evaluate import flapping
from statusgen.evaluate.dependency import explain
from statusgen.evaluate.effect import with_effects
from statusgen.evaluate.outage import outages
from statusgen.evaluate.timeline import Timeline, timeline
from statusgen.evaluate.verdict import MISSED, UNSEEN, verdicts
from statusgen.evaluate.window import began_within, cover, last_begun, planned, promised
from statusgen.model.announcement import Window
from statusgen.model.measured import Outage
from statusgen.model.project import Component, Project
from statusgen.model.track import Record, Track

Told = Callable[[str], Sequence[Window]]
"""Gives the maintenance of a component from when it was announced; worked out for those that it left down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Tracks by check; lines, maintenance and outages by component."""

    tracks: Mapping[str, Sequence[Track]]
    lines: Mapping[str, Timeline]
    covers: Mapping[str, Sequence[Window]]
    outages: Mapping[str, Sequence[Outage]]


def known_of(project: Project, record: Record, now: datetime) -> Known:
    """Return what is known of every component of a project; tracks of checks that it does not have stay aside."""
    tracks: dict[str, list[Track]] = defaultdict(list)
    for track in sorted(record.tracks, key=lambda track: track.location):
        tracks[track.check].append(track)
    pace = flapping.pace(project.interval)
    lines = {one.id: flapping.with_flapping(_line(one, tracks), pace) for one in project.components}
    covers = {one.id: cover(one.id, project.announcements, now) for one in project.components}
    told = cache(lambda key: promised(key, project.announcements, now))
    found = {
        key: tuple(
            _with_plan(outage, covers[key], told, now)
            for outage in flapping.episodes(outages(key, line, now, patience=project.hold), line, now, pace)
        )
        for key, line in lines.items()
    }
    depends_on = {one.id: one.depends_on for one in project.components}
    explained = explain(found, depends_on, patience=project.hold)
    marked = with_effects(explained, depends_on, now, patience=project.hold)
    return Known(tracks=tracks, lines=lines, covers=covers, outages=marked)


def _line(component: Component, tracks: Mapping[str, Sequence[Track]]) -> Timeline:
    return timeline(
        [
            verdicts(
                [track.spans for track in tracks.get(check.id, ())],
                check.quorum,
                silence=MISSED if check.passive else UNSEEN,
            )
            for check in component.checks
        ]
    )


def _with_plan(outage: Outage, covers: Sequence[Window], told: Told, now: datetime) -> Outage:
    """Return an outage with what maintenance makes of it: of its time, and of what readers were told before it."""
    if not began_within(outage, covers):
        return outage
    outage = replace(outage, planned=planned(outage, covers, now))
    window = last_begun(told(outage.component), outage.start)
    if window is None or not window.holds(outage.start):
        return outage
    foretold = now < window.end if outage.end is None else outage.end <= window.end
    return replace(outage, foretold=True) if foretold else replace(outage, overran=window.end)
