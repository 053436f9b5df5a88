"""Markdown taken apart: the short way, for texts without nested blocks, and the whole way say the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.config import markdown
from statusgen.errors import Place, Problem
from tests.work import steps

LINES = [
    "",
    "text",
    "- item",
    "  more",
    "1. one",
    "> quote",
    "### head",
    "```",
    "~~~",
    "---",
    "- [x] done",
    "  ```",
    "- ## in a list",
    "- ```",
    "===",
    "    code",
    "> ## quoted",
    "* * *",
    "[a]: b",
    "-",
    "+ plus",
    "## 2022-12-01T16:00Z resolved",
    "##2022-12-01T16:00Z resolved",
    "2022-12-01T16:00Z resolved",
    ":::info",
    ":::",
    "  :::",
    "- ##2022-12-01T16:00Z resolved",
    "- - item",
    "2) two",
    "éa [a] `b` ",
    "a\tb\r",
    "\u2028",
    "## a b",
    "## a #",
    "## a ",
    "##\ta",
    "##",
    "# a",
]


def taken_apart(text: str) -> tuple[markdown.Markdown, list[Problem]]:
    found: list[Problem] = []
    return markdown.take_apart(text, Place("a.md", 1, 1), found, sections=True), found


@pytest.mark.parametrize(
    "piece",
    [
        *(":::info\n", ":::info\na\n:::\n", "> :::info\n", "- :::info\n\n", "[^a]: b\n", "[^a] [b]\n", "- [x] a\n"),
        *("## 2022-12-01T16:00Z resolved\n[^a]\n", "```\n", "> ", "- ", "a\n---\n"),
    ],
)
def test_hostile_texts_are_taken_apart_with_no_more_work_than_their_length(piece: str) -> None:
    """Of a quadratic rule twice the text would be four times the work."""
    short, long = (
        steps(lambda size=size: taken_apart("[^a]: b\n\n" + piece * (size // len(piece)))) for size in (600, 1200)
    )
    assert long < 2.5 * short


@given(st.lists(st.sampled_from(LINES), max_size=8).map("\n".join))
def test_the_short_way_leads_to_the_same(text: str) -> None:
    short = taken_apart(text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(markdown, "_FLAT", markdown._WHOLE)
        patched.setattr(markdown, "_FLUENT", re.compile("(?!)"))
        assert taken_apart(text) == short
