"""The digests of a folder's files, remembered so that a listing need not read what has not changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from statusgen import cache
from statusgen.cache import Signature

Digest = Callable[[str, str, os.stat_result], str | None]
"""Told a key, its file and what the system says of that, answers with the hexadecimal MD5; may raise `OSError`."""

_Known = dict[str, tuple[Signature, str]]


class Digests:
    """MD5 digests of files by their keys; without a file to keep them in, each is made every time."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    @classmethod
    def of_folder(cls, folder: Path, memory: Path | None) -> Digests:
        """Return those of a folder, kept in a file of another."""
        name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
        return cls(memory / f"listing-{name}.json" if memory else None)

    @contextmanager
    def listing(self, *, whole: bool) -> Iterator[Digest]:
        """Hand out what digests the files of a listing; what a whole one has seen is kept."""
        known, seen = self._load(), _Known()
        at = cache.instant(self._path.parent) if self._path else 0

        def digest(key: str, path: str, found: os.stat_result) -> str:
            now = cache.signature(found)
            there = known.get(key)
            if there is None or there[0] != now:
                there = now, hashlib.md5(Path(path).read_bytes(), usedforsecurity=False).hexdigest()
            if cache.is_settled(now, at):
                seen[key] = there
            return there[1]

        yield digest
        if whole and self._path and seen != known:
            rows = {key: [*name, md5] for key, (name, md5) in seen.items()}
            cache.keep(self._path, json.dumps(rows, separators=(",", ":")).encode())

    def _load(self) -> _Known:
        try:
            rows = json.loads((cache.load(self._path) if self._path else None) or b"{}")
            return {key: (Signature(*numbers), str(digest)) for key, (*numbers, digest) in rows.items()}
        except (ValueError, TypeError, AttributeError, RecursionError):
            return {}
