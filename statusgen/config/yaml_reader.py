"""The one reader of YAML: text to a tree of nodes, with every mistake at its place.

How it works: libyaml splits the text into events, and the tree is built from those rather than by a loader. So no
constructor ever runs, every scalar stays the string that was written (`no` is not false, `1:30` is not 90), and what
people may not write is seen as such: duplicate keys, anchors and aliases, tags, merge keys, further documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from statusgen.config.nodes import Entry, Items, Node, Scalar, Table
from statusgen.config.yaml_syntax import DEPTH_LIMIT, TOO_DEEP, explain
from statusgen.errors import Place, Problem

Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""libyaml where PyYAML was built with it, about ten times as fast; the same events in Python otherwise."""

_NULLS = frozenset({"null", "Null", "NULL", "~"})


def read_table(text: str, file: str, found: list[Problem], *, first_line: int = 1, lacks: str = "") -> Table | None:
    """Return the mapping that a text holds; None, and a problem in `found`, when it holds something else.

    `first_line` is the number of the text's first line in its file. `lacks` is the hint for an empty one.
    """
    problems = len(found)
    node = read_yaml(text, file, found, first_line=first_line)
    if isinstance(node, Table):
        return node
    if node is None and len(found) == problems:
        found.append(Problem(Place(file, first_line, 1), "", "expected 'key: value' lines, got nothing", lacks))
    elif node is not None:
        shape = "a list" if isinstance(node, Items) else "text"
        hint = "start with a key, a colon and a space"
        found.append(Problem(node.at, "", f"expected 'key: value' lines, got {shape}", hint))
    return None


def read_yaml(text: str, file: str, found: list[Problem], *, first_line: int = 1) -> Node | None:
    """Return the tree of one YAML document; None when it is empty, or when its syntax is wrong (then `found` grows)."""
    events: Any = yaml.parse(text, Loader=Loader)
    builder = _Builder(events, file, first_line, found)
    try:
        return builder.document()
    except yaml.MarkedYAMLError as error:
        found.append(explain(error, text, file, first_line))
    except _TooDeepError as error:
        found.append(Problem(error.at, "", *TOO_DEEP))
    finally:
        events.close()
    return None


class _TooDeepError(Exception):
    def __init__(self, at: Place) -> None:
        self.at = at


class _Builder:
    """Consumes the events of one text; reads on after every mistake that leaves the structure clear."""

    def __init__(self, events: Iterator[Any], file: str, first_line: int, found: list[Problem]) -> None:
        self._events = events
        self._file = file
        self._first_line = first_line
        self._found = found

    def document(self) -> Node | None:
        next(self._events)  # the stream's start
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        node = self._node(next(self._events), 0)
        next(self._events)  # the document's end
        further = next(self._events)
        if isinstance(further, yaml.DocumentStartEvent):
            self._wrong(
                further,
                "expected one document, got a second",
                "a file holds one; delete the '---' or make it two files",
            )
        empty = isinstance(node, Scalar) and not node.text
        return None if empty else node

    def _node(self, event: Any, depth: int) -> Node:
        at = self._place(event)
        if depth > DEPTH_LIMIT:
            raise _TooDeepError(at)
        if isinstance(event, yaml.AliasEvent):
            self._wrong(
                event,
                f"aliases are not supported, got '*{event.anchor}'",
                "write the value out, or quote it if it is meant as text",
            )
            return Scalar(at, f"*{event.anchor}")
        self._reject_decoration(event)
        if isinstance(event, yaml.MappingStartEvent):
            return Table(at, self._entries(depth))
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(at, tuple(self._items(depth)))
        if event.implicit[0] and event.value in _NULLS:
            self._wrong(event, f"{event.value!r} where a value belongs", "leave the key out, or quote the word")
        return Scalar(at, event.value)

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._node(event, depth + 1)

    def _entries(self, depth: int) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, Scalar):
                self._wrong(event, "a list or mapping where a key belongs", "write a word, a colon and a space")
            elif key.text == "<<":
                self._wrong(event, "merge keys are not supported, got '<<'", "write the keys out")
            elif key.text in entries:
                first = entries[key.text].at
                message = f"the key {key.text!r} stands here again, first in line {first.line}"
                self._wrong(event, message, "keep one of them")
            else:
                entries[key.text] = Entry(key.at, value)
        return entries

    def _reject_decoration(self, event: Any) -> None:
        if event.anchor is not None:
            self._wrong(
                event,
                f"anchors are not supported, got '&{event.anchor}'",
                "write values out where they are needed, or quote it if it is meant as text",
            )
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._wrong(
                event, f"tags are not supported, got {tag!r}", "delete it, or quote the value if it is meant as text"
            )

    def _wrong(self, event: Any, message: str, hint: str) -> None:
        self._found.append(Problem(self._place(event), "", message, hint))

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + self._first_line, mark.column + 1)
