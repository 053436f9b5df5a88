"""What the files of `content/` gave when they were read, remembered so that many need not be read again for one.

A file is known by its signature, or else by its content. Only what is right is remembered, and nothing whose reading
depends on further files or on time zones. What is remembered can name nothing but classes of our model, so that a file
that somebody else has laid there can tell untruths and run no code.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache, partial
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from statusgen import cache
from statusgen.cache import Signature
from statusgen.config.announcements import Found
from statusgen.config.names import Alias
from statusgen.errors import Place
from statusgen.model import announcement, words

_FILE = "content.pickle"
_FULL = 200
"""Readings that lie together in a heap; heaps of less than half of that are put together with what is new."""

_OURS = [
    kind
    for module in (announcement, words)
    for kind in vars(module).values()
    if isinstance(kind, type) and kind.__module__ == module.__name__
]
_KINDS = {
    (kind.__module__, kind.__qualname__): kind for kind in (*_OURS, Found, Alias, Place, datetime, timedelta, timezone)
}
"""All that a reading is made of."""


class Heap(NamedTuple):
    """The readings of some files as bytes, with the name of each file and what it is known by."""

    names: list[Any]
    signatures: list[Any]
    digests: list[Any]
    body: bytes


@dataclass(frozen=True, slots=True)
class Readings:
    """What is remembered of one project, in a folder; nothing without one. `engine` names what reads."""

    folder: Path | None = None
    engine: str = ""

    def recall(self, root: Path, names: Sequence[str], depends: bytes) -> Recollection:
        """Return what is remembered of files, as far as they and all else that reading them depends on are the same."""
        begun = cache.instant(self.folder) if self.folder else 0
        if self.folder is None or not begun:
            return Recollection(_Then(root, {}, 0), [], list)  # and there will be nothing to save
        key = hashlib.sha256(self.engine.encode() + b"\n" + depends).digest()
        then = _Then(root, dict(_signatures(root, names)), begun)
        file = self.folder / _FILE
        return Recollection(then, _load(file, key), partial(_save, file, key))


@dataclass(frozen=True, slots=True)
class _Then:
    """The project's files as they lay there when the run began, at an instant in nanoseconds."""

    root: Path
    signatures: Mapping[str, Signature]
    begun: int


class Recollection:
    """What is remembered of the files of one run; `found` is by their names."""

    def __init__(self, then: _Then, heaps: Sequence[Heap], save: Callable[[Sequence[Heap]], object]) -> None:
        self._then = then
        self._heaps = heaps
        self._save = save
        self._stale = False
        self._places: dict[int, dict[str, int]] = {}
        for name, (number, place) in self._rows().items():
            self._places.setdefault(number, {})[name] = place
        self.found: dict[str, Found] = {}
        for number, places in [*self._places.items()]:
            values = _values(heaps[number])
            if values:
                self.found.update((name, values[place]) for name, place in places.items())
            else:
                del self._places[number]

    def _rows(self) -> dict[str, tuple[int, int]]:
        """Return in which heap each file lies that is the same, and where in it."""
        rows = {
            name: (number, place) for number, heap in enumerate(self._heaps) for place, name in enumerate(heap.names)
        }
        return {name: rows[name] for name in self._then.signatures if name in rows and self._is_same(name, *rows[name])}

    def _is_same(self, name: str, number: int, place: int) -> bool:
        heap, now = self._heaps[number], self._then.signatures[name]
        if heap.signatures[place] == now:
            return True
        if heap.digests[place] != _digest(self._then.root, name):
            return False
        if cache.is_settled(now, self._then.begun):
            heap.signatures[place] = tuple(now)
            self._stale = True
        return True

    def keep(self, made: Mapping[str, Found]) -> None:
        """Remember what was read besides, for the next run."""
        fresh = {name: found for name, found in made.items() if self._is_memorable(name, found)}
        if not (fresh or self._stale):
            return
        full = [number for number, places in self._places.items() if len(places) * 2 >= _FULL]
        loose = {name: self.found[name] for number in self._places.keys() - full for name in self._places[number]}
        heaps = [self._heaps[number] for number in sorted(full)]
        self._save([*heaps, *self._heaped({**loose, **fresh})])

    def _is_memorable(self, name: str, found: Found) -> bool:
        """Return whether the reading of a file comes from nothing but this file as it has lain there for a while."""
        one, then = found.announcement, self._then.signatures.get(name)
        if one is None or then is None or found.problems or found.repeats or one.pictures:
            return False
        return cache.is_settled(then, self._then.begun) and dict(_signatures(self._then.root, [name])).get(name) == then

    def _heaped(self, found: Mapping[str, Found]) -> Iterator[Heap]:
        names = sorted(found)
        for start in range(0, len(names), _FULL):
            some = names[start : start + _FULL]
            yield Heap(
                some,
                [tuple(self._then.signatures[name]) for name in some],
                [_digest(self._then.root, name) for name in some],
                _pickled([found[name] for name in some]),
            )


def _load(file: Path, key: bytes) -> list[Heap]:
    match _unpickled(cache.load(file) or b""):
        case (found, [*heaps]) if found == key:
            return [heap for heap in map(_heap, heaps) if heap]
    return []


def _save(file: Path, key: bytes, heaps: Sequence[Heap]) -> None:
    cache.keep(file, pickle.dumps((key, [tuple(heap) for heap in heaps]), protocol=5))


def _heap(found: object) -> Heap | None:
    """Return a heap as it was kept; None when it is none."""
    match found:
        case ([*names], [*signatures], [*digests], bytes(body)) if len(names) == len(signatures) == len(digests):
            return Heap(names, signatures, digests, body) if all(isinstance(name, str) for name in names) else None
    return None


def _values(heap: Heap) -> list[Found] | None:
    """Return the readings of a heap; None when they are not what it says."""
    values = _unpickled(heap.body)
    right = (
        isinstance(values, list) and len(values) == len(heap.names) and all(isinstance(one, Found) for one in values)
    )
    return values if right else None  # type: ignore[return-value]  # looked at above


def _signatures(root: Path, names: Iterable[str]) -> Iterator[tuple[str, Signature]]:
    for name in names:
        with suppress(OSError):
            yield name, cache.signature(os.stat(f"{root}/{name}"))  # noqa: PTH116 - there may be thousands


def _digest(root: Path, name: str) -> bytes:
    body = cache.load(root / name)
    return b"" if body is None else hashlib.blake2b(body, digest_size=16).digest()


def _make(kind: type, values: tuple[object, ...]) -> object:
    """Return a value of one of our dataclasses from those of its fields, in half the time of its own `__setstate__`."""
    made: object = object.__new__(kind)
    for put, value in zip(_putters(kind), values, strict=True):
        put(made, value)
    return made


@lru_cache(maxsize=256)
def _putters(kind: Any) -> tuple[Callable[[object, object], None], ...]:
    """Return what puts a value into each field of a frozen dataclass with slots."""
    return tuple(getattr(kind, field.name).__set__ for field in fields(kind))


@lru_cache(maxsize=256)
def _taker(kind: Any) -> Callable[[object], object] | None:
    """Return what takes the values of a dataclass's fields; None for other types."""
    if not is_dataclass(kind):
        return None
    names = [field.name for field in fields(kind)]
    return attrgetter(*names) if len(names) > 1 else lambda value: tuple(getattr(value, name) for name in names)


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        """Return how a value is made anew."""
        kind: Any = type(value)
        taker = _taker(kind)
        return (_make, (kind, taker(value))) if taker else NotImplemented


def _pickled(value: object) -> bytes:
    body = io.BytesIO()
    _Pickler(body, protocol=5).dump(value)
    return body.getvalue()


class _Unpickler(pickle.Unpickler):
    """Makes values of our model, and refuses to look up anything else."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class by its name, or what makes a value of one."""
        return _make if (module, name) == (_make.__module__, _make.__name__) else _KINDS[module, name]


def _unpickled(body: bytes) -> object:
    """Return what was kept; None when it is damaged, in whatever way."""
    try:
        return _Unpickler(io.BytesIO(body)).load()
    except Exception:  # noqa: BLE001 - pickle says that it may be any
        return None
