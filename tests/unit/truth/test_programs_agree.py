"""Statuspage's JSON and our own tell what was written, and the same statuses as the front page."""

from __future__ import annotations

from datetime import datetime

from tests.unit.truth import pages
from tests.unit.truth.matching import moments, named, still, texts
from tests.unit.truth.programs import api, components, incidents, maintenance, own, own_announcements
from tests.unit.truth.stage import URL, Play
from tests.unit.truth.told import instant
from tests.unit.truth.written import UNDER_WAY

AT_REST = {"scheduled", "completed", "cancelled", "resolved", "postmortem"}


def expected(phase: str, status: str) -> str:
    """Return how people expect a component to be in a phase of what names it with a status."""
    if phase in AT_REST or status == "operational":
        return "operational"
    return "under_maintenance" if phase in UNDER_WAY else status


def status_of(play: Play, key: str, now: datetime) -> str:
    """Return the status that a component is in by what people wrote, when all was seen up."""
    found = "operational"
    for case in play.cases:
        state = case.state(now)
        if state and key in state.affects and found == "operational":
            found = expected(state.phase, state.affects[key])
    return found


def test_statuspages_lists_hold_what_belongs_into_them(play: Play) -> None:
    for now, files, out in moments(play, "incident"):
        assert set(incidents(api(files, "incidents")["incidents"])) == set(out)
        assert set(incidents(api(files, "incidents/unresolved")["incidents"])) == set(still(out)), now
        assert set(incidents(api(files, "summary")["incidents"])) == set(still(out))
    for now, files, out in moments(play, "maintenance"):
        known = {path for path, (_, state) in out.items() if state.phase != "cancelled"}
        active = {path for path, (_, state) in out.items() if state.phase in UNDER_WAY}
        name = "scheduled_maintenances"
        assert set(maintenance(api(files, "scheduled-maintenances")[name])) == known, now
        assert set(maintenance(api(files, "scheduled-maintenances/active")[name])) == active, now
        assert set(maintenance(api(files, "scheduled-maintenances/upcoming")[name])) == set(still(out)) - active, now
        assert set(maintenance(api(files, "summary")[name])) == set(still(out)), now


def test_what_one_list_of_statuspages_says_so_do_the_others(play: Play) -> None:
    for _, files, _ in moments(play):
        summary = api(files, "summary")
        every = {one["id"]: one for one in api(files, "incidents")["incidents"]}
        assert all(every[one["id"]] == one for one in api(files, "incidents/unresolved")["incidents"])
        assert all(every[one["id"]] == one for one in summary["incidents"])
        every = {one["id"]: one for one in api(files, "scheduled-maintenances")["scheduled_maintenances"]}
        parts = [
            one
            for name in ("active", "upcoming")
            for one in api(files, f"scheduled-maintenances/{name}")["scheduled_maintenances"]
        ]
        assert parts == summary["scheduled_maintenances"]
        assert all(every[one["id"]] == one for one in parts)
        assert summary["components"] == api(files, "components")["components"]
        assert summary["status"] == api(files, "status")["status"]


def test_statuspages_json_tells_each_announcement_as_it_stands(play: Play) -> None:
    for now, files, out in moments(play):
        told = incidents(api(files, "incidents")["incidents"])
        told |= maintenance(api(files, "scheduled-maintenances")["scheduled_maintenances"])
        statuses = components(files)
        for path, (case, state) in out.items():
            if state.phase == "cancelled":
                continue
            found = told[path]
            assert (found.title, found.phase, found.updated) == (case.name, state.phase, state.said[-1].at), (path, now)
            assert (found.start, found.end) == (state.window or (case.began, state.ended)), (path, now)
            assert found.components == {name: statuses[name] for name in named(play, state.affects)}
            assert [(one.at, one.phase, texts(case, one), one.affects) for one in found.said or ()] == [
                (
                    one.at,
                    one.phase,
                    one.texts,
                    {play.component(key): expected(one.phase, status) for key, status in one.affects.items()},
                )
                for one in state.said
            ], (path, now)


def test_statuspages_json_says_when_something_was_over(play: Play) -> None:
    for now, files, out in moments(play):
        ends = {case.path: state.ended for case, state in out.values()}
        for one in (
            *api(files, "incidents")["incidents"],
            *api(files, "scheduled-maintenances")["scheduled_maintenances"],
        ):
            end = instant(one["resolved_at"]) if one["resolved_at"] else None
            assert end == ends[one["shortlink"].removeprefix(f"{URL}/")], (one["name"], now)


def test_our_own_json_tells_what_is_not_over_as_it_stands(play: Play) -> None:
    for now, files, out in moments(play):
        told = own_announcements(files)
        assert set(told) == set(still(out)), now
        for path, (case, state) in still(out).items():
            found = told[path]
            assert (found.title, found.phase) == (case.name, state.phase), (path, now)
            assert (found.start, found.end) == (state.window or (case.began, None)), (path, now)
            assert found.components == named(play, state.affects), (path, now)
            assert (found.text == "overrun") is ("overrun" in state.marks), (path, now)


def test_every_format_gives_a_component_the_same_status(play: Play) -> None:
    """Statuspage has no word for what nobody can see."""
    measured = {key for case in play.cases for key in case.components if case.down}
    for now, files, _ in moments(play):
        found = components(files)
        ours = {one["name"]: one["status"] for group in own(files)["groups"] for one in group["components"]}
        assert pages.components(files["index.html"]) == ours, now
        assert {
            name: "degraded_performance" if status == "unknown" else status for name, status in ours.items()
        } == found
        keys = {key for case in play.cases for key in case.components} - measured
        assert {key: found[play.component(key)] for key in keys} == {key: status_of(play, key, now) for key in keys}, (
            now
        )
