"""Everything a theme may show at one instant, already decided. The docstrings are the theme author's reference.

Instants are aware UTC. Markdown stays Markdown here; `render` turns it into HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from statusgen.model.components import ComponentView, GroupView, Vantage
from statusgen.model.measured import Outage
from statusgen.model.project import Site
from statusgen.model.told import DayStory, IncidentView, MaintenanceView, PostView, SeriesView
from statusgen.model.words import MaintenancePhase, Status


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
