"""Maintenance as iCalendar: the written bytes, and what a calendar makes of them over time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from icalendar import Calendar

from statusgen.model.artifact import Artifact, Stage
from statusgen.model.page import Page
from statusgen.model.told import MaintenanceView
from statusgen.model.words import MaintenancePhase
from statusgen.render.calendar import MOST, calendars
from statusgen.render.feed import MOST_BYTES
from statusgen.render.tongue import PLAIN
from tests.unit.render import situations
from tests.unit.render.pages import DAY, NOW, SITE, at, maintenance, page, updates

DESCRIPTION = (
    r"DESCRIPTION:Scheduled.\n\nWindow: 2 December 2022\, 14:00–18:00 UTC.\n\nAffects Database (down).\n\n"
    r"We are moving PostgreSQL off the disks in the basement.\n- [x] replicate\n- [ ] cut over\n\n"
    r"https://status.example.org/maintenance/database.html"
)


def written(shown: Page) -> dict[str, Artifact]:
    """Return the calendars of a page by path."""
    return {artifact.path: artifact for artifact in calendars(shown, PLAIN)}


def lines(shown: Page, path: str = "maintenance.ics") -> list[str]:
    """Return the lines of a calendar, unfolded."""
    return written(shown)[path].body.decode().replace("\r\n ", "").split("\r\n")


def event(*views: MaintenanceView) -> Any:
    """Return the first event of a page with this maintenance."""
    return Calendar.from_ical(written(page(maintenance=views))["maintenance.ics"].body).walk("VEVENT")[0]


def test_the_calendar_says_how_to_be_subscribed_to() -> None:
    assert lines(situations.busy())[:12] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//statusgen//maintenance//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Hachyderm status: maintenance",
        "X-WR-CALNAME:Hachyderm status: maintenance",
        "COLOR:steelblue",
        "REFRESH-INTERVAL;VALUE=DURATION:PT30M",
        "X-PUBLISHED-TTL:PT30M",
        "SOURCE;VALUE=URI:https://status.example.org/maintenance.ics",
        "URL:https://status.example.org/index.html",
    ]


def test_an_event_tells_the_announced_window_in_utc() -> None:
    found = lines(page(maintenance=(maintenance(),)))
    start = found.index("BEGIN:VEVENT")
    assert found[start : start + 15] == [
        "BEGIN:VEVENT",
        "UID:maintenance-database@status.example.org",
        "DTSTAMP:20221128T090000Z",
        "CREATED:20221128T090000Z",
        "LAST-MODIFIED:20221128T090000Z",
        "SEQUENCE:0",
        "DTSTART:20221202T140000Z",
        "DTEND:20221202T180000Z",
        "SUMMARY:Moving the primary database",
        DESCRIPTION,
        "URL:https://status.example.org/maintenance/database.html",
        "CATEGORIES:Maintenance",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def test_what_is_said_and_what_becomes_of_it_makes_the_sequence_grow() -> None:
    said = updates(
        (at(9), MaintenancePhase.SCHEDULED, "An hour later than planned."),
        (at(18), MaintenancePhase.IN_PROGRESS, "We begin."),
    )
    announced = maintenance()
    moved = maintenance(updates=said[:1])
    begun = maintenance(phase=MaintenancePhase.IN_PROGRESS, updates=said, began=at(18))
    ended = maintenance(phase=MaintenancePhase.COMPLETED, updates=said, began=at(18), ended=at(19))
    assert [event(view)["SEQUENCE"] for view in (announced, moved, begun, ended)] == [0, 3, 6, 7]
    assert {str(event(view)["UID"]) for view in (announced, moved, begun, ended)} == {
        "maintenance-database@status.example.org"
    }
    assert event(moved)["LAST-MODIFIED"].dt == at(9)


def test_an_update_that_takes_back_what_nobody_wrote_makes_the_sequence_grow_too() -> None:
    over = maintenance(phase=MaintenancePhase.COMPLETED, starts=at(9), ends=at(10), began=at(9), ended=at(10))
    said = updates((at(11), MaintenancePhase.CANCELLED, "It never took place."))
    taken_back = maintenance(phase=MaintenancePhase.CANCELLED, starts=at(9), ends=at(10), updates=said)
    assert event(over)["SEQUENCE"] == 2
    assert event(taken_back)["SEQUENCE"] == 3


def test_what_is_cancelled_stays_and_says_so() -> None:
    said = updates((at(9), MaintenancePhase.CANCELLED, "The spare part has not come."))
    found = event(maintenance(phase=MaintenancePhase.CANCELLED, updates=said))
    assert (found["STATUS"], found["SEQUENCE"]) == ("CANCELLED", 3)
    assert found["SUMMARY"] == "Cancelled: Moving the primary database"
    assert "The spare part has not come." in found["DESCRIPTION"]


def test_each_maintenance_can_be_added_by_itself_and_is_the_same_event() -> None:
    shown = situations.busy()
    alone = lines(shown, "maintenance/database.ics")
    assert alone[5] == "BEGIN:VEVENT", "it must not rename the calendar that it is added to"
    assert alone[5:-2] == lines(shown)[-len(alone[5:-2]) - 2 : -2]


def test_a_calendar_does_not_change_while_nothing_happens() -> None:
    shown = situations.busy()
    step = timedelta(minutes=5)
    later = replace(shown, published=NOW + step, measured=NOW, valid_until=shown.valid_until + step)
    assert written(later) == written(shown)


def test_a_calendar_is_text_that_is_fetched_again_soon() -> None:
    for artifact in written(situations.busy()).values():
        assert artifact.content_type == "text/calendar; charset=utf-8"
        assert (artifact.cache_control, artifact.stage, artifact.timely) == ("public, max-age=300", Stage.FEED, False)
        assert artifact.body.endswith(b"END:VCALENDAR\r\n")
        assert all(len(line) <= 75 for line in artifact.body.split(b"\r\n"))


def test_what_is_to_come_is_never_left_out_for_what_is_over() -> None:
    over = tuple(
        maintenance(f"over-{number}", MaintenancePhase.COMPLETED, ended=at(9), affected=()) for number in range(MOST)
    )
    soon = maintenance("soon")
    uids = [line for line in lines(page(maintenance=(*over, soon))) if line.startswith("UID:")]
    assert len(uids) == MOST
    assert uids[0] == "UID:maintenance-soon@status.example.org"


def test_a_calendar_is_never_larger_than_a_feed() -> None:
    long = tuple(
        maintenance(f"long-{number}", body="漢字; , \\ " * 900, starts=NOW + DAY, ends=NOW + 2 * DAY)
        for number in range(MOST)
    )
    assert MOST_BYTES // 2 < len(written(page(maintenance=long))["maintenance.ics"].body) <= MOST_BYTES


def test_what_no_calendar_can_hold_is_left_out() -> None:
    view = maintenance(title="a\x00\ud800b", body="c\x0bd\ufffe")
    assert "SUMMARY:ab" in lines(page(maintenance=(view,)))


def test_a_site_without_an_address_has_no_calendar() -> None:
    assert written(page(site=replace(SITE, url=""), maintenance=(maintenance(),))) == {}


def test_what_is_over_cannot_be_added_to_a_calendar_and_stays_in_that_of_its_subscribers() -> None:
    over = maintenance("done", MaintenancePhase.COMPLETED, ended=at(9), affected=())
    off = maintenance("off", MaintenancePhase.CANCELLED, affected=())
    found = written(page(maintenance=(over, off)))
    assert list(found) == ["maintenance.ics"]
    assert found["maintenance.ics"].body.count(b"BEGIN:VEVENT") == 2
