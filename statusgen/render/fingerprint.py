"""What files are made of, and the digest of that: a file's fingerprint.

A file whose fingerprint is that of the one published need not be drawn again. Equal values have the same fingerprint
and others have another; nothing is left out of a value, so that fields which it comes to have count from then on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta, tzinfo
from enum import Enum
from functools import lru_cache
from operator import attrgetter, is_, methodcaller
from typing import Any, NamedTuple

_LENGTH = 8
"""Bytes of a digest, which tells a file from what it was before: two that are the same by chance are never met."""

_VIEW = frozenset({"source", "updates"})
"""What an announcement's view has, of which it is enough to look at each once."""


class Made(NamedTuple):
    """The digest of what something is made of, and whether any of it is suspected to hold what must not leave."""

    digest: str
    suspected: bool


class Makings:
    """Takes values of the model apart; `suspects` is told what they are made of, as JSON, in parts.

    Announcements, which are on several pages, are taken apart once: they must not change while this is in use.
    """

    def __init__(self, suspects: Callable[[bytes], bool]) -> None:
        self._suspects = suspects
        self._views: dict[int, Made] = {}
        self._within: list[Made] = []
        self._encode = json.JSONEncoder(
            ensure_ascii=False, check_circular=False, separators=(",", ":"), default=self._plain
        ).encode

    def of(self, *values: object) -> Made:
        """Return what values are made of."""
        outside, self._within = self._within, []
        text = self._encode(values).encode("utf-8", "surrogatepass")
        suspected = self._suspects(text) or any(one.suspected for one in self._within)
        self._within = outside
        return Made(hashlib.blake2b(text, digest_size=_LENGTH).hexdigest(), suspected)

    def _plain(self, value: Any) -> object:
        """Return what JSON does not know as what it knows, with the name of its type."""
        kind: Any = type(value)
        way = _way(kind)
        return way(value) if way else self._view(value)

    def _view(self, view: Any) -> str:
        made = self._views.get(id(view))
        if made is None:
            kind: Any = type(view)
            made = self._views[id(view)] = self.of(kind.__name__, _parts(kind)(view), _told(view))
        self._within.append(made)
        return made.digest


@lru_cache(maxsize=256)
def _way(kind: Any) -> Callable[[Any], object] | None:
    """Return what takes a value of a type apart; None for the view of an announcement."""
    name = kind.__name__
    if is_dataclass(kind):
        parts = _parts(kind)  # type: ignore[arg-type]  # a type can be looked up
        return None if _is_view(kind) else lambda value: [name, parts(value)]
    for simple, way in _SIMPLE:
        if issubclass(kind, simple):
            return lambda value: [name, way(value)]
    raise TypeError(f"nothing is known of what a {name} is made of")


@lru_cache(maxsize=256)
def _parts(kind: Any) -> Callable[[Any], object]:
    """Return what gets the values of a dataclass's fields, without the updates of a view."""
    left_out = {"updates"} if _is_view(kind) else set()
    return attrgetter(*(field.name for field in fields(kind) if field.name not in left_out))


def _is_view(kind: Any) -> bool:
    return {field.name for field in fields(kind)} >= _VIEW


def _told(view: Any) -> object:
    """Return the updates that are told of an announcement: how many, where they are its own from the first on."""
    told, all_of_them = view.updates, view.source.updates
    own = len(told) <= len(all_of_them) and all(map(is_, told, all_of_them))
    return len(told) if own else told


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


_SIMPLE: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (date, methodcaller("isoformat")),  # an instant is one as well
    (Enum, attrgetter("value")),
    (timedelta, str),
    (tzinfo, str),
    (Mapping, lambda mapping: [*mapping.items()]),
    (frozenset, sorted),
    (bytes, _digest),
)
"""What JSON does not know, and how it is written."""
