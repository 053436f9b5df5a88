"""What keeps Latin names in their place in a language that is written from right to left.

A Latin name turns the numbers and marks beside it around, and one at the beginning turns the whole line in a feed
reader or a calendar. So each is put between the signs that Unicode has for it, which work where HTML does not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

ADDRESS = "link"
"""The name of the facts that are addresses for `href`, which nobody reads."""

MARK = "\N{RIGHT-TO-LEFT MARK}"
"""A sign that nobody sees, and that belongs to a language written from right to left."""

_LEFT_TO_RIGHT = re.compile(r"[A-Za-zÀ-ʯͰ-ԯ぀-ヿ一-鿿가-힣]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]")


def isolated(text: str) -> str:
    """Return a text that is written from left to right as one sign among others; any other as it is."""
    if _RIGHT_TO_LEFT.search(text) or not _LEFT_TO_RIGHT.search(text):
        return text
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def apart(facts: Mapping[str, object]) -> dict[str, object]:
    """Return the facts of a message, each name in its place; HTML and addresses as they are."""
    return {name: isolated(fact) if type(fact) is str and name != ADDRESS else fact for name, fact in facts.items()}
