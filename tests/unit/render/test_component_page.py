"""The page of a component says how it stands, who sees what, and what it comes to in figures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from statusgen.model.words import Status
from tests.unit.render import pages, situations
from tests.unit.render.conftest import Render
from tests.unit.render.pages import (
    at,
    component,
    group,
    outage,
    page,
    sight,
)
from tests.unit.render.shown import known, text, tree


def test_a_component_has_a_page_that_says_how_it_stands_and_who_sees_what(site: Render) -> None:
    found = text(site, situations.busy(), "components/media.html").replace("\u202f", " ")
    assert "Media is down Down since 1 December 2022, 18:44 UTC: the connection was refused." in found
    rows = tree(site, situations.busy(), "components/media.html").xpath("//section[@aria-labelledby='sight']//tr")
    said = [" | ".join(" ".join(cell.text_content().split()) for cell in row) for row in rows]
    assert said == [
        "Place | Says | Since",
        "A page is fetched",
        "Frankfurt | down: the connection was refused | 1 December 2022, 18:44 UTC",
        "Fremont | down: the connection was refused | 1 December 2022, 18:44 UTC",
        "the rack | down: the connection was refused | 1 December 2022, 18:44 UTC",
        "Its certificate is looked at seen from 1 of 2 places",
        "Frankfurt | down: the connection was refused | 1 December 2022, 18:44 UTC",
        "Fremont | operational | 3 September 2022 or earlier",
        "The Moon | offline itself | –",
        "Io | not measured here: the place it was measured from lacks that kind of address | –",
        "Mars (Olympus & Sons) | not measured here | –",
        "Pluto | no fresh data | –",
    ]


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [("front-door", "http", "front-door"), ("http", "tls", "http"), ("tls", "tls", "Its certificate is looked at")],
)
def test_a_check_goes_by_the_name_that_people_gave_it(site: Render, name: str, kind: str, told: str) -> None:
    check = replace(sight(Status.OPERATIONAL), id=f"web/{name}", kind=kind)
    shown = page(group("Core", replace(component("Web"), checks=(check,))))
    assert tree(site, shown, "components/web.html").xpath("string(//th[@scope='rowgroup'])").strip() == told


def test_a_kind_that_others_bring_goes_by_its_name(site: Render) -> None:
    check = replace(sight(Status.OPERATIONAL), id="web/banner", kind="banner")
    shown = page(group("Core", replace(component("Web"), checks=(check,))))
    assert tree(site, shown, "components/web.html").xpath("string(//th[@scope='rowgroup'])").strip() == "Banner"


def test_a_component_has_its_figures_and_its_outages_with_their_seconds(site: Render) -> None:
    found = text(site, situations.busy(), "components/media.html").replace("\u202f", " ")
    assert "Today100 % of 18 hours, until 1 December 2022, 18:44 UTCnot a second" in found.replace(" Today", "Today")
    rows = tree(site, situations.busy(), "components/media.html").xpath("//section[@aria-labelledby='outages']//tr")
    said = [" | ".join(" ".join(cell.text_content().split()) for cell in row) for row in rows]
    refused = "The connection was refused"
    assert said == [
        "Began | Down | Why",
        "1 December 2022, 18:44 UTC | goes on | The connection was refused",
        f"23 November 2022, 04:00 UTC | 3 times until 23 November 2022, 04:23 UTC, 9 minutes in all | {refused}",
        "21 November 2022, 07:01 UTC | 24 minutes | The connection was refused",
    ]
    periods = tree(site, situations.busy(), "components/media.html").xpath(
        "//section[@aria-labelledby='uptime']//tbody//th"
    )
    assert [one.text_content() for one in periods] == ["Today", "7 days", "30 days", "90 days", "365 days"]
    assert "None was measured in these 90 days." in text(site, situations.busy(), "components/streaming.html")
    often = outage("media", at(18), None, episode=at(17), number=4)
    first = outage("media", at(17), at(17, 3))
    assert "goes on, 4 times so far" in text(site, known(outages=(first, often)), "components/media.html")


def test_a_component_leads_to_what_hangs_together_with_it(site: Render) -> None:
    root = tree(site, situations.busy(), "components/web.html")
    links = root.xpath("//section[@aria-labelledby='around']//a/@href")
    assert links == ["database.html", "media.html"]
    support = component("Support", manual=True, measured=Status.UNKNOWN, bars=(), since=None)
    shown = page(group("Core", component("Web", depends_on=("support",)), support))
    said = text(site, shown, "components/web.html")
    assert "Depends on Support operational" in said
    assert "components/support.html" not in site(shown)
    assert tree(site, shown).xpath("//ul[contains(@class, 'rows')]//a/@href") == ["components/web.html"]


def test_a_component_that_was_never_measured_says_so_on_its_page(site: Render) -> None:
    found = text(site, situations.never_measured(), "components/web.html")
    assert "We cannot see Web No data yet." in found


def test_the_part_that_fails_is_named_wherever_the_reason_is(site: Render) -> None:
    reason = "streaming:http_502"
    checks = (pages.sight(Status.MAJOR_OUTAGE, reason=reason),)
    broken = component("Media", Status.MAJOR_OUTAGE, reason=reason, since=at(18, 44), checks=checks)
    shown = page(group("Core", broken))
    said = ": it answered with HTTP status 502 (streaming)"
    assert f"Since 18:44 UTC, for 42 minutes{said}" in text(site, shown)
    assert f"Down since 1 December 2022, 18:44 UTC{said}." in text(site, shown, "components/media.html")
    assert text(site, shown, "components/media.html").count(f"down{said}") == 3
