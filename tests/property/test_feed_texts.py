"""Whatever people write and however they call things, feeds are made, and keep to what the W3C's validator wants."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from statusgen.model.announcement import Update
from statusgen.model.told import Affected
from statusgen.model.words import IncidentPhase, Status
from tests.unit.render.pages import NOW, SITE, at, incident, maintenance, outage, page, post
from tests.unit.render.test_feed_rules import wrong

_PIECES = (
    *("<b>", "</b>", "<!--", "-->", "<?", "<!", "<", ">", "&", "&amp;", "&#60;", "&#x80;", "&#55296;", "&copy", "]]>"),
    *("<![CDATA[", "\x00", "\x85", "\x9f", "\ud83d", "\ude00", "\ufffd", "\uffff", "\u2028", "\u202e", "\u200d", "😀"),
    *(
        "[a](",
        "](",
        ")",
        "![",
        "[",
        "]",
        "https://",
        "http://[",
        "//",
        "mailto:",
        "tel:1",
        "data:x",
        "#",
        "?",
        "%",
        "{",
    ),
    *(
        "\n",
        "\n\n",
        "    ",
        "> ",
        "- ",
        "- [x] ",
        "1. ",
        "# ",
        "| a | b |\n|---|---|\n| ",
        "```\n",
        "`",
        "*",
        "__",
        "~~",
    ),
    *("[^1]", "[^1]: ", "\\", "'", '"', "=", ":", " ", "a", "x" * 99, "مرحبا", "漢字", "<script>", "<p onclick=x>"),
)
_texts = st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), max_size=12).map("".join)
_lines = _texts.map(lambda text: " ".join(text.split()) or "x")
_phases = st.sampled_from((IncidentPhase.IDENTIFIED, IncidentPhase.MONITORING))
_updates = st.lists(st.tuples(st.integers(0, 3), _phases, _texts), max_size=3)


@given(_lines, _texts, _lines, _updates, st.sampled_from(("", "/status", ":8443", "/a%20b/~c")))
def test_feeds_keep_to_the_rules(
    name: str, body: str, title: str, said: list[tuple[int, IncidentPhase, str]], where: str
) -> None:
    updates = tuple(
        Update(number=number, at=at(19, minute), phase=phase, body=text)
        for number, (minute, phase, text) in enumerate(sorted(said, key=lambda one: one[0]), 1)
    )
    affected = (Affected("media", name, Status.MAJOR_OUTAGE),)
    shown = page(
        site=replace(SITE, name=name, description=body[:2000], url=f"{SITE.url}{where}", languages=("de",)),
        names={"media": name},
        posts=(post(title=title, body=body, authors=(name,)), post("x", title=name, body=title, published=NOW)),
        incidents=(incident(title=title, body=body, updates=updates, affected=affected, authors=(name, title)),),
        maintenance=(maintenance(title=name, body=body, affected=affected),),
        outages=(outage("media", at(19), at(19, 10)),),
    )
    assert list(wrong(shown)) == []
