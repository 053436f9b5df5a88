"""Parts of pages by hand, as plain data, for the situations and for tests. `NOW` is 1 December 2022, 19:26 UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from statusgen.model.announcement import Checklist, Incident, Maintenance, Post, Update
from statusgen.model.components import CheckView, ComponentView, GroupView, PlaceView
from statusgen.model.measured import DayBar, DaySpeed, Outage, Period, PlaceSpeed, Uptime
from statusgen.model.page import Page
from statusgen.model.project import Link, Site
from statusgen.model.told import Affected, DayStory, IncidentView, MaintenanceView, PostView
from statusgen.model.words import Impact, IncidentPhase, MaintenancePhase, Phase, Status

NOW = datetime(2022, 12, 1, 19, 26, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
SITE = Site(
    name="Hachyderm status",
    url="https://status.example.org",
    description="How the servers of our instance are doing.",
    links=(Link(name="The instance", url="https://example.org/"),),
)


def at(hour: int, minute: int = 0, *, days_ago: int = 0) -> datetime:
    """Return an instant of today, or of some days ago."""
    return datetime(TODAY.year, TODAY.month, TODAY.day, hour, minute, tzinfo=UTC) - days_ago * DAY


def day_bar(ago: int, status: Status = Status.OPERATIONAL, *, down: int = 0, degraded: int = 0) -> DayBar:
    """Return a day so many days ago, with minutes down and degraded; one that is `unknown` was not measured."""
    unmeasured = status in {Status.UNKNOWN, Status.UNDER_MAINTENANCE}
    up = timedelta() if unmeasured else DAY - timedelta(minutes=down + degraded)
    uptime = Uptime(
        period=DAY,
        up=up,
        degraded=timedelta(minutes=degraded),
        down=timedelta(minutes=down),
        maintenance=DAY if status is Status.UNDER_MAINTENANCE else timedelta(),
    )
    return DayBar(day=TODAY - ago * DAY, status=status, uptime=uptime)


def ninety(*bad: DayBar, measured: int = 90) -> tuple[DayBar, ...]:
    """Return ninety days, oldest first: good ones but for those given, not measured before the last `measured`."""
    given = {bar.day: bar for bar in bad}
    good = (day_bar(ago, Status.OPERATIONAL if ago < measured else Status.UNKNOWN) for ago in range(89, -1, -1))
    return tuple(given.get(bar.day, bar) for bar in good)


def total(days: Iterable[DayBar]) -> Uptime:
    """Return the uptime of the days together."""
    days = tuple(days)
    return Uptime(
        period=sum((bar.uptime.period for bar in days), timedelta()),
        up=sum((bar.uptime.up for bar in days), timedelta()),
        degraded=sum((bar.uptime.degraded for bar in days), timedelta()),
        down=sum((bar.uptime.down for bar in days), timedelta()),
        maintenance=sum((bar.uptime.maintenance for bar in days), timedelta()),
    )


def sight(status: Status, *, failing: int = 0, check: str = "http", reason: str | None = None) -> CheckView:
    """Return a check as three places see it: so many of them see it down, the others as the status says."""
    seen = [Status.MAJOR_OUTAGE if place < failing else status for place in range(3)]
    names = ("Frankfurt", "Fremont", "the rack")
    return CheckView(
        id=check,
        kind=check,
        status=Status.DEGRADED_PERFORMANCE if 0 < failing < 3 else seen[0],
        reason=reason or ("connection_refused" if failing else None),
        places=tuple(
            PlaceView(
                location=name.lower(),
                name=name,
                status=one,
                reason=reason or (None if one is Status.OPERATIONAL else "connection_refused"),
                since=at(18, 44) if one is Status.MAJOR_OUTAGE else NOW - 89 * DAY,
            )
            for name, one in zip(names, seen, strict=True)
        ),
        voters=0 if status is Status.UNKNOWN else 3,
        failing=failing or 3 * (status in {Status.MAJOR_OUTAGE, Status.DEGRADED_PERFORMANCE}),
    )


def place_speed(place: str, median: float, *, gap: range = range(0)) -> PlaceSpeed:
    """Return a place from where answers take longer every seventh day, and for some days ago took for ever."""
    days = (TODAY - ago * DAY for ago in range(89, 0, -1) if ago not in gap)
    return PlaceSpeed(
        place=place,
        days=tuple(
            DaySpeed(day, median + day.day % 7, (median + day.day % 7) * (4 if day.day == 13 else 2)) for day in days
        ),
    )


def periods(bars: tuple[DayBar, ...]) -> tuple[Period, ...]:
    """Return the figures of whole days, of which nothing is known but the window."""
    return tuple(
        Period(days=count, last=TODAY - DAY, uptime=total(bars[max(0, len(bars) - 1 - count) : -1]))
        for count in (7, 30, 90, 365)
    )


def component(name: str, status: Status = Status.OPERATIONAL, **more: Any) -> ComponentView:
    """Return a component whose id follows from its name, with ninety good days unless `bars` are given."""
    bars = more.pop("bars", ninety())
    return ComponentView(
        **{
            "id": name.lower().replace(" ", "-"),
            "name": name,
            "description": "",
            "status": status,
            "measured": status,
            "since": NOW - 30 * DAY,
            "bars": bars,
            "uptime": total(bars),
            "periods": periods(bars),
            "checks": () if more.get("manual") else (sight(more.get("measured", status), reason=more.get("reason")),),
            **more,
        }
    )


def down(name: str, **more: Any) -> ComponentView:
    """Return a component that has been down for 42 minutes."""
    return component(
        name,
        Status.MAJOR_OUTAGE,
        **{
            "reason": "connection_refused",
            "since": at(18, 44),
            "bars": ninety(day_bar(0, Status.MAJOR_OUTAGE, down=42)),
            **more,
        },
    )


def group(name: str, *components: ComponentView, status: Status | None = None) -> GroupView:
    """Return a group whose status, unless given, is what all its components have, else a partial outage."""
    found = {one.status for one in components}
    return GroupView(
        id=name.lower().replace(" ", "-"),
        name=name,
        status=status or (found.pop() if len(found) == 1 else Status.PARTIAL_OUTAGE),
        components=components,
    )


def page(*groups: GroupView, **more: Any) -> Page:
    """Return a page of the given groups, measured a minute ago, with nothing announced."""
    found = {one.status for one in groups}
    components = [one for each in groups for one in each.components]
    quiet_days = tuple(DayStory(day=TODAY - ago * DAY) for ago in range(14))
    return Page(
        **{
            "site": SITE,
            "status": found.pop() if len(found) == 1 else Status.PARTIAL_OUTAGE if found else Status.UNKNOWN,
            "published": NOW,
            "valid_until": at(19, 38),
            "next_run": at(19, 31),
            "measured": at(19, 25),
            "since": NOW - 200 * DAY,
            "places": ("Frankfurt", "Fremont", "the rack"),
            "blind": (),
            "groups": groups,
            "incidents": (),
            "maintenance": (),
            "posts": (),
            "outages": (),
            "days": quiet_days,
            "history": (),
            "names": {one.id: one.name for one in components},
            **more,
        }
    )


def updates(*entries: tuple[datetime, Phase, str]) -> tuple[Update, ...]:
    """Return updates numbered from 1 in the order given."""
    return tuple(
        Update(number=number, at=when, phase=phase, body=body) for number, (when, phase, body) in enumerate(entries, 1)
    )


def incident(
    slug: str = "media",
    *,
    resolved: datetime | None = None,
    late: bool = False,
    forgotten: datetime | None = None,
    **more: Any,
) -> IncidentView:
    """Return an incident with two updates that affects Media; open unless `resolved` is given."""
    phases = (IncidentPhase.INVESTIGATING, IncidentPhase.RESOLVED if resolved else IncidentPhase.IDENTIFIED)
    said = more.pop("updates", None)
    if said is None:
        said = updates(
            (at(18, 50), phases[0], "We see that pictures do not load and are looking for the cause."),
            (resolved or at(19, 10), phases[1], "The media store refuses connections. **Posting text works.**"),
        )
    affected = more.pop("affected", (Affected("media", "Media", Status.MAJOR_OUTAGE),))
    source = Incident(
        **{
            "slug": slug,
            "title": "Pictures do not load",
            "started": at(18, 44),
            "impact": Impact.MAJOR,
            "affects": {one.id: one.status for one in affected},
            "updates": said,
            "next_update": None if resolved else at(20),
            "authors": ("Nova",),
            **more,
        }
    )
    phase = IncidentPhase(said[-1].phase) if said else IncidentPhase.INVESTIGATING
    return IncidentView(
        source=source,
        phase=phase,
        affected=affected,
        updates=said,
        resolved=resolved,
        next_update=source.promised(NOW),
        late=late,
        forgotten=forgotten,
    )


def maintenance(
    slug: str = "database", phase: MaintenancePhase = MaintenancePhase.SCHEDULED, **more: Any
) -> MaintenanceView:
    """Return a maintenance of the database, tomorrow from 14:00 to 18:00 UTC unless told otherwise."""
    view = {name: more.pop(name) for name in ("began", "ended", "unseen", "overrun", "earlier") if name in more}
    affected = more.pop("affected", (Affected("database", "Database", Status.MAJOR_OUTAGE),))
    source = Maintenance(
        **{
            "slug": slug,
            "title": "Moving the primary database",
            "starts": at(14) + DAY,
            "ends": at(18) + DAY,
            "announced": at(9, days_ago=3),
            "body": "We are moving PostgreSQL off the disks in the basement.\n\n- [x] replicate\n- [ ] cut over",
            "affects": {one.id: one.status for one in affected},
            "checklist": Checklist(3, 14),
            **more,
        }
    )
    plan = source.plans(NOW)[-1].window
    return MaintenanceView(
        source=source,
        phase=phase,
        affected=affected,
        updates=source.updates,
        starts=plan.start,
        ends=plan.end,
        **view,
    )


def post(slug: str = "leaving", **more: Any) -> PostView:
    """Return a post of three days ago."""
    fields = {
        "slug": slug,
        "title": "Leaving the basement",
        "published": at(12, days_ago=3),
        "body": "## Why\n\nThe disks are full.",
        "authors": ("Nova", "Malte"),
        **more,
    }
    return PostView(source=Post(**fields))


def outage(name: str, start: datetime, end: datetime | None, **more: Any) -> Outage:
    """Return an outage of a component by its id, the only one of its episode, which is over when it has ended."""
    about = {"component": name, "reason": "connection_refused", "episode": start, "over": end is not None}
    return Outage(**{**about, "start": start, "end": end, **more})


def story_of(day: date, **more: Any) -> DayStory:
    """Return what a day tells."""
    return DayStory(day=day, **more)


def with_story(days: tuple[DayStory, ...], story: DayStory) -> tuple[DayStory, ...]:
    """Return the days with one of them told."""
    return tuple(story if one.day == story.day else one for one in days)


# The situations
