"""The Markdown that people write: CommonMark without HTML, and what GitHub and HackMD add to it.

Tables, strikethrough, footnotes, marks within a line (`==a==`, `++a++`, `^a^`, `~a~`), callouts (`:::warning` and
`> [!NOTE]`), and addresses that are links as they stand. No rule here takes more work for a text of twice the length
than twice the work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin

from statusgen.render import links
from statusgen.render.words import CALLOUTS

FOLDED = "spoiler"
"""The kind of callout that is folded until a reader opens it."""

TITLE = "title of"
"""What the title of a callout is marked with, and its kind."""

UNTITLED = "untitled"
"""What a title is marked with that its author did not write."""

_CONTAINER = re.compile(rf"[ \t]*({'|'.join(CALLOUTS)})(?!\S)[ \t]*(.*)")
_ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|$)", re.IGNORECASE)
_REFERENCE = re.compile(r"\[\^[^\s\]]{1,64}\]")
_SIZED = re.compile(
    r"""!\[([^\[\]\n]{0,300})\]\(([^\s()<>]{1,1000})(?:[ \t]{1,9}"([^"\n]{0,300})")?[ \t]{1,9}=(\d{0,4})x(\d{0,4})\)"""
)
_ADDRESS = re.compile(r"://[^\s<>\[\]`|\"*\\]{1,2000}")
_BEFORE = re.compile(r"(?:^|[^\w])(https?)\Z", re.IGNORECASE)
_AFTER = "?!.,:;'_~=+^"
_PAIRS: Mapping[str, str] = MappingProxyType({"=": "mark", "+": "ins"})


class Dialect(MarkdownIt):
    """A parser with our own rule of which links are safe."""

    def __init__(self, *, tables: bool = True) -> None:
        super().__init__("commonmark", {"html": False})
        self.enable(["table", "strikethrough"] if tables else ["strikethrough"])
        footnote_plugin(self)
        self.inline.ruler.at("footnote_ref", _footnote_reference)
        sub_plugin(self)
        superscript_plugin(self)
        self.inline.ruler.before("image", "sized", _sized_picture)
        self.inline.ruler.before("escape", "address", _bare_address)
        self.inline.ruler.before("emphasis", "pair", _open_or_close)
        self.inline.ruler2.before("emphasis", "pair", _pair_up)
        add_containers(self)
        self.core.ruler.before("inline", "callouts", _name_callouts)

    def validateLink(self, url: str) -> bool:  # noqa: N802  the name that the parser calls
        return links.is_safe(url)


def add_containers(parser: MarkdownIt) -> None:
    """Let a parser know blocks from `:::warning` to `:::`; what it parses must end with a line end."""
    container_plugin(parser, "callout", validate=lambda text, _: _CONTAINER.fullmatch(text) is not None)


def _footnote_reference(state: StateInline, silent: bool) -> bool:
    """Look no further for the end of a label than labels are long: the rule itself would, at every bracket."""
    return _REFERENCE.match(state.src, state.pos) is not None and footnote_ref(state, silent)


def _bare_address(state: StateInline, silent: bool) -> bool:
    """Make a link of `https://…` as it stands, without the punctuation that ends a sentence, as HackMD does."""
    before = None if silent or state.linkLevel or state.src[state.pos] != ":" else _BEFORE.search(state.pending[-7:])
    found = _ADDRESS.match(state.src, state.pos, state.posMax) if before else None
    if before is None or found is None:
        return False
    rest = _unpunctuated(found[0])
    address = state.md.normalizeLink(before[1] + rest)
    if len(rest) <= len("://") or not state.md.validateLink(address):
        return False
    state.pending = state.pending[: -len(before[1])]
    state.push("link_open", "a", 1).attrs = {"href": address}
    state.push("text", "", 0).content = before[1] + rest
    state.push("link_close", "a", -1)
    state.pos += len(rest)
    return True


def _unpunctuated(address: str) -> str:
    """Return an address without what follows it in a sentence: punctuation, and brackets that it does not open."""
    while True:
        shorter = address.rstrip(_AFTER)
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if shorter == address:
            return address
        address = shorter


def _sized_picture(state: StateInline, silent: bool) -> bool:
    """Take `![a](b.png "title" =300x200)` for a picture, as HackMD does; the title and either number may be missing."""
    found = _SIZED.match(state.src, state.pos, state.posMax)
    address = state.md.normalizeLink(found[2]) if found else ""
    if not found or not state.md.validateLink(address):
        return False
    if not silent:
        words: list[Token] = []
        state.md.inline.parse(found[1], state.md, state.env, words)
        token = state.push("image", "img", 0)
        token.attrs, token.children, token.content = {"src": address, "alt": ""}, words, found[1]
        if found[3]:
            token.attrSet("title", found[3])
        token.meta = {"width": int(found[4] or 0), "height": int(found[5] or 0)}
    state.pos = found.end()
    return True


def _open_or_close(state: StateInline, silent: bool) -> bool:
    """Take `==` and `++` for what may open or close a stretch of text; which of them do is seen at its end."""
    sign = state.src[state.pos]
    if silent or sign not in _PAIRS:
        return False
    run = state.scanDelims(state.pos, True)
    if run.length == 1:
        return False
    if run.length % 2:
        state.push("text", "", 0).content = sign
    for _ in range(run.length // 2):
        state.push("text", "", 0).content = sign * 2
        state.delimiters.append(
            Delimiter(
                marker=ord(sign),
                length=0,
                token=len(state.tokens) - 1,
                end=-1,
                open=run.can_open,
                close=run.can_close,
            )
        )
    state.pos += run.length
    return True


def _pair_up(state: StateInline) -> None:
    inner = (meta["delimiters"] for meta in state.tokens_meta if meta)
    for delimiters in (state.delimiters, *inner):
        for opening in delimiters:
            name = _PAIRS.get(chr(opening.marker))
            if name and opening.end != -1:
                _make_tag(state.tokens[opening.token], name, 1)
                _make_tag(state.tokens[delimiters[opening.end].token], name, -1)


def _make_tag(token: Token, name: str, nesting: int) -> None:
    token.type = f"{name}_{'open' if nesting > 0 else 'close'}"
    token.tag, token.markup, token.content = name, token.content, ""
    token.nesting = 1 if nesting > 0 else -1


def _name_callouts(state: StateCore) -> None:
    """Make callouts of containers and of quotes that begin with `[!NOTE]`, each with its title as a first line."""
    state.tokens = list(_with_titles(state.tokens))


def _with_titles(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens; the title becomes an inline token, so that marks in it work."""
    ends: list[Token | None] = []
    skipped = 0
    for index, token in enumerate(tokens):
        if token.type == "container_callout_open":
            found = _CONTAINER.fullmatch(token.info)
            kind, title = found.groups() if found else (FOLDED, "")
            ends.append(_close(kind))
            yield from _open(kind, title.strip())
        elif token.type == "blockquote_open":
            kind = _alert(tokens[index + 1 : index + 3])
            ends.append(_close(kind) if kind else None)
            yield from _open(kind, "") if kind else (token,)
            skipped = index + 4 if kind and not tokens[index + 2].content else skipped
        elif token.type in {"container_callout_close", "blockquote_close"}:
            yield ends.pop() or token
        elif index >= skipped:
            yield token


def _alert(first: Sequence[Token]) -> str:
    """Return which alert the first paragraph of a quote makes of it, and take the word for it out of the paragraph."""
    if [token.type for token in first] != ["paragraph_open", "inline"]:
        return ""
    found = _ALERT.match(first[1].content)
    if found is None:
        return ""
    first[1].content = first[1].content[found.end() :]
    return found[1].lower()


def _open(kind: str, title: str) -> tuple[Token, ...]:
    if kind == FOLDED:
        opening, tag = Token("callout_open", "details", 1, block=True), "summary"
    else:
        named = {"class": f"callout {kind}", "role": "note"}
        opening, tag = Token("callout_open", "div", 1, attrs={**named}, block=True), "p"
    meta = {TITLE: kind} if title else {TITLE: kind, UNTITLED: True}
    return (
        opening,
        Token("paragraph_open", tag, 1, block=True),
        Token("inline", "", 0, content=title or CALLOUTS[kind], children=[], meta=meta, block=True),
        Token("paragraph_close", tag, -1, block=True),
    )


def _close(kind: str) -> Token:
    return Token("callout_close", "details" if kind == FOLDED else "div", -1, block=True)
