"""Whole pages by hand: the situations that readers meet, as plain data. `NOW` is 1 December 2022, 19:26 UTC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from statusgen.model.announcement import Checklist, Incident, Maintenance, Picture, Post, Recurrence, Update, Window
from statusgen.model.components import CheckView, ComponentView, GroupView, PlaceView, Vantage
from statusgen.model.measured import DayBar, DaySpeed, Outage, Period, PlaceSpeed, Uptime
from statusgen.model.page import Page
from statusgen.model.project import Link, Site
from statusgen.model.told import Affected, DayStory, IncidentView, MaintenanceView, PostView, SeriesView, SpentPlan
from statusgen.model.words import Impact, IncidentPhase, MaintenancePhase, Phase, Status
from tests.pictures import png

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


def quiet() -> Page:
    """All is well, and has been but for two bad days."""
    media = component(
        "Media",
        bars=ninety(day_bar(40, Status.MAJOR_OUTAGE, down=200), day_bar(12, Status.DEGRADED_PERFORMANCE, degraded=9)),
    )
    return page(
        group("Mastodon", component("Web"), media, component("Streaming")),
        group(
            "Data", component("Database"), component("Redis", bars=ninety(day_bar(70, Status.PARTIAL_OUTAGE, down=30)))
        ),
        group("Edge nodes", *(component(name) for name in ("Frankfurt", "Fremont", "Newark", "Tokyo"))),
        posts=(post(pinned=True, checklist=Checklist(3, 14)),),
        history=(story_of(date(2022, 10, 22), outages=(outage("media", at(3, days_ago=40), at(6, 20, days_ago=40)),)),),
        outages=(outage("media", at(3, days_ago=40), at(6, 20, days_ago=40)),),
    )


def one_down() -> Page:
    """Media is down, and nobody has written yet."""
    lasting = outage("media", at(18, 44), None)
    story = story_of(TODAY, outages=(lasting,))
    made = page(
        group("Mastodon", component("Web"), down("Media"), component("Streaming")),
        group("Data", component("Database"), component("Redis")),
        outages=(lasting,),
        history=(story,),
        status=Status.PARTIAL_OUTAGE,
    )
    return replace(made, days=with_story(made.days, story))


def three_down() -> Page:
    """Three components are down in two groups, one by itself and two with the database."""
    return page(
        group("Mastodon", component("Web"), down("Media"), down("Streaming", reason="timeout")),
        group("Data", down("Database", reason="too_many_connections"), component("Redis")),
        group("Edge nodes", *(component(name) for name in ("Frankfurt", "Fremont", "Newark", "Tokyo"))),
        status=Status.PARTIAL_OUTAGE,
    )


def busy() -> Page:
    """An open incident, a maintenance in progress, one to come, and a history of everything."""
    resolved = incident(
        "queues",
        title="Posts arrive late",
        started=at(8, days_ago=5),
        resolved=at(11, 30, days_ago=5),
        body="The queues were full.",
        updates=updates(
            (at(8, 5, days_ago=5), IncidentPhase.INVESTIGATING, "Posts from elsewhere arrive late."),
            (at(11, 30, days_ago=5), IncidentPhase.RESOLVED, "The queues are empty again."),
            (
                at(9, days_ago=2),
                IncidentPhase.POSTMORTEM,
                "## What happened\n\n| queue | jobs |\n|:-|-:|\n| push | 90000 |",
            ),
        ),
        affected=(Affected("redis", "Redis", Status.DEGRADED_PERFORMANCE),),
    )
    running = maintenance(
        "redis",
        MaintenancePhase.IN_PROGRESS,
        title="A new Redis",
        starts=at(18),
        ends=at(21),
        began=at(18, 4),
        affected=(Affected("redis", "Redis", Status.MAJOR_OUTAGE),),
        updates=updates((at(18, 4), MaintenancePhase.IN_PROGRESS, "Writes are paused. Timelines may be empty.")),
        checklist=Checklist(2, 5),
    )
    media = outage("media", at(18, 44), None)
    old = outage("redis", at(8, 1, days_ago=5), at(8, 40, days_ago=5), reason="timeout")
    flaps = tuple(
        outage(
            *("media", at(4, minute, days_ago=8), at(4, minute + 3, days_ago=8)),
            episode=at(4, days_ago=8),
            number=number,
        )
        for number, minute in enumerate((0, 10, 20), 1)
    )
    both = (
        outage("web", at(7, days_ago=10), at(7, 20, days_ago=10)),
        outage("media", at(7, 1, days_ago=10), at(7, 25, days_ago=10)),
    )
    stories = (
        story_of(TODAY, incidents=(incident(),), maintenance=(running,)),
        story_of(TODAY - 5 * DAY, incidents=(resolved,)),
        story_of(TODAY - 8 * DAY, outages=flaps),
        story_of(TODAY - 10 * DAY, outages=both),
    )
    made = page(
        group(
            "Mastodon",
            component("Web", depends_on=("database",), dependents=("media",)),
            down(
                "Media",
                depends_on=("web", "redis"),
                speeds=(place_speed("Frankfurt", 90.0), place_speed("the rack", 40.0, gap=range(30, 37))),
                checks=(
                    sight(Status.MAJOR_OUTAGE, failing=3),
                    replace(
                        sight(Status.OPERATIONAL, failing=1, check="tls", reason="tls_expires_soon"),
                        places=(
                            *sight(Status.OPERATIONAL, failing=1).places[:2],
                            PlaceView(
                                location="moon", name="The Moon", status=Status.UNKNOWN, reason="location_offline"
                            ),
                            PlaceView(location="io", name="Io", status=None, reason="family_missing"),
                            PlaceView(location="mars", name="Mars", provider="Olympus & Sons", status=None),
                            PlaceView(location="pluto", name="Pluto", status=Status.UNKNOWN, reason="not_measured"),
                        ),
                        voters=2,
                        failing=1,
                    ),
                ),
                today=Uptime(period=timedelta(hours=18, minutes=44), up=timedelta(hours=18, minutes=44)),
            ),
            component("Streaming"),
        ),
        group(
            "Data",
            component("Database", description="PostgreSQL, the primary", dependents=("web",)),
            component(
                "Redis", Status.UNDER_MAINTENANCE, measured=Status.MAJOR_OUTAGE, reason="read_only", since=at(18, 5)
            ),
        ),
        group("Support", component("Moderation", manual=True, bars=(), measured=Status.UNKNOWN, since=None)),
        incidents=(incident(), resolved),
        maintenance=(maintenance(), running),
        posts=(post(pinned=True, checklist=Checklist(3, 14)), post("thanks", title="Thank you")),
        outages=(*both, *flaps, old, media),
        history=stories,
    )
    days = made.days
    for story in stories:
        days = with_story(days, story)
    return replace(made, days=days)


def unseen() -> Page:
    """Nothing fresh has been measured of anything, from anywhere."""
    gone = {"status": Status.UNKNOWN, "since": at(17, 2), "reason": "location_offline"}
    return page(
        group("Mastodon", component("Web", **gone), component("Media", **gone)),
        group("Data", component("Database", **gone)),
        measured=at(17),
        places=(),
        blind=("Frankfurt",),
    )


def first_day() -> Page:
    """The first run is over, and there is no history at all."""
    fresh = {"bars": ninety(measured=1), "since": at(19, 25)}
    hour = {"uptime": Uptime(period=timedelta(minutes=1), up=timedelta(minutes=1))}
    return page(
        group("Mastodon", component("Web", **fresh, **hour), component("Media", **fresh, **hour)),
        group("Data", component("Database", **fresh, **hour)),
        since=at(19, 25),
        places=("here",),
    )


def never_measured() -> Page:
    """The project exists, and no probe has run."""
    nothing = {"status": Status.UNKNOWN, "bars": ninety(measured=0), "since": None, "reason": "not_measured"}
    return page(group("Mastodon", component("Web", **nothing)), measured=None, since=None, places=())


def crowded() -> Page:
    """Forty components with long names, every bad thing at once, and ten incidents."""
    statuses = (Status.OPERATIONAL,) * 6 + (
        Status.MAJOR_OUTAGE,
        Status.DEGRADED_PERFORMANCE,
        Status.PARTIAL_OUTAGE,
        Status.UNKNOWN,
    )
    groups = []
    for number in range(4):
        bars = ninety(*(day_bar(ago, Status.MAJOR_OUTAGE, down=ago * 7) for ago in range(number, 80, 9)))
        members = [
            component(
                f"Edge node {number}-{index} in Frankfurt am Main, rack {index}",
                status,
                bars=bars,
                reason="timeout" if status in statuses[6:9] else None,
            )
            for index, status in enumerate(statuses)
        ]
        groups.append(group(f"Edge nodes of the provider number {number}", *members, status=Status.PARTIAL_OUTAGE))
    incidents = tuple(
        incident(
            f"incident-{number}",
            title=f"Trouble number {number} with a rather long title that goes on and on",
            late=number == 0,
            affected=(),
        )
        for number in range(10)
    )
    return page(*groups, incidents=incidents, status=Status.PARTIAL_OUTAGE)


RICH = """\
# Why

The disks[^disks] of the ==basement== rack take ++400 MB/s++, not 10^6^;
see [the steps](#the-steps).^[Measured *twice*.]

![the rack](rack.png "The rack, before")

:::danger Do **not** restart it :fire:
It would have to read everything again.

![the rack again](rack.png)
:::

> [!TIP]
> H~2~O stays out of the rack.

:::spoiler The log
```
disk full
```
:::

## The steps

- [x] order disks
- [ ] move

| Disk | Load |
|:-----|-----:|
| nvme | 98 % |

[^disks]: All eight.
"""
"""Everything that people can write."""


def rich() -> Page:
    """Everything that people can write, in several places of one page."""
    pictures = {
        "rack.png": Picture(
            path="incidents/rack.0123456789ab.png", content_type="image/png", width=64, height=48, body=png(64, 48)
        )
    }
    said = updates(
        (at(18, 50), IncidentPhase.INVESTIGATING, RICH),
        (at(19, 10), IncidentPhase.IDENTIFIED, RICH),
    )
    begun = updates((at(18), MaintenancePhase.IN_PROGRESS, RICH))
    return page(
        group("Data", component("Database")),
        incidents=(
            incident("one", body=RICH, updates=said, affected=(), pictures=pictures),
            incident("two", body=RICH, updates=(), affected=(), pictures=pictures),
        ),
        maintenance=(
            maintenance("three", phase=MaintenancePhase.IN_PROGRESS, body=RICH, updates=begun, pictures=pictures),
        ),
        posts=(post("four", body=RICH, pictures=pictures),),
    )


def changed() -> Page:
    """An incident that was forgotten and renamed, a maintenance that was moved, one called off, and one of a series."""
    groups = [group("All", component("Web"), component("Media"), component("Database"))]
    window = Window(at(14) + 8 * DAY, at(18) + 8 * DAY)
    later = Update(
        number=1,
        at=at(12),
        phase=MaintenancePhase.SCHEDULED,
        body="A week later.",
        window=window,
        affects={"web": Status.DEGRADED_PERFORMANCE},
    )
    spent = SpentPlan(starts=at(14) + DAY, ends=at(18) + DAY, since=at(9, days_ago=3))
    call = (at(12), MaintenancePhase.CANCELLED, "The cables did not arrive.")
    patches = maintenance("patches-2022-12-02", series="patches", following=(at(14) + 8 * DAY, at(14) + 15 * DAY))
    rule = Recurrence(rule="FREQ=WEEKLY", zone=UTC)
    series = maintenance("patches", repeats=rule, aliases=("updates",)).source
    off = maintenance("cables", phase=MaintenancePhase.CANCELLED, updates=updates(call), ended=at(12))
    works = (maintenance(updates=(later,), earlier=(spent,)), patches, off)
    written = incident("new", aliases=("old",), forgotten=at(12), late=True, checklist=Checklist(1, 3))
    story = story_of(TODAY, incidents=(written,), maintenance=(off,))
    return page(
        *groups,
        incidents=(written,),
        maintenance=works,
        series=(SeriesView(source=series, occurrences=(patches,)),),
        history=(story,),
    )


def unbroken() -> Page:
    """Words that do not end, in every place where people write or name something."""
    word = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 2
    text = f"{word}\n\n| {word} | {word} |\n|-|-|\n| {word} | {word} |\n\n```\n{word}\n```\n\n- [ ] {word}\n\n# {word}"
    seen = sight(Status.MAJOR_OUTAGE, failing=3, check=word)
    seen = replace(seen, places=tuple(replace(one, name=word, provider=word) for one in seen.places))
    sad = down(word, description=word, depends_on=("web",), checks=(seen,), speeds=(place_speed(word, 90.0),))
    said = updates((at(18, 50), IncidentPhase.INVESTIGATING, text), (at(19), IncidentPhase.IDENTIFIED, text))
    written = incident(
        "one", title=word, body=text, updates=said, authors=(word,), affected=(Affected("web", word, sad.status),)
    )
    work = maintenance(
        title=word, body=text, authors=(word,), affected=(Affected("web", word, sad.status),), checklist=Checklist(1, 3)
    )
    lasting = outage(sad.id, at(18, 44), None)
    return page(
        group(word, sad, component("Web", dependents=(sad.id,))),
        site=replace(SITE, name=word, description=word, links=(Link(name=word, url="https://example.org/"),)),
        places=(word, word),
        vantages=(Vantage(word, word, 3),),
        incidents=(written,),
        maintenance=(work,),
        posts=(post(title=word, body=text, authors=(word,)),),
        outages=(lasting,),
        history=(story_of(TODAY, incidents=(written,), outages=(lasting,)),),
    )


SITUATIONS = {
    each.__name__: each
    for each in (quiet, one_down, three_down, busy, unseen, first_day, never_measured, crowded, rich, changed, unbroken)
}
"""Every situation by name."""
