"""Text that is paragraphs and nothing else: most of what people write in a hurry, and drawn without a parser.

Whether a text is so is seen by one expression, which knows every sign that means something in our Markdown. The parser
would give the same, in twenty times the time; a test holds the two together.
"""

from __future__ import annotations

import re

from statusgen.render import emoji

_WORD = r"[^\s\0\\`*_~^=+\[\]<>&|]"
_LINE = rf"[^\W\d_]{_WORD}*(?: +{_WORD}+)*"
_ADDRESS = "://"
_PLAIN = re.compile(rf"{_LINE}(?:\n+{_LINE})*")
_BETWEEN = re.compile(r"\n\n+")


def are_all(text: str) -> bool:
    """Return whether a text holds nothing but paragraphs, whose lines begin with a letter and hold no marks."""
    return _ADDRESS not in text and _PLAIN.fullmatch(text) is not None


def to_html(text: str) -> str:
    """Return such a text as HTML."""
    escaped = emoji.replace(text).replace('"', "&quot;")
    return "<p>" + _BETWEEN.sub("</p>\n<p>", escaped) + "</p>\n"


def to_text(text: str) -> str:
    """Return such a text without its line ends: a paragraph is a line."""
    return "\n\n".join(part.replace("\n", " ") for part in _BETWEEN.split(emoji.replace(text)))
