"""Plain functions that make the model's values with sensible defaults, so that a test names only what it is about.

The default project has one location (`earth`), one group, one component (`web`) and one check (`web-http`), probed
every five minutes; an observation therefore speaks for twelve and a half.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from statusgen.model.announcement import Announcement, Checklist, Incident, Maintenance, Post, Update
from statusgen.model.observation import CONTROL_PREFIX, Observation
from statusgen.model.project import Check, Component, Group, Location, Project, Site
from statusgen.model.track import Record, Span, Track
from statusgen.model.words import Impact, IncidentPhase, Outcome, Phase, Status

NOW = datetime(2022, 12, 1, 12, 0, tzinfo=UTC)
"""The instant that tests call now, a Thursday."""

INTERVAL = timedelta(minutes=5)
HOLD = INTERVAL * 5 / 2
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NO_STEPS = Checklist()
CONTROL = f"{CONTROL_PREFIX}resolver"


def minutes(count: float, *, since: datetime = NOW) -> datetime:
    """Return the instant so many minutes after `since`; before it when negative."""
    return since + timedelta(minutes=count)


def observation(
    outcome: Outcome = Outcome.UP,
    at: datetime = NOW,
    *,
    check: str = "web-http",
    location: str = "earth",
    run: str = "",
    reason: str | None = None,
    latency_ms: float | None = 100.0,
    tries: int = 1,
    holds: timedelta | None = None,
    **more: Mapping[str, float],
) -> Observation:
    """Return an observation; its run is named after its instant, and a bad outcome has the reason `timeout`."""
    return Observation(
        check=check,
        location=location,
        run=run or at.strftime("run-%Y%m%d-%H%M%S"),
        at=at,
        outcome=outcome,
        reason=reason or (None if outcome is Outcome.UP else "timeout"),
        latency_ms=latency_ms,
        tries=tries,
        holds=holds,
        **more,
    )


def series(
    outcomes: str,
    *,
    start: datetime = NOW,
    step: timedelta = INTERVAL,
    check: str = "web-http",
    location: str = "earth",
) -> list[Observation]:
    """Return one observation per letter: `u` up, `s` slow, `d` down, `?` unknown; `.` is a run that did not happen."""
    words = {"u": Outcome.UP, "s": Outcome.DEGRADED, "d": Outcome.DOWN, "?": Outcome.UNKNOWN}
    reasons = {"s": "slow", "d": "connection_refused", "?": "prober_failed"}
    return [
        observation(words[letter], start + step * index, check=check, location=location, reason=reasons.get(letter))
        for index, letter in enumerate(outcomes)
        if letter != "."
    ]


def span(start: datetime, end: datetime, outcome: Outcome = Outcome.UP, reason: str | None = None) -> Span:
    """Return a span; a bad outcome has the reason `timeout` when none is given."""
    return Span(start, end, outcome, reason or (None if outcome is Outcome.UP else "timeout"))


def track(
    *spans: Span, check: str = "web-http", location: str = "earth", latency: Mapping[int, int] | None = None
) -> Track:
    """Return the track of one check from one location."""
    return Track(check=check, location=location, spans=spans, latency=latency or {})


def record(
    *tracks: Track,
    latest: Iterable[Observation] = (),
    since: datetime | None = None,
    measured: datetime | None = None,
) -> Record:
    """Return a record; `since` is the start of the first span unless given."""
    starts = [track.spans[0].start for track in tracks if track.spans]
    return Record(tracks=tracks, latest=tuple(latest), since=since or min(starts, default=None), measured=measured)


def check(check_id: str = "web-http", *, component: str = "web", kind: str = "http", spec: object = None) -> Check:
    """Return a check whose spec no prober understands."""
    return Check(id=check_id, component=component, kind=kind, spec=spec)


def heartbeat(check_id: str = "backup-heartbeat", *, component: str = "backup", within: timedelta = 26 * HOUR) -> Check:
    """Return a check that nobody probes: something must report within a time."""
    return Check(id=check_id, component=component, kind="heartbeat", spec=None, holds=within)


def component(
    component_id: str = "web",
    *,
    name: str = "",
    checks: Sequence[str] | None = None,
    depends_on: Sequence[str] = (),
    description: str = "",
) -> Component:
    """Return a component with one check named `<id>-http`, or with the checks named."""
    names = [f"{component_id}-http"] if checks is None else checks
    return Component(
        id=component_id,
        name=name or component_id.capitalize(),
        description=description,
        depends_on=tuple(depends_on),
        checks=tuple(check(check_id, component=component_id) for check_id in names),
    )


def group(*components: Component, group_id: str = "core", name: str = "") -> Group:
    """Return a group of the components; of `web` alone when none is given."""
    return Group(id=group_id, name=name or group_id.capitalize(), components=components or (component(),))


def location(location_id: str = "earth", *, name: str = "", controls: Sequence[str] = (CONTROL,)) -> Location:
    """Return a location with one control."""
    checks = tuple(check(control, component="", kind="tcp") for control in controls)
    return Location(id=location_id, name=name or location_id.capitalize(), controls=checks)


def site(**more: str) -> Site:
    """Return a site with a name and an address."""
    return Site(**({"name": "Hachyderm", "url": "https://status.example"} | more))  # type: ignore[arg-type]  # only texts


def project(
    *groups: Group,
    announcements: Iterable[Announcement] = (),
    locations: Sequence[Location] | None = None,
    interval: timedelta = INTERVAL,
    of: Site | None = None,
) -> Project:
    """Return a project of the groups; of one group with the component `web` when none is given."""
    return Project(
        site=of or site(),
        interval=interval,
        locations=(location(),) if locations is None else tuple(locations),
        groups=groups or (group(),),
        announcements=tuple(announcements),
    )


def update(
    at: datetime = NOW,
    phase: Phase = IncidentPhase.INVESTIGATING,
    body: str = "We are looking.",
    *,
    number: int = 1,
    **more: Any,
) -> Update:
    """Return a dated entry of an announcement."""
    return Update(number=number, at=at, phase=phase, body=body, **more)


def updates(*entries: tuple[datetime, Phase]) -> tuple[Update, ...]:
    """Return numbered updates, one per instant and phase."""
    return tuple(
        update(at, phase, f"Now {phase}.", number=number) for number, (at, phase) in enumerate(entries, start=1)
    )


def incident(
    slug: str = "pages-fail",
    *,
    title: str = "Pages fail to load",
    started: datetime = NOW,
    impact: Impact = Impact.MAJOR,
    body: str = "",
    affects: Mapping[str, Status] | None = None,
    updates: Sequence[Update] = (),
    next_update: datetime | None = None,
) -> Incident:
    """Return an incident that affects `web` with a major outage, without updates."""
    return Incident(
        slug=slug,
        title=title,
        started=started,
        impact=impact,
        body=body,
        affects={"web": Status.MAJOR_OUTAGE} if affects is None else affects,
        updates=tuple(updates),
        next_update=next_update,
    )


def maintenance(
    slug: str = "move-database",
    *,
    title: str = "Moving the database",
    starts: datetime = NOW,
    ends: datetime | None = None,
    announced: datetime | None = None,
    body: str = "",
    affects: Mapping[str, Status] | None = None,
    updates: Sequence[Update] = (),
    checklist: Checklist = NO_STEPS,
) -> Maintenance:
    """Return a maintenance of two hours that affects `web`, announced a week before."""
    return Maintenance(
        slug=slug,
        title=title,
        starts=starts,
        ends=ends or starts + 2 * HOUR,
        announced=announced or starts - 7 * DAY,
        body=body,
        affects={"web": Status.MAJOR_OUTAGE} if affects is None else affects,
        updates=tuple(updates),
        checklist=checklist,
    )


def post(
    slug: str = "thank-you",
    *,
    title: str = "Thank you",
    published: datetime = NOW,
    body: str = "You carried us.",
    pinned: bool = False,
    checklist: Checklist = NO_STEPS,
) -> Post:
    """Return a post."""
    return Post(slug=slug, title=title, published=published, body=body, pinned=pinned, checklist=checklist)
