"""Where pages lie and how they refer to each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from statusgen.render import links
from tests.unit.render.pages import SITE, incident, maintenance, page, post


def test_every_announcement_has_a_page_of_its_own() -> None:
    assert links.path_of(incident("media").source) == "incidents/media.html"
    assert links.path_of(maintenance("database").source) == "maintenance/database.html"
    assert links.path_of(post("leaving").source) == "posts/leaving.html"
    assert links.month_path(date(2022, 3, 9)) == "history/2022-03.html"


@pytest.mark.parametrize(
    ("target", "here", "link"),
    [
        ("incidents/a.html", "index.html", "incidents/a.html"),
        ("index.html", "incidents/a.html", "../index.html"),
        ("incidents/b.html", "incidents/a.html", "b.html"),
        ("maintenance/b.html#update-2", "incidents/a.html", "../maintenance/b.html#update-2"),
        ("index.html#subscribe", "index.html", "#subscribe"),
        ("index.html", "index.html", "index.html"),
    ],
)
def test_links_are_relative_and_name_the_file(target: str, here: str, link: str) -> None:
    assert links.relative(target, here) == link


@pytest.mark.parametrize(
    ("href", "safe"),
    [
        ("https://example.org/", True),
        ("HTTP://example.org/", True),
        ("mailto:nova@example.org", True),
        ("../maintenance/db.md", True),
        ("/history/index.html", True),
        ("#update-2", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("blob:x", False),
        ("ftp://example.org/", False),
        ("//example.org/", False),
    ],
)
def test_people_may_link_by_http_and_mail_and_within_the_site(href: str, safe: bool) -> None:
    assert links.is_safe(href) is safe


def test_a_link_with_a_scheme_leaves_the_site() -> None:
    assert links.is_foreign("mailto:nova@example.org")
    assert not links.is_foreign("a.html")


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("queues.md", "incidents/queues.html"),
        ("queues.html#update-1", "incidents/queues.html#update-1"),
        ("../maintenance/db.md#update-1", "maintenance/db.html#update-1"),
        ("/history/index.html", "history/index.html"),
        ("#update-2", "incidents/media.html#update-2"),
        ("#why", "incidents/media.html#text.why"),
        ("../posts/plan.md#why", "posts/plan.html#text.why"),
        ("plan.html#why", "incidents/plan.html#why"),
        ("../../../etc/passwd", "etc/passwd"),
        ("..", "index.html"),
        ("", "incidents/media.html"),
    ],
)
def test_a_link_between_sources_means_the_pages(href: str, target: str) -> None:
    assert links.target_of(href, "incidents/media.html") == target


def test_ids_within_an_announcement_are_told_from_those_of_others_where_several_are_shown() -> None:
    assert links.prefix("update-2") == "update-2."
    assert links.prefix(links.TEXT, post("leaving").source) == "post.leaving.text."
    assert links.update(2) == "update-2"


def test_public_addresses_need_the_site_to_know_its_own() -> None:
    known, unknown = page(), page(site=replace(SITE, url=""))
    assert links.absolute(known, "feed.xml") == "https://status.example.org/feed.xml"
    assert links.absolute(unknown, "feed.xml") == "feed.xml"
    assert links.home(known) == "https://status.example.org/index.html"
    assert links.home(unknown) == "/index.html"
    assert links.host(known) == "status.example.org"
    assert links.host(unknown) == ""


def test_permanent_ids_know_an_announcement_by_its_first_name() -> None:
    assert links.first_name(incident("db").source) == "db"
    renamed = incident("db", aliases=("first", "second")).source
    assert links.first_name(renamed) == "first"
    assert links.former_paths(renamed) == ("incidents/first.html", "incidents/second.html")
