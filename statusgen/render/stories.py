"""Measured outages as stories: what began together is told together, and an episode is told once.

Everything behind one database fails within one run; readers of a feed should hear of it once, not ten times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from statusgen.model.catalogue import msgs
from statusgen.model.measured import Outage
from statusgen.model.told import IncidentView
from statusgen.render.tongue import Tongue

TOGETHER = timedelta(minutes=2)
"""Outages that begin within this time of each other are one story."""

GOES_ON = msgs("{names} has been down since {when}", "{names} have been down since {when}")
SO_FAR = msgs("{names} has gone down {n} time since {when}", "{names} has gone down {n} times since {when}")
LOST = msgs(
    "{names} was down from {begin} until measuring stopped at {end}",
    "{names} were down from {begin} until measuring stopped at {end}",
)
OFTEN = msgs(
    "{names} was down {n} time, for {length} in all, {when}", "{names} was down {n} times, for {length} in all, {when}"
)
AGAIN = msgs("{names} was down again and again, {when}", "{names} were down again and again, {when}")
ONCE = msgs("{names} was down for {length}, {when}", "{names} were down for {length}, {when}")
"""What a story tells: of one component or several, or how many times of one."""

_NAMED = 3

Since = Callable[[Outage], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One component's trouble from its first outage to its last; `end` is None while it lasts.

    `told` is since when it is told. `times` counts how often it went down, `down` is how long it was down in all, as
    far as that is over. `lost`: nobody saw it end; measuring stopped at `end`. `over`: it has been quiet since for long
    enough to say that it is back. `explained_by` is the component whose own trouble holds all of this one's.
    """

    component: str
    start: datetime
    end: datetime | None
    told: datetime
    times: int = 1
    down: timedelta = timedelta()
    reason: str | None = None
    lost: bool = False
    over: bool = False
    explained_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Episodes that are told together, the first first."""

    episodes: tuple[Episode, ...]

    @property
    def leading(self) -> tuple[Episode, ...]:
        """Those that no other of them explains, which are whom it is about."""
        components = {episode.component for episode in self.episodes}
        return tuple(episode for episode in self.episodes if episode.explained_by not in components) or self.episodes

    @property
    def start(self) -> datetime:
        """When it began."""
        return min(episode.start for episode in self.episodes)

    @property
    def told(self) -> datetime:
        """Since when it is told."""
        return self.episodes[0].told

    @property
    def end(self) -> datetime | None:
        """When the last component came back; None while any is down."""
        ends = [episode.end for episode in self.episodes]
        return None if None in ends else max(end for end in ends if end)

    @property
    def over(self) -> bool:
        """Whether everything has been back for long enough to say so."""
        return all(episode.over for episode in self.episodes)


def began(outage: Outage) -> datetime:
    """Return when an outage began, which is what pages go by."""
    return outage.start


def stories(outages: Iterable[Outage], since: Since = began) -> tuple[Story, ...]:
    """Return the stories that the outages tell, oldest first; the order of the outages does not matter.

    `since` says of an outage when it is told.
    """
    told: list[list[Episode]] = []
    for episode in _episodes(outages, since):
        if told and episode.told - told[-1][0].told <= TOGETHER:
            told[-1].append(episode)
        else:
            told.append([episode])
    return tuple(Story(episodes=tuple(episodes)) for episodes in told)


def unexpected(outages: Iterable[Outage]) -> tuple[Outage, ...]:
    """Return the outages that are news: not foretold by maintenance, and not the mere effect of another one."""
    return tuple(one for one in outages if not one.effect and not one.foretold)


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


def subject(story: Story, names: Mapping[str, str], say: Tongue) -> str:
    """Return who it is about: up to three names, else how many."""
    components = [names.get(episode.component, episode.component) for episode in story.leading]
    if len(components) <= _NAMED:
        return say.join(components)
    return say.many("{n} component", "{n} components", len(components))


def sentence(story: Story, names: Mapping[str, str], say: Tongue, near: date | None = None) -> str:
    """Return the story in a sentence: `Media was down for 42 minutes, 18:02–18:44 UTC: the connection was refused`."""
    number, who = len(story.leading), subject(story, names, say)
    first = story.leading[0]
    often = first.times if number == 1 else 1
    if story.end is None:
        return say.because(_going_on(story, often, who, say, near), first.reason)
    if any(episode.lost for episode in story.episodes):
        facts = {"begin": say.moment(story.start, near), "end": say.instant(story.end, near)}
        return say.because(say.counted(LOST, number, names=who, **facts), first.reason)
    when = say.window(story.start, story.end, near)
    if often > 1:
        length = say.lasted(first.down)
        return say.because(say.counted(OFTEN, often, names=who, length=length, when=when), first.reason)
    if any(episode.times > 1 for episode in story.leading):
        return say.because(say.counted(AGAIN, number, names=who, when=when), first.reason)
    length = say.lasted(story.end - story.start)
    return say.because(say.counted(ONCE, number, names=who, length=length, when=when), first.reason)


def _going_on(story: Story, often: int, who: str, say: Tongue, near: date | None) -> str:
    when = say.moment(story.start, near)
    if often > 1:
        return say.counted(SO_FAR, often, names=who, when=when)
    return say.counted(GOES_ON, len(story.leading), names=who, when=when)


def details(story: Story, names: Mapping[str, str], say: Tongue, near: date | None = None) -> tuple[str, ...]:
    """Return a sentence for each component of a story that has several; nothing for a story of one."""
    if len(story.episodes) == 1:
        return ()
    return tuple(sentence(Story(episodes=(episode,)), names, say, near) for episode in story.episodes)


def _episodes(outages: Iterable[Outage], since: Since) -> list[Episode]:
    found: dict[tuple[str, datetime], list[Outage]] = {}
    for outage in sorted(outages, key=lambda outage: (outage.start, outage.component)):
        found.setdefault((outage.component, outage.episode or outage.start), []).append(outage)
    episodes = (_episode(one, since(one[0])) for one in found.values())
    return sorted(episodes, key=lambda episode: (episode.told, episode.start, episode.component))


def _episode(outages: Sequence[Outage], told: datetime) -> Episode:
    """Return outages of one episode, in order, as one that is told since an instant."""
    first, last = outages[0], outages[-1]
    return Episode(
        component=first.component,
        start=first.start,
        end=last.end,
        told=told,
        times=last.number - first.number + 1,
        down=sum((one.end - one.start - one.unmeasured for one in outages if one.end), timedelta()),
        reason=first.reason,
        lost=last.lost,
        over=last.over,
        explained_by=next(iter(behind)) if len(behind := {one.explained_by for one in outages}) == 1 else None,
    )
