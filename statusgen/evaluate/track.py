"""From observations to tracks: what each check looked like from each location, as spans of time.

How it works:

1. Blindness. What a location saw while it was offline itself counts as `unknown` (see `blindness`).
2. One observation per instant. Of several at the same instant the worst that was measured stands, `unknown` only when
   nothing else was seen; what is still equal is decided by the rest of the observation, so that order never matters.
3. Nothing of the target. An observation that was `skipped` says nothing, so it is left out: a place without IPv6 never
   turns a component unknown by lacking it.
4. Spans. An observation at `t` speaks for `[t, t + hold)`, or until the next observation of the same check from the
   same location; a report of a passive check brings a hold of its own. Time for which nothing speaks is in no span.
   Neighbours with equal outcome and reason become one.

`fold` may be given all observations at once or one day after another: `stitch` puts days together, and the result is
the same, as long as no run is split between days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from statusgen.evaluate import latency
from statusgen.evaluate.blindness import believed, blind_runs
from statusgen.model.observation import Observation
from statusgen.model.track import Span, Track
from statusgen.model.words import Outcome

_STANDING = {Outcome.UNKNOWN: 0, Outcome.UP: 1, Outcome.DEGRADED: 2, Outcome.DOWN: 3}
_ANSWERED = frozenset({Outcome.UP, Outcome.DEGRADED})


def fold(observations: Iterable[Observation], hold: timedelta) -> tuple[Track, ...]:
    """Return one track per check and location, sorted by both; duplicates and the order of arrival do not matter.

    `hold` is for observations that have none of their own. The last span of each track runs on for as long as its
    observation speaks, whether or not that is in the future.
    """
    seen = [one for one in observations if one.outcome is not Outcome.SKIPPED]
    blind = blind_runs(seen)
    by_track: dict[tuple[str, str], dict[datetime, Observation]] = defaultdict(dict)
    for one in seen:
        judged = believed(one, blind)
        instants = by_track[one.check, one.location]
        rival = instants.get(one.at)
        instants[one.at] = judged if rival is None else max(rival, judged, key=_standing)
    return tuple(
        _track(check, location, sorted(instants.values(), key=lambda one: one.at), hold)
        for (check, location), instants in sorted(by_track.items())
    )


def stitch(days: Iterable[Sequence[Track]]) -> tuple[Track, ...]:
    """Return the tracks of several days, oldest first, as one track per check and location.

    A day's first span cuts off what earlier days say of the time from there on. Histograms add up.
    """
    by_track: dict[tuple[str, str], list[Track]] = defaultdict(list)
    for track in chain.from_iterable(days):
        by_track[track.check, track.location].append(track)
    return tuple(
        Track(
            check=check,
            location=location,
            spans=_join(track.spans for track in tracks),
            latency=latency.add(track.latency for track in tracks),
        )
        for (check, location), tracks in sorted(by_track.items())
    )


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans, in order, with neighbours that touch and say the same made one."""
    result: list[Span] = []
    for span in spans:
        last = result[-1] if result else None
        if last and last.end == span.start and (last.outcome, last.reason) == (span.outcome, span.reason):
            result[-1] = Span(last.start, span.end, last.outcome, last.reason)
        else:
            result.append(span)
    return tuple(result)


def _standing(one: Observation) -> tuple[int, str, float, str, timedelta]:
    """Return what decides between observations of one instant; the greatest stands."""
    return _STANDING[one.outcome], one.reason or "", one.latency_ms or 0.0, one.run, one.holds or timedelta()


def _track(check: str, location: str, observations: Sequence[Observation], hold: timedelta) -> Track:
    """Return the track of one check from one location, from its observations in order of time."""
    nexts: list[datetime | None] = [one.at for one in observations[1:]]
    nexts.append(None)
    spans = (
        Span(one.at, _spoken_until(one.at + (one.holds or hold), following), one.outcome, one.reason)
        for one, following in zip(observations, nexts, strict=True)
    )
    answers = (one.latency_ms for one in observations if one.outcome in _ANSWERED and one.latency_ms is not None)
    return Track(check=check, location=location, spans=merged(spans), latency=latency.histogram(answers))


def _spoken_until(held: datetime, following: datetime | None) -> datetime:
    """Return when an observation stops speaking."""
    return held if following is None else min(held, following)


def _join(days: Iterable[Sequence[Span]]) -> tuple[Span, ...]:
    """Return the spans of several days, oldest first, each day cut off by the first span of the next."""
    result: list[Span] = []
    for spans in days:
        cut = spans[0].start if spans else None
        while cut and result and result[-1].end > cut:
            last = result.pop()
            if last.start < cut:
                result.append(replace(last, end=cut))
        result.extend(spans)
    return merged(result)
