"""Several processes on one store, one call at a time, in an order that a test chooses; any of them may crash, and any
call may fail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from statusgen.errors import StoreError
from statusgen.ports import Blob, Listed, ObjectStore
from tests.fakes import MemoryStore

When = Literal["before", "after"]
"""A call that is interrupted has not taken effect, or has."""


class Crash(BaseException):
    """The process is killed."""


class Walker:
    """A process that works on a store and halts before each call until it is told to go on.

    `stale` is a listing of the past: while it is set, the walker sees it in place of the present one. `before` is the
    method of the call before which it has halted.
    """

    def __init__(self, store: MemoryStore, work: Callable[[ObjectStore], object]) -> None:
        self._store = store
        self._work = work
        self._go = threading.Semaphore(0)
        self._halted = threading.Semaphore(0)
        self._crash: When | Literal[""] = ""
        self._fault: When | Literal[""] = ""
        self.stale: Sequence[Listed] | None = None
        self.before = ""
        self.done = False
        self.error: BaseException | None = None
        self.answer: object = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._halted.acquire()

    @property
    def name(self) -> str:
        """How users know the store."""
        return self._store.name

    def list(self, prefix: str = "", after: str = "") -> Sequence[Listed]:
        """List what is there, or what was."""
        listed: Sequence[Listed] = self._call("list", prefix, after)
        if self.stale is None:
            return listed
        return [one for one in self.stale if one.key.startswith(prefix) and one.key > after]

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Read when told to."""
        answer: Mapping[str, bytes] = self._call("read", keys)
        return answer

    def write(self, blobs: Sequence[Blob]) -> None:
        """Write when told to."""
        self._call("write", blobs)

    def delete(self, keys: Sequence[str]) -> None:
        """Delete when told to."""
        self._call("delete", keys)

    def step(self) -> None:
        """Let it make the call before which it has halted, and go on to the next."""
        if not self.done:
            self._go.release()
            self._halted.acquire()
        if self.error:
            raise self.error

    def crash(self, when: When) -> None:
        """Kill it, before or after the call takes effect."""
        self._crash = when
        self.step()

    def fail(self, when: When) -> None:
        """Let the call fail, before or after it takes effect."""
        self._fault = when
        self.step()

    def go_to(self, method: str) -> bool:
        """Let it go on until it is about to call a method; return whether it ever is."""
        while not self.done and self.before != method:
            self.step()
        return not self.done

    def finish(self) -> None:
        """Let it come to its end."""
        while not self.done:
            self.step()
        self._thread.join()

    def _run(self) -> None:
        try:
            self.answer = self._work(self)
        except Crash:
            pass
        except BaseException as error:  # noqa: BLE001 - handed to the test
            self.error = error
        finally:
            self.done = True
            self._halted.release()

    def _call(self, method: str, *arguments: Any) -> Any:
        if not self._crash:
            self.before = method
            self._halted.release()
            self._go.acquire()
        if self._crash == "before":
            raise Crash
        if self._crash == "after":
            self._crash = "before"
            getattr(self._store, method)(*arguments)
            raise Crash
        fault, self._fault = self._fault, ""
        answer = None if fault == "before" else getattr(self._store, method)(*arguments)
        if fault:
            raise StoreError(method, self.name, "no answer in time")
        return answer


class Requester(Walker):
    """A walker whose batches are many calls, one for each object, as they are on a server."""

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Read one by one."""
        return {name: body for key in keys for name, body in super(Requester, self).read([key]).items()}

    def write(self, blobs: Sequence[Blob]) -> None:
        """Write one by one."""
        for number, blob in enumerate(blobs):
            try:
                super().write([blob])
            except StoreError as error:
                done = [one.key for one in blobs[:number]]
                raise StoreError(error.operation, error.key, error.reason, done=done) from error

    def delete(self, keys: Sequence[str]) -> None:
        """Delete one by one."""
        for key in keys:
            super().delete([key])
