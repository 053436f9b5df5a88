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
from operator import attrgetter, is_
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
        parts = _parts(kind)
        if parts is None:
            return [kind.__name__, _simple(value)]
        if parts.names >= _VIEW:
            return self._view(value, parts)
        return [kind.__name__, parts.of(value)]

    def _view(self, view: Any, parts: _Parts) -> str:
        made = self._views.get(id(view))
        if made is None:
            made = self._views[id(view)] = self.of(type(view).__name__, parts.of(view), _told(view))
        self._within.append(made)
        return made.digest


class _Parts(NamedTuple):
    """The names of a dataclass's fields, and what gets their values; without the updates of a view."""

    names: frozenset[str]
    of: Callable[[Any], object]


@lru_cache(maxsize=256)
def _parts(kind: Any) -> _Parts | None:
    if not is_dataclass(kind):
        return None
    names = [field.name for field in fields(kind)]
    taken = [name for name in names if name != "updates"] if {*names} >= _VIEW else names
    return _Parts(frozenset(names), attrgetter(*taken))


def _told(view: Any) -> object:
    """Return the updates that are told of an announcement: how many, where they are its own from the first on."""
    told, all_of_them = view.updates, view.source.updates
    own = len(told) <= len(all_of_them) and all(map(is_, told, all_of_them))
    return len(told) if own else told


def _simple(value: Any) -> object:
    if isinstance(value, date):  # an instant is one as well
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, timedelta | tzinfo):
        return str(value)
    if isinstance(value, Mapping):
        return [*value.items()]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"nothing is known of what a {type(value).__name__} is made of")
