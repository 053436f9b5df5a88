"""The sentence at the top, what stands below it, and the notes beside components."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from statusgen.model.components import CheckView, ComponentView
from statusgen.model.page import Page
from statusgen.model.reason import REASONS
from statusgen.model.words import MaintenancePhase, Status
from statusgen.render import sentence
from statusgen.render.tongue import PLAIN
from tests.unit.render import pages, situations
from tests.unit.render.pages import NOW, at, component, down, group, incident, maintenance, page

SLOW: dict[str, Any] = {"status": Status.DEGRADED_PERFORMANCE, "reason": "slow"}
LONG = ("Federation with everybody else", "Media processing and thumbnails")
GONE: dict[str, Any] = {"status": Status.UNKNOWN, "reason": "not_measured"}


def core(*components: ComponentView, **more: Any) -> Page:
    """Return a page of one group with the given components and one that is well."""
    return page(group("Core", *components, component("Web")), **more)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (situations.quiet(), "All systems operational"),
        (core(down("Media")), "Media is down"),
        (core(component("Media", **SLOW)), "Media is slow"),
        (core(component("Media", Status.PARTIAL_OUTAGE)), "Media is partly down"),
        (core(component("Media", Status.DEGRADED_PERFORMANCE)), "Media is degraded"),
        (core(down("Media"), down("Redis")), "Media and Redis are down"),
        (core(down("Media"), component("Redis", **SLOW)), "Media is down and Redis is slow"),
        (core(down("Redis"), down("Media", explained_by="redis")), "Redis is down, and with it Media"),
        (
            core(down("A"), down("B"), *(down(name, explained_by="a") for name in ("C", "D", "E"))),
            "A and B are down, and with them 3 other components",
        ),
        (core(down("A"), down("B", explained_by="a"), down("C", explained_by="a")), "A is down, and with it B and C"),
        (core(down("A", explained_by="b"), down("B", explained_by="a")), "A and B are down"),
        (core(down("A", explained_by="web")), "A is down"),
        (core(down("A"), down("B"), down("C")), "Core: 3 of 4 are down"),
        (core(down("A"), down("B"), component("C", **SLOW)), "Core: 3 of 4 are in trouble"),
        (page(group("Core", down("A"), down("B"), down("C")), group("Edge", component("D"))), "Core: all 3 are down"),
        (situations.three_down(), "3 components are down: 2 in Mastodon and 1 in Data"),
        (
            page(
                *(group(name, *map(down, (f"{name} 1", f"{name} 2"))) for name in LONG), group("Edge", component("Web"))
            ),
            "4 components in 2 groups are down",
        ),
        (situations.crowded(), "12 components in 4 groups are in trouble"),
        (page(group("Core", down("A"), down("B"))), "Everything is down"),
        (page(group("Core", down("A"))), "A is down"),
        (situations.unseen(), "We cannot see Hachyderm right now"),
        (
            replace(situations.unseen(), site=replace(pages.SITE, name="The Watertower")),
            "We cannot see The Watertower right now",
        ),
        (situations.never_measured(), "Nothing has been measured yet"),
        (page(measured=None), "Nothing has been measured yet"),
        (core(component("Media", **GONE)), "We cannot see Media right now; everything else is operational"),
        (
            core(*(component(name, **GONE) for name in "ABC")),
            "We cannot see 3 of 4 components right now; everything else is operational",
        ),
        (core(component("Media", Status.DEGRADED_PERFORMANCE, reason="flapping")), "Media is unstable"),
        (core(component("Media", Status.DEGRADED_PERFORMANCE, reason="recovering")), "Media is recovering"),
        (core(incidents=(incident(),)), "Everything measured is operational, but 1 incident is open"),
        (core(incidents=(incident(), incident("b"))), "Everything measured is operational, but 2 incidents are open"),
        (core(incidents=(incident(resolved=at(19, 20)),)), "All systems operational"),
    ],
)
def test_the_sentence_names_what_is_wrong(shown: Page, said: str) -> None:
    assert sentence.headline(shown, PLAIN) == said


@pytest.mark.parametrize(
    ("covered", "view", "said"),
    [
        (("Database",), {}, "Database maintenance until 21:00 UTC"),
        (("Database", "Redis"), {}, "Database and Redis maintenance until 21:00 UTC"),
        (("A", "B", "C"), {}, "Maintenance until 21:00 UTC"),
        ((), {}, "Maintenance until 21:00 UTC"),
        (("Database",), {"ends": at(3, days_ago=-1)}, "Database maintenance until 2 December, 03:00 UTC"),
        (("Database",), {"ends": NOW}, "Database maintenance runs late: it was to end at 19:26 UTC"),
        (("Database",), {"overrun": True}, "Database maintenance runs late: it was to end at 21:00 UTC"),
    ],
)
def test_maintenance_says_of_what_and_until_when(covered: tuple[str, ...], view: dict[str, Any], said: str) -> None:
    running = maintenance(phase=MaintenancePhase.IN_PROGRESS, **{"starts": at(18), "ends": at(21), **view})
    components = [component(name, Status.UNDER_MAINTENANCE) for name in covered]
    assert sentence.headline(core(*components, maintenance=(running,)), PLAIN) == said


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (situations.quiet(), ""),
        (core(down("Media")), "Since 18:44 UTC, for 42 minutes: the connection was refused"),
        (core(down("Media", since=None)), ""),
        (core(down("A"), down("B")), "Since 18:44 UTC, for 42 minutes"),
        (core(down("A"), down("B", since=at(19))), ""),
        (core(down("A"), down("B", since=None)), ""),
        (
            page(group("Core", down("A"), down("B", since=at(19)))),
            "Since 19:00 UTC, for 26 minutes",
        ),
        (page(group("Core", down("A"), down("B", since=None))), ""),
        (core(component("Media", Status.DEGRADED_PERFORMANCE, measured=Status.OPERATIONAL)), ""),
        (core(down("Media", measured=Status.DEGRADED_PERFORMANCE)), ""),
        (
            core(down("Media", reason=None), component("Redis", **GONE)),
            "Since 18:44 UTC, for 42 minutes. We cannot see Redis right now",
        ),
        (core(component("Redis", **GONE)), ""),
        (situations.unseen(), ""),
        (
            core(component("Redis", **GONE), maintenance=(maintenance(phase=MaintenancePhase.IN_PROGRESS),)),
            "We cannot see Redis right now",
        ),
    ],
)
def test_the_aside_adds_what_the_sentence_leaves_out(shown: Page, said: str) -> None:
    assert sentence.aside(shown, PLAIN) == said


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (component("Media"), ""),
        (down("Media"), "Down since 18:44 UTC, for 42 minutes: the connection was refused"),
        (down("Media", since=None, reason="http_502"), "Down for an unknown time: it answered with HTTP status 502"),
        (
            down("Media", explained_by="redis", reason=None),
            "Down since 18:44 UTC, for 42 minutes; it depends on Redis, which is down too",
        ),
        (
            down("Media", explained_by="gone", reason=None, since=None),
            "Down for an unknown time; it depends on gone, which is down too",
        ),
        (
            replace(down("Media"), status=Status.UNDER_MAINTENANCE),
            "Under maintenance; down since 18:44 UTC, for 42 minutes: the connection was refused",
        ),
        (
            component("Media", Status.UNDER_MAINTENANCE, measured=Status.OPERATIONAL),
            "Under maintenance; our checks find it up",
        ),
        (component("Support", Status.UNDER_MAINTENANCE, manual=True, measured=Status.UNKNOWN), "Under maintenance"),
        (
            component("Media", Status.DEGRADED_PERFORMANCE, measured=Status.OPERATIONAL),
            "Degraded, say the people who run it; our checks find it up",
        ),
        (
            component("Media", Status.MAJOR_OUTAGE, measured=Status.DEGRADED_PERFORMANCE, since=None),
            "Down, say the people who run it; degraded for an unknown time",
        ),
        (
            component(
                "Media", Status.DEGRADED_PERFORMANCE, reason="flapping", since=at(19), episode=at(17, 10), times=4
            ),
            f"Degraded since 19:00 UTC, for 26 minutes: {REASONS['flapping']}; down 4 times since 17:10 UTC",
        ),
        (component("Media", **GONE, since=at(17)), "No fresh data since 17:00 UTC"),
        (component("Media", Status.UNKNOWN, since=None), "No data yet"),
        (component("Support", manual=True, measured=Status.UNKNOWN), ""),
        (
            component("Support", Status.MAJOR_OUTAGE, manual=True, measured=Status.UNKNOWN),
            "Down, say the people who run it",
        ),
    ],
)
def test_a_note_says_what_was_measured_and_what_people_say(shown: ComponentView, said: str) -> None:
    assert sentence.note(shown, page(group("Core", shown, down("Redis"))), PLAIN, near=NOW) == said


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (component("Web", Status.DEGRADED_PERFORMANCE, reason="flapping"), "which is unstable too"),
        (component("Web", Status.DEGRADED_PERFORMANCE, reason="slow"), "which is slow"),
        (down("Web"), "which is down"),
    ],
)
def test_a_note_says_how_what_it_depends_on_is_doing(cause: ComponentView, said: str) -> None:
    shown = component("Timelines", Status.DEGRADED_PERFORMANCE, reason="flapping", explained_by="web")
    told = sentence.note(shown, page(group("Core", shown, cause)), PLAIN, near=NOW)
    assert told.split("; ")[-1] == f"it depends on Web, {said}"


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        ((Status.OPERATIONAL, Status.OPERATIONAL), "operational"),
        ((Status.MAJOR_OUTAGE, Status.MAJOR_OUTAGE), "down"),
        ((Status.UNKNOWN,), "no fresh data"),
        ((Status.OPERATIONAL, Status.UNDER_MAINTENANCE), "1 of 2 under maintenance"),
        (
            (Status.UNKNOWN, Status.DEGRADED_PERFORMANCE, Status.MAJOR_OUTAGE, Status.MAJOR_OUTAGE, Status.OPERATIONAL),
            "2 of 5 down, 1 degraded, 1 no fresh data",
        ),
    ],
)
def test_a_group_tells_its_members_worst_first(statuses: tuple[Status, ...], said: str) -> None:
    members = [component(f"C{number}", status) for number, status in enumerate(statuses)]
    assert sentence.tally(group("Core", *members), PLAIN) == said


def test_an_incident_that_seems_to_be_over_is_told_why() -> None:
    assert sentence.forgotten(pages.incident(), None, PLAIN) == ""
    assert sentence.forgotten(pages.incident(forgotten=pages.at(12)), pages.NOW, PLAIN) == (
        "Everything it names has been up since 12:00 UTC, but nobody has said that it is over."
    )


def test_what_no_place_sees_and_what_has_no_beginning_is_not_told() -> None:
    calm = CheckView(id="web/http", kind="http", status=Status.OPERATIONAL, reason=None, places=(), voters=3)
    assert sentence.sight(calm, PLAIN) == ""
    new = replace(component("Web"), since=None)
    assert sentence.lasting(new, page(group("Core", new)), PLAIN) == ""
