"""What may happen, for property tests: runs of probes at odd times, and the announcements people write meanwhile.

Everything happens within two hours around a midnight, so that spans overlap, gaps are short and long, and days change.
Draws are few and small, so that a failing case shrinks to something to be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from statusgen.model.announcement import Announcement, Incident, Maintenance, Update, Window
from statusgen.model.observation import Observation
from statusgen.model.project import Component, Project
from statusgen.model.words import (
    INCIDENT_STEPS,
    MAINTENANCE_STEPS,
    Impact,
    IncidentPhase,
    MaintenancePhase,
    Outcome,
    Phase,
    Status,
)
from tests.factories import CONTROL, MINUTE, incident, maintenance, minutes, observation, project
from tests.factories import component as component_of
from tests.factories import group as group_of
from tests.factories import location as location_of

CHECKS = ("web-http", "web-tls", "database-http")
LOCATIONS = ("earth", "mars", "moon")
MIDNIGHT = datetime(2022, 12, 1, tzinfo=UTC)

PROJECT = project(
    group_of(component_of("web", checks=["web-http", "web-tls"], depends_on=["database"])),
    group_of(component_of("database"), group_id="data"),
    locations=[location_of(one) for one in LOCATIONS],
)


def with_quorums(quorums: Sequence[int | None]) -> Project:
    """Return the project with a quorum for each of its checks, in their order; None for the majority."""
    wanted = dict(zip(CHECKS, quorums, strict=True))

    def of(component: Component) -> Component:
        return replace(component, checks=tuple(replace(one, quorum=wanted[one.id]) for one in component.checks))

    groups = (replace(group, components=tuple(map(of, group.components))) for group in PROJECT.groups)
    return replace(PROJECT, groups=tuple(groups))


projects = st.tuples(*[st.none() | st.integers(1, 4)] * len(CHECKS)).map(with_quorums)
"""The project with any quorums: what several locations amount to is each check's own."""

_SEEN = {
    "u": (Outcome.UP, None),
    "s": (Outcome.DEGRADED, "slow"),
    "d": (Outcome.DOWN, "timeout"),
    "D": (Outcome.DOWN, "http_502"),
    "?": (Outcome.UNKNOWN, "prober_failed"),
}
_NOT_SEEN = "."

History = list[list[Observation]]
"""Runs in no order, from several places, possibly at the same time and of the same name."""

statuses = st.sampled_from(Status)
instants = st.integers(-60, 60).map(lambda count: minutes(count, since=MIDNIGHT))
"""Whole minutes, so that instants often coincide."""


def flat(history: Sequence[Sequence[Observation]]) -> list[Observation]:
    """Return all observations of a history."""
    return [one for run in history for one in run]


def _run(location: str, start: datetime, letters: str, spread: int) -> list[Observation]:
    """Return one run of a location: a letter for each check and one for its control, within a minute of its start."""
    return [
        observation(
            _SEEN[letter][0],
            start + timedelta(seconds=5 * (spread * index % 12)),
            check=check,
            location=location,
            run=f"{location}-{start:%d%H%M}",
            reason=_SEEN[letter][1],
            latency_ms=100.0 + spread,
        )
        for index, (check, letter) in enumerate(zip((*CHECKS, CONTROL), letters, strict=True))
        if letter != _NOT_SEEN
    ]


_runs = st.builds(
    _run,
    st.sampled_from(LOCATIONS),
    instants,
    st.text("usdD?.", min_size=4, max_size=4),
    st.integers(0, 11),
)
histories = st.lists(_runs, max_size=9)


def _shaky(location: str, letters: str, start: int, step: int) -> History:
    """Return runs of a location at a steady pace, one letter for all its checks in each of them."""
    return [
        _run(location, minutes(start + step * index, since=MIDNIGHT), letter * 3 + "u", index % 12)
        for index, letter in enumerate(letters)
    ]


shaky = st.lists(
    st.builds(
        _shaky,
        st.sampled_from(LOCATIONS),
        st.text("uuudds?.", min_size=6, max_size=20),
        st.integers(-60, 0),
        st.integers(2, 7),
    ),
    min_size=1,
    max_size=2,
).map(lambda runs: [run for one in runs for run in one])
"""Runs that find things up and down again and again, from one place or two."""


def _trodden(letters: Sequence[str], start: int, step: int) -> History:
    """Return runs of a place that is never blind, a letter for each check in each of them."""
    return [
        _run(LOCATIONS[0], minutes(start + step * index, since=MIDNIGHT), f"{one}u", index % 12)
        for index, one in enumerate(letters)
    ]


trodden = st.builds(
    _trodden, st.lists(st.text("uuddds", min_size=3, max_size=3), max_size=20), st.integers(-60, 0), st.integers(2, 7)
)
"""Runs at a steady pace from one place, in which each check fares by itself."""

_steps = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 40)), max_size=4)


def _updates(since: datetime, phase: Phase, steps: Sequence[tuple[int, int]]) -> tuple[Update, ...]:
    """Return updates in order of time and of phases; a step is which possible phase follows, after how many minutes."""
    said: list[Update] = []
    for choice, later in steps:
        steps_on = INCIDENT_STEPS[phase] if isinstance(phase, IncidentPhase) else MAINTENANCE_STEPS[phase]
        possible: list[Phase] = sorted(steps_on)
        if possible:
            phase, since = possible[choice % len(possible)], since + MINUTE * later
            said.append(Update(number=len(said) + 1, at=since, phase=phase, body=""))
    return tuple(said)


def _incident(
    *,
    slug: str,
    started: datetime,
    impact: Impact,
    affects: dict[str, Status],
    steps: Sequence[tuple[int, int]],
    promised: datetime | None,
) -> Incident:
    said = _updates(started, IncidentPhase.INVESTIGATING, steps)
    return incident(slug, started=started, impact=impact, affects=affects, updates=said, next_update=promised)


def _work(
    *,
    slug: str,
    starts: datetime,
    length: int,
    notice: int,
    affects: dict[str, Status],
    steps: Sequence[tuple[int, int]],
    changes: Sequence[tuple[int, int, dict[str, Status]] | None],
) -> Maintenance:
    announced = starts - MINUTE * notice
    said = _updates(announced, MaintenancePhase.SCHEDULED, steps)
    return maintenance(
        slug,
        starts=starts,
        ends=starts + MINUTE * length,
        announced=announced,
        affects=affects,
        updates=tuple(_changed(one, change) for one, change in zip(said, changes, strict=False)),
    )


def _changed(one: Update, change: tuple[int, int, dict[str, Status]] | None) -> Update:
    """Return an update that changes what is affected, and the window where there may be another one."""
    if change is None:
        return one
    later, length, affects = change
    start = one.at + MINUTE * later
    moves = one.phase is MaintenancePhase.SCHEDULED
    return replace(one, affects=affects, window=Window(start, start + MINUTE * length) if moves else None)


_affects = st.dictionaries(st.sampled_from(("web", "database")), statuses, max_size=2)
_incidents = st.builds(
    _incident,
    slug=st.sampled_from(("one", "two", "three")),
    started=instants,
    impact=st.sampled_from(Impact),
    affects=_affects,
    steps=_steps,
    promised=st.none() | instants,
)
_works = st.builds(
    _work,
    slug=st.sampled_from(("four", "five", "six")),
    starts=instants,
    length=st.integers(1, 60),
    notice=st.integers(-30, 60),
    affects=_affects,
    steps=_steps,
    changes=st.lists(st.none() | st.tuples(st.integers(-20, 60), st.integers(1, 60), _affects), min_size=4, max_size=4),
)


def _one_per_slug(said: Sequence[Announcement]) -> list[Announcement]:
    return list({one.slug: one for one in said}.values())


announcements = st.lists(_incidents | _works, max_size=4).map(_one_per_slug)
