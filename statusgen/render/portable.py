"""What leaves for other people's programs: HTML that any feed reader shows safely, and text cut to what fits.

Readers put an entry into a page of their own. So nothing in it may depend on our style, our script, our address or what
else stands on our page, and what the W3C's feed validator calls a risk is left out.
"""

from __future__ import annotations

import re
from html.entities import name2codepoint
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html
from markupsafe import Markup

from statusgen.render.tongue import Tongue

MOST_HTML = 24_000
"""Bytes of one entry's HTML; what is longer is told by its beginning and a link."""

MOST_TEXT = 500
"""Characters of an entry's summary."""

_BEGINNING = 4_000
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffc\U00010000-\U0010ffff]")
_TAG = re.compile(r"<(?=[\w/!?.+'-])")
_ENTITY = re.compile(r"&(?=(#?\w+))")
_JOINER = "\u2060"
_KEPT = frozenset(
    {
        *("a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "dfn", "dl", "dt"),
        *("em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li"),
        *("mark", "ol", "p", "pre", "q", "s", "samp", "small", "strong", "sub", "summary", "sup", "table", "tbody"),
        *("td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var"),
    }
)
_DROPPED = frozenset({"script", "style", "svg", "math", "iframe", "object", "template", "form", "input", "button"})
_ATTRIBUTES = frozenset(
    {
        *("alt", "cite", "colspan", "datetime", "height", "href", "lang", "reversed", "rowspan", "scope", "src"),
        *("start", "title", "width"),
    }
)
_ADDRESSES = ("href", "src", "cite")


def clean(text: str) -> str:
    """Return the text without characters that XML 1.0 forbids, lone surrogates included, and without those that only
    show that an encoding went wrong: the control characters of Latin-1 and the replacement character.
    """
    return _FORBIDDEN.sub("", text)


def plain(text: str) -> str:
    """Return a line of text that reads the same whether a reader takes it for text or for HTML.

    RSS does not say which of them a title is. A character that is not seen keeps `<` and `&` from what would make them
    more than themselves.
    """
    return _ENTITY.sub(_apart, _TAG.sub(f"<{_JOINER}", clean(text))).strip()


def _apart(found: re.Match[str]) -> str:
    name = found[1]
    return f"&{_JOINER}" if name in name2codepoint or name == "apos" or not name.isalpha() else "&"


def fit(html: str, base: str) -> Markup:
    """Return HTML of ours without what depends on our page; relative addresses are made absolute from `base`."""
    root = lxml_html.fragment_fromstring(clean(html), create_parent="div")
    for element in list(root.iterdescendants()):
        _fit(element, base)
    inner = [_escaped(root.text or ""), *(etree.tostring(child, method="html", encoding="unicode") for child in root)]
    return Markup("".join(inner).strip())  # noqa: S704  written by lxml, from what our own Markdown gave


def within(html: Markup, link: str, text: str, say: Tongue) -> Markup:
    """Return the HTML, or the beginning of its text and a link to the rest when it is too long for a feed."""
    html = Markup(clean(html))  # noqa: S704  it only loses characters
    if len(html.encode()) <= MOST_HTML:
        return html
    beginning = Markup("\n").join(Markup("<p>{}</p>").format(part) for part in excerpt(text, _BEGINNING).split("\n\n"))
    return beginning + Markup('\n<p><a href="{}">{}</a></p>').format(link, say("Read all of it on the page."))


def excerpt(text: str, most: int = MOST_TEXT) -> str:
    """Return the text, cut at the end of a word where it is longer than `most` characters."""
    text = clean(text)
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[most // 2 :] else cut}…"


def _fit(element: Any, base: str) -> None:
    if not isinstance(element.tag, str) or element.tag in _DROPPED:
        element.drop_tree()
        return
    for name in set(element.attrib) - _ATTRIBUTES:
        del element.attrib[name]
    for name in _ADDRESSES:
        if name in element.attrib:
            element.set(name, urljoin(base, element.get(name)))
    if element.tag not in _KEPT:
        element.drop_tag()


def _escaped(text: str) -> str:
    return str(Markup.escape(text))
