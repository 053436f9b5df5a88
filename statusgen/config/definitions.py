"""Footnotes and addresses of links that one part of an announcement refers to and another one holds.

People write them at the end of a file. But the text and each update stand by themselves wherever they are shown, so
each gets those that it refers to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

MOST = 2000
"""Characters of a definition that is given to other parts; a longer one serves only its own."""

_START = re.compile(r" {0,3}\[(?P<label>\^?[^\[\]\n]{1,64})\]:")
_REFERENCE = re.compile(r"\[(\^?[^\[\]\n]{1,64})\]")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_END = "[end]:"
_INDENT = ("    ", "\t")


def share(parts: Sequence[str]) -> tuple[str, ...]:
    """Return the parts of a text, each followed by the definitions that it refers to and does not hold."""
    if not any("]:" in part for part in parts):
        return tuple(parts)
    held = [dict(_definitions(part.split("\n"))) for part in parts]
    known = {label: text for one in reversed(held) for label, text in one.items() if len(text) <= MOST}
    return tuple(_with_missing(part, own, known) for part, own in zip(parts, held, strict=True))


def _with_missing(part: str, own: dict[str, str], known: dict[str, str]) -> str:
    wanted = dict.fromkeys(_key(label) for label in _REFERENCE.findall(part))
    return "\n\n".join([part, *(known[label] for label in wanted if label in known and label not in own)])


def _definitions(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each definition by its label: a line, what is indented below it, and the rest of a footnote's paragraph."""
    fenced = False
    label = ""
    gathered: list[str] = []
    for line in [*lines, _END]:
        if _FENCE.match(line):
            fenced = not fenced
        start = None if fenced else _START.match(line)
        if label and (start or not _goes_on(label, gathered[-1], line)):
            yield label, "\n".join(gathered).rstrip()
            label = ""
        if start:
            label, gathered = _key(start["label"]), []
        gathered.append(line)


def _goes_on(label: str, above: str, line: str) -> bool:
    lazy = label.startswith("^") and above.strip() and line != _END and not _FENCE.match(line)
    return not line.strip() or line.startswith(_INDENT) or bool(lazy)


def _key(label: str) -> str:
    """Return what a label is known by: that of a footnote as it is written, that of a link however it is."""
    return label if label.startswith("^") else " ".join(label.casefold().split())
