"""The words, the steps between phases, and the reasons that readers see."""

from __future__ import annotations

import pytest

from statusgen.model.observation import CONTROL_PREFIX
from statusgen.model.reason import PARTS, REASONS, describe, http_reason, is_reason, of_part, without_part
from statusgen.model.words import INCIDENT_STEPS, MAINTENANCE_STEPS, IncidentPhase, MaintenancePhase
from tests.factories import NOW, component, group, incident, maintenance, minutes, post, project, updates

SCHEDULED, IN_PROGRESS, VERIFYING, COMPLETED, CANCELLED = MaintenancePhase


@pytest.mark.parametrize(("code", "reason"), [(100, "http_100"), (502, "http_502"), (599, "http_599")])
def test_an_unexpected_http_status_is_its_own_reason(code: int, reason: str) -> None:
    assert http_reason(code) == reason
    assert is_reason(reason)
    assert describe(reason) == f"it answered with HTTP status {code}"


@pytest.mark.parametrize("code", [0, 99, 600, 5020, -1])
def test_a_code_that_is_no_http_status_is_a_bad_response(code: int) -> None:
    assert http_reason(code) == "bad_response"


def test_every_reason_of_the_list_is_one_and_reads_as_the_end_of_a_sentence() -> None:
    for reason, words in REASONS.items():
        assert is_reason(reason)
        assert describe(reason) == words
        assert words == words.strip().rstrip(".")
        assert words[0].islower()


def test_a_reason_of_a_part_is_one_of_the_list_too_and_says_which_part() -> None:
    reason = of_part("streaming", "http_502")
    assert reason == "streaming:http_502"
    assert is_reason(reason)
    assert describe(reason) == "it answered with HTTP status 502 (streaming)"
    assert describe(of_part("lookup", "timeout")) == "no answer in time (account lookup)"
    assert without_part(reason) == without_part("http_502") == "http_502"
    for part, words in PARTS.items():
        assert is_reason(of_part(part, "timeout"))
        assert words == words.strip().rstrip(".")


@pytest.mark.parametrize("text", ["streaming:", "streaming:web:timeout", ":timeout", "elsewhere:timeout", "web:no way"])
def test_a_part_that_is_none_makes_no_reason(text: str) -> None:
    assert not is_reason(text)
    assert describe(text) == "it failed"


@pytest.mark.parametrize("text", ["", "http_", "http_50", "http_5022", "HTTP_502", "timeout ", "connect: no route"])
def test_nothing_else_is_a_reason_and_nothing_of_it_is_shown(text: str) -> None:
    assert not is_reason(text)
    assert describe(text) == "it failed"


def test_an_incident_that_is_over_stays_over() -> None:
    going_on = {IncidentPhase.INVESTIGATING, IncidentPhase.IDENTIFIED, IncidentPhase.MONITORING}
    for phase in going_on:
        assert INCIDENT_STEPS[phase] == going_on | {IncidentPhase.RESOLVED}
    assert INCIDENT_STEPS[IncidentPhase.RESOLVED] == {IncidentPhase.POSTMORTEM}
    assert INCIDENT_STEPS[IncidentPhase.POSTMORTEM] == {IncidentPhase.POSTMORTEM}


def test_a_maintenance_goes_forward_from_any_step_and_may_be_called_off_until_it_is_being_verified() -> None:
    assert {
        SCHEDULED: {SCHEDULED, IN_PROGRESS, VERIFYING, COMPLETED, CANCELLED},
        IN_PROGRESS: {IN_PROGRESS, VERIFYING, COMPLETED, CANCELLED},
        VERIFYING: {IN_PROGRESS, VERIFYING, COMPLETED},
        COMPLETED: set(),
        CANCELLED: set(),
    } == MAINTENANCE_STEPS


def test_each_announcement_knows_its_kind() -> None:
    assert [one.kind for one in (incident(), maintenance(), post())] == ["incident", "maintenance", "post"]


def test_an_incident_is_in_the_phase_last_said() -> None:
    told = incident(updates=updates((NOW, IncidentPhase.IDENTIFIED), (minutes(5), IncidentPhase.RESOLVED)))
    assert told.phase(minutes(-1)) is IncidentPhase.INVESTIGATING
    assert told.phase(NOW) is IncidentPhase.IDENTIFIED
    assert told.phase(minutes(5)) is IncidentPhase.RESOLVED


def test_a_maintenance_remembers_the_last_word() -> None:
    told = maintenance(updates=updates((NOW, SCHEDULED), (minutes(5), IN_PROGRESS)))
    assert told.said(minutes(-1)) is None
    assert told.said(NOW) is SCHEDULED
    assert told.said(minutes(5)) is IN_PROGRESS


def test_a_project_lists_its_components_and_checks_in_the_order_of_its_groups() -> None:
    of = project(group(component("b"), component("a", checks=["z", "y"])), group(component("c"), group_id="other"))
    assert [one.id for one in of.components] == ["b", "a", "c"]
    assert [one.id for one in of.checks] == ["b-http", "z", "y", "c-http"]


def test_an_observation_speaks_for_two_and_a_half_intervals() -> None:
    assert project().hold == project().interval * 2.5


def test_controls_are_told_from_checks_by_their_id() -> None:
    assert CONTROL_PREFIX == "@control/"
