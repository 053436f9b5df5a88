"""Markdown as people write it in announcements, into HTML that may stand on any page, in a feed, or as plain text.

What is written is never trusted: no raw HTML, no style, links only by http, https, mailto or within the site. Only
pictures that the site itself holds are shown; others become links, so that a page asks nothing of another host.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import count, pairwise
from types import MappingProxyType
from urllib.parse import unquote

from markdown_it.token import Token
from markupsafe import Markup

from statusgen.model.announcement import Picture
from statusgen.render import emoji, links, paragraphs, plain
from statusgen.render.dialect import FOLDED, TITLE, UNTITLED, Dialect
from statusgen.render.plain import image_words, words_of
from statusgen.render.tongue import PLAIN, Tongue
from statusgen.render.words import CALLOUTS

Resolve = Callable[[str], str]
"""Turns a relative link as written into one that works where the HTML will stand."""

MAX_LENGTH = 64 * 1024
"""Characters of one text that are rendered; files of a project are smaller."""

NO_PICTURES: Mapping[str, Picture] = MappingProxyType({})

_MAX_PIPES = 200
"""A line with more is no table: wide ones cost time out of proportion."""

_TASK = re.compile(r"\[([ xX])\] (?=\S)")
_DEEPEST = 6
_TABLE = Markup('<div class="wide" role="group" aria-label="{}" tabindex="0">\n')
_NO_SLUG = re.compile(r"[^\w\- ]")


def to_html(
    text: str,
    say: Tongue,
    *,
    resolve: Resolve,
    level: int = 3,
    prefix: str = "",
    home: str = "",
    pictures: Mapping[str, Picture] = NO_PICTURES,
) -> Markup:
    """Return the text as HTML whose outermost heading has the given level; deeper ones follow without gaps.

    Headings and footnotes have ids that begin with the prefix and are unique within the text. With the address of a
    `home` they do without, and links to them lead there. `pictures` are those to show, by the address written.
    """
    if _is_plain(text):
        return Markup(paragraphs.to_html(text))  # noqa: S704  holds no sign that means anything in HTML
    return _Sheet(say, resolve, prefix, home, pictures).draw(text, level)


def to_text(text: str, say: Tongue = PLAIN) -> str:
    """Return the text without its marks: paragraphs apart by an empty line, list items after a hyphen."""
    return paragraphs.to_text(text) if _is_plain(text) else plain.text_of(_tokens(text, say), say)


def pictures_in(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the address of each picture that is to lie within the site, and the first and last line of its block."""
    if "![" not in text:
        return
    lines = (0, 0)
    for token in _tokens(text):
        first, after = token.map or (lines[0], lines[1] + 1)
        lines = (first, after - 1)
        for child in token.children or ():
            if child.type == "image" and not links.is_foreign(str(child.attrs["src"])):
                yield str(child.attrs["src"]), lines


def slug(heading: str) -> str:
    """Return the last part of a heading's id, as GitHub makes it: lower case, hyphens for spaces, no punctuation."""
    return _NO_SLUG.sub("", heading.lower()).strip().replace(" ", "-") or "section"


def _is_plain(text: str) -> bool:
    return len(text) <= MAX_LENGTH and paragraphs.are_all(text)


@cache
def _parser(*, tables: bool = True) -> Dialect:
    return Dialect(tables=tables)


def _tokens(text: str, say: Tongue = PLAIN) -> list[Token]:
    text = text[:MAX_LENGTH]
    wide = any(line.count("|") > _MAX_PIPES for line in text.splitlines())
    tokens = _parser(tables=not wide).parse(text + "\n")
    _name_callouts(tokens, say)
    return [*_without_empty_headings(tokens)]


def _without_empty_headings(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens but for headings of no words: blank to the eye, a riddle to whoever has the page read out."""
    empty = False
    for token, following in pairwise([*tokens, Token("end", "", 0)]):
        empty = not following.content if token.type == "heading_open" else empty
        if not empty:
            yield token
        empty = empty and token.type != "heading_close"


class _Sheet:
    """One text on its way to HTML: where it will stand, and the names that its headings have got."""

    def __init__(self, say: Tongue, resolve: Resolve, prefix: str, home: str, pictures: Mapping[str, Picture]) -> None:
        self._say = say
        self._resolve = resolve
        self._prefix = prefix
        self._home = home
        self._pictures = pictures
        self._names: set[str] = set()

    def draw(self, text: str, level: int) -> Markup:
        """Return the HTML of the text."""
        tokens = _tokens(text, self._say)
        _fit_headings(tokens, level)
        _mark_tasks(tokens, self._say)
        self._name_headings(tokens)
        self._frame_pictures(tokens)
        for token in tokens:
            if token.children is not None:
                token.children = [*self._fit_inline(token.children)]
                if token.meta.get(TITLE, FOLDED) != FOLDED:
                    token.children = [_raw(Markup("<strong>")), *token.children, _raw(Markup("</strong>"))]
        blocks = [block for token in tokens for block in self._fit_block(token)]
        renderer = _parser().renderer
        return Markup(renderer.render(blocks, _parser().options, {}))  # noqa: S704  escaped by the renderer

    def _name_headings(self, tokens: Sequence[Token]) -> None:
        """Give each heading an id of its own; a name that occurs again is numbered, as GitHub does."""
        numbers: dict[str, Iterator[int]] = {}
        for heading, inline in pairwise(tokens):
            if heading.type != "heading_open":
                continue
            base = name = slug(words_of(inline.children or (), PLAIN))
            while name in self._names:
                name = f"{base}-{next(numbers.setdefault(base, count(1)))}"
            self._names.add(name)
            if not self._home:
                heading.attrSet("id", self._prefix + name)

    def _frame_pictures(self, tokens: Sequence[Token]) -> None:
        """Make a figure of each picture that stands alone and has a title."""
        for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
            alone = opening.type == "paragraph_open" and [one.type for one in inline.children or ()] == ["image"]
            if not alone or opening.hidden or inline.children is None:
                continue
            title = str(inline.children[0].attrs.get("title", ""))
            if title and self._picture(inline.children[0]):
                opening.tag = closing.tag = "figure"
                caption = Markup("<figcaption>{}</figcaption>").format(title)
                inline.children[0].attrs.pop("title")
                inline.children.append(_raw(caption))

    def _picture(self, token: Token) -> Picture | None:
        return self._pictures.get(str(token.attrs["src"]))

    def _fit_block(self, token: Token) -> tuple[Token, ...]:
        """Return the block with classes for inline styles; wide tables and code can be scrolled by keyboard too."""
        style = token.attrs.pop("style", None)
        if style:
            token.attrSet("class", str(style).removeprefix("text-align:"))
        if token.type == "table_open":
            return (_block(_TABLE.format(self._say("Table"))), token)
        if token.type == "table_close":
            return (token, _block(Markup("</div>\n")))
        if token.type in {"fence", "code_block"}:
            return (_block(Markup('<pre tabindex="0"><code>{}</code></pre>\n').format(token.content)),)
        if token.type.startswith("footnote_"):
            return (_block(self._footnote(token)),)
        return (token,)

    def _footnote(self, token: Token) -> Markup:
        """Return the HTML of what holds a footnote together: the list of all, one of them, and its way back."""
        if token.type == "footnote_block_open":
            return Markup('<hr>\n<ol class="notes">\n')
        if token.type == "footnote_open":
            return Markup("<li{}>").format(self._id("note", token))
        if token.type == "footnote_anchor":
            back = Markup(' <a href="{}" aria-label="{}">↩︎</a>')
            return (
                back.format(self._goal("ref", token), self._say("Back to the text"))
                if not token.meta["subId"]
                else Markup()
            )
        return Markup("</li>\n") if token.type == "footnote_close" else Markup("</ol>\n")

    def _id(self, name: str, token: Token) -> Markup:
        if self._home or token.meta.get("subId"):
            return Markup()
        return Markup(' id="{}{}.{}"').format(self._prefix, name, token.meta["id"] + 1)

    def _goal(self, name: str, token: Token) -> str:
        return f"{self._home}#{self._prefix}{name}.{token.meta['id'] + 1}"

    def _fit_inline(self, children: Sequence[Token]) -> Iterator[Token]:
        """Yield the tokens of a line with links that work, and pictures as such, as links, or as text in a link."""
        within = False
        for token in children:
            if token.type == "link_open":
                within = True
                self._fit_link(token)
            elif token.type == "link_close":
                within = False
            elif token.type == "text":
                token.content = emoji.replace(token.content)
            if token.type == "footnote_ref":
                yield _raw(self._reference(token))
            elif token.type != "image":
                yield token
            elif picture := self._picture(token):
                yield _raw(self._image(token, picture))
            elif within:
                yield _text(image_words(token, self._say))
            else:
                opening = Token("link_open", "a", 1, attrs={"href": str(token.attrs["src"])})
                self._fit_link(opening)
                yield from (opening, _text(image_words(token, self._say)), Token("link_close", "a", -1))

    def _reference(self, token: Token) -> Markup:
        link = Markup('<sup><a href="{}"{}>[{}]</a></sup>')
        return link.format(self._goal("note", token), self._id("ref", token), token.meta["id"] + 1)

    def _image(self, token: Token, picture: Picture) -> Markup:
        title = Markup(' title="{}"').format(token.attrs["title"]) if "title" in token.attrs else Markup()
        return Markup('<img src="{}" alt="{}"{} width="{}" height="{}" loading="lazy">').format(
            self._resolve(f"/{picture.path}"), words_of(token.children or (), self._say), title, *_size(token, picture)
        )

    def _fit_link(self, token: Token) -> None:
        href = str(token.attrs["href"])
        path, mark, fragment = href.partition("#")
        if links.is_foreign(href):
            token.attrSet("rel", "nofollow noopener")
        elif mark and not path and (name := slug(unquote(fragment))) in self._names:
            token.attrSet("href", f"{self._home}#{self._prefix}{name}")
        else:
            token.attrSet("href", self._resolve(href))


def _name_callouts(tokens: Sequence[Token], say: Tongue) -> None:
    """Give the callouts that their author gave no title one in the language of the page."""
    for token in tokens:
        if UNTITLED in token.meta:
            token.content = say(CALLOUTS[token.meta[TITLE]])
            token.children = [_text(token.content)]


def _fit_headings(tokens: Sequence[Token], level: int) -> None:
    """Give the headings levels from `level` down that skip none, whatever people wrote."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            written = int(token.tag[1:])
            above = [outer for outer in above if outer < written] + [written]
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(level + len(above) - 1, _DEEPEST)}"


def _mark_tasks(tokens: Sequence[Token], say: Tongue) -> None:
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if item.type != "list_item_open" or paragraph.type != "paragraph_open" or not inline.children:
            continue
        first = inline.children[0]
        found = _TASK.match(first.content) if first.type == "text" else None
        if found:
            done = found[1] != " "
            item.attrSet("class", "task done" if done else "task")
            first.content = first.content[found.end() :]
            inline.children.insert(0, _raw(_box(done, say)))


def _box(done: bool, say: Tongue) -> Markup:
    label, sign = (say("done"), "☑") if done else (say("to do"), "☐")
    return Markup('<span class="box" role="img" aria-label="{}">{}</span> ').format(label, sign)


def _size(token: Token, picture: Picture) -> tuple[int, int]:
    """Return the width and height that a picture is shown with: as written, in proportion, or as it is."""
    width, height = token.meta.get("width", 0), token.meta.get("height", 0)
    return (
        width or round(picture.width * height / picture.height) or picture.width,
        height or round(picture.height * width / picture.width) or picture.height,
    )


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _block(content: Markup) -> Token:
    return Token("html_block", "", 0, content=str(content))


def _raw(content: Markup) -> Token:
    return Token("html_inline", "", 0, content=str(content))
