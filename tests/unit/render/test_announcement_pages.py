"""The page of an announcement has all that was said of it, for ever and at its old addresses too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import lxml.html
import pytest

from statusgen.model.announcement import Checklist, Recurrence, Update, Window
from statusgen.model.told import DayStory, SeriesView, SpentPlan
from statusgen.model.words import MaintenancePhase, Status
from tests.unit.render import situations
from tests.unit.render.conftest import Render
from tests.unit.render.pages import (
    DAY,
    NOW,
    at,
    component,
    group,
    incident,
    maintenance,
    outage,
    page,
    post,
    updates,
)
from tests.unit.render.shown import known, text, tree

ALL = group("All", component("Web"), component("Media"), component("Database"))


def test_an_announcement_page_has_all_updates_with_permanent_places(site: Render) -> None:
    root = tree(site, situations.busy(), "incidents/queues.html")
    assert root.xpath("//ol[@class='timeline']/li/@id") == ["update-2", "update-1"]
    assert root.xpath("//ol/li/h3/a/@href") == ["#update-2", "#update-1"]
    assert root.xpath("//section[@id='update-3']/h2/text()") == ["Postmortem"]
    found = text(site, situations.busy(), "incidents/queues.html")
    assert "Resolved 26 November 2022, 11:30 UTC, after 3 hours 30 minutes" in found
    assert "What was measured Redis was down for 39 minutes, 08:01–08:40 UTC: no answer in time." in found
    assert "Written by Nova" in found


def test_an_incident_that_was_forgotten_says_so_wherever_it_is_told(site: Render) -> None:
    shown = page(ALL, incidents=(incident(forgotten=at(12), checklist=Checklist(1, 3)),))
    front = text(site, shown, "index.html")
    assert "Everything it names has been up since 12:00 UTC, but nobody has said that it is over." in front
    assert "1 of 3 steps done" in front
    told = "Perhaps over Everything it names has been up since 1 December 2022, 12:00 UTC, but nobody has said"
    assert told in text(site, shown, "incidents/media.html")
    day = page(ALL, history=(DayStory(day=NOW.date(), incidents=shown.incidents),))
    assert "identified, perhaps forgotten, 1 of 3 steps done" in text(site, day, "history/2022-12.html")


def test_a_maintenance_that_was_moved_shows_the_old_and_the_new_window(site: Render) -> None:
    later = Update(
        number=1,
        at=at(12),
        phase=MaintenancePhase.SCHEDULED,
        body="",
        window=Window(at(14) + 8 * DAY, at(18) + 8 * DAY),
        affects={"web": Status.DEGRADED_PERFORMANCE},
    )
    spent = SpentPlan(starts=at(14) + DAY, ends=at(18) + DAY, since=at(9))
    shown = page(ALL, maintenance=(maintenance(updates=(later,), earlier=(spent,)),))
    old, new = "2 December", "9 December"
    front = text(site, shown, "index.html")
    assert f"{new}, 14:00–18:00 UTC (4 hours)" in front
    assert f"Moved. It was to be {old}, 14:00–18:00 UTC" in front
    whole = text(site, shown, "maintenance/database.html")
    assert f"Window {new} 2022, 14:00–18:00 UTC (4 hours) It was to be {old} 2022, 14:00–18:00 UTC" in whole
    assert f"New window: {new} 2022, 14:00–18:00 UTC Expect: Web (degraded)." in whole
    longer = replace(spent, starts=at(14) + 8 * DAY)
    assert "New end. It was to be" in text(
        site, page(ALL, maintenance=(maintenance(updates=(later,), earlier=(longer,)),)), "index.html"
    )


def test_an_old_address_leads_to_the_new_one_and_nothing_is_told_again(site: Render) -> None:
    before = site(page(ALL, incidents=(incident("old"),)))
    found = site(page(ALL, incidents=(incident("new", aliases=("old", "older")),)))
    for path in ("incidents/old.html", "incidents/older.html"):
        moved = lxml.html.fromstring(found[path].body)
        assert moved.xpath("//link[@rel='canonical']/@href") == ["https://status.example.org/incidents/new.html"]
        assert moved.xpath("//main//a/@href") == ["new.html"]
        assert not moved.xpath("//meta[@http-equiv='refresh']")
    for path in ("feed.xml", "feed.atom", "api/v2/summary.json"):
        renamed = found[path].body.replace(b"incidents/new.html", b"incidents/old.html")
        assert renamed == before[path].body


def test_a_maintenance_that_comes_again_has_a_page_for_each_day_and_one_for_all(site: Render) -> None:
    weeks = (at(2) + 8 * DAY, at(2) + 15 * DAY)
    one = maintenance("patches-2022-12-02", series="patches", following=weeks)
    alone = maintenance("patches", repeats=Recurrence(rule="FREQ=WEEKLY", zone=UTC), aliases=("updates",)).source
    shown = page(ALL, maintenance=(one,), series=(SeriesView(source=alone, occurrences=(one,)),))
    again = "Comes again 9 December 2022 · 16 December 2022 · all dates"
    assert again in text(site, shown, "maintenance/patches-2022-12-02.html")
    whole = text(site, shown, "maintenance/patches.html")
    assert "After 2 December: 9 December 2022, 02:00 UTC · 16 December 2022, 02:00 UTC" in whole
    assert "2 December 2022, 14:00–18:00 UTC scheduled" in whole
    assert "This page has moved" in text(site, shown, "maintenance/updates.html")
    empty = page(ALL, series=(SeriesView(source=alone, occurrences=()),))
    assert "After" not in text(site, empty, "maintenance/patches.html")


def test_an_incident_page_says_when_nothing_was_measured(site: Render) -> None:
    shown = page(
        incidents=(incident(impact=incident().source.impact, authors=(), next_update=None, affected=(), updates=()),)
    )
    found = text(site, shown, "incidents/media.html")
    assert "No outage of what it affects was measured in its time." in found
    assert "Written by" not in found
    assert "Affects" not in found
    assert "Updates" not in found


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ((18, 0), (18, 44), False),
        ((18, 0), (18, 45), True),
        ((18, 50), None, True),
        ((19, 9), (19, 30), True),
        ((19, 10), None, False),
    ],
)
def test_measured_outages_belong_to_an_incident_while_it_lasts(
    start: tuple[int, int], end: tuple[int, int] | None, told: bool, site: Render
) -> None:
    measured = outage("media", at(*start), at(*end) if end else None)
    shown = known(incidents=(incident(resolved=at(19, 10)),), outages=(measured, outage("web", at(18, 50), None)))
    found = text(site, shown, "incidents/media.html")
    assert ("No outage of what it affects" not in found) is told
    assert "web" not in found


def test_an_incident_with_a_checklist_shows_its_progress(site: Render) -> None:
    shown = known(incidents=(incident(checklist=Checklist(1, 1)),), posts=(post(checklist=Checklist(0, 2)),))
    assert "Progress 1 of 1 step done" in text(site, shown, "incidents/media.html")
    assert "0 of 2 steps done" in text(site, shown, "posts/leaving.html")


def test_a_maintenance_page_says_when_it_really_began_and_ended(site: Render) -> None:
    said = updates((at(18, 4), MaintenancePhase.IN_PROGRESS, "Off."), (at(20), MaintenancePhase.COMPLETED, "Done."))
    view = maintenance(
        phase=MaintenancePhase.COMPLETED,
        starts=at(18),
        ends=at(21),
        began=at(18, 4),
        ended=at(20),
        updates=said,
        authors=("Nova",),
    )
    found = text(site, known(maintenance=(view,)), "maintenance/database.html")
    assert "Actual start 1 December 2022, 18:04 UTC Actual end 1 December 2022, 20:00 UTC" in found
    assert "Written by Nova" in found
    punctual = maintenance(phase=MaintenancePhase.COMPLETED, starts=at(18), ends=at(21), began=at(18), ended=at(21))
    assert "Really" not in text(site, known(maintenance=(punctual,)), "maintenance/database.html")
