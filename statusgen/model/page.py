"""Everything a theme may show at one instant, already decided. The docstrings are the theme author's reference.

Instants are aware UTC. Markdown stays Markdown here; `render` turns it into HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from statusgen.model.announcement import Incident, Maintenance, Post, Update
from statusgen.model.project import Site
from statusgen.model.words import IncidentPhase, MaintenancePhase, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Uptime:
    """Time-weighted uptime over a period, always beside its coverage.

    `period` is the window (or day) from the component's first measurement in it until now: nothing is owed for the time
    before. `up`, `degraded`, `down` are measured outside maintenance; `maintenance` was covered by an announced window;
    `unmeasured` is the rest of `period`. Degraded time counts as up: it was reachable. Whoever writes a figure down
    rounds it down, from these durations and not from `ratio`, so that 100 % means not one second.
    """

    period: timedelta
    up: timedelta = timedelta()
    degraded: timedelta = timedelta()
    down: timedelta = timedelta()
    maintenance: timedelta = timedelta()

    @property
    def measured(self) -> timedelta:
        """Time that counts: measured and outside maintenance."""
        return self.up + self.degraded + self.down

    @property
    def unmeasured(self) -> timedelta:
        """Time that nobody saw."""
        return self.period - self.measured - self.maintenance

    @property
    def ratio(self) -> float | None:
        """Uptime from 0 to 1 over measured time; None when nothing was measured."""
        return (self.up + self.degraded) / self.measured if self.measured else None

    @property
    def coverage(self) -> float:
        """The share of the period outside maintenance that was measured, from 0 to 1; 0 for an empty period."""
        owed = self.period - self.maintenance
        return self.measured / owed if owed else 0.0


Past = Mapping[str, Mapping[date, Uptime]]
"""The uptime of days gone by: by component, then by UTC day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The uptime of the last so many whole UTC days, the last of them `last`, which is yesterday.

    The day that runs is left out, so that a figure stays what it is until the day is over.
    """

    days: int
    last: date
    uptime: Uptime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A measured interval in which a component was down, with its true start and end, under maintenance or not.

    `end` is None while it lasts. `reason` is that of its first moment. `unmeasured` is time within it that nobody saw
    (short gaps only). `lost`: nobody saw it end; measuring stopped at `end`. `planned`: it lies wholly within announced
    maintenance. `explained_by` is the component it depends on whose own outage holds all of this one.

    Outages of a component that follow each other closely are one episode: `episode` is when that began, `number` the
    how-manieth time it went down in it, and `over` whether it has been quiet since for long enough to say so.
    """

    component: str
    start: datetime
    end: datetime | None
    reason: str | None = None
    unmeasured: timedelta = timedelta()
    lost: bool = False
    planned: bool = False
    explained_by: str | None = None
    episode: datetime | None = None
    number: int = 1
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBar:
    """One UTC day of one component: the worst status measured for at least a moment, and the day's uptime.

    `status` is `under_maintenance` when nothing but maintenance was there, `unknown` when nothing was measured.
    """

    day: date
    status: Status
    uptime: Uptime


@dataclass(frozen=True, slots=True)
class DaySpeed:
    """How fast a check answered on one day (UTC): within `median_ms` half of the time, `most_ms` nineteen in twenty."""

    day: date
    median_ms: float
    most_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSpeed:
    """How fast a component answered from one place, on the days of the window with answers, in order, without today."""

    place: str
    days: tuple[DaySpeed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """What one location says of one check now.

    `status` is None where the location cannot measure it; `reason` then says why, if that is known. `since` is when it
    began to say so, whatever its reasons were: None when it never said anything. `provider` is who runs the place;
    empty when that is not written.
    """

    location: str
    name: str
    status: Status | None
    reason: str | None = None
    since: datetime | None = None
    provider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One check of a component now: the verdict, and what each location says, in the order written.

    `voters` counts the locations that have a vote, `failing` those of them that see something wrong.
    """

    id: str
    kind: str
    status: Status
    reason: str | None
    places: tuple[PlaceView, ...]
    voters: int = 0
    failing: int = 0

    @property
    def disputed(self) -> bool:
        """Whether some places see something wrong and others do not."""
        return 0 < self.failing < self.voters


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentView:
    """A component as readers see it now.

    `status` is what is announced, `measured` what was measured; they differ under maintenance, when people raised
    it, or when it is `manual`: without checks it is `operational` on people's word until an incident raises it, while
    `measured` stays `unknown` and `bars` is empty. `reason` (closed list) explains a measured status that is not
    operational; `since` is when the present measured status began, None when it was never measured. `bars` are the
    ninety days of the window, oldest first, today last; `periods` are its figures over 7, 30, 90 and 365 whole days,
    without today. `typical_ms` is the median latency over the window of its first
    check that answers. `explained_by` is the id of the component it depends on whose outage explains this one's, also
    while both are unsettled after it.
    `times` is how often it went down in the episode that is not over yet, which began at `episode`; 0 and None
    otherwise. `today` is the uptime of today until the present measured status began, so that it stays what it is while
    nothing happens. `checks` says who sees what, `speeds` how fast its first
    check that answers did, by place. `depends_on` and `dependents` are ids of components.
    """

    id: str
    name: str
    description: str
    status: Status
    measured: Status
    reason: str | None = None
    since: datetime | None = None
    bars: tuple[DayBar, ...] = ()
    uptime: Uptime
    periods: tuple[Period, ...] = ()
    typical_ms: float | None = None
    explained_by: str | None = None
    episode: datetime | None = None
    times: int = 0
    today: Uptime = Uptime(period=timedelta())
    speeds: tuple[PlaceSpeed, ...] = ()
    checks: tuple[CheckView, ...] = ()
    depends_on: tuple[str, ...] = ()
    dependents: tuple[str, ...] = ()
    manual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """A group: its rolled-up status and its components in the order written."""

    id: str
    name: str
    status: Status
    components: tuple[ComponentView, ...]


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
    before it was moved; None when that did not come.
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
    measured; None when that has not happened. `overrun`: its window is over, nobody said that it is, and what it
    affects has been down ever since.
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


@dataclass(frozen=True, slots=True)
class Vantage:
    """A place that probes: its name, who runs it (may be empty), and how many checks it carries out in each run."""

    name: str
    provider: str
    checks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The whole site's data at one instant.

    `status` rolls up all groups. `measured` is the newest observation (None before the first run), `published` this
    instant, `valid_until` when the page must stop being believed, `next_run` when the next is expected. `since` is the
    first instant measured in the window. `places` are the names of the locations with fresh data, `blind` of those that
    are offline themselves. `incidents`, `maintenance` and `posts` are all that are public by now, newest first;
    `outages` all in the window, oldest first; `vantages` all places that probe, in the order written, and `interval`
    how often they do; `days` the last fourteen UTC days, quiet ones too, newest first; `history` every day with
    something to report, newest first; `names` maps component ids to names; `series` are the maintenance that come
    again.
    """

    site: Site
    status: Status
    published: datetime
    valid_until: datetime
    next_run: datetime
    measured: datetime | None
    since: datetime | None
    places: tuple[str, ...]
    blind: tuple[str, ...]
    groups: tuple[GroupView, ...]
    incidents: tuple[IncidentView, ...]
    maintenance: tuple[MaintenanceView, ...]
    posts: tuple[PostView, ...]
    outages: tuple[Outage, ...]
    days: tuple[DayStory, ...]
    history: tuple[DayStory, ...]
    names: dict[str, str]
    vantages: tuple[Vantage, ...] = ()
    series: tuple[SeriesView, ...] = ()
    interval: timedelta = timedelta(minutes=5)

    @property
    def hold(self) -> timedelta:
        """How long an observation is believed: until the page itself must not be any more."""
        return self.valid_until - self.published

    @property
    def open_incidents(self) -> tuple[IncidentView, ...]:
        """Incidents that still go on, the one updated last first."""
        going_on = [view for view in self.incidents if view.open]
        return tuple(sorted(going_on, key=lambda view: view.updated, reverse=True))

    @property
    def active_maintenance(self) -> tuple[MaintenanceView, ...]:
        """Maintenance that goes on now, newest first."""
        return tuple(view for view in self.maintenance if view.active)

    @property
    def upcoming_maintenance(self) -> tuple[MaintenanceView, ...]:
        """Maintenance still to come, the next one first."""
        waiting = [view for view in self.maintenance if view.phase is MaintenancePhase.SCHEDULED]
        return tuple(sorted(waiting, key=lambda view: (view.starts, view.source.slug)))

    @property
    def components(self) -> tuple[ComponentView, ...]:
        """Every component, in the order of the groups."""
        return tuple(component for group in self.groups for component in group.components)
