"""Real implementations of the ports that live in memory. The suites in `tests/ports/` hold `MemoryStore` to the same
rules as a folder and a real S3 server.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from statusgen.errors import StoreError
from statusgen.ports import Blob, Listed, MissingSecretError
from statusgen.stores.names import check_keys

START = datetime(2022, 12, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a store: its method, and the keys or the prefix it was given."""

    method: str
    keys: tuple[str, ...]


class MemoryStore:
    """An object store in memory, with a clock of its own, a log of calls, and failures on order.

    `now` is what it stamps objects with. `broken` maps a method to the reason it fails with. `refused` holds keys that
    cannot be written.
    """

    def __init__(self, name: str = "memory:store") -> None:
        self._name = name
        self.now = START
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.blobs: dict[str, Blob] = {}
        self.calls: list[Call] = []
        self.broken: dict[str, str] = {}
        self.refused: set[str] = set()

    @property
    def name(self) -> str:
        """How users know it."""
        return self._name

    def list(self, prefix: str = "", after: str = "") -> Sequence[Listed]:
        """Return the objects whose key starts with `prefix` and sorts after `after`, by key."""
        self._enter("list", prefix)
        return [
            Listed(
                key=key, size=len(body), etag=hashlib.md5(body, usedforsecurity=False).hexdigest(), modified=modified
            )
            for key, (body, modified) in sorted(self.objects.items())
            if key.startswith(prefix) and key > after
        ]

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return the bodies of those that exist."""
        check_keys("read", keys)
        self._enter("read", *keys)
        return {key: self.objects[key][0] for key in keys if key in self.objects}

    def write(self, blobs: Sequence[Blob]) -> None:
        """Write every object, in the order given; the first failure ends it."""
        keys = [blob.key for blob in blobs]
        check_keys("write", keys)
        self._enter("write", *keys)
        for number, blob in enumerate(blobs):
            if blob.key in self.refused:
                raise StoreError("write", blob.key, "access denied", done=keys[:number])
            self.objects[blob.key] = (blob.body, self.now)
            self.blobs[blob.key] = blob

    def delete(self, keys: Sequence[str]) -> None:
        """Delete; what does not exist is no error."""
        check_keys("delete", keys)
        self._enter("delete", *keys)
        for key in keys:
            self.objects.pop(key, None)
            self.blobs.pop(key, None)

    def keys(self, prefix: str = "") -> tuple[str, ...]:
        """Return the keys held, without counting as a call."""
        return tuple(sorted(key for key in self.objects if key.startswith(prefix)))

    def requests(self) -> int:
        """Return how many requests the calls so far would be to a server: a listing one, every key one."""
        return sum(1 if call.method == "list" else len(call.keys) for call in self.calls)

    def _enter(self, method: str, *keys: str) -> None:
        self.calls.append(Call(method, keys))
        if reason := self.broken.get(method):
            raise StoreError(method, (keys and keys[0]) or self._name, reason)


class FakeClock:
    """A clock that moves only when told to, or when somebody sleeps; `slept` holds the seconds of each sleep."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Return the instant."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds since the start of 2022."""
        return (self._now - datetime(2022, 1, 1, tzinfo=UTC)).total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.slept.append(seconds)
        self.advance(timedelta(seconds=seconds))

    def advance(self, by: timedelta) -> None:
        """Let the time pass."""
        self._now += by


class FixedSecrets:
    """Secrets from a mapping."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})

    def get(self, name: str) -> str:
        """Return the value; raise `MissingSecretError` when it is unset or empty."""
        if value := self._values.get(name):
            return value
        raise MissingSecretError(name)


@dataclass(slots=True)
class Notes:
    """A `Progress` that writes down what it hears, and a `warn` that tests may hand on."""

    stages: list[tuple[str, int]] = field(default_factory=list)
    steps: int = 0
    summaries: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def start(self, what: str, total: int) -> None:
        """Note a stage."""
        self.stages.append((what, total))

    def retried(self) -> None:
        """Note nothing."""

    def advance(self, size: int = 0) -> None:  # noqa: ARG002 - the protocol's
        """Note a step."""
        self.steps += 1

    def done(self, summary: str) -> None:
        """Note the end of a stage."""
        self.summaries.append(summary)

    def warn(self, message: str) -> None:
        """Note a warning."""
        self.warnings.append(message)
