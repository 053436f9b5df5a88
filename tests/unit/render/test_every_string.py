"""Every word that the program says is a message: a catalogue that puts brackets around all of them shows what is not.

What is left outside the brackets may be what people wrote, numbers, dates, and names that are the same in all
languages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import unescape

import pytest
from icalendar import Calendar
from lxml import etree
from lxml import html as lxml_html

from statusgen.model.artifact import Artifact
from statusgen.model.catalogue import Catalogue, key
from statusgen.model.page import Page
from statusgen.model.theme import Theme
from statusgen.render import render
from tests import catalogues
from tests.unit.render import situations

TAG = "en-XA"
OPEN, CLOSE = "⟦", "⟧"
SHOWN = ("aria-label", "title", "alt", "data-headline", "data-own", "data-copy", "data-copied", "content")
DATES = re.compile(
    r"(?<![^\W\d_])(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul"
    r"|Aug|Sept?|Oct|Nov|Dec|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?![^\W\d_])"
)
ADDRESSES = re.compile(r"https?://\S+")
SAME_EVERYWHERE = ("JSON Feed", "RSS", "Atom", "UTC", " and ")
"""Names, and how lists are read out, which is CLDR's to say."""


@pytest.fixture(scope="module")
def bracketed(theme: Theme) -> Theme:
    """The default theme in a language whose messages are all in brackets."""
    messages = {}
    for (context, ours), message in catalogues.by_key(catalogues.messages()).items():
        both = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        messages[key(ours, context)] = tuple(f"{OPEN}{text}{CLOSE}" for text in both)
    return replace(theme, catalogues={TAG: Catalogue(messages=messages)})


def outside(text: str) -> str:
    """Return what stands outside all brackets."""
    depth, left = 0, []
    for sign in text:
        depth += (sign == OPEN) - (sign == CLOSE)
        left.append(sign if not depth and sign != CLOSE else " ")
    assert depth == 0, text
    return "".join(left)


def written(page: Page) -> Iterator[str]:
    """Yield what people wrote, and the words that are data."""
    yield from (
        page.site.name,
        page.site.description,
        page.site.notice,
        *page.places,
        *page.blind,
        *page.names.values(),
    )
    yield from (link.name for link in page.site.links)
    yield from (group.name for group in page.groups)
    yield from (text for one in page.vantages for text in (one.name, one.provider))
    for component in page.components:
        yield component.description
        for check in component.checks:
            yield check.id.removeprefix(f"{component.id}/")
            yield from (text for place in check.places for text in (place.name, place.provider))
        yield from (speed.place for speed in component.speeds)
    for view in (*page.incidents, *page.maintenance, *page.posts, *page.series):
        yield from (view.source.title, *view.source.authors)


def left_over(text: str, page: Page) -> str:
    """Return the words of a text that nobody wrote and nothing translates."""
    found = DATES.sub(" ", ADDRESSES.sub(" ", outside(text)))
    for name in (*sorted({*written(page)} - {""}, key=len, reverse=True), *SAME_EVERYWHERE):
        found = found.replace(name, " ")
    return " ".join(re.findall(r"[^\W\d_]{2,}", found))


def seen(body: bytes) -> Iterator[str]:
    """Yield the texts of a page that readers see or hear, without what people wrote."""
    root = lxml_html.document_fromstring(body.decode())
    for unread in (
        "*[contains(@class, 'prose')]",
        "script",
        "style",
        "meta[@http-equiv]",
        "meta[@name!='description']",
    ):
        for element in root.xpath(f"//{unread}"):
            element.drop_tree()
    yield "".join(root.find("body").itertext())
    yield root.findtext(".//title") or ""
    for element in root.iter():
        yield from (element.get(name) for name in SHOWN if element.get(name))


def heard(body: bytes) -> Iterator[str]:
    """Yield the texts of a feed, without what people wrote in entries."""
    for element in etree.fromstring(body).iter(
        "{*}title", "{*}description", "{*}subtitle", "{*}summary", "{*}content", "{*}encoded", "{*}label"
    ):
        yield unescape(re.sub(r"<[^>]+>", " ", element.text or ""))


def said(artifact: Artifact) -> Iterable[str]:
    """Return the texts of a file of the site."""
    if artifact.path.endswith(".html"):
        return seen(artifact.body)
    if artifact.path.endswith((".xml", ".atom")):
        return heard(artifact.body)
    if artifact.path.endswith(".ics"):
        return events(artifact.body)
    return ()


def events(body: bytes) -> Iterator[str]:
    """Yield the texts of a calendar."""
    for part in Calendar.from_ical(body).walk():
        yield from (str(part[name]) for name in ("summary", "description", "name", "x-wr-calname") if name in part)


@pytest.mark.parametrize("situation", sorted(situations.SITUATIONS))
def test_every_word_on_every_page_is_a_message(situation: str, bracketed: Theme) -> None:
    page = without_prose(situations.SITUATIONS[situation]())
    spoken = replace(page, site=replace(page.site, language=TAG))
    found = {(one.path, left_over(text, page)) for one in render(spoken, bracketed) for text in said(one)}
    assert {(path, words) for path, words in found if words} == set()


def without_prose(page: Page) -> Page:
    """Return a page whose announcements have texts without letters."""

    def silent(view: object) -> object:
        source = view.source  # type: ignore[attr-defined]  # whichever view
        changed = {"source": replace(source, body="1" if source.body else "")}
        if hasattr(view, "updates"):
            changed["updates"] = tuple(replace(update, body="2") for update in view.updates)
        return replace(view, **changed)  # type: ignore[type-var]  # whichever view

    return replace(
        page,
        **{name: tuple(map(silent, getattr(page, name))) for name in ("incidents", "maintenance", "posts", "series")},
    )


def test_the_json_for_people_is_a_message(bracketed: Theme) -> None:
    page = situations.busy()
    found = {one.path: one.body for one in render(replace(page, site=replace(page.site, language=TAG)), bracketed)}
    told = [json.loads(found["api/v2/status.json"])["status"]["description"]]
    told += [json.loads(found["status.json"])["headline"], json.loads(found["badge.json"])["message"]]
    assert [left_over(text, page) for text in told] == [""] * 3
    assert all(OPEN in text for text in told)
