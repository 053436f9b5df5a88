"""A store for observations that lets out nothing that must stay in, whatever a prober or a plugin says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from statusgen.history.keys import RAW
from statusgen.ports import Blob, Listed, ObjectStore
from statusgen.publish.leaks import Search

_SAID = ("facts", "phases", "reason")
"""What is said of an observation. Its ids are written by people, and its outcome is one of a few words."""


class Guarded:
    """An object store over another one: an observation that would leak is kept without what it says beside its outcome.

    What is made of observations is made of those that went through here. The outcome is the truth, and is always kept.
    """

    def __init__(self, real: ObjectStore, search: Search, warn: Callable[[str], None]) -> None:
        self._real = real
        self._search = search
        self._warn = warn

    @property
    def name(self) -> str:
        """How users know the real one."""
        return self._real.name

    def list(self, prefix: str = "", after: str = "") -> Sequence[Listed]:
        """Return what the real one lists."""
        return self._real.list(prefix, after)

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return what the real one holds."""
        return self._real.read(keys)

    def write(self, blobs: Sequence[Blob]) -> None:
        """Write every object, runs without what would leak."""
        self._real.write([self._clean(blob) for blob in blobs])

    def delete(self, keys: Sequence[str]) -> None:
        """Delete in the real one."""
        self._real.delete(keys)

    def _clean(self, blob: Blob) -> Blob:
        if not blob.key.startswith(RAW) or not self._found(blob.body):
            return blob
        return replace(blob, body=b"\n".join(self._lines(blob)))

    def _lines(self, blob: Blob) -> Iterator[bytes]:
        for line in blob.body.split(b"\n"):
            yield self._line(line) if self._found(line) else line

    def _line(self, line: bytes) -> bytes:
        """Return an observation without what would leak; nothing of what is none."""
        try:
            said = json.loads(line)
            held = {name: what for name in _SAID if (what := self._found(_json(said.get(name))))}
        except (ValueError, AttributeError, RecursionError):
            return b""
        if not held:  # it is in the ids alone, which are no secret
            return line
        what = " and ".join(sorted(set(held.values())))
        self._warn(f"an observation of {said.get('check')!r} is kept without its words, for they hold {what}")
        return _json({name: value for name, value in said.items() if name not in held})

    def _found(self, text: bytes) -> str:
        return " and ".join(sorted(set(self._search.found_in(text))))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
