"""Every feed, in every language, keeps to what the W3C's feed validator wants, whatever people write and name."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import replace

import feedparser
import jsonschema
import pytest
from lxml import etree

from statusgen.model.page import Page
from statusgen.model.project import Site
from statusgen.model.words import IncidentPhase
from statusgen.render import editions, feeds
from statusgen.render.tongue import PLAIN
from tests.unit.render import pages, situations
from tests.unit.render.fed import written
from tests.unit.render.feed_rules import ATOM, complaints
from tests.unit.render.pages import SITE, at, component, group, incident, maintenance, page, post, updates
from tests.unit.render.test_more_feeds import JSON_FEED

NASTY = {
    "a title of markup": "<b>bold</b> <script>alert(1)</script>",
    "a title of entities": "&nbsp;&amp;&copy",
    "numbered entities": "&#60;b&#62; &#x26;",
    "a mail address": "Nova <nova@example.org>",
    "forbidden by XML": "a\x00\x0b\ufffe\ud800z",
    "control characters of Latin-1": "a\x80\x85\x9fz",
    "a replacement character": "a \ufffd z",
    "nothing but odd characters": "\x9f\ufffd\x00",
    "the end of CDATA": "]]> <![CDATA[ ]]>",
    "emoji": "👩🏽‍💻 🏳️‍🌈",
    "right to left": "\u202eمرحبا <b>",
    "a very long word": "x" * 200,
    "a comparison": "1 < 2 && 3 > 2, AT&T, R&D",
}
BODIES = {
    **NASTY,
    "nothing": "",
    "links and pictures": "[a](../posts/b.md) [c](#d) [e](/f) ![g](h.png) <https://example.org>",
    "broken addresses": "[a](https://[bad) [b](http://[::1) <https://[x]> [c](https://ex\uff0fample.org/)",
    "raw HTML": '<p onclick="x()" style="color:red">a</p><?php x ?><!-- b --><style>p{}</style>',
    "a list, a table, a footnote": "- [x] a\n- [ ] b\n\n| c | d |\n|:-:|---|\n| `e` | ~~f~~ |\n\ng[^1]\n\n[^1]: h",
}
ADDRESSES = (
    "https://status.example.org:8443",
    "https://example.org/status/of/it",
    "https://xn--bcher-kva.example",
    "https://status_page.example.org",
)


def whatever(text: str, body: str, site: Site = SITE) -> Page:
    """Return a page on which everything that has a name is called so, and everything that is told has that body."""
    said = updates((at(19), IncidentPhase.IDENTIFIED, body), (at(19), IncidentPhase.MONITORING, body))
    return page(
        group(text, replace(component("Media"), name=text)),
        site=replace(site, name=text, description=text),
        posts=(
            post(title=text, body=body, authors=(text,)),
            post("again", title=text, body=body, authors=(text, text)),
        ),
        incidents=(incident(title=text, updates=said, authors=(text,)), incident("again", title=text, updates=said)),
        maintenance=(maintenance(title=text, body=body),),
        names={"media": text},
        outages=(pages.outage("media", at(19), at(19, 10)),),
    )


def wrong(shown: Page) -> Iterator[str]:
    """Yield what is wrong with the feeds of a page in all its languages."""
    for one in editions.editions(shown):
        for artifact in feeds.feeds(one, PLAIN):
            address = "/".join(part for part in (shown.site.url, one.site.branch, artifact.path) if part)
            if artifact.path.endswith(".json"):
                document = json.loads(artifact.body)
                found = [error.message for error in jsonschema.Draft202012Validator(JSON_FEED).iter_errors(document)]
                found = [message for message in found if "does not match" not in message]
            else:
                assert feedparser.parse(artifact.body).bozo == 0
                found = complaints(artifact.body, address)
            yield from (f"{address}: {one}" for one in found)


@pytest.mark.parametrize("name", sorted(situations.SITUATIONS))
def test_the_feeds_of_every_situation_keep_to_the_rules_in_every_language(name: str) -> None:
    shown = situations.SITUATIONS[name]()
    assert list(wrong(replace(shown, site=replace(shown.site, languages=("de", "ar", "pt-BR"))))) == []


@pytest.mark.parametrize("name", NASTY)
def test_whatever_things_are_called_feeds_keep_to_the_rules(name: str) -> None:
    assert list(wrong(whatever(NASTY[name], "It works."))) == []


@pytest.mark.parametrize("name", BODIES)
def test_whatever_people_write_feeds_keep_to_the_rules(name: str) -> None:
    assert list(wrong(whatever("A title", BODIES[name]))) == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_wherever_a_site_lies_feeds_keep_to_the_rules(address: str) -> None:
    shown = situations.busy()
    assert list(wrong(replace(shown, site=replace(shown.site, url=address, languages=("de",))))) == []


def test_a_feed_of_nothing_keeps_to_the_rules() -> None:
    assert list(wrong(page(site=replace(SITE, description="")))) == []


def test_text_of_a_summary_is_read_as_it_was_written() -> None:
    """What is HTML by its format is escaped, so that a reader shows the angle brackets instead of dropping them."""
    found = written(page(posts=(post(body="Run `mv <old> <new>` & wait."),)))
    rss = etree.fromstring(found["feed.xml"].body).findtext("channel/item/description")
    atom = etree.fromstring(found["feed.atom"].body).findtext(f"{ATOM}entry/{ATOM}summary")
    assert html.unescape(rss) == html.unescape(atom) == "Run mv <old> <new> & wait."
    assert rss == "Run mv &lt;old&gt; &lt;new&gt; &amp; wait."


def test_a_title_reads_the_same_whether_a_reader_takes_it_for_text_or_for_html() -> None:
    title = "Uploads of <video> fail &amp; time out"
    found = written(page(posts=(post(title=title),)))
    for text in (
        etree.fromstring(found["feed.xml"].body).findtext("channel/item/title"),
        etree.fromstring(found["feed.atom"].body).findtext(f"{ATOM}entry/{ATOM}title"),
    ):
        assert text.replace("\u2060", "") == title
        assert html.unescape(text) == text
    assert json.loads(found["feed.json"].body)["items"][0]["title"] == title


def test_a_post_of_nothing_that_can_be_read_is_told_by_its_kind() -> None:
    shown = page(posts=(post(title="\x00\ufffd", body=""),))
    assert list(wrong(shown)) == []
    (item,) = json.loads(written(shown)["feed.json"].body)["items"]
    assert (item["title"], item["content_html"], item["summary"]) == ("post", "<p>post</p>", "post")


def test_an_update_without_words_is_told_by_its_title() -> None:
    said = updates((at(19), IncidentPhase.IDENTIFIED, ""))
    shown = page(incidents=(incident(updates=said, affected=()),), posts=(post(body=""),))
    items = {one["title"]: one for one in json.loads(written(shown)["feed.json"].body)["items"]}
    assert items["[Identified] Pictures do not load"]["content_html"] == "<p>[Identified] Pictures do not load</p>"
    assert items["Leaving the basement"]["summary"] == "Leaving the basement"
    whole = etree.fromstring(written(shown)["history.atom"].body)
    assert whole.findtext(f"{ATOM}entry/{ATOM}summary") == "Identified"
