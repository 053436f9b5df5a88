"""How the value of a secret may be written: in HTML, Markdown, JSON, addresses, calendars, Base64 and hex."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

from statusgen.render import markdown
from statusgen.render.tongue import PLAIN

SHORTEST = 8
"""Characters a secret needs to be searched for: a shorter one would be found in ordinary words, and stop the page."""

_PARAGRAPH = re.compile("<p>(.*)</p>", re.DOTALL)
_TAG = re.compile("<[^>]*>")

_FOR_ADDRESSES = bytes.maketrans(b"+/", b"-_")


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _in_wide_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _as_numbers(text: str) -> str:
    """Return a text with its quotation marks as Jinja writes them."""
    return html.escape(text, quote=False).replace('"', "&#34;").replace("'", "&#39;")


def _in_calendar(text: str) -> str:
    """Return a text as calendars have it (RFC 5545 section 3.3.11)."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


_WRITINGS: tuple[Callable[[str], str], ...] = (
    html.escape,
    lambda text: html.escape(text, quote=False),
    lambda text: html.escape(text).replace("&#x27;", "'"),
    _as_numbers,
    _in_json,
    _in_wide_json,
    lambda text: quote(text, safe=""),
    lambda text: quote(text, safe="/%:@!$&'()*+,;=~-._"),
    quote_plus,
    _in_calendar,
)


def forms(value: str) -> frozenset[bytes]:
    """Return how a value may be written, one writing within another too, such as HTML in JSON.

    Nothing for one that is too short. Of one that has several lines it is the longest, for the ends of lines are
    written in many ways.
    """
    if len(value) < SHORTEST:
        return frozenset()
    line = max(value.split("\n"), key=len).strip("\r")
    whole = {text.encode(errors="surrogateescape") for text in (value, line)}
    coded = {form for text in whole for form in _in_base64(text) if len(form) >= SHORTEST}
    return frozenset(coded | (_written(line) if len(line) >= SHORTEST else set()))


def _written(text: str) -> set[bytes]:
    told = {text, *_drawn(text)}
    once = told | {write(one) for write in _WRITINGS for one in told}
    twice = once | {write(one) for write in _WRITINGS for one in once}
    hexadecimal = text.encode(errors="surrogateescape").hex()
    return {form.encode(errors="surrogateescape") for form in (*twice, hexadecimal, hexadecimal.upper())}


def _drawn(text: str) -> Iterator[str]:
    """Yield what becomes of a text that people write as Markdown, whose marks are not drawn: as HTML and as words."""
    drawn = str(markdown.to_html(text, PLAIN, resolve=lambda href: href, level=2, prefix=""))
    inner = _PARAGRAPH.fullmatch(drawn.strip())
    if inner:
        yield inner[1]
        yield html.unescape(_TAG.sub("", inner[1]))


def _in_base64(value: bytes) -> Iterator[bytes]:
    """Yield what is certain of a value within Base64 (RFC 4648, both alphabets), wherever in the whole it begins.

    Three bytes are four characters, so that it looks otherwise after one byte or two; what it shares a character with
    at either end is left out.
    """
    for before in range(3):
        whole = b64encode(bytes(before) + value)
        first, last = -(-before * 8 // 6), (before + len(value)) * 8 // 6
        yield whole[first:last]
        yield whole[first:last].translate(_FOR_ADDRESSES)
