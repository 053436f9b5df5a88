"""Feeds as browsers and readers find them from a page: there for each page and language, and right at any depth."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import urljoin

import pytest

from statusgen.model.theme import Theme
from statusgen.render.feeds import feeds
from statusgen.render.tongue import PLAIN
from tests.unit.render import situations
from tests.unit.render.pages import page
from tests.unit.render.test_editions import Site, made, spoken, tree

ROOT = "https://status.example.org"
TYPES = {"atom": "application/atom+xml", "xml": "application/rss+xml", "json": "application/feed+json"}
DEPTHS = ("404.html", "a", "a/b/c", "incidents/gone.html", "de/a/b/")


def offered(site: Site, path: str, served: str = "") -> list[str]:
    """Return where the feeds lie that a page offers, in its order, from where it is served."""
    found = tree(site, path).xpath("//head/link[@rel='alternate'][@type][not(@type='text/calendar')]")
    assert all(one.get("type") == TYPES[one.get("href").rpartition(".")[2]] for one in found)
    assert all(one.get("title") for one in found)
    assert len({one.get("title") + one.get("type") for one in found}) == len(found)
    return [urljoin(f"{ROOT}/{served or path}", one.get("href")).removeprefix(f"{ROOT}/") for one in found]


@pytest.mark.parametrize("name", sorted(situations.SITUATIONS))
def test_every_page_offers_the_feeds_of_its_language_and_none_that_is_not_there(name: str, theme: Theme) -> None:
    site = made(spoken(situations.SITUATIONS[name](), "de", "ar"), theme)
    for path in (one for one in site if one.endswith(".html")):
        folder = path.partition("/")[0] + "/" if path.startswith(("de/", "ar/")) else ""
        found = offered(site, path)
        assert found[-3:] == [f"{folder}feed.xml", f"{folder}feed.atom", f"{folder}feed.json"]
        assert set(found) <= set(site)


def test_the_feed_of_what_a_page_tells_of_comes_first(theme: Theme) -> None:
    site = made(spoken(situations.busy(), "de"), theme)
    for folder in ("", "de/"):
        assert offered(site, f"{folder}components/media.html")[0] == f"{folder}components/media.atom"
        assert offered(site, f"{folder}maintenance/index.html")[0] == f"{folder}maintenance.atom"
        assert offered(site, f"{folder}maintenance/database.html")[0] == f"{folder}maintenance.atom"
    series = made(situations.changed(), theme)
    plans = [one for one in series if one.startswith("maintenance/") and one.endswith(".html")]
    plans.remove("maintenance/updates.html")  # only leads to where it has moved
    assert len(plans) > 2
    for path in plans:
        assert offered(series, path)[0] == "maintenance.atom"


@pytest.mark.parametrize("served", DEPTHS)
@pytest.mark.parametrize("folder", ["", "de/"])
def test_what_is_served_for_a_page_that_is_missing_holds_at_any_depth(folder: str, served: str, theme: Theme) -> None:
    site = made(spoken(situations.busy(), "de"), theme)
    path = f"{folder}404.html"
    assert offered(site, path, served) == [f"{folder}feed.{kind}" for kind in ("xml", "atom", "json")]
    for href in _all_links(tree(site, path)):
        assert urljoin(f"{ROOT}/{served}", href).removeprefix(f"{ROOT}/") in site


def test_a_site_below_a_path_is_found_from_any_depth(theme: Theme) -> None:
    site = made(spoken(situations.quiet(), url=f"{ROOT}/status"), theme)
    assert offered(site, "404.html", "status/a/b") == [f"status/feed.{kind}" for kind in ("xml", "atom", "json")]


def test_a_site_without_an_address_offers_no_feeds_and_links_from_its_root(theme: Theme) -> None:
    site = made(spoken(situations.busy(), "de", url=""), theme)
    assert not [path for path in site if path.endswith(".html") and offered(site, path)]
    for path in ("404.html", "de/404.html"):
        found = _all_links(tree(site, path))
        assert found
        assert all(href.startswith("/") and posixpath.normpath(href[1:]) in site for href in found)


def test_a_page_that_is_not_found_brings_its_style_along(theme: Theme) -> None:
    found = tree(made(situations.quiet(), theme), "404.html")
    assert found.xpath("//head/style")
    assert not found.xpath("//link[@rel='stylesheet'] | //script[@src]")


def test_every_feed_of_a_site_is_named_on_its_page_of_ways_to_hear(theme: Theme) -> None:
    shown = situations.busy()
    links = _all_links(tree(made(shown, theme), "subscribe.html"))
    text = " ".join((*links, tree(made(shown, theme), "subscribe.html").text_content()))
    assert [one.path for one in feeds(shown, PLAIN) if f"{ROOT}/{one.path}" not in text] == []
    assert list(feeds(page(), PLAIN)), "even a site of nothing has feeds"


def _all_links(found: Any) -> list[str]:
    """Return all addresses that a page leads to, but those that hold what they lead to and places within it."""
    return [str(one) for one in found.xpath("//@href | //@src") if not one.startswith(("data:", "#", "mailto:"))]
