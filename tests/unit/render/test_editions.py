"""The site in several languages: a tree of pages for each, beside what there is once."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from lxml import html as lxml_html

from statusgen.model.announcement import Translation
from statusgen.model.artifact import Artifact
from statusgen.model.catalogue import Catalogue
from statusgen.model.page import Page
from statusgen.model.theme import Theme
from statusgen.render import editions, render
from statusgen.render.tongue import PLAIN, tongue_of
from tests.unit.render import pages, situations

Site = dict[str, Artifact]


@pytest.fixture(scope="module")
def german(theme: Theme) -> Theme:
    """The default theme with a few words of German, and of Arabic, which is written from right to left."""
    de = {"History": ("Verlauf",), "Not yet in English.": ("Noch nicht auf Deutsch.",), "Subscribe": ("Abonnieren",)}
    return replace(theme, catalogues={"de": Catalogue(messages=de), "ar": Catalogue(messages={"History": ("السجل",)})})


def spoken(page: Page, *languages: str, **more: Any) -> Page:
    """Return a page of a site that speaks these languages besides English."""
    return replace(page, site=replace(page.site, languages=languages, **more))


def made(page: Page, theme: Theme) -> Site:
    return {artifact.path: artifact for artifact in render(page, theme)}


def tree(site: Site, path: str) -> Any:
    return lxml_html.document_fromstring(b"".join(site[path].parts).decode())


def links_of(site: Site) -> Iterator[tuple[str, str]]:
    """Yield every relative link of every page, with the file of the site that it leads to."""
    for path in site:
        if path.endswith(".html"):
            for href in tree(site, path).xpath("//a/@href | //link[@rel='alternate']/@href | //img/@src"):
                if ":" not in href and not href.startswith(("#", "/")):
                    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), href.partition("#")[0]))
                    yield path, target


def test_the_main_language_stands_at_the_root_and_does_not_know_of_others(german: Theme) -> None:
    alone, both = made(situations.busy(), german), made(spoken(situations.busy(), "de"), german)
    assert {path for path in both if not path.startswith("de/")} == set(alone)
    unchanged = [path for path in alone if not path.endswith(".html")]
    assert unchanged
    assert all(both[path] == alone[path] for path in unchanged)


def test_every_page_feed_and_calendar_is_there_in_every_language_and_all_else_once(german: Theme) -> None:
    site = made(spoken(situations.busy(), "de"), german)
    root = {path for path in site if not path.startswith("de/")}
    there = {path.removeprefix("de/") for path in site if path.startswith("de/")}
    once = root - there
    assert there <= root
    assert {path.rpartition(".")[2] for path in there} == {"html", "xml", "atom", "json", "ics"}
    assert {path for path in there if path.endswith(".json")} == {"feed.json"}
    assert not [path for path in once if path.endswith((".html", ".atom", ".ics", ".xml"))]


@pytest.mark.parametrize("name", sorted(situations.SITUATIONS))
def test_every_link_leads_to_a_file(name: str, german: Theme) -> None:
    site = made(spoken(situations.SITUATIONS[name](), "de"), german)
    assert {(path, target) for path, target in links_of(site) if target not in site} == set()


def test_every_page_leads_to_itself_in_the_other_languages(german: Theme) -> None:
    site = made(spoken(situations.busy(), "de", "ar"), german)
    for path in (one for one in site if one.endswith(".html") and not one.endswith("404.html")):
        plain = path.removeprefix("de/").removeprefix("ar/")
        links = tree(site, path).xpath("//nav[@class='tongues']/a")
        targets = {posixpath.normpath(posixpath.join(posixpath.dirname(path), one.get("href"))) for one in links}
        assert targets == {plain, f"de/{plain}", f"ar/{plain}"} - {path}


def test_a_switch_names_each_language_in_its_own_words(german: Theme) -> None:
    switch = tree(made(spoken(situations.quiet(), "de", "ar"), german), "index.html").xpath("//nav[@class='tongues']/a")
    assert [(one.text, one.get("hreflang"), one.get("lang"), one.get("dir")) for one in switch] == [
        ("Deutsch", "de", "de", None),
        ("العربية", "ar", "ar", "rtl"),
    ]


def test_a_page_that_is_not_found_leads_to_the_front_pages(german: Theme) -> None:
    site = made(spoken(situations.quiet(), "de", url=""), german)
    assert tree(site, "404.html").xpath("//nav[@class='tongues']/a/@href") == ["/de/index.html"]
    assert tree(site, "de/404.html").xpath("//nav[@class='tongues']/a/@href") == ["/index.html"]


def test_search_engines_hear_of_every_language(german: Theme) -> None:
    site = made(spoken(situations.busy(), "de"), german)
    found = tree(site, "de/incidents/media.html").xpath("//link[@hreflang]")
    assert [(one.get("hreflang"), one.get("href")) for one in found] == [
        ("de", "https://status.example.org/de/incidents/media.html"),
        ("en", "https://status.example.org/incidents/media.html"),
    ]
    assert tree(site, "de/index.html").xpath("//link[@rel='canonical']/@href") == [
        "https://status.example.org/de/index.html"
    ]
    assert not tree(made(spoken(situations.busy(), "de", url=""), german), "index.html").xpath("//link[@hreflang]")


def test_a_page_says_in_which_language_and_direction_it_is(german: Theme) -> None:
    site = made(spoken(situations.quiet(), "de", "ar"), german)
    said = {path: tree(site, path).attrib for path in ("index.html", "de/index.html", "ar/index.html")}
    assert [(one.get("lang"), one.get("dir")) for one in said.values()] == [("en", None), ("de", None), ("ar", "rtl")]


def test_ids_in_another_language_are_others_and_those_of_the_first_stay(german: Theme) -> None:
    page = spoken(situations.busy(), "de")
    site = made(page, german)
    first, other = (b"".join(site[path].parts).decode() for path in ("feed.atom", "de/feed.atom"))
    assert "tag:status.example.org,2022:incident/media/update/1<" in first
    assert "tag:status.example.org,2022:incident/media/update/1;lang=de<" in other
    assert b"UID:maintenance-database@status.example.org" in b"".join(site["maintenance.ics"].parts)
    assert b"UID:maintenance-database.de@status.example.org" in b"".join(site["de/maintenance.ics"].parts)
    assert "https://status.example.org/de/incidents/media.html#update-1" in other


def translated() -> Page:
    """Return a page whose incident is there in German, but for its last update."""
    page = spoken(situations.busy(), "de")
    view = page.incidents[0]
    first, *rest = view.updates
    updates = (replace(first, translations={"de": "Wir suchen."}), *rest)
    source = replace(view.source, updates=updates, translations={"de": Translation("Keine Bilder", "Nichts lädt.")})
    changed = replace(view, source=source, updates=updates)
    days = tuple(
        replace(day, incidents=tuple(changed if one == view else one for one in day.incidents)) for day in page.days
    )
    return replace(page, incidents=(changed, *page.incidents[1:]), days=days, history=days)


def test_what_people_translated_is_read_in_that_language_and_the_rest_is_marked(german: Theme) -> None:
    site = made(translated(), german)
    shown = tree(site, f"de/incidents/{translated().incidents[0].source.slug}.html")
    assert shown.findtext(".//h1") == "Keine Bilder"
    first = shown.xpath("//main//*[@class='prose']")[0]
    assert (first.get("lang"), first.text_content().strip()) == (None, "Nichts lädt.")
    marked = shown.xpath("//ol[@class='timeline']/li[.//*[@lang='en']]")
    assert len(marked) == len(translated().incidents[0].updates) - 1
    assert all("Noch nicht auf Deutsch." in one.text_content() for one in marked)


@pytest.mark.parametrize(
    ("written", "others", "language", "read"),
    [
        ("de", {"en": "the main one"}, "ar", "en"),
        ("de", {"fr": "neither"}, "ar", "de"),
        ("de-AT", {"en": "the main one"}, "de", "de-AT"),
        ("de", {"en": "the main one"}, "", "en"),
    ],
)
def test_who_has_no_translation_reads_what_most_understand(
    written: str, others: dict[str, str], language: str, read: str
) -> None:
    """The main language of the site, else English, else the language in which it was written."""
    view = pages.post()
    texts = {tag: Translation(f"in {tag}", text) for tag, text in others.items()}
    source = replace(view.source, title=f"in {written}", language=written, translations=texts)
    page = spoken(pages.page(posts=(replace(view, source=source),)), "de", "ar", "fr")
    shown = editions.in_language(page, language or "en").posts[0].source
    assert (shown.title, shown.language) == (f"in {read}", read if language else "")


def test_where_the_main_language_is_missing_too_english_is_read_and_an_update_by_itself() -> None:
    page = spoken(situations.busy(), "fr", "en", language="ja")
    view = page.incidents[0]
    first, *rest = view.updates
    updates = (replace(first, translations={"en": "We look."}), *rest)
    source = replace(view.source, language="de", updates=updates, translations={"en": Translation("A", "B")})
    page = replace(page, incidents=(replace(view, source=source, updates=updates),))
    shown = editions.in_language(page, "fr").incidents[0]
    assert (shown.source.title, shown.source.body, shown.source.language) == ("A", "B", "en")
    assert (shown.updates[0].body, shown.updates[0].language) == ("We look.", "en")
    assert {one.language for one in shown.updates[1:]} == {"de"}


def test_what_nobody_translated_says_so_once(german: Theme) -> None:
    page = spoken(situations.busy(), "de")
    shown = tree(made(page, german), "de/incidents/media.html")
    assert shown.xpath("//h1/@lang") == ["en"]
    assert shown.text_content().count("Noch nicht auf Deutsch.") == 1


def test_a_feed_says_of_each_text_which_language_it_is_in(german: Theme) -> None:
    feed = b"".join(made(spoken(situations.busy(), "de"), german)["de/feed.atom"].parts).decode()
    assert '&lt;p&gt;Noch nicht auf Deutsch.&lt;/p&gt;\n&lt;div lang="en" dir="ltr"&gt;' in feed


def test_an_announcement_in_another_language_than_the_site_is_marked_at_the_root_too(german: Theme) -> None:
    view = pages.post()
    page = pages.page(posts=(replace(view, source=replace(view.source, language="de")),))
    shown = tree(made(page, german), "posts/leaving.html")
    assert (shown.xpath("//h1/@lang"), "Not yet in English." in shown.text_content()) == (["de"], True)


def test_a_page_without_foreign_texts_is_left_as_it_is() -> None:
    assert editions.in_language(situations.busy(), "en") == situations.busy()


def test_a_site_in_a_language_without_a_catalogue_speaks_english_and_marks_its_texts(german: Theme) -> None:
    page = situations.busy()
    shown = tree(made(replace(page, site=replace(page.site, language="tlh")), german), "incidents/media.html")
    assert (shown.get("lang"), shown.xpath("//h1/@lang")) == ("en", ["tlh"])
    assert editions.remark(replace(page, site=replace(page.site, language="tlh")), "en", PLAIN) == ""


def test_a_language_of_england_s_needs_no_catalogue(german: Theme) -> None:
    assert [tongue_of(german, tag).tag for tag in ("en", "en-US", "fr", "de")] == ["en", "en-US", "en", "de"]


def test_a_language_that_nobody_knows_is_named_by_its_tag(german: Theme) -> None:
    theme = replace(german, catalogues={**german.catalogues, "qaa": Catalogue(messages={"History": ("Zeel",)})})
    switch = tree(made(spoken(situations.quiet(), "qaa", "de"), theme), "index.html").xpath("//nav[@class='tongues']/a")
    assert [one.text for one in switch] == ["qaa", "Deutsch"]
