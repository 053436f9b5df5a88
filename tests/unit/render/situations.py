"""Whole pages by hand: the situations that readers meet. What holds for pages is held against every one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, timedelta

from statusgen.model.announcement import Checklist, Picture, Recurrence, Update, Window
from statusgen.model.components import PlaceView, Vantage
from statusgen.model.measured import Uptime
from statusgen.model.page import Page
from statusgen.model.project import Link
from statusgen.model.told import Affected, SeriesView, SpentPlan
from statusgen.model.words import IncidentPhase, MaintenancePhase, Status
from tests.pictures import png
from tests.unit.render.pages import (
    DAY,
    SITE,
    TODAY,
    at,
    component,
    day_bar,
    down,
    group,
    incident,
    maintenance,
    ninety,
    outage,
    page,
    place_speed,
    post,
    sight,
    story_of,
    updates,
    with_story,
)


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
