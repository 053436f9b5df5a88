"""Markdown as people write it in announcements, into HTML that may stand on any page, in a feed, or as plain text.

CommonMark with tables, strikethrough and task lists. What is written is never trusted: no raw HTML, no style, links
only by http, https, mailto or within the site, and images as links, so that a page asks nothing of another host.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from statusgen.render import links

Resolve = Callable[[str], str]
"""Turns a relative link as written into one that works where the HTML will stand."""

MAX_LENGTH = 64 * 1024
"""Characters of one text that are rendered; files of a project are smaller."""

_MAX_PIPES = 200
"""A line with more is no table: wide ones cost time out of proportion."""

_TASK = re.compile(r"\[([ xX])\] (?=\S)")
_DEEPEST = 6


def to_html(text: str, *, resolve: Resolve, level: int = 3) -> Markup:
    """Return the text as HTML whose outermost heading has the given level; deeper ones follow without gaps."""
    tokens = _tokens(text)
    _fit_headings(tokens, level)
    _mark_tasks(tokens)
    for token in tokens:
        if token.children is not None:
            token.children = list(_fit_inline(token.children, resolve))
    blocks = [block for token in tokens for block in _fit_block(token)]
    return Markup(_parser().renderer.render(blocks, _parser().options, {}))  # noqa: S704  escaped by the renderer


def to_text(text: str) -> str:
    """Return the text without its marks: paragraphs apart by an empty line, list items after a hyphen."""
    parts: list[str] = []
    bullet = ""
    tight = False
    for token in _tokens(text):
        if token.type == "list_item_open":
            bullet = "- "
        elif token.type == "paragraph_open":
            tight = token.hidden
        elif token.children is not None or token.type in {"fence", "code_block"}:
            body = _plain(token.children) if token.children is not None else token.content.rstrip()
            gap = "" if not parts else "\n" if tight and bullet else "\n\n"
            parts.append(gap + bullet + body)
            bullet = ""
    return "".join(parts)


class _Parser(MarkdownIt):
    """CommonMark and three extensions, with our own rule of which links are safe."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False})
        self.enable(["table", "strikethrough"])

    def validateLink(self, url: str) -> bool:  # noqa: N802  the name that the parser calls
        return links.is_safe(url)


@cache
def _parser() -> _Parser:
    return _Parser()


@cache
def _parser_without_tables() -> _Parser:
    parser = _Parser()
    parser.disable("table")
    return parser


def _tokens(text: str) -> list[Token]:
    text = text[:MAX_LENGTH]
    wide = any(line.count("|") > _MAX_PIPES for line in text.splitlines())
    return (_parser_without_tables() if wide else _parser()).parse(text)


def _fit_headings(tokens: Sequence[Token], level: int) -> None:
    """Give the headings levels from `level` down that skip none, whatever people wrote."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            written = int(token.tag[1:])
            above = [outer for outer in above if outer < written] + [written]
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(level + len(above) - 1, _DEEPEST)}"


def _mark_tasks(tokens: Sequence[Token]) -> None:
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if item.type != "list_item_open" or paragraph.type != "paragraph_open" or not inline.children:
            continue
        first = inline.children[0]
        found = _TASK.match(first.content) if first.type == "text" else None
        if found:
            done = found[1] != " "
            item.attrSet("class", "task done" if done else "task")
            first.content = first.content[found.end() :]
            inline.children.insert(0, _raw(_box(done)))


def _box(done: bool) -> Markup:
    label, sign = ("done", "☑") if done else ("to do", "☐")
    return Markup('<span class="box" role="img" aria-label="{}">{}</span> ').format(label, sign)


def _fit_block(token: Token) -> tuple[Token, ...]:
    """Return the block with classes for inline styles; wide tables and code can be scrolled by keyboard too."""
    style = token.attrs.pop("style", None)
    if style:
        token.attrSet("class", str(style).removeprefix("text-align:"))
    if token.type == "table_open":
        return (_block(Markup('<div class="wide" role="group" aria-label="Table" tabindex="0">\n')), token)
    if token.type == "table_close":
        return (token, _block(Markup("</div>\n")))
    if token.type in {"fence", "code_block"}:
        return (_block(Markup('<pre tabindex="0"><code>{}</code></pre>\n').format(token.content)),)
    return (token,)


def _fit_inline(children: Sequence[Token], resolve: Resolve) -> Iterator[Token]:
    """Yield the tokens of a line with links that work and images as links, or as their text within a link."""
    within = False
    for token in children:
        if token.type == "link_open":
            within = True
            _fit_link(token, resolve)
        elif token.type == "link_close":
            within = False
        if token.type != "image":
            yield token
        elif within:
            yield _text(_image_words(token))
        else:
            opening = Token("link_open", "a", 1, attrs={"href": str(token.attrs["src"])})
            _fit_link(opening, resolve)
            yield from (opening, _text(_image_words(token)), Token("link_close", "a", -1))


def _fit_link(token: Token, resolve: Resolve) -> None:
    href = str(token.attrs["href"])
    if links.is_foreign(href):
        token.attrSet("rel", "nofollow noopener")
    else:
        token.attrSet("href", resolve(href))


def _image_words(token: Token) -> str:
    return f"{_plain(token.children or ()) or 'untitled'} (image)"


def _plain(children: Sequence[Token]) -> str:
    return "".join(_plain_token(token) for token in children)


def _plain_token(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return " " if token.type == "softbreak" else "\n"
    if token.type == "image":
        return _image_words(token)
    return token.content


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _block(content: Markup) -> Token:
    return Token("html_block", "", 0, content=str(content))


def _raw(content: Markup) -> Token:
    return Token("html_inline", "", 0, content=str(content))
