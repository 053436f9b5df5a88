"""What was said when: the row of tellings behind feeds and JSON."""

from __future__ import annotations

from typing import Any

import pytest

from statusgen.model.page import IncidentView, MaintenanceView
from statusgen.model.words import IncidentPhase, MaintenancePhase
from statusgen.render.tellings import tellings
from tests.unit.render.pages import at, incident, maintenance, updates

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
        (OVER, (BEGUN, DONE), [("", "scheduled"), ("update/1", "in_progress"), ("update/2", "completed")]),
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
