"""What YAML's syntax errors mean, in words that lead to the mistake.

libyaml and the reader in Python word their errors differently, so both wordings lead to one diagnosis, and where the
words say little the text at the place decides.
"""

from __future__ import annotations

import re
from typing import Any

from statusgen.errors import Place, Problem

DEPTH_LIMIT = 16
"""Levels of nesting; no document needs half of them."""

TOO_DEEP = (f"nested more than {DEPTH_LIMIT} levels deep", "check the brackets and hyphens here")
"""The message and the hint for what is nested too deep, be it by our limit or by libyaml's own."""

_QUOTE = "put the value in quotes"
_ALIGN = "keys of one mapping start in the same column, and so do the hyphens of one list"

_OPENED = (
    (r"quoted scalar.*end of stream", "a quote is opened here and never closed", "close it, or quote the whole value"),
    (r"flow sequence", "a '[' is opened here and not closed", "close it with ']', and put commas between the items"),
    (r"flow mapping", "a '{' is opened here and not closed", "close it with '}', and put commas between the entries"),
    (r"simple key", "expected 'key: value', got no colon", "write a colon and a space after a key, a space after '-'"),
    (r"an? (alias|anchor)\b", "a value that starts with '*' or '&'", _QUOTE),
)
"""Told at the place where something was opened: what the error says, the message, the hint."""

_MET = (
    (r"nesting depth", *TOO_DEEP),
    (r"escape", "an escape that YAML does not know", "use single quotes, in which a backslash is just that"),
    (r"mapping values", "a ':' inside a value", f"{_QUOTE}; if this is a key of its own, align it with the others"),
    (r"sequence entries", "a list item inside a value", "start the list on a line of its own"),
    (r"flow node", "expected a value, or the bracket that closes this", "check the brackets and commas around here"),
    (r"block scalar", "text after '|' or '>'", f"start the text in the next line, or {_QUOTE}"),
)
"""Told at the place where the reader stopped."""


def explain(error: Any, text: str, file: str, first_line: int) -> Problem:
    """Return the problem behind an error of YAML's syntax; `first_line` is the text's first line in its file."""
    words = f"{error.context or ''} {error.problem or ''}"
    stop = error.problem_mark
    if error.context_mark is not None:
        for pattern, message, hint in _OPENED:
            if re.search(pattern, words):
                return Problem(_place(error.context_mark, file, first_line), "", message, hint)
    message, hint = _at_stop(words, text, stop)
    return Problem(_place(stop, file, first_line), "", message, hint)


def _at_stop(words: str, text: str, stop: Any) -> tuple[str, str]:
    for pattern, message, hint in _MET:
        if re.search(pattern, words):
            return message, hint
    before, rest = _around(text, stop)
    if rest.startswith("\t"):
        return "a tab where only spaces may stand", "indent with spaces"
    if "cannot start any token" in words or before.rstrip().endswith((":", "-")):
        return f"a value that starts with {rest[:1]!r}", _QUOTE
    if before.strip():
        return "text after the end of a value", f"{_QUOTE}, all of it"
    return "this line does not line up with those above it", _ALIGN


def _around(text: str, mark: Any) -> tuple[str, str]:
    """Return what stands before and after a mark in its line."""
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    return line[: mark.column], line[mark.column :]


def _place(mark: Any, file: str, first_line: int) -> Place:
    return Place(file, mark.line + first_line, mark.column + 1)
