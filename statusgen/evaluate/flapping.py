"""Flapping: a component that goes down again and again is one trouble, and is not well in between.

How it works. Outages of a component that follow each other with less than `quiet` in between are one *episode*, which
readers are told of once, with a count. An episode is *shaken* from the moment on at which `TIMES` instants of it,
each at least `apart` from the one before, were measured down: after a third outage, or within one that lasts. From
then on until it has been quiet, time that was measured operational counts as `degraded_performance`: with the reason
`flapping` when it went down `TIMES` times, else `recovering`. Time down stays time down, and nothing is changed that
was seen otherwise, least of all what nobody saw.

Why instants and not outages are counted: more failures must never look better. A component that is down throughout has
fewer outages than one that alternates, but not fewer such instants. What came before decides, never what comes after,
so no past instant is judged anew (decision 0092).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from statusgen.evaluate.timeline import Stretch, Timeline, index_at
from statusgen.model.measured import Outage
from statusgen.model.words import Status

TIMES = 3
"""How many instants down, and for `flapping` how many outages, make an episode shaken."""

APART = 2
"""How many intervals these instants lie apart at least."""

QUIET = 3
"""How many intervals without an outage end an episode: a failure is believed after as many tries."""

SHORTEST = timedelta(minutes=2, seconds=30)
"""The interval that counts for `APART` where runs follow each other faster."""

LEAST_QUIET = timedelta(minutes=15)
"""How long it has to be quiet at least, so that a feed does not tell every other moment that it is back."""

FLAPPING = "flapping"
RECOVERING = "recovering"


class Pace(NamedTuple):
    """How much time the rule takes, which depends on how often a project measures."""

    apart: timedelta
    quiet: timedelta


def pace(interval: timedelta) -> Pace:
    """Return the times of the rule for a project's interval."""
    return Pace(apart=APART * max(interval, SHORTEST), quiet=max(QUIET * interval, LEAST_QUIET))


def with_flapping(line: Timeline, of: Pace) -> Timeline:
    """Return a timeline in which what was measured operational is degraded while its episode is shaken."""
    return tuple(_with_flapping(line, of))


def episodes(outages: Sequence[Outage], line: Timeline, now: datetime, of: Pace) -> tuple[Outage, ...]:
    """Return a component's outages, in order, each with its episode: since when, how often, and whether it is over.

    One that follows time that nobody saw is counted only if the component was seen to be back in between.
    """
    placed: list[Outage] = []
    for outage in outages:
        before = placed[-1] if placed else None
        if before is None or before.end is None or outage.start - before.end >= of.quiet:
            placed.append(replace(outage, episode=outage.start))
        else:
            again = not before.lost or _seen_between(line, before.end, outage.start)
            placed.append(replace(outage, episode=before.episode, number=before.number + again))
    if not placed:
        return ()
    last = placed[-1]
    ended = last.end is not None and now - last.end >= of.quiet
    return tuple(replace(one, over=ended or one.episode != last.episode) for one in placed)


@dataclass(slots=True)
class _Episode:
    """What is known of an episode so far: when it last was down, instants and outages counted, and seen to be back."""

    end: datetime
    mark: datetime
    marks: int = 0
    times: int = 1
    back: bool = False

    @property
    def shaken(self) -> bool:
        """Whether enough instants were down."""
        return self.marks >= TIMES

    @property
    def reason(self) -> str:
        """Why time without an outage is no good time."""
        return FLAPPING if self.times >= TIMES else RECOVERING


def _with_flapping(line: Timeline, of: Pace) -> Iterator[Stretch]:
    episode: _Episode | None = None
    for stretch in line:
        if stretch.status is Status.MAJOR_OUTAGE:
            episode = _down(episode, stretch, of)
        elif episode and stretch.counted is not Status.UNKNOWN:
            episode.back = True
        if stretch.status is Status.OPERATIONAL and episode and episode.shaken:
            yield from _divided(stretch, episode.end + of.quiet, episode.reason)
        else:
            yield stretch


def _down(episode: _Episode | None, stretch: Stretch, of: Pace) -> _Episode:
    """Return the episode that a stretch of time down belongs to, with that stretch counted."""
    if episode is None or stretch.start - episode.end >= of.quiet:
        episode = _Episode(end=stretch.end, mark=stretch.start - of.apart)
    else:
        episode.times += episode.back
    first = max(episode.mark + of.apart, stretch.start)
    if first < stretch.end:
        more = -((first - stretch.end) // of.apart)
        episode.marks, episode.mark = episode.marks + more, first + (more - 1) * of.apart
    episode.end, episode.back = stretch.end, False
    return episode


def _divided(stretch: Stretch, until: datetime, reason: str) -> Iterator[Stretch]:
    """Yield a stretch that is degraded until an instant and what it is from there on."""
    edge = min(max(until, stretch.start), stretch.end)
    if stretch.start < edge:
        yield Stretch(stretch.start, edge, Status.DEGRADED_PERFORMANCE, reason)
    if edge < stretch.end:
        yield replace(stretch, start=edge)


def _seen_between(line: Timeline, start: datetime, end: datetime) -> bool:
    """Return whether anything was measured between two instants."""
    return any(one.counted is not Status.UNKNOWN for one in line[index_at(line, start) : index_at(line, end)])
