"""HTML for other people's programs."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from statusgen.render.portable import MOST_HTML, clean, excerpt, fit, within
from statusgen.render.tongue import PLAIN

BASE = "https://status.example.org/incidents/db.html"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ('<p class="x" id="y" role="note" aria-label="z">a &amp; b &lt;c&gt;</p>', "<p>a &amp; b &lt;c&gt;</p>"),
        (
            '<div class="wide" tabindex="0"><table><tr><td>1</td></tr></table></div>',
            "<table><tr><td>1</td></tr></table>",
        ),
        ('a <span class="box">☑</span> done<br>next', "a ☑ done<br>next"),
        ("one <script>alert(1)</script>two<style>p{}</style>", "one two"),
        ('<p>one <svg><use href="#x"/></svg><input type="checkbox">two<!-- three --></p>', "<p>one two</p>"),
        ('<a href="#note">note</a>', f'<a href="{BASE}#note">note</a>'),
        (
            '<a href="https://example.com/?a=1&amp;b=2" rel="nofollow">x</a>',
            '<a href="https://example.com/?a=1&amp;b=2">x</a>',
        ),
        (
            '<img src="db.png" alt="a" loading="lazy">',
            '<img src="https://status.example.org/incidents/db.png" alt="a">',
        ),
        ("", ""),
    ],
)
def test_what_depends_on_our_page_is_left_out(ours: str, theirs: str) -> None:
    assert fit(ours, BASE) == theirs


def test_what_xml_forbids_is_left_out() -> None:
    assert clean("a\x00\x0b\ufffe\ud800b\U0001f600") == "ab\U0001f600"


def test_a_text_is_cut_between_words_where_there_are_any() -> None:
    assert excerpt("short", 10) == "short"
    assert excerpt("one two three", 10) == "one two…"
    assert excerpt("abcdefghijklmnop", 10) == "abcdefghi…"
    assert excerpt("a bcdefghijklmnop", 10) == "a bcdefgh…"


def test_html_that_is_too_long_becomes_its_beginning() -> None:
    assert within(Markup("<p>a</p>"), BASE, "a", PLAIN) == "<p>a</p>"
    long = within(Markup("<p>" + "a" * MOST_HTML + "</p>"), BASE, "first <one>\n\nsecond", PLAIN)
    assert long == (f'<p>first &lt;one&gt;</p>\n<p>second</p>\n<p><a href="{BASE}">Read all of it on the page.</a></p>')
