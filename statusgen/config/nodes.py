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
Step = int | str


def plain(node: Node) -> Any:
    """Return the tree as dicts, lists and strings."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key: plain(entry.value) for key, entry in node.entries.items()}


def places(node: Node) -> Iterator[Place]:
    """Yield every place in a tree."""
    yield node.at
    if isinstance(node, Items):
        for item in node.items:
            yield from places(item)
    elif isinstance(node, Table):
        for entry in node.entries.values():
            yield from (entry.at, *places(entry.value))


def trodden(node: Node, path: Sequence[Step]) -> tuple[Step, ...]:
    """Return a path without the steps that lead nowhere: pydantic names alternatives of a type among them."""
    steps: list[Step] = []
    for step in path:
        below = child(node, step)
        steps.extend([] if below is node else [step])
        node = below
    return tuple(steps)


def find(node: Node, path: Sequence[Step]) -> Place:
    """Return the place of the value at a path of keys and indexes; steps that lead nowhere are passed over."""
    at = node.at
    for step in path:
        below = child(node, step)
        if below is not node:
            at = node.entries[str(step)].value_at if isinstance(node, Table) else below.at
        node = below
    return at


def find_key(node: Node, path: Sequence[Step]) -> Place:
    """Return the place of the key at the end of a path."""
    *way, key = path
    for step in way:
        node = child(node, step)
    return node.entries[str(key)].at if isinstance(node, Table) and key in node.entries else node.at


def child(node: Node, step: Step) -> Node:
    """Return the value one step down, or the node itself where the step leads nowhere."""
    if isinstance(node, Table) and step in node.entries:
        return node.entries[str(step)].value
    if isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return node


def children(node: Node, key: str) -> tuple[Node, ...]:
    """Return the items of the list under a key; none when there is no such list."""
    value = child(node, key)
    return value.items if isinstance(value, Items) and value is not node else ()


def named(node: Node, key: str) -> tuple[tuple[str, Place], ...]:
    """Return the words under a key with their places: the keys of a mapping, the items of a list, or a single word."""
    value = child(node, key)
    if value is node:
        return ()
    if isinstance(value, Table):
        return tuple((word, entry.at) for word, entry in value.entries.items())
    items = value.items if isinstance(value, Items) else (value,)
    return tuple((item.text, item.at) for item in items if isinstance(item, Scalar))
