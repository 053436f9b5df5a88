"""Badges: how one component, or all, is doing, as a small picture for other people's pages, and for shields.io to draw.

A picture cannot say how old it is, so it is cached for a short time only, and leads nobody to believe it for long.
The text is set in whatever the reader's system has and stretched to the width that was reckoned for it, so that it fits
in any font.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from markupsafe import Markup

from statusgen.model.artifact import Artifact, Stage
from statusgen.model.page import Page
from statusgen.model.words import Status
from statusgen.render import links, words
from statusgen.render.api import TYPE
from statusgen.render.feeds import CACHE
from statusgen.render.portable import clean
from statusgen.render.tongue import Tongue

SVG_TYPE = "image/svg+xml; charset=utf-8"

COLOURS: Mapping[Status, str] = MappingProxyType(
    {
        Status.OPERATIONAL: "#1a7431",
        Status.DEGRADED_PERFORMANCE: "#8a5a00",
        Status.PARTIAL_OUTAGE: "#a8480c",
        Status.MAJOR_OUTAGE: "#b3261e",
        Status.UNDER_MAINTENANCE: "#1f5fae",
        Status.UNKNOWN: "#5f6368",
    }
)
"""White text stands on each with a contrast of at least 4.5 to 1."""

LABEL_COLOUR = "#444444"

MOST_LABEL = 40
"""Characters of a name on a badge."""

_CACHE_SECONDS = 300
_PADDING = 6
_SIZE = 11
_EM = 2048
_WIDTHS: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys("ijl", 562),
        **dict.fromkeys("ft .,", 780),
        **dict.fromkeys("rI():-/!", 900),
        **dict.fromkeys("csz", 1070),
        **dict.fromkeys("kvxyJL", 1212),
        **dict.fromkeys("aeoFT", 1240),
        **dict.fromkeys("bdghnpqu0123456789PEYZ", 1300),
        **dict.fromkeys("ABCKRSVX", 1420),
        **dict.fromkeys("DGHNOQU", 1600),
        **dict.fromkeys("wM", 1700),
        **dict.fromkeys("mW%", 2020),
    }
)
"""Widths of letters in units of an em's 2048th, as sans-serif faces for screens have them, in classes."""

_OTHER = 1400

_PICTURE = Markup("""\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{name}">
<title>{name}</title>
<clipPath id="r"><rect width="{width}" height="20" rx="3"/></clipPath>
<g clip-path="url(#r)"><rect width="{left}" height="20" fill="{grey}"/>\
<rect x="{left}" width="{right}" height="20" fill="{colour}"/></g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" aria-hidden="true">
<text x="{padding}" y="14" textLength="{left_text}">{label}</text>
<text x="{right_x}" y="14" textLength="{right_text}">{word}</text>
</g>
</svg>
""")


def badges(page: Page, say: Tongue) -> Iterator[Artifact]:
    """Yield the badges of the whole and of every component; they change only when a status does."""
    yield from _both(links.BADGE, links.SHIELD, page.site.name, page.status, say)
    for component in page.components:
        paths = links.badge_path(component.id), links.shield_path(component.id)
        yield from _both(*paths, component.name, component.status, say)


def width(text: str) -> int:
    """Return about how many pixels a text is wide at the size of a badge."""
    return round(sum(map(_width, text)) * _SIZE / _EM)


def _both(picture: str, shield: str, name: str, status: Status, say: Tongue) -> Iterator[Artifact]:
    label = _short(clean(name))
    word = say.label(status)
    yield _artifact(picture, SVG_TYPE, str(_picture(label, word, COLOURS[status])))
    yield _artifact(shield, TYPE, _shield(label, word, COLOURS[status], is_error=status in words.TROUBLE))


def _artifact(path: str, content_type: str, text: str) -> Artifact:
    return Artifact(path=path, parts=(text.encode(),), content_type=content_type, cache_control=CACHE, stage=Stage.FEED)


def _picture(label: str, word: str, colour: str) -> Markup:
    left, right = width(label), width(word)
    return _PICTURE.format(
        name=f"{label}: {word}",
        label=label,
        word=word,
        colour=colour,
        grey=LABEL_COLOUR,
        padding=_PADDING,
        left_text=left,
        right_text=right,
        left=left + 2 * _PADDING,
        right=right + 2 * _PADDING,
        right_x=left + 3 * _PADDING,
        width=left + right + 4 * _PADDING,
    )


def _shield(label: str, word: str, colour: str, *, is_error: bool) -> str:
    document = {
        "schemaVersion": 1,
        "label": label,
        "message": word,
        "color": colour,
        "labelColor": LABEL_COLOUR,
        "isError": is_error,
        "cacheSeconds": _CACHE_SECONDS,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _short(name: str) -> str:
    return name if len(name) <= MOST_LABEL else f"{name[: MOST_LABEL - 1].rstrip()}…"


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return _EM
    return _WIDTHS.get(character, _OTHER)
