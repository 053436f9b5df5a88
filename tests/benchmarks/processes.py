"""Processes whose memory is watched, on cores of their own where there is more than one."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = CORES[-1], CORES[0]


def on_core(core: int) -> list[str]:
    """Return what goes before a command to keep it on one core."""
    return ["taskset", "--cpu-list", str(core)]


class Peak:
    """The most memory that a process ever held, asked for again and again until it ends."""

    def __init__(self, pid: int) -> None:
        self._status = Path(f"/proc/{pid}/status")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        self.mib = 0.0

    def end(self) -> None:
        """Look a last time."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.is_set():
            with suppress(OSError):
                if found := re.search(r"VmHWM:\s+(\d+) kB", self._status.read_text()):
                    self.mib = int(found[1]) / 1024
            self._ended.wait(0.02)


@contextmanager
def watched(command: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], Peak]]:
    """Run a command, with its output for us and its complaints for nobody; it is over afterwards."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        peak = Peak(process.pid)
        try:
            yield process, peak
        finally:
            process.terminate()
            peak.end()
