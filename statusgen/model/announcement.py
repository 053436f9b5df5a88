"""What people write: incidents, maintenance and posts, with their dated updates.

`pictures` are those of files beside an announcement, by the address that its Markdown has for each. `language` is that
of a text, where it is not the page's; `translations` are the same text in others, by their tags.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from statusgen.model.words import Impact, IncidentPhase, MaintenancePhase, Phase, Status


class Window(NamedTuple):
    """A stretch of time `[start, end)`."""

    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        """Return whether the instant lies in it."""
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Checklist:
    """The task list of an announcement: how many steps are done, of how many; both 0 when it has none."""

    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture from a file beside an announcement, ready to be published.

    `path` is its place in the site, which changes with its content; `width` and `height` are those that it is shown
    with, in pixels.
    """

    path: str
    content_type: str
    width: int
    height: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A dated entry of an announcement; `body` is Markdown, `number` counts from 1 in order of time.

    It may change what stands above it, from its instant on: `affects` are the components whose status it changes, the
    others stay as they were; `window` is the new window of a maintenance; `next_update` when more is promised.
    """

    number: int
    at: datetime
    phase: Phase
    body: str
    affects: Mapping[str, Status] = field(default_factory=dict)
    window: Window | None = None
    next_update: datetime | None = None
    language: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Translation:
    """The title and the text of an announcement in another language; those of its updates are with them."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A window of a maintenance, and the instant from which on it was the announced one."""

    since: datetime
    window: Window


def affected_at(affects: Mapping[str, Status], updates: Iterable[Update], now: datetime) -> Mapping[str, Status]:
    """Return what people said of each component by an instant: what they said first, as their updates changed it."""
    changes = [update.affects for update in updates if update.affects and update.at <= now]
    return dict(ChainMap({}, *map(dict, reversed(changes)), dict(affects))) if changes else affects


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that went wrong, told by people. `affects` maps component ids to the status people give them."""

    slug: str
    title: str
    started: datetime
    impact: Impact
    body: str = ""
    affects: Mapping[str, Status] = field(default_factory=dict)
    updates: tuple[Update, ...] = ()
    next_update: datetime | None = None
    authors: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    checklist: Checklist = Checklist()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    language: str = ""
    translations: Mapping[str, Translation] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The word for this kind of announcement."""
        return "incident"

    def phase(self, now: datetime) -> IncidentPhase:
        """Return the phase at an instant: that of the last update by then, `investigating` before any."""
        said = [update.phase for update in self.updates if update.at <= now]
        return IncidentPhase(said[-1]) if said else IncidentPhase.INVESTIGATING

    def affected(self, now: datetime) -> Mapping[str, Status]:
        """Return the status that people give each component at an instant."""
        return affected_at(self.affects, self.updates, now)

    def promised(self, now: datetime) -> datetime | None:
        """Return when more was promised, by the last promise made by an instant."""
        said = [update.next_update for update in self.updates if update.next_update and update.at <= now]
        return said[-1] if said else self.next_update


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """How a maintenance comes again: by a rule of RFC 5545, by the clock of a zone.

    On the days in `skips` an occurrence is called off.
    """

    rule: str
    zone: tzinfo
    skips: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """An announced window; its phase at an instant is decided by `evaluate.lifecycle`.

    `starts` and `ends` are the window as it was first announced; updates may move it. With `repeats` it is a series,
    and the window that of its first occurrence. `series` is the slug of the series that an occurrence is of, else
    empty, and `following` are the next starts after it.
    """

    slug: str
    title: str
    starts: datetime
    ends: datetime
    announced: datetime
    body: str = ""
    affects: Mapping[str, Status] = field(default_factory=dict)
    updates: tuple[Update, ...] = ()
    authors: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    checklist: Checklist = Checklist()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    language: str = ""
    translations: Mapping[str, Translation] = field(default_factory=dict)
    repeats: Recurrence | None = None
    series: str = ""
    following: tuple[datetime, ...] = ()

    @property
    def kind(self) -> str:
        """The word for this kind of announcement."""
        return "maintenance"

    def said(self, now: datetime) -> MaintenancePhase | None:
        """Return the last phase that people wrote by an instant, if any."""
        said = [update.phase for update in self.updates if update.at <= now]
        return MaintenancePhase(said[-1]) if said else None

    def affected(self, now: datetime) -> Mapping[str, Status]:
        """Return the status to expect of each component by what was said by an instant."""
        return affected_at(self.affects, self.updates, now)

    def plans(self, now: datetime) -> tuple[Plan, ...]:
        """Return every window announced by an instant, oldest first; the last one stands."""
        moved = (Plan(one.at, one.window) for one in self.updates if one.window and one.at <= now)
        return (Plan(self.announced, Window(self.starts, self.ends)), *moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An announcement that is neither: a plan, a thank-you, a call for help."""

    slug: str
    title: str
    published: datetime
    body: str = ""
    authors: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    pinned: bool = False
    checklist: Checklist = Checklist()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    language: str = ""
    translations: Mapping[str, Translation] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The word for this kind of announcement."""
        return "post"


Announcement = Incident | Maintenance | Post
