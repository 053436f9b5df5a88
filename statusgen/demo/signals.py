"""Ending in an orderly way: every usual way to end a program unwinds it, and nothing interrupts the tidying."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SHELLS_ADD = 128


@contextmanager
def unwinding() -> Iterator[None]:
    """Let SIGTERM and SIGHUP unwind the block as Ctrl-C does; for the main thread."""
    before = {number: signal.getsignal(number) for number in _ENDING}
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _unwind)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def undisturbed_end() -> Iterator[None]:
    """Ignore all three from the end of the block on, until the `unwinding` around it ends."""
    try:
        yield
    finally:
        for number in _ENDING:
            signal.signal(number, signal.SIG_IGN)


def _unwind(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(_SHELLS_ADD + number)
