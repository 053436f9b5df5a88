"""Measured outages as stories: what began together is told together, and an episode is told once.

Everything behind one database fails within one run; readers of a feed should hear of it once, not ten times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from statusgen.model.measured import Outage
from statusgen.model.reason import describe
from statusgen.model.told import IncidentView, MaintenanceView
from statusgen.render import words

TOGETHER = timedelta(minutes=2)
"""Outages that begin within this time of each other are one story."""

_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One component's trouble from its first outage to its last; `end` is None while it lasts.

    `times` counts how often it went down, `down` is how long it was down in all, as far as that is over. `lost`: nobody
    saw it end; measuring stopped at `end`. `over`: it has been quiet since for long enough to say that it is back.
    """

    component: str
    start: datetime
    end: datetime | None
    times: int = 1
    down: timedelta = timedelta()
    reason: str | None = None
    lost: bool = False
    over: bool = False


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

    @property
    def over(self) -> bool:
        """Whether everything has been back for long enough to say so."""
        return all(episode.over for episode in self.episodes)


def stories(outages: Iterable[Outage]) -> tuple[Story, ...]:
    """Return the stories that the outages tell, oldest first; the order of the outages does not matter."""
    told: list[list[Episode]] = []
    for episode in _episodes(outages):
        if told and episode.start - told[-1][0].start <= TOGETHER:
            told[-1].append(episode)
        else:
            told.append([episode])
    return tuple(Story(episodes=tuple(episodes)) for episodes in told)


def unexpected(outages: Iterable[Outage], maintenance: Iterable[MaintenanceView]) -> tuple[Outage, ...]:
    """Return the outages that are news: not foretold by maintenance, and not the mere effect of another one."""
    views = tuple(maintenance)
    return tuple(one for one in outages if one.explained_by is None and not foretold(one, views))


def foretold(outage: Outage, maintenance: Iterable[MaintenanceView]) -> bool:
    """Return whether an outage is planned, and was so when it began.

    What is announced only afterwards excuses it in the figures, but does not take back what was sent of it.
    """
    return outage.planned and any(
        view.source.announced <= outage.start and outage.component in view.source.affected(outage.start)
        for view in maintenance
    )


def told_by(story: Story, incidents: Iterable[IncidentView]) -> IncidentView | None:
    """Return the incident that people wrote of what a story tells; None when nobody did."""
    components = {episode.component for episode in story.episodes}
    return next(
        (
            view
            for view in incidents
            if (story.end is None or view.source.started <= story.end)
            and (view.resolved is None or view.resolved >= story.start)
            and not components.isdisjoint(view.source.affected(view.updated))
        ),
        None,
    )


def subject(story: Story, names: Mapping[str, str]) -> str:
    """Return who it is about: up to three names, else how many."""
    components = [names.get(episode.component, episode.component) for episode in story.episodes]
    return words.join(components) if len(components) <= _NAMED else words.count(len(components), "component")


def sentence(story: Story, names: Mapping[str, str], near: date | None = None) -> str:
    """Return the story in a sentence: `Media was down for 42 minutes, 18:02–18:44 UTC: the connection was refused`."""
    verb, been = ("was", "has") if len(story.episodes) == 1 else ("were", "have")
    first = story.episodes[0]
    why = f": {describe(first.reason)}" if first.reason else ""
    often = first.times if len(story.episodes) == 1 else 1
    if story.end is None:
        gone = f"gone down {often} times" if often > 1 else "been down"
        return f"{subject(story, names)} {been} {gone} since {words.instant(story.start, near)}{why}"
    if any(episode.lost for episode in story.episodes):
        begin, end = words.instant(story.start, near), words.instant(story.end, near)
        return f"{subject(story, names)} {verb} down from {begin} until measuring stopped at {end}{why}"
    when = words.window(story.start, story.end, near)
    if often > 1:
        down = f"{verb} down {often} times, for {words.lasted(first.down)} in all"
        return f"{subject(story, names)} {down}, {when}{why}"
    if any(episode.times > 1 for episode in story.episodes):
        return f"{subject(story, names)} {verb} down again and again, {when}{why}"
    return f"{subject(story, names)} {verb} down for {words.lasted(story.end - story.start)}, {when}{why}"


def details(story: Story, names: Mapping[str, str], near: date | None = None) -> tuple[str, ...]:
    """Return a sentence for each component of a story that has several; nothing for a story of one."""
    if len(story.episodes) == 1:
        return ()
    return tuple(sentence(Story(episodes=(episode,)), names, near) for episode in story.episodes)


def _episodes(outages: Iterable[Outage]) -> list[Episode]:
    found: dict[tuple[str, datetime], list[Outage]] = {}
    for outage in sorted(outages, key=lambda outage: (outage.start, outage.component)):
        found.setdefault((outage.component, outage.episode or outage.start), []).append(outage)
    return sorted(map(_episode, found.values()), key=lambda episode: (episode.start, episode.component))


def _episode(outages: Sequence[Outage]) -> Episode:
    """Return outages of one episode, in order, as one."""
    first, last = outages[0], outages[-1]
    return Episode(
        component=first.component,
        start=first.start,
        end=last.end,
        times=last.number - first.number + 1,
        down=sum((one.end - one.start - one.unmeasured for one in outages if one.end), timedelta()),
        reason=first.reason,
        lost=last.lost,
        over=last.over,
    )
