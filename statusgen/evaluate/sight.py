"""Who sees what now: each check of a component from each location that could see it.

| a location | is shown as |
| --- | --- |
| has fresh data | what it saw; `unknown` when it is offline itself |
| cannot reach the check's network, or skipped the check last | not measured here (None) |
| reported a passive check that is overdue | `major_outage` |
| has no fresh data otherwise | `unknown` |

A location that the project does not declare is shown for as long as its data are fresh.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter

from statusgen.evaluate.status import OF_OUTCOME
from statusgen.evaluate.verdict import MISSED, UNSEEN, vote
from statusgen.model.components import CheckView, PlaceView
from statusgen.model.observation import Observation
from statusgen.model.project import Check, Component, Location, Project
from statusgen.model.track import Span, Track
from statusgen.model.words import Outcome, Status

_start_of = attrgetter("start")

Latest = Mapping[tuple[str, str], Observation]
"""The newest observation by check and location."""


def check_views(
    project: Project, component: Component, tracks: Mapping[str, Sequence[Track]], latest: Latest, now: datetime
) -> tuple[CheckView, ...]:
    """Return the checks of a component, in the order written, with what each location says of them."""
    return tuple(_check(project, check, tracks.get(check.id, ()), latest, now) for check in component.checks)


def _check(project: Project, check: Check, tracks: Sequence[Track], latest: Latest, now: datetime) -> CheckView:
    fresh = [span for track in tracks if (span := _present(track.spans, now))]
    silence = MISSED if check.passive and any(_last(track.spans, now) for track in tracks) else UNSEEN
    outcome, reason = vote(fresh, check.quorum) if fresh else silence
    votes = [span for span in fresh if span.outcome is not Outcome.UNKNOWN]
    return CheckView(
        id=check.id,
        kind=check.kind,
        status=OF_OUTCOME[outcome],
        reason=reason,
        places=tuple(_places(project, check, tracks, latest, now)),
        voters=len(votes),
        failing=sum(span.outcome is not Outcome.UP for span in votes),
    )


def _places(
    project: Project, check: Check, tracks: Sequence[Track], latest: Latest, now: datetime
) -> Iterator[PlaceView]:
    """Yield what each location says: those the project declares first, in the order written."""
    spans = {track.location: track.spans for track in tracks}
    for location in project.locations:
        if not check.passive or _last(spans.get(location.id, ()), now):
            yield _place(location, check, spans.get(location.id, ()), latest, now)
    declared = {location.id for location in project.locations}
    for key in sorted(spans.keys() - declared):
        if _present(spans[key], now):
            yield _place(Location(id=key, name=key), check, spans[key], latest, now)


def _place(location: Location, check: Check, spans: Sequence[Span], latest: Latest, now: datetime) -> PlaceView:
    status, reason, since = _said(location, check, spans, latest, now)
    return PlaceView(
        location=location.id,
        name=location.name,
        provider=location.provider,
        status=status,
        reason=reason,
        since=since,
    )


def _said(
    location: Location, check: Check, spans: Sequence[Span], latest: Latest, now: datetime
) -> tuple[Status | None, str | None, datetime | None]:
    """Return what a location is shown as, why, and since when."""
    if span := _present(spans, now):
        return OF_OUTCOME[span.outcome], span.reason, _began(spans, now)
    newest = latest.get((check.id, location.id))
    skipped = newest.reason if newest and newest.outcome is Outcome.SKIPPED and newest.at <= now else None
    if skipped or (check.network not in location.reaches and not check.passive):
        return None, skipped, None
    outcome, reason = MISSED if check.passive else UNSEEN
    last = _last(spans, now)
    return OF_OUTCOME[outcome], reason, last.end if last else None


def _last(spans: Sequence[Span], now: datetime) -> Span | None:
    """Return the last span that has begun at an instant."""
    index = bisect_right(spans, now, key=_start_of)
    return spans[index - 1] if index else None


def _present(spans: Sequence[Span], now: datetime) -> Span | None:
    """Return the span that holds an instant."""
    last = _last(spans, now)
    return last if last and now < last.end else None


def _began(spans: Sequence[Span], now: datetime) -> datetime:
    """Return when the outcome at an instant, which a span holds, began."""
    index = bisect_right(spans, now, key=_start_of) - 1
    while index and spans[index - 1].end == spans[index].start and spans[index - 1].outcome is spans[index].outcome:
        index -= 1
    return spans[index].start
