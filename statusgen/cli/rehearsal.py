"""A store for dry runs: it reads through, and what is written to it is seen by this run alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from statusgen.ports import Blob, Listed, ObjectStore

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Rehearsal:
    """An object store over another one, which it never changes."""

    def __init__(self, real: ObjectStore) -> None:
        self._real = real
        self._written: dict[str, bytes] = {}
        self._deleted: set[str] = set()

    @property
    def name(self) -> str:
        """How users know the real one."""
        return self._real.name

    def list(self, prefix: str = "", after: str = "") -> Sequence[Listed]:
        """Return what would be there."""
        hidden = self._deleted | set(self._written)
        real = [listed for listed in self._real.list(prefix, after) if listed.key not in hidden]
        own = [_listed(key, body) for key, body in self._written.items() if key.startswith(prefix) and key > after]
        return sorted((*real, *own), key=lambda listed: listed.key.encode())

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return the bodies that would be there."""
        real = [key for key in keys if key not in self._written and key not in self._deleted]
        own = {key: self._written[key] for key in keys if key in self._written}
        return {**(self._real.read(real) if real else {}), **own}

    def write(self, blobs: Sequence[Blob]) -> None:
        """Remember them until the end of the run."""
        self._written |= {blob.key: blob.body for blob in blobs}
        self._deleted -= {blob.key for blob in blobs}

    def delete(self, keys: Sequence[str]) -> None:
        """Hide them until the end of the run."""
        for key in keys:
            self._written.pop(key, None)
        self._deleted |= set(keys)


def _listed(key: str, body: bytes) -> Listed:
    md5 = hashlib.md5(body, usedforsecurity=False).hexdigest()
    return Listed(key=key, size=len(body), etag=md5, modified=_LONG_AGO)
