"""The page as JSON in Statuspage's shape: what clients of its API ask for."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from statusgen.model.artifact import Stage
from statusgen.model.page import Page
from statusgen.model.words import IncidentPhase, MaintenancePhase, Status
from statusgen.render import api
from statusgen.render.tongue import PLAIN
from tests.unit.render import pages, situations
from tests.unit.render.pages import DAY, NOW, at, component, group, incident, maintenance, page, updates

COMPONENT_KEYS = {
    *("id", "name", "status", "created_at", "updated_at", "position", "description", "showcase", "start_date"),
    *("group_id", "page_id", "group", "only_show_if_degraded"),
}
INCIDENT_KEYS = {
    *("id", "name", "status", "created_at", "updated_at", "monitoring_at", "resolved_at", "impact", "shortlink"),
    *("started_at", "page_id", "incident_updates", "components", "reminder_intervals"),
}
UPDATE_KEYS = {
    *("id", "status", "body", "incident_id", "created_at", "updated_at", "display_at", "affected_components"),
    *("deliver_notifications", "custom_tweet", "tweet_id"),
}


def document(shown: Page, name: str = "summary") -> Any:
    """Return one of the documents of a page."""
    bodies = {artifact.path: artifact.body for artifact in api.documents(shown, PLAIN)}
    return json.loads(bodies[f"api/v2/{name}.json"])


def test_every_object_has_the_keys_that_clients_expect() -> None:
    summary = document(situations.busy())
    assert set(summary) == {"page", "components", "incidents", "scheduled_maintenances", "status"}
    assert set(summary["page"]) == {"id", "name", "url", "time_zone", "updated_at"}
    for each in summary["components"]:
        assert set(each) == COMPONENT_KEYS | ({"components"} if each["group"] else set())
    for each in summary["incidents"]:
        assert set(each) == INCIDENT_KEYS
    for each in summary["scheduled_maintenances"]:
        assert set(each) == INCIDENT_KEYS | {"scheduled_for", "scheduled_until"}
    for each in summary["incidents"] + summary["scheduled_maintenances"]:
        assert all(set(update) == UPDATE_KEYS for update in each["incident_updates"])


def test_status_json_is_a_part_of_the_summary() -> None:
    summary, status = document(situations.busy()), document(situations.busy(), "status")
    assert status == {"page": summary["page"], "status": summary["status"]}
    assert summary["page"]["updated_at"] == "2022-12-01T19:26:00.000Z"
    assert summary["status"] == {"indicator": "major", "description": "Media is down"}


@pytest.mark.parametrize(
    ("status", "indicator", "told"),
    [
        (Status.OPERATIONAL, "none", "operational"),
        (Status.DEGRADED_PERFORMANCE, "minor", "degraded_performance"),
        (Status.PARTIAL_OUTAGE, "major", "partial_outage"),
        (Status.MAJOR_OUTAGE, "critical", "major_outage"),
        (Status.UNDER_MAINTENANCE, "maintenance", "under_maintenance"),
        (Status.UNKNOWN, "minor", "degraded_performance"),
    ],
)
def test_what_nobody_sees_is_never_told_as_operational(status: Status, indicator: str, told: str) -> None:
    summary = document(page(group("Core", component("Web", status))))
    assert summary["status"]["indicator"] == indicator
    assert [each["status"] for each in summary["components"]] == [told, told]


def test_groups_stand_before_their_components() -> None:
    found = document(situations.busy())["components"]
    by_id = {each["id"]: each for each in found}
    assert [(each["name"], each["position"]) for each in found] == [
        *(("Mastodon", 1), ("Web", 1), ("Media", 2), ("Streaming", 3)),
        *(("Data", 2), ("Database", 1), ("Redis", 2), ("Support", 3), ("Moderation", 1)),
    ]
    assert [by_id[one]["name"] for one in found[0]["components"]] == ["Web", "Media", "Streaming"]
    assert found[2]["group_id"] == found[0]["id"]
    assert found[0]["group_id"] is None
    database = found[5]
    assert database["description"] == "PostgreSQL, the primary"
    assert found[6]["description"] is None
    assert found[2]["updated_at"] == "2022-12-01T18:44:00.000Z"
    assert found[8]["updated_at"] == "2022-12-01T00:00:00.000Z", "nobody measures it"
    assert database["start_date"] == "2022-05-15"
    assert document(situations.never_measured())["components"][0]["start_date"] is None


def test_open_incidents_tell_their_updates_newest_first() -> None:
    (found,) = document(situations.busy())["incidents"]
    assert (found["name"], found["status"], found["impact"]) == ("Pictures do not load", "identified", "major")
    assert found["shortlink"] == "https://status.example.org/incidents/media.html"
    assert found["created_at"] == found["started_at"] == "2022-12-01T18:44:00.000Z"
    assert found["updated_at"] == "2022-12-01T19:10:00.000Z"
    assert (found["monitoring_at"], found["resolved_at"]) == (None, None)
    assert [each["name"] for each in found["components"]] == ["Media"]
    newest, oldest = found["incident_updates"]
    assert (newest["status"], oldest["status"]) == ("identified", "investigating")
    assert newest["body"] == "The media store refuses connections. Posting text works."
    assert newest["incident_id"] == found["id"]
    assert newest["display_at"] == "2022-12-01T19:10:00.000Z"


def test_an_incident_says_when_it_was_first_monitored_and_resolved() -> None:
    phases = (IncidentPhase.MONITORING, IncidentPhase.MONITORING)
    said = updates(*((at(19, minute), phase, "We watch.") for minute, phase in zip((1, 5), phases, strict=True)))
    view = incident(updates=said, affected=())
    (found,) = document(page(incidents=(view,)))["incidents"]
    assert found["monitoring_at"] == "2022-12-01T19:01:00.000Z"


def test_maintenance_under_way_comes_before_maintenance_to_come() -> None:
    running, coming = document(situations.busy())["scheduled_maintenances"]
    assert (running["status"], coming["status"]) == ("in_progress", "scheduled")
    assert (running["impact"], running["resolved_at"]) == ("maintenance", None)
    assert (coming["scheduled_for"], coming["scheduled_until"]) == (
        "2022-12-02T14:00:00.000Z",
        "2022-12-02T18:00:00.000Z",
    )
    assert coming["incident_updates"][0]["body"].startswith("We are moving PostgreSQL")
    assert coming["created_at"] == "2022-11-28T09:00:00.000Z"


def test_verifying_maintenance_may_already_have_an_end() -> None:
    view = maintenance(phase=MaintenancePhase.VERIFYING, began=at(18), ended=at(19), affected=())
    (found,) = document(page(maintenance=(view,)))["scheduled_maintenances"]
    assert found["resolved_at"] == "2022-12-01T19:00:00.000Z"


def test_ids_are_twelve_characters_that_never_change() -> None:
    assert api.ident("component", "web") == "xhecepxpqrd8"
    summary = document(situations.crowded())
    found = [each["id"] for each in summary["components"] + summary["incidents"]]
    assert len(found) == len(set(found))
    assert all(re.fullmatch("[0-9a-z]{12}", one) for one in found)


def test_a_site_without_an_address_is_known_by_its_name() -> None:
    nameless = page(site=replace(pages.SITE, url=""))
    assert document(nameless)["page"]["url"] == ""
    assert document(nameless)["page"]["id"] == api.ident("page", "Hachyderm status")


def test_lone_surrogates_do_not_stop_the_page() -> None:
    assert document(page(site=replace(pages.SITE, name="a\ud800")))["page"]["name"] == "a\ud800"


def test_the_documents_carry_the_time_and_are_sent_before_the_front_page() -> None:
    for artifact in api.documents(situations.quiet(), PLAIN):
        assert artifact.content_type == "application/json; charset=utf-8"
        assert artifact.cache_control == "public, max-age=30, stale-if-error=600"
        assert artifact.stage is Stage.FEED
        assert artifact.timely == (artifact.path in {"api/v2/summary.json", "api/v2/status.json"})


# The lists


def test_every_list_of_statuspages_api_is_there() -> None:
    shown = situations.busy()
    assert {artifact.path: list(json.loads(artifact.body)) for artifact in api.documents(shown, PLAIN)} == {
        "api/v2/summary.json": ["page", "components", "incidents", "scheduled_maintenances", "status"],
        "api/v2/status.json": ["page", "status"],
        "api/v2/components.json": ["page", "components"],
        "api/v2/incidents.json": ["page", "incidents"],
        "api/v2/incidents/unresolved.json": ["page", "incidents"],
        "api/v2/scheduled-maintenances.json": ["page", "scheduled_maintenances"],
        "api/v2/scheduled-maintenances/upcoming.json": ["page", "scheduled_maintenances"],
        "api/v2/scheduled-maintenances/active.json": ["page", "scheduled_maintenances"],
    }


def test_the_lists_are_parts_of_one_truth() -> None:
    shown = situations.busy()
    summary = document(shown)
    assert document(shown, "components")["components"] == summary["components"]
    assert document(shown, "incidents/unresolved")["incidents"] == summary["incidents"]
    every = document(shown, "incidents")["incidents"]
    assert [each["status"] for each in every] == ["identified", "postmortem"]
    assert every[0] == summary["incidents"][0]
    active = document(shown, "scheduled-maintenances/active")["scheduled_maintenances"]
    upcoming = document(shown, "scheduled-maintenances/upcoming")["scheduled_maintenances"]
    assert active + upcoming == summary["scheduled_maintenances"]
    assert document(shown, "scheduled-maintenances")["scheduled_maintenances"] == active + upcoming


def test_a_list_says_when_it_last_changed_and_the_summary_when_it_was_made() -> None:
    shown = situations.busy()
    assert document(shown)["page"]["updated_at"] == "2022-12-01T19:26:00.000Z"
    assert document(shown, "incidents")["page"]["updated_at"] == "2022-12-01T19:10:00.000Z"
    assert document(situations.never_measured(), "incidents")["page"]["updated_at"] == "2022-12-01T00:00:00.000Z"


def test_what_was_cancelled_is_not_listed_for_there_is_no_word_for_it() -> None:
    ended = maintenance(
        "done", MaintenancePhase.COMPLETED, starts=at(9), ends=at(10), began=at(9), ended=at(10), affected=()
    )
    off = maintenance("off", MaintenancePhase.CANCELLED, affected=())
    found = document(page(maintenance=(off, ended)), "scheduled-maintenances")["scheduled_maintenances"]
    assert [each["status"] for each in found] == ["completed"]


def test_a_list_holds_fifty_and_no_more_than_fits() -> None:
    short = tuple(incident(f"one-{number}", resolved=NOW - number * DAY, affected=()) for number in range(60))
    assert len(document(page(incidents=short), "incidents")["incidents"]) == 50
    said = updates((at(9), IncidentPhase.RESOLVED, 'long " <words> ' * 3_000))
    long = tuple(incident(f"one-{number}", resolved=at(9), updates=said, affected=()) for number in range(60))
    bodies = {artifact.path: artifact.body for artifact in api.documents(page(incidents=long), PLAIN)}
    assert 100_000 < len(bodies["api/v2/incidents.json"]) <= api.MOST_BYTES


def test_each_update_tells_what_people_said_of_components_before_and_with_it() -> None:
    (open_one, over) = document(situations.busy(), "incidents")["incidents"]
    (running, _) = document(situations.busy())["scheduled_maintenances"]

    def changes(announcement: Any) -> list[tuple[str, str, str]]:
        told = [update["affected_components"][0] for update in announcement["incident_updates"]]
        return [(one["name"], one["old_status"], one["new_status"]) for one in reversed(told)]

    assert changes(open_one) == [
        ("Mastodon - Media", "operational", "major_outage"),
        ("Mastodon - Media", "major_outage", "major_outage"),
    ]
    assert [new for _, _, new in changes(over)] == [
        *("degraded_performance", "degraded_performance", "operational", "operational"),
    ]
    assert changes(running) == [
        ("Data - Redis", "operational", "operational"),
        ("Data - Redis", "operational", "under_maintenance"),
    ]
    assert open_one["incident_updates"][0]["affected_components"][0]["code"] == open_one["components"][0]["id"]


def test_an_update_that_names_nothing_affects_nothing() -> None:
    (found,) = document(page(incidents=(incident(affected=()),)))["incidents"]
    assert [update["affected_components"] for update in found["incident_updates"]] == [None, None]
