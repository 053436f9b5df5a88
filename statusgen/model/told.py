"""Announcements as readers see them at one instant, and the days that they tell of. Markdown stays Markdown here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from statusgen.model.announcement import Incident, Maintenance, Post, Update
from statusgen.model.measured import Outage
from statusgen.model.words import IncidentPhase, MaintenancePhase, Status


@dataclass(frozen=True, slots=True)
class Affected:
    """A component that an announcement names, and the status it expects there."""

    id: str
    name: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """An incident at this instant.

    `affected` are the components that it names or has named, each with the status that people last gave it. `updates`
    are those made by now, oldest first. `resolved` is when people first said so. `next_update` is when more was
    promised, by the last promise; `late`: it is open and that promise is overdue. `forgotten`: it is open, but all that
    it names has been up since this instant, for hours in which nobody wrote; else None.
    """

    source: Incident
    phase: IncidentPhase
    affected: tuple[Affected, ...]
    updates: tuple[Update, ...]
    resolved: datetime | None = None
    next_update: datetime | None = None
    late: bool = False
    forgotten: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it still goes on."""
        return self.resolved is None

    @property
    def updated(self) -> datetime:
        """When people last said something of it: its newest update, or else its start."""
        return self.updates[-1].at if self.updates else self.source.started

    @property
    def postmortem(self) -> Update | None:
        """The last update that looks back on it when it is over; None when nobody wrote one."""
        return next((one for one in reversed(self.updates) if one.phase is IncidentPhase.POSTMORTEM), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpentPlan:
    """A window of a maintenance that another one has taken the place of.

    `since` is when it was announced. `began` and `ended` are when the maintenance did so by it and by the clock alone,
    before it was moved, as far as anybody saw; None when that did not come.
    """

    starts: datetime
    ends: datetime
    since: datetime
    began: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceView:
    """A maintenance at this instant.

    `starts` and `ends` are the window that stands announced now; `earlier` are those that were announced before it,
    oldest first. `began` and `ended` are when it really did: by people's word, or else by its window and by what was
    measured; None when that has not happened. `unseen`: nobody saw when it ended; what it affects was down when
    measuring stopped at this instant. `overrun`: its window is over, nobody said that it is, and what it affects has
    been down ever since.
    """

    source: Maintenance
    phase: MaintenancePhase
    affected: tuple[Affected, ...]
    updates: tuple[Update, ...]
    starts: datetime
    ends: datetime
    earlier: tuple[SpentPlan, ...] = ()
    began: datetime | None = None
    ended: datetime | None = None
    unseen: datetime | None = None
    overrun: bool = False

    @property
    def active(self) -> bool:
        """Whether it goes on now."""
        return self.phase in {MaintenancePhase.IN_PROGRESS, MaintenancePhase.VERIFYING}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """A maintenance that comes again: its file, and its occurrences that are public by now, newest first."""

    source: Maintenance
    occurrences: tuple[MaintenanceView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """A post that is published by now."""

    source: Post


@dataclass(frozen=True, slots=True, kw_only=True)
class DayStory:
    """One UTC day of history.

    Incidents and maintenance that began that day (a maintenance cancelled before it began: the day it was cancelled),
    oldest first, and outages that no incident, no maintenance and no other outage tells of, on the day on which their
    episode began.
    """

    day: date
    incidents: tuple[IncidentView, ...] = ()
    maintenance: tuple[MaintenanceView, ...] = ()
    outages: tuple[Outage, ...] = ()

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to report."""
        return not (self.incidents or self.maintenance or self.outages)
