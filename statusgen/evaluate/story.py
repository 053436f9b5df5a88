"""History day by day: one story for each thing that happened, told by people where they told it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from statusgen.evaluate.window import began_within, last_begun, union
from statusgen.model.announcement import Window
from statusgen.model.measured import Outage
from statusgen.model.told import DayStory, IncidentView, MaintenanceView

RECENT_DAYS = 14


@dataclass(slots=True)
class _Day:
    """What is being gathered for one day."""

    incidents: list[IncidentView] = field(default_factory=list)
    maintenance: list[MaintenanceView] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)


def untold(
    outages: Iterable[Outage],
    incidents: Sequence[IncidentView],
    cover: Mapping[str, Sequence[Window]],
    now: datetime,
) -> tuple[Outage, ...]:
    """Return the outages that are a story of their own, in the order given.

    Left out are those that another outage explains, that began under maintenance, or that overlap in time with an
    incident that affects their component.
    """
    told = _told_by_people(incidents, now)
    return tuple(
        outage
        for outage in outages
        if outage.explained_by is None
        and not began_within(outage, cover.get(outage.component, ()))
        and not _tells(told.get(outage.component, ()), outage, now)
    )


def stories(
    incidents: Iterable[IncidentView], maintenance: Iterable[MaintenanceView], outages: Iterable[Outage]
) -> tuple[DayStory, ...]:
    """Return every UTC day with something to report, newest first; what is still to come is not history.

    The outages of one episode stand together on the day of the first of them that is given.
    """
    days: dict[date, _Day] = defaultdict(_Day)
    for incident in incidents:
        days[incident.source.started.date()].incidents.append(incident)
    for one in maintenance:
        when = one.began or one.ended
        if when:
            days[when.date()].maintenance.append(one)
    begun: dict[tuple[str, datetime | None], date] = {}
    for outage in outages:
        day = begun.setdefault((outage.component, outage.episode or outage.start), outage.start.date())
        days[day].outages.append(outage)
    return tuple(_story(day, days[day]) for day in sorted(days, reverse=True))


def recent(history: Iterable[DayStory], now: datetime) -> tuple[DayStory, ...]:
    """Return the last fourteen UTC days, today first, quiet ones too."""
    loud = {story.day: story for story in history}
    days = (now.date() - timedelta(days=back) for back in range(RECENT_DAYS))
    return tuple(loud.get(day) or DayStory(day=day) for day in days)


def _told_by_people(incidents: Iterable[IncidentView], now: datetime) -> dict[str, tuple[Window, ...]]:
    """Return when incidents went on, by affected component, in order and apart from each other."""
    told: dict[str, list[Window]] = defaultdict(list)
    for incident in incidents:
        for affected in incident.affected:
            told[affected.id].append(Window(incident.source.started, incident.resolved or now))
    return {component: union(windows) for component, windows in told.items()}


def _tells(told: Sequence[Window], outage: Outage, now: datetime) -> bool:
    """Return whether an incident and an outage have a moment in common, if only the one where they touch."""
    window = last_begun(told, outage.end or now)
    return window is not None and outage.start <= window.end


def _story(day: date, gathered: _Day) -> DayStory:
    return DayStory(
        day=day,
        incidents=tuple(sorted(gathered.incidents, key=lambda view: (view.source.started, view.source.slug))),
        maintenance=tuple(sorted(gathered.maintenance, key=lambda view: (view.began or view.starts, view.source.slug))),
        outages=tuple(gathered.outages),
    )
