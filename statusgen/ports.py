"""The protocols between the core and the world. A protocol exists where two implementations do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from statusgen.model.observation import Finding
from statusgen.values import CheckDocument

T = TypeVar("T")
R = TypeVar("R")


class Crew(Protocol):
    """Does the same with many things, perhaps several at a time."""

    def each(self, work: Callable[[T], R], things: Sequence[T]) -> Sequence[R]:
        """Return what the work makes of each thing, in their order.

        It may be done elsewhere and more than once, so all that comes of it is what it returns. When it raises, that
        is the error of the first thing for which it does.
        """
        ...


class Alone:
    """A crew of one: one thing after the other."""

    def each(self, work: Callable[[T], R], things: Sequence[T]) -> Sequence[R]:
        """Return what the work makes of each thing, in their order."""
        return [work(thing) for thing in things]


ALONE = Alone()


class Clock(Protocol):
    """Tells and passes the time."""

    def now(self) -> datetime:
        """Return the instant, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go backwards, from an arbitrary start."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait without blocking other probes."""
        ...


class MissingSecretError(LookupError):
    """A prober asked for a secret that the environment does not hold."""


class Secrets(Protocol):
    """Secrets by the name of their environment variable; values are never printed and never stored."""

    def get(self, name: str) -> str:
        """Return the value; raise `MissingSecretError` when it is unset or empty."""
        ...


class Prober(Protocol):
    """Carries out one kind of check once.

    It never raises for what the target does: that is a `Finding`. It need not watch the clock either: `sweep` cancels
    it at the check's deadline and calls that a `timeout`, so it must not swallow cancellation. A deadline of its own is
    `sweep.attention.within`. It may raise `MissingSecretError`.
    """

    async def __call__(self, spec: Any, secrets: Secrets) -> Finding:
        """Probe once and say what was found."""
        ...


@dataclass(frozen=True, slots=True)
class ProbeKind:
    """One kind of check: the keys people write for it, and the prober that takes what those keys say."""

    document: type[CheckDocument]
    probe: Prober

    @property
    def name(self) -> str:
        """The word in `checks/`, such as `http`."""
        return self.document.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """An object to write: `key` is relative to the store's prefix, without a slash at either end."""

    key: str
    body: bytes
    content_type: str = "application/octet-stream"
    cache_control: str = "no-store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a listing says of an object.

    `etag` is the hexadecimal MD5 of its body, or None where the store cannot tell, or was not opened for that.
    """

    key: str
    size: int
    etag: str | None
    modified: datetime


class ObjectStore(Protocol):
    """A flat set of named objects, below one prefix that it never leaves.

    Every method raises `StoreError` and nothing else. A batch may run in parallel; no order within it is promised.
    """

    @property
    def name(self) -> str:
        """How users know it, such as `s3://bucket/prefix`; never holds a secret."""
        ...

    def list(self, prefix: str = "", after: str = "") -> Sequence[Listed]:
        """Return the objects whose key starts with `prefix` and sorts after `after`, by key (UTF-8 byte order)."""
        ...

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return the bodies; a key that does not exist (any more) is left out."""
        ...

    def write(self, blobs: Sequence[Blob]) -> None:
        """Write every object whole; after a failure `StoreError.done` holds the keys that were written."""
        ...

    def delete(self, keys: Sequence[str]) -> None:
        """Delete; a key that does not exist is no error."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a reader got: the answer with its body decoded, or the trouble there was in getting one.

    `age` is how many seconds a cache says that it has held it, `encoding` how the body was packed on its way.
    """

    status: int = 0
    body: bytes = b""
    content_type: str = ""
    cache_control: str = ""
    age: int | None = None
    encoding: str = ""
    trouble: str = ""


class Reader(Protocol):
    """Somebody out there who opens addresses."""

    def get(self, urls: Sequence[str]) -> Mapping[str, Reply]:
        """Return what is answered to each address; never raises for what an address does."""
        ...


class Poster(Protocol):
    """Sends requests to a webhook."""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Return the status of the answer, or the trouble there was; never raises for what is there."""
        ...


class Progress(Protocol):
    """Hears how a long command gets on."""

    def start(self, what: str, total: int) -> None:
        """A stage begins, with so many steps."""
        ...

    def advance(self, size: int = 0) -> None:
        """One step of the stage is done, in which so many bytes were sent."""
        ...

    def retried(self) -> None:
        """A request to a store did not succeed and is tried again; said in any thread."""
        ...

    def done(self, summary: str) -> None:
        """The stage is over."""
        ...

    def warn(self, message: str) -> None:
        """Something is odd but does not stop the run."""
        ...
