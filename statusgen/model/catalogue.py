"""The messages of the interface in one language, as data; and the marks by which they are found in the code.

A message is its English text, a whole sentence where there is one. What stands in a table is marked where it is
written, by `msg` and `msgs`, and put into words where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Plural(NamedTuple):
    """A message that depends on a number: its English text for one, and for any other number."""

    one: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The messages of a language by their English text, each in all forms that a number can ask for.

    A message that stands in a context is known by `key`. `plural` is gettext's expression of which form a number takes.
    """

    messages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plural: str = "n != 1"


def msg(text: str) -> str:
    """Return the text; it is marked as a message."""
    return text


def msgs(one: str, other: str) -> Plural:
    """Return the text for one and for many; they are marked as a message."""
    return Plural(one, other)


def key(message: str, context: str = "") -> str:
    """Return what a message is known by in a catalogue."""
    return f"{context}\x04{message}" if context else message
