"""Processes of a server: the whole tree is signalled, and none outlives the program that started it."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

_LAUNCH = Path(__file__).with_name("launch.py")
_running: set[subprocess.Popen[bytes]] = set()


def spawn(
    command: Sequence[str], folder: Path, log: Path, *, environment: Mapping[str, str], user: str = "-"
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C reaches only us; its output goes to the log.

    It is killed by the kernel when this process dies (Linux), and by us at exit. Call it from the main thread: on Linux
    a server dies with the thread that started it.
    """
    launch = [sys.executable, "-I", str(_LAUNCH), str(os.getpid()), user]
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - the programs are ours to name, never a user's
            [*launch, *command],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    _running.add(process)
    return process


def end(process: subprocess.Popen[bytes], *, asking: signal.Signals, limit: float) -> None:
    """End a program and all it started: first by asking, when the limit in seconds has passed by force."""
    tree = [process.pid, *descendants(process.pid)]
    send(tree, signal.SIGCONT)
    send([process.pid], asking)
    try:
        process.wait(limit)
    except subprocess.TimeoutExpired:
        tree += descendants(process.pid)
    send(tree if process.poll() is None else tree[1:], signal.SIGKILL)
    process.wait()
    wait_until(lambda: not any(map(is_alive, tree)), limit=limit)
    _running.discard(process)


def send(pids: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to each process that still exists."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def is_alive(pid: int) -> bool:
    """Return whether a process exists and is more than a dead one waiting for its parent."""
    fields = _stat(Path("/proc") / str(pid))
    return bool(fields) and fields[0] not in {"Z", "X"}


def descendants(pid: int) -> list[int]:
    """Return the processes that a process started, and those that these started."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        if fields := _stat(folder):
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def wait_until(true: Callable[[], bool], *, limit: float) -> bool:
    """Wait for a condition, at most the limit in seconds; return whether it came true."""
    deadline = time.monotonic() + limit
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _stat(folder: Path) -> list[str]:
    """Return the fields after the name: state, parent, group, session and so on; empty when it is gone."""
    try:
        return (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


@atexit.register
def _end_all() -> None:
    for process in tuple(_running):
        if process.poll() is None:
            send([*descendants(process.pid), process.pid], signal.SIGKILL)
            process.wait()
