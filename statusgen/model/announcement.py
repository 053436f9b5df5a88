"""What people write: incidents, maintenance and posts, with their dated updates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from statusgen.model.words import Impact, IncidentPhase, MaintenancePhase, Phase, Status


@dataclass(frozen=True, slots=True)
class Checklist:
    """The task list of an announcement: how many steps are done, of how many; both 0 when it has none."""

    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A dated entry of an announcement; `body` is Markdown, `number` counts from 1 in order of time."""

    number: int
    at: datetime
    phase: Phase
    body: str


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
    checklist: Checklist = Checklist()

    @property
    def kind(self) -> str:
        """The word for this kind of announcement."""
        return "incident"

    def phase(self, now: datetime) -> IncidentPhase:
        """Return the phase at an instant: that of the last update by then, `investigating` before any."""
        said = [update.phase for update in self.updates if update.at <= now]
        return IncidentPhase(said[-1]) if said else IncidentPhase.INVESTIGATING


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """An announced window; its phase at an instant is decided by `evaluate.lifecycle`."""

    slug: str
    title: str
    starts: datetime
    ends: datetime
    announced: datetime
    body: str = ""
    affects: Mapping[str, Status] = field(default_factory=dict)
    updates: tuple[Update, ...] = ()
    authors: tuple[str, ...] = ()
    checklist: Checklist = Checklist()

    @property
    def kind(self) -> str:
        """The word for this kind of announcement."""
        return "maintenance"

    def said(self, now: datetime) -> MaintenancePhase | None:
        """Return the last phase that people wrote by an instant, if any."""
        said = [update.phase for update in self.updates if update.at <= now]
        return MaintenancePhase(said[-1]) if said else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An announcement that is neither: a plan, a thank-you, a call for help."""

    slug: str
    title: str
    published: datetime
    body: str = ""
    authors: tuple[str, ...] = ()
    pinned: bool = False
    checklist: Checklist = Checklist()

    @property
    def kind(self) -> str:
        """The word for this kind of announcement."""
        return "post"


Announcement = Incident | Maintenance | Post
