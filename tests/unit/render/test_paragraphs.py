"""Paragraphs and nothing else: what is drawn without the parser is what the parser would give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.render import markdown, paragraphs
from statusgen.render.tongue import PLAIN

WORDS = [
    "The web",
    "is",
    "down:",
    ":warning:",
    ":tada",
    '"so"',
    "it's",
    "a-b",
    "50%",
    "(we)",
    "né",
    "ß",
    "a!",
    "x;y",
    "#1",
]
ODD = ["1.", "-", "[a]", "![b](c)", "`c`", "*d*", "_e_", "<f>", "&amp;", "a|b", "~g~", "==h==", "\\i", "^[j]", "++k++"]
ENDS = ["\n", "\n\n", "\n\n\n", " ", "  ", "  \n", "\n  ", "\t", "\n    ", "\u2028", "\x0b", "\r\n", "\xa0", "\0"]

plain_texts = st.lists(st.sampled_from(WORDS), min_size=1).flatmap(
    lambda words: st.lists(st.sampled_from([" ", "\n", "\n\n"]), min_size=len(words), max_size=len(words)).map(
        lambda ends: "".join(word + end for word, end in zip(words, ends, strict=True)).strip()
    )
)
texts = st.lists(st.sampled_from([*WORDS, *ODD, *ENDS]), max_size=12).map("".join) | st.text(max_size=20)


def drawn(text: str) -> tuple[str, str]:
    return markdown.to_html(text, PLAIN, resolve=str), markdown.to_text(text)


def parsed(text: str) -> tuple[str, str]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(paragraphs, "are_all", lambda _: False)
        return drawn(text)


@given(plain_texts | texts)
def test_the_short_way_leads_to_the_same(text: str) -> None:
    assert drawn(text) == parsed(text)


@pytest.mark.parametrize("text", ["We are looking.", 'One line,\nanother one.\n\nA second: 5% of "it" :tada:!'])
def test_what_people_write_in_a_hurry_takes_the_short_way(text: str) -> None:
    assert paragraphs.are_all(text)


@pytest.mark.parametrize("text", ["", "a *b*", "- a", "1 a", "a\n===", "a\n    b", "a ", "a  \nb", "a\n\n> b", "a & b"])
def test_a_text_with_any_mark_is_left_to_the_parser(text: str) -> None:
    assert not paragraphs.are_all(text)


def test_a_text_longer_than_what_is_drawn_is_left_to_the_parser() -> None:
    text = "a " * markdown.MAX_LENGTH + "b"
    assert drawn(text) == parsed(text)
