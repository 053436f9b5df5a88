"""The windows of a maintenance: the one above its text, and those that its updates put in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from statusgen.config.content_documents import MaintenanceUpdateDocument
from statusgen.config.reading import Reading
from statusgen.config.updates import Told
from statusgen.model.announcement import Window
from statusgen.model.words import MaintenancePhase

Work = Told[MaintenancePhase, MaintenanceUpdateDocument]

_OVER = frozenset({MaintenancePhase.COMPLETED, MaintenancePhase.CANCELLED})


def windows(first: Window, told: Sequence[Work], reading: Reading) -> Iterator[Window | None]:
    """Yield the new window that each update gives a maintenance, None where it leaves it; problems in `reading`."""
    plan = first
    for update in told:
        moved = _moved(plan, update, reading)
        plan = moved or plan
        yield moved


def _moved(plan: Window, update: Work, reading: Reading) -> Window | None:
    starts, ends = update.said.starts, update.said.ends
    if starts is None and ends is None:
        return None
    if update.phase in _OVER:
        message = f"a maintenance that is {update.phase} has no new window"
        key = "starts" if starts else "ends"
        reading.wrong(update.place(key), key, message, "announce another maintenance for it")
        return None
    if starts is not None and update.phase is not MaintenancePhase.SCHEDULED:
        message = f"a maintenance that is {update.phase} cannot start at another time"
        hint = "give only a new 'ends', or write 'cancelled' and announce another maintenance"
        reading.wrong(update.place("starts"), "starts", message, hint)
        return None
    if ends is None:
        hint = "add 'ends: 2022-12-08T18:00Z' below it: readers must hear both"
        reading.wrong(update.place("starts"), "starts", "a new start needs a new end", hint)
        return None
    moved = Window(starts or plan.start, ends)
    if moved.end <= moved.start:
        hint = "check the dates and the zones of 'starts' and 'ends'"
        reading.wrong(update.place("ends"), "ends", "the new window ends before it starts", hint)
        return None
    return moved
