"""What a YAML file says, as a tree in which every scalar is a string and everything knows its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from statusgen.errors import Place


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text as written, quotes and folding resolved; empty where a key has no value."""

    at: Place
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    at: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A key's place, and its value."""

    at: Place
    value: Node

    @property
    def value_at(self) -> Place:
        """Where to point for a wrong value: at the value, or at the key when there is none."""
        return self.at if isinstance(self.value, Scalar) and not self.value.text else self.value.at


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping, in the order written."""

    at: Place
    entries: Mapping[str, Entry]


Node = Scalar | Items | Table


def plain(node: Node) -> Any:
    """Return the tree as dicts, lists and strings."""
    match node:
        case Scalar():
            return node.text
        case Items():
            return [plain(item) for item in node.items]
        case Table():
            return {key: plain(entry.value) for key, entry in node.entries.items()}


def places(node: Node) -> Iterator[Place]:
    """Yield every place in a tree."""
    yield node.at
    if isinstance(node, Items):
        for item in node.items:
            yield from places(item)
    elif isinstance(node, Table):
        for entry in node.entries.values():
            yield entry.at
            yield from places(entry.value)


def find(node: Node, path: Sequence[int | str]) -> Place:
    """Return the place of the value at a path of keys and indexes.

    Steps that lead nowhere are passed over, because a document may name alternatives that are not in the file.
    """
    at = node.at
    for step in path:
        if isinstance(node, Table) and step in node.entries:
            entry = node.entries[str(step)]
            node, at = entry.value, entry.value_at
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            at = node.at
    return at


def find_key(node: Node, path: Sequence[int | str]) -> Place:
    """Return the place of the key at the end of a path."""
    *way, key = path
    for step in way:
        node = child(node, step)
    return node.entries[str(key)].at if isinstance(node, Table) and key in node.entries else node.at


def child(node: Node, step: int | str) -> Node:
    """Return the value one step down, or the node itself where the step leads nowhere."""
    if isinstance(node, Table) and step in node.entries:
        return node.entries[str(step)].value
    if isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return node


def children(node: Node, key: str) -> tuple[Node, ...]:
    """Return the items of the list under a key; none when there is no such list."""
    entry = node.entries.get(key) if isinstance(node, Table) else None
    return entry.value.items if entry is not None and isinstance(entry.value, Items) else ()


def named(node: Node, key: str) -> tuple[tuple[str, Place], ...]:
    """Return the words under a key with their places: the keys of a mapping, the items of a list, or a single word."""
    entry = node.entries.get(key) if isinstance(node, Table) else None
    match entry.value if entry is not None else None:
        case Table(entries=entries):
            return tuple((word, item.at) for word, item in entries.items())
        case Items(items=items):
            return tuple((item.text, item.at) for item in items if isinstance(item, Scalar))
        case Scalar(at=at, text=text):
            return ((text, at),)
        case _:
            return ()
