"""A store that is not waited for: for questions that are worth asking and not worth a delay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

from statusgen.errors import StoreError
from statusgen.ports import Blob, Listed, ObjectStore

PATIENCE = 3.0
"""Seconds that an answer is waited for; a server that is well takes a tenth of one."""

THREAD = "question"

Answer = TypeVar("Answer")


class Impatient:
    """An object store over another one, whose answers are given up after a few seconds.

    What is changed is waited for: nobody would know whether it happened.
    """

    def __init__(self, real: ObjectStore, patience: float = PATIENCE) -> None:
        self._real = real
        self._patience = patience

    @property
    def name(self) -> str:
        """How users know the real one."""
        return self._real.name

    def list(self, prefix: str = "", after: str = "") -> Sequence[Listed]:
        """Return the listing; raise `StoreError` when it is late."""
        return self._ask("list", prefix or self.name, lambda: self._real.list(prefix, after))

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return the bodies; raise `StoreError` when they are late."""
        return self._ask("read", keys[0] if keys else self.name, lambda: self._real.read(keys))

    def write(self, blobs: Sequence[Blob]) -> None:
        """Write, however long it takes."""
        self._real.write(blobs)

    def delete(self, keys: Sequence[str]) -> None:
        """Delete, however long it takes."""
        self._real.delete(keys)

    def _ask(self, operation: str, key: str, question: Callable[[], Answer]) -> Answer:
        """Ask in a thread of its own, which is left to itself when the answer is late."""
        answer: Future[Answer] = Future()

        def ask() -> None:
            try:
                answer.set_result(question())
            except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for it
                answer.set_exception(error)

        Thread(target=ask, name=THREAD, daemon=True).start()
        try:
            return answer.result(self._patience)
        except TimeoutError:
            raise StoreError(operation, key, "no answer in time") from None
