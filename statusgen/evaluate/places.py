"""The places that measure: which of them have fresh data now, and which are offline themselves."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter

from statusgen.evaluate.blindness import OFFLINE
from statusgen.model.project import Project
from statusgen.model.track import Span, Track
from statusgen.model.words import Outcome

_start_of = attrgetter("start")


def places(project: Project, tracks: Mapping[str, Sequence[Track]], now: datetime) -> tuple[str, ...]:
    """Return the names of the locations with fresh data of any check that the project probes, in the order written.

    A location that the project no longer declares has its id for a name and comes after the others.
    """
    fresh = _fresh(project, tracks, now)
    seeing = {location for location, span in fresh if span.outcome is not Outcome.UNKNOWN}
    return _names(project, seeing - _offline(fresh))


def blind_places(project: Project, tracks: Mapping[str, Sequence[Track]], now: datetime) -> tuple[str, ...]:
    """Return the names of the locations that are offline themselves, in the order written."""
    return _names(project, _offline(_fresh(project, tracks, now)))


def _fresh(project: Project, tracks: Mapping[str, Sequence[Track]], now: datetime) -> list[tuple[str, Span]]:
    """Return what the checks that the project probes say at an instant, with the location that says it."""
    fresh = []
    for check in project.checks:
        if check.passive:
            continue
        for track in tracks.get(check.id, ()):
            index = bisect_right(track.spans, now, key=_start_of)
            if index and now < track.spans[index - 1].end:
                fresh.append((track.location, track.spans[index - 1]))
    return fresh


def _offline(fresh: Iterable[tuple[str, Span]]) -> set[str]:
    return {location for location, span in fresh if span.reason == OFFLINE}


def _names(project: Project, locations: set[str]) -> tuple[str, ...]:
    declared = {location.id: location.name for location in project.locations}
    known = [name for key, name in declared.items() if key in locations]
    return (*known, *sorted(locations - declared.keys()))
