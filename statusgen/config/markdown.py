"""A Markdown file taken apart: front matter, body, dated updates, task list. Lines are counted as in the file.

Headings and tasks are found in markdown-it's blocks, so that what stands in code is text and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from statusgen.config.definitions import share
from statusgen.config.nodes import Table
from statusgen.config.yaml_reader import read_table
from statusgen.errors import Place, Problem
from statusgen.model.announcement import Checklist
from statusgen.render.dialect import add_containers

_FENCE = "---"
_LACKS = "write at least 'title: …' between the two '---' lines"
_CONTAINER = "container_callout_open"
_ENCLOSING = {"fence": "code block", _CONTAINER: "block"}
"""What takes in everything below when it is not closed."""

_TASK = re.compile(r"\[([ xX])\][ \t]")
_UPDATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.Z+-]+[ \t]+[a-z_]+[ \t]*$"
_BARE = re.compile(_UPDATE, re.MULTILINE)
_MARKED = re.compile(rf"^#+[ \t]*{_UPDATE}", re.MULTILINE)


def _blocks(*without: str) -> MarkdownIt:
    """Return a parser that finds blocks and leaves the lines in them alone."""
    parser = MarkdownIt("commonmark", {"html": False}).disable(without)
    add_containers(parser)
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


_WHOLE = _blocks()
_FLAT = _blocks("list", "blockquote")
_NESTED = re.compile(
    r"""^[ \t]+\S                                      # an indented line
    | ^[ \t]*[-=]+[ \t]*$                             # an underline
    | ^>                                              # a quote
    | ^(?:[-+*]|[0-9]+[.)])[ \t]*+(?![^\W\d_])        # a list item that does not begin with a letter
    | \#\#[0-9] | \[[ xX]\]                           # what may be an update, what may be a task
    """,
    re.MULTILINE | re.VERBOSE,
)
"""Where none of this occurs, lists and quotes hold neither tasks nor headings nor fences, and need not be taken apart.

That is most of what people write, and it halves the time.
"""


_FLUENT = re.compile(
    r"""(?: (?: (?:(?:[-+*]|[0-9]{1,9}[.)])\ )?[^\W\d_][^\n\r\0]*   # a line of text, or an item of a list
          | \#\#\ [^\s\#](?:[^\s\#]|\ )*                          # a heading of the second level
        )? \n )*""",
    re.VERBOSE,
)
"""Text in which only headings are more than text: they can be told by their lines, in a tenth of the time."""


@dataclass(frozen=True, slots=True)
class _Head:
    """A second-level heading: its words, its first line and the one after its last, and whether it is underlined."""

    words: str
    first: int
    after: int
    underlined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What stands below a second-level heading, up to the next; `underlined`: a line of hyphens made it one.

    `below` is the number of the line at which the body starts.
    """

    heading: str
    at: Place
    underlined: bool
    body: str
    below: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Markdown:
    """A text taken apart: what comes before the first second-level heading, its task list, and the sections.

    `unclosed`: a code block has no end and may hide sections.
    """

    body: str
    checklist: Checklist
    sections: tuple[Section, ...] = ()
    unclosed: bool = False


def has_front_matter(text: str) -> bool:
    """Return whether a text begins as one with front matter does."""
    return text.partition("\n")[0].rstrip() == _FENCE


def split_front_matter(
    text: str, file: str, found: list[Problem], *, instead: str = ""
) -> tuple[Table, str, int] | None:
    """Return the front matter, the Markdown below it, and the line where that starts; None when there is none.

    `instead` is what a hint names as the other way to begin, if there is one.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        hint = "start with a line '---', then 'title: …' and the other keys, then another line '---'" + instead
        message = "expected front matter, got nothing" if not text.strip() else f"expected '---', got {lines[0][:60]!r}"
        found.append(Problem(Place(file, 1, 1), "", message, hint))
        return None
    closing = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if closing is None:
        hint = "write a line '---' below the last key"
        found.append(Problem(Place(file, 1, 1), "", "the front matter that starts here is not closed", hint))
        return None
    table = read_table("\n".join(lines[1:closing]), file, found, first_line=2, lacks=_LACKS)
    return None if table is None else (table, "\n".join(lines[closing + 1 :]), closing + 2)


def with_breaks(text: str) -> str:
    """Return the text with every line break within a paragraph as one that readers see."""
    lines = text.split("\n")
    for token in _WHOLE.parse(text + "\n"):
        if token.type == "paragraph_open":
            first, after = _lines(token)
            lines[first : after - 1] = [f"{line}  " for line in lines[first : after - 1]]
    return "\n".join(lines)


def take_apart(text: str, start: Place, found: list[Problem], *, sections: bool) -> Markdown:
    """Return the parts of a text that starts at a place; a code block without an end is a problem in `found`.

    Without `sections` all of it is the body. Only the body's tasks count: those of an update are its own affair.
    """
    lines = text.split("\n")
    fluent = _FLUENT.fullmatch(text + "\n") is not None
    tokens = [] if fluent else (_WHOLE if _NESTED.search(text) else _FLAT).parse(text + "\n")
    unclosed = [
        token for token in tokens if token.level == 0 and token.type in _ENCLOSING and not _closed(token, lines)
    ]
    for token in unclosed:
        message = f"the {_ENCLOSING[token.type]} that starts here is not closed, so it takes in everything below"
        found.append(Problem(_at(token, start), "", message, f"write a line {token.markup!r} where it ends"))
    if sections:
        found.extend(_lookalikes(tokens, start))
    heads = [*(_by_line(lines) if fluent else _heads(tokens))] if sections else []
    body_ends, *ends = [*(head.first for head in heads), len(lines)]
    parts = [_section(head, lines, end, start) for head, end in zip(heads, ends, strict=True)]
    body, *bodies = share([_join(lines[:body_ends]), *(part.body for part in parts)])
    return Markdown(
        body=body,
        checklist=_checklist(tokens, body_ends),
        sections=tuple(replace(part, body=body) for part, body in zip(parts, bodies, strict=True)),
        unclosed=bool(unclosed),
    )


def _by_line(lines: Sequence[str]) -> Iterator[_Head]:
    return (_Head(line[3:].strip(), number, number + 1) for number, line in enumerate(lines) if line.startswith("## "))


def _heads(tokens: Sequence[Token]) -> Iterator[_Head]:
    for token, inline in pairwise(tokens):
        if _is_head(token):
            yield _Head(inline.content, *_lines(token), underlined=token.markup == "-")


def _is_head(token: Token) -> bool:
    return token.type == "heading_open" and token.tag == "h2" and token.level == 0


def _lines(token: Token) -> tuple[int, int]:
    """Return the first line of a block and the one after its last, from 0."""
    first, last = token.map or (0, 0)
    return first, last


def _join(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()


def _section(head: _Head, lines: Sequence[str], end: int, start: Place) -> Section:
    column = lines[head.first].find(head.words.split("\n")[0]) + 1
    empty = next((count for count, line in enumerate(lines[head.after : end]) if line), 0)
    return Section(
        heading=head.words,
        at=Place(start.file, start.line + head.first, column),
        underlined=head.underlined,
        body=_join(lines[head.after : end]),
        below=start.line + head.after + empty,
    )


def _checklist(tokens: Sequence[Token], body_ends: int) -> Checklist:
    """Count the list items that begin with `[ ]` or `[x]`, at any depth of lists and quotes."""
    firsts = (
        text
        for item, paragraph, text in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if item.type == "list_item_open" and paragraph.type == "paragraph_open" and _lines(item)[0] < body_ends
    )
    marks = [match[1] for text in firsts if (match := _TASK.match(text.content))]
    return Checklist(done=sum(mark != " " for mark in marks), total=len(marks))


def _closed(block: Token, lines: Sequence[str]) -> bool:
    first, after = _lines(block)
    end = after if block.type == _CONTAINER else after - 1  # a container's map ends before the line that closes it
    last = lines[end].strip() if end < len(lines) else ""
    return end > first and len(last) >= len(block.markup) and set(last) == set(block.markup)


def _lookalikes(tokens: Sequence[Token], start: Place) -> Iterator[Problem]:
    """Yield what is meant as an update and would go unseen: a heading of another level, or one without its space."""
    for head, inline in pairwise(tokens):
        if inline.type != "inline" or _is_head(head):
            continue
        if _MARKED.search(inline.content) or (inline.level == 1 and _BARE.match(inline.content)):
            hint = "an update is a line of '## ', an instant and a phase"
            yield Problem(_at(inline, start), "update", "this looks like an update, but is none", hint)


def _at(token: Token, start: Place) -> Place:
    return Place(start.file, start.line + _lines(token)[0], 1)
