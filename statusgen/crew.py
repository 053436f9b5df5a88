"""Several hands for the same work on many things, where the system lets a process split in two.

Each hand is a copy of this process (fork) that does its share and sends back what came of it. Nothing has to be handed
over, for a copy knows all that we know. A hand that fails, for whatever reason, is no trouble: the work is then done
here, one thing after the other, and what is wrong shows as it would have without it.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO, NoReturn, TypeVar

from statusgen.ports import ALONE, Crew

WORTH = 200
"""Things from which on a second hand saves more time than it takes to have one."""

MOST_HANDS = 4
"""More would save little, for not all work can be shared, and each takes some thirty megabytes."""

T = TypeVar("T")
R = TypeVar("R")


def choose_crew() -> Crew:
    """Return as many hands as this process has cores; one where a process cannot split, as on Windows and macOS."""
    if sys.platform != "linux":
        return ALONE
    return Hands(min(len(os.sched_getaffinity(0)), MOST_HANDS))


class Hands:
    """A crew of that many hands, of which this process is one."""

    def __init__(self, number: int) -> None:
        self.number = number

    def each(self, work: Callable[[T], R], things: Sequence[T]) -> Sequence[R]:
        """Return what the work makes of each thing, in their order."""
        if self.number < 2 or len(things) < WORTH:  # noqa: PLR2004 - a crew of one
            return ALONE.each(work, things)
        shares = self._shared(work, things)
        if shares is None:
            return ALONE.each(work, things)
        made: list[Any] = [None] * len(things)
        for number, share in enumerate(shares):
            made[number :: self.number] = share
        return made

    def _shared(self, work: Callable[[T], R], things: Sequence[T]) -> list[Sequence[R]] | None:
        """Return what each hand made of every so many-th thing, ours first; None when one of them failed."""
        with ExitStack() as over:
            try:
                hands = [over.enter_context(_hand(work, things[at :: self.number])) for at in range(1, self.number)]
                ours = [work(thing) for thing in things[:: self.number]]
                # written by ourselves, into pipes that nobody else has
                return [ours, *(pickle.load(hand) for hand in hands)]  # noqa: S301
            except Exception:  # noqa: BLE001 - what is wrong shows when the work is done once more
                return None


@contextmanager
def _hand(work: Callable[[T], R], things: Sequence[T]) -> Iterator[BinaryIO]:
    """Hand out what a copy of this process writes of its work; at the end nothing is left of it."""
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as read, os.fdopen(writer, "wb") as write:
        copy = os.fork()
        if not copy:
            read.close()  # whoever writes to a pipe that nobody reads any more, is told so and ends
            _work(work, things, write)
        write.close()
        try:
            yield read
        finally:
            os.kill(copy, signal.SIGKILL)
            os.waitpid(copy, 0)


def _work(work: Callable[[T], R], things: Sequence[T], write: BinaryIO) -> NoReturn:
    """Work as a copy: say nothing, whatever happens, and never return."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        gc.freeze()  # what we were born with is never rubbish, and looking at it would make it ours
        pickle.dump([work(thing) for thing in things], write, protocol=pickle.HIGHEST_PROTOCOL)
        write.flush()
    finally:
        os._exit(0)
