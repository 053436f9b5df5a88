"""Measured outages as stories: what began together is told together, and what flaps is told once.

Everything behind one database fails within one run; readers of a feed should hear of it once, not ten times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from statusgen.model.page import Outage
from statusgen.model.reason import describe
from statusgen.render import words

TOGETHER = timedelta(minutes=2)
"""Outages that begin within this time of each other are one story."""

QUIET = timedelta(minutes=15)
"""A component that goes down again within this time of coming back is still in the same trouble."""

_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One component's trouble from its first outage to its last; `end` is None while it lasts.

    `times` counts its outages. `lost`: nobody saw it end; measuring stopped at `end`.
    """

    component: str
    start: datetime
    end: datetime | None
    times: int = 1
    reason: str | None = None
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Episodes that began together, the first first."""

    episodes: tuple[Episode, ...]

    @property
    def start(self) -> datetime:
        """When it began."""
        return self.episodes[0].start

    @property
    def end(self) -> datetime | None:
        """When the last component came back; None while any is down."""
        ends = [episode.end for episode in self.episodes]
        return None if None in ends else max(end for end in ends if end)

    def over(self, now: datetime) -> bool:
        """Return whether everything has been back for long enough to say so."""
        return self.end is not None and now - self.end >= QUIET


def stories(outages: Iterable[Outage]) -> tuple[Story, ...]:
    """Return the stories that the outages tell, oldest first; the order of the outages does not matter."""
    told: list[list[Episode]] = []
    for episode in _episodes(outages):
        if told and episode.start - told[-1][0].start <= TOGETHER:
            told[-1].append(episode)
        else:
            told.append([episode])
    return tuple(Story(episodes=tuple(episodes)) for episodes in told)


def unexpected(outages: Iterable[Outage]) -> tuple[Outage, ...]:
    """Return the outages that are news: not planned, and not the mere effect of another one."""
    return tuple(outage for outage in outages if not outage.planned and outage.explained_by is None)


def subject(story: Story, names: Mapping[str, str]) -> str:
    """Return who it is about: up to three names, else how many."""
    components = [names.get(episode.component, episode.component) for episode in story.episodes]
    return words.join(components) if len(components) <= _NAMED else words.count(len(components), "component")


def sentence(story: Story, names: Mapping[str, str], near: date | None = None) -> str:
    """Return the story in a sentence: `Media was down for 42 minutes, 18:02–18:44 UTC: the connection was refused`."""
    verb, been = ("was", "has") if len(story.episodes) == 1 else ("were", "have")
    first = story.episodes[0]
    why = f": {describe(first.reason)}" if first.reason else ""
    if story.end is None:
        return f"{subject(story, names)} {been} been down since {words.instant(story.start, near)}{why}"
    if any(episode.lost for episode in story.episodes):
        begin, end = words.instant(story.start, near), words.instant(story.end, near)
        return f"{subject(story, names)} {verb} down from {begin} until measuring stopped at {end}{why}"
    when = words.window(story.start, story.end, near)
    if any(episode.times > 1 for episode in story.episodes):
        return f"{subject(story, names)} {verb} down again and again, {when}{why}"
    return f"{subject(story, names)} {verb} down for {words.duration(story.end - story.start)}, {when}{why}"


def details(story: Story, names: Mapping[str, str], near: date | None = None) -> tuple[str, ...]:
    """Return a sentence for each component of a story that has several; nothing for a story of one."""
    if len(story.episodes) == 1:
        return ()
    return tuple(sentence(Story(episodes=(episode,)), names, near) for episode in story.episodes)


def _episodes(outages: Iterable[Outage]) -> list[Episode]:
    last: dict[str, Episode] = {}
    done: list[Episode] = []
    for outage in sorted(outages, key=lambda outage: (outage.start, outage.component)):
        before = last.get(outage.component)
        if before is not None and before.end is not None and outage.start - before.end < QUIET:
            last[outage.component] = _join(before, outage)
            continue
        if before is not None:
            done.append(before)
        last[outage.component] = _first(outage)
    return sorted([*done, *last.values()], key=lambda episode: (episode.start, episode.component))


def _first(outage: Outage) -> Episode:
    return Episode(
        component=outage.component, start=outage.start, end=outage.end, reason=outage.reason, lost=outage.lost
    )


def _join(before: Episode, outage: Outage) -> Episode:
    return Episode(
        component=before.component,
        start=before.start,
        end=outage.end,
        times=before.times + 1,
        reason=before.reason,
        lost=outage.lost,
    )
