"""Tables of the reference that are drawn from the code, each below a comment that names it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Row = Sequence[str]


def drawn(text: str, comment: re.Pattern[str], rows_of: Callable[[re.Match[str]], Sequence[Row]]) -> str:
    """Return a page on which every comment stands above its table, whose first row is the head.

    A table that is there already gives way when its head is the same; another table is somebody's own and stays.
    """
    parts: list[str] = []
    position = 0
    for match in comment.finditer(text):
        head, *rows = map(_line, rows_of(match))
        before = re.compile(rf"\n*{re.escape(head)}(?:\|.*\n)*").match(text, match.end())
        parts += [text[position : match.end()], "\n", head, _line(["---"] * head.count(" | ") + ["---"]), *rows]
        position = before.end() if before else match.end()
        if text[position : position + 1].strip():
            parts.append("\n")
    return "".join(parts) + text[position:]


def _line(cells: Row) -> str:
    return f"| {' | '.join(cells)} |\n"
