"""What was said when: the row of tellings behind feeds and JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from statusgen.model.announcement import Update, Window
from statusgen.model.told import IncidentView, MaintenanceView, SpentPlan
from statusgen.model.words import IncidentPhase, MaintenancePhase, Status
from statusgen.render.tellings import tellings
from tests.unit.render.pages import DAY, at, incident, maintenance, updates

SEEN = (at(18, 50), IncidentPhase.INVESTIGATING, "We are looking.")
AT_ONCE = (at(18, 44), IncidentPhase.INVESTIGATING, "We are looking.")
FIXED = (at(19, 10), IncidentPhase.RESOLVED, "It works.")
BEGUN = (at(18, 4), MaintenancePhase.IN_PROGRESS, "Writes are paused.")
DONE = (at(20), MaintenancePhase.COMPLETED, "All is moved.")
RUNNING: dict[str, Any] = {"phase": MaintenancePhase.IN_PROGRESS, "began": at(18)}
OVER: dict[str, Any] = {"phase": MaintenancePhase.COMPLETED, "began": at(18), "ended": at(21)}


def keys(view: IncidentView | MaintenanceView) -> list[tuple[str, str, str]]:
    """Return what identifies each telling, its phase and its words."""
    return [(telling.key, telling.phase, telling.body) for telling in tellings(view)]


@pytest.mark.parametrize(
    ("body", "said", "expected"),
    [
        ("Pictures fail.", (), [("", "investigating", "Pictures fail.")]),
        ("", (), [("", "investigating", "")]),
        (
            "Pictures fail.",
            (SEEN, FIXED),
            [
                ("", "investigating", "Pictures fail."),
                ("update/1", "investigating", "We are looking."),
                ("update/2", "resolved", "It works."),
            ],
        ),
        ("", (SEEN,), [("update/1", "investigating", "We are looking.")]),
        ("Pictures fail.", (AT_ONCE,), [("update/1", "investigating", "Pictures fail.\n\nWe are looking.")]),
    ],
)
def test_an_incident_opens_once_with_its_body(body: str, said: Any, expected: list[tuple[str, str, str]]) -> None:
    assert keys(incident(body=body, updates=updates(*said))) == expected


@pytest.mark.parametrize(
    ("view", "said", "expected"),
    [
        ({}, (), [("", "scheduled")]),
        (RUNNING, (), [("", "scheduled"), ("in_progress", "in_progress")]),
        (RUNNING, (BEGUN,), [("", "scheduled"), ("update/1", "in_progress")]),
        (OVER, (), [("", "scheduled"), ("in_progress", "in_progress"), ("completed", "completed")]),
        (
            RUNNING,
            ((at(18), MaintenancePhase.SCHEDULED, "At once."), (at(18), MaintenancePhase.VERIFYING, "Look.")),
            [("", "scheduled"), ("update/1", "scheduled"), ("in_progress", "in_progress"), ("update/2", "verifying")],
        ),
        (OVER, (BEGUN, DONE), [("", "scheduled"), ("update/1", "in_progress"), ("update/2", "completed")]),
        (
            {**OVER, "ended": None, "unseen": at(21)},
            (),
            [("", "scheduled"), ("in_progress", "in_progress"), ("completed", "completed")],
        ),
        (
            RUNNING,
            ((at(19), MaintenancePhase.VERIFYING, "Look."), (at(20), MaintenancePhase.IN_PROGRESS, "Not yet.")),
            [
                ("", "scheduled"),
                ("in_progress", "in_progress"),
                ("update/1", "verifying"),
                ("update/2", "in_progress"),
            ],
        ),
        (
            {"phase": MaintenancePhase.CANCELLED, "ended": at(17)},
            ((at(17), MaintenancePhase.CANCELLED, "Not today."),),
            [("", "scheduled"), ("update/1", "cancelled")],
        ),
    ],
)
def test_a_maintenance_tells_its_life_even_when_nobody_writes(
    view: dict[str, Any], said: Any, expected: list[tuple[str, str]]
) -> None:
    assert [found[:2] for found in keys(maintenance(updates=updates(*said), **view))] == expected


def test_tellings_are_in_order_of_time_and_name_their_place_on_the_page() -> None:
    found = tellings(maintenance(updates=updates(DONE), **OVER))
    assert [(telling.at, telling.fragment) for telling in found] == [
        (at(9, days_ago=3), ""),
        (at(18), ""),
        (at(20), "update-1"),
    ]


def moved(at_: datetime, phase: MaintenancePhase, start: datetime, end: datetime, number: int = 1) -> Update:
    """Return an update that gives a maintenance another window."""
    return Update(number=number, at=at_, phase=phase, body="Later.", window=Window(start, end))


def test_a_telling_keeps_the_window_that_stood_when_it_was_told() -> None:
    later = moved(at(12), MaintenancePhase.SCHEDULED, at(14) + 3 * DAY, at(18) + 3 * DAY)
    first, second = tellings(maintenance(updates=(later,)))
    assert (first.plan, first.was, first.moved) == (Window(at(14) + DAY, at(18) + DAY), None, False)
    assert (second.plan, second.was, second.moved) == (later.window, first.plan, True)


def test_a_new_end_alone_is_not_another_date() -> None:
    longer = moved(at(12), MaintenancePhase.SCHEDULED, at(14) + DAY, at(19) + DAY)
    *_, last = tellings(maintenance(updates=(longer,)))
    assert (last.was, last.moved) == (Window(at(14) + DAY, at(18) + DAY), False)


def test_what_windows_told_by_themselves_keeps_its_key_when_another_takes_their_place() -> None:
    again = moved(at(12), MaintenancePhase.SCHEDULED, at(14), at(16))
    spent = SpentPlan(starts=at(10), ends=at(11), since=at(9, days_ago=3), began=at(10), ended=at(11))
    view = maintenance(
        updates=(again,),
        starts=at(10),
        ends=at(11),
        phase=MaintenancePhase.COMPLETED,
        earlier=(spent,),
        began=at(14),
        ended=at(16),
    )
    assert [telling.key for telling in tellings(view)] == [
        "", "in_progress", "completed", "update/1", "in_progress/2", "completed/2",
    ]  # fmt: skip


def test_one_that_is_made_longer_has_begun_once() -> None:
    longer = moved(at(10, 30), MaintenancePhase.SCHEDULED, at(10), at(12))
    spent = SpentPlan(starts=at(10), ends=at(11), since=at(9, days_ago=3), began=at(10))
    view = maintenance(
        updates=(longer,),
        starts=at(10),
        ends=at(11),
        earlier=(spent,),
        began=at(10),
        phase=MaintenancePhase.IN_PROGRESS,
    )
    assert [telling.key for telling in tellings(view)] == ["", "in_progress", "update/1"]


def test_a_telling_keeps_what_people_said_of_components_then() -> None:
    better = Update(
        number=2, at=at(19), phase=IncidentPhase.MONITORING, body="", affects={"media": Status.DEGRADED_PERFORMANCE}
    )
    found = tellings(incident(updates=(*updates(SEEN), better)))
    assert [telling.affects["media"] for telling in found] == [Status.MAJOR_OUTAGE, Status.DEGRADED_PERFORMANCE]


def test_an_emergency_announced_after_it_began_tells_nothing_before_that() -> None:
    view = maintenance(announced=at(18, 30), starts=at(18), ends=at(18, 20), **{**OVER, "ended": at(18, 20)})
    assert [(telling.key, telling.at) for telling in tellings(view)] == [
        ("", at(18, 30)),
        ("in_progress", at(18, 30)),
        ("completed", at(18, 30)),
    ]
