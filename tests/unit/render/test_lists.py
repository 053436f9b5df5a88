"""Pages that list: years, months, maintenance, posts, ways to subscribe, and what is measured from where."""

from __future__ import annotations

from dataclasses import replace

from statusgen.model.components import Vantage
from statusgen.model.words import MaintenancePhase
from tests.unit.render import situations
from tests.unit.render.conftest import Render
from tests.unit.render.pages import (
    SITE,
    at,
    maintenance,
    page,
    post,
)
from tests.unit.render.shown import known, text, tree


def test_a_year_lists_what_was_announced_in_it(site: Render) -> None:
    year = text(site, situations.busy(), "history/2022.html")
    assert "2022 December 2022 1 incident, 1 maintenance" in year
    assert "Pictures do not load" in year
    assert "Posts arrive late resolved after 3 hours 30 minutes" in year
    assert "Media was down 3 times" in year
    assert "Leaving the basement post" in year
    days = tree(site, situations.busy(), "history/2022.html").xpath("//dt/text()")
    assert days == ["1 December", "28 November", "26 November", "23 November", "21 November"]
    empty = tree(site, situations.busy(), "history/2022.html").xpath("//ul[not(li)]")
    assert empty == []


def test_maintenance_is_listed_as_planned_and_past(site: Render) -> None:
    done = maintenance(
        "old", MaintenancePhase.COMPLETED, starts=at(9, days_ago=9), began=at(9, days_ago=9), ended=at(11, days_ago=9)
    )
    both = text(site, known(maintenance=(maintenance(), done)), "maintenance/index.html")
    assert both.index("Planned") < both.index("2 December 2022, 14:00–18:00 UTC") < both.index("Past")
    assert "22 November 2022 Moving the primary database completed after 2 hours" in both
    none = text(site, known(), "maintenance/index.html")
    assert "Nothing is planned. Past There has been none." in none


def test_posts_are_listed_with_who_wrote_them(site: Render) -> None:
    listed = text(site, known(posts=(post(), post("b", authors=(), title="Thanks"))), "posts/index.html")
    assert "28 November 2022 Leaving the basement by Nova and Malte 28 November 2022 Thanks" in listed
    assert "Nothing has been written yet." in text(site, known(), "posts/index.html")


def test_every_feed_is_explained_with_its_whole_address(site: Render) -> None:
    root = tree(site, situations.busy(), "subscribe.html")
    addresses = root.xpath("//dl[@data-copy]//a/@href")
    assert "https://status.example.org/feed.xml" in addresses
    assert [each.text_content() for each in root.xpath("//dl[@data-copy]//a")] == addresses
    assert all(each.text_content().strip() for each in root.xpath("//dl[@class='outlets']//dd"))


def test_the_page_tells_what_is_measured_from_where(site: Render) -> None:
    shown = replace(situations.busy(), vantages=(Vantage("Frankfurt", "Hetzner", 12), Vantage("the rack", "", 1)))
    about = text(site, shown, "about.html")
    assert "FrankfurtHetzner12 checks the rack–1 check" in about
    assert "Each place looks every 5 minutes." in about
    assert "What nobody saw for 12 minutes is unknown" in about
    assert "Mediaa page is fetched and its certificate is looked at" in about
    assert "Moderationnot measured: people say how it is" in about
    assert "What it shares with what it reports on Nothing." in about
    assert "Each place looks" not in text(site, situations.busy(), "about.html")


def test_the_history_lists_months_and_a_month_its_days(site: Render) -> None:
    index = text(site, situations.busy(), "history/index.html")
    assert "December 2022 November 2022 1 incident, 2 days with a measured outage, 2 posts" in index
    root = tree(site, situations.busy(), "history/2022-11.html")
    assert root.xpath("//dl[@class='days']/div/@id") == ["2022-11-28", "2022-11-26", "2022-11-23", "2022-11-21"]
    month = text(site, situations.busy(), "history/2022-11.html")
    assert "Monday 28 November Leaving the basement post Thank you post" in month
    assert "Each of them Web was down for 20 minutes" in month


def test_the_page_for_what_is_not_there_works_at_any_depth(site: Render) -> None:
    root = tree(site, situations.quiet(), "404.html")
    assert set(root.xpath("//a/@href")) == {"https://status.example.org/index.html"}
    nameless = tree(site, page(site=replace(SITE, url="")), "404.html")
    assert set(nameless.xpath("//a/@href")) == {"/index.html"}
