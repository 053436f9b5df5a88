"""What every real server here can do: start and be ready, stop, hang, go on; and leave nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from statusgen.demo.services import processes
from statusgen.demo.services.parts import ServiceError

_TAIL = 20


class Server(ABC):
    """A real server on loopback: one process tree, one folder below the one given, one set of ports for its life.

    Stopping and starting again keeps data and ports. As a context manager it starts on entry and stops on exit.
    """

    label = "server"
    ready_within = 60.0
    """Seconds it may take to be ready."""
    asking = signal.SIGTERM
    """The signal that asks it to end."""
    ends_within = 10.0
    """Seconds it may take to end when asked, before it is killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log.txt"
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @abstractmethod
    def command(self) -> list[str]:
        """Return the program and its arguments."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Return whether it does its work, not only whether it listens."""

    def prepare(self) -> None:  # noqa: B027 - most servers need nothing prepared
        """Make ready what must be there before each start."""

    def environment(self) -> Mapping[str, str]:
        """Return the variables it needs beside the common ones."""
        return {}

    def user(self) -> str:
        """Return the name of the user it runs as; `-` for the present one."""
        return "-"

    @property
    def running(self) -> bool:
        """Whether its process exists, answering or hung."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The first process of its tree; raises `ServiceError` when it is not running."""
        if self._process is None or not self.running:
            raise ServiceError(f"{self.label} is not running")
        return self._process.pid

    def start(self) -> None:
        """Start and wait until it does its work; raises `ServiceError` with the tail of its log when it does not."""
        if self.running:
            return
        self.prepare()
        self.launch()
        with ExitStack() as on_failure:
            on_failure.callback(self.stop)
            if not self._comes_up():
                raise ServiceError(self._what_went_wrong())
            on_failure.pop_all()

    def launch(self) -> None:
        """Start its process without waiting."""
        self._process = processes.spawn(
            self.command(), self.folder, self.log, environment=self._variables(), user=self.user()
        )

    def stop(self) -> None:
        """Stop for real, hung or not; does nothing when it is not running."""
        if self._process is not None:
            processes.end(self._process, asking=self.asking, limit=self.ends_within)
            self._process = None

    def pause(self) -> None:
        """Make it hang: the system still accepts connections for it, and nothing ever answers."""
        processes.send([self.pid, *processes.descendants(self.pid)], signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on where it hung."""
        processes.send([*processes.descendants(self.pid), self.pid], signal.SIGCONT)

    def restore(self) -> None:
        """Make it run and answer again, whether it was stopped, hung or neither."""
        if self.running:
            self.resume()
        self.start()

    def tail(self) -> str:
        """Return the last lines of its log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-_TAIL:])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _comes_up(self) -> bool:
        ended_or_ready = processes.wait_until(lambda: not self.running or self.is_ready(), limit=self.ready_within)
        return ended_or_ready and self.running

    def _what_went_wrong(self) -> str:
        state = f"was not ready within {self.ready_within:.0f} s" if self.running else "ended at once"
        return f"{self.label} {state}; the end of its log:\n{self.tail()}"

    def _variables(self) -> dict[str, str]:
        """Return its whole environment: nothing of ours is handed on, so no secret of the operator's either."""
        common = {"PATH": os.defpath, "HOME": str(self.folder), "TMPDIR": str(self.folder), "LC_ALL": "C", "TZ": "UTC"}
        return {**common, **self.environment()}
