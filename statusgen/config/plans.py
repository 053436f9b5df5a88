"""The windows of a maintenance: the one above its text, and those that its updates put in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from statusgen.config.content_documents import MaintenanceUpdateDocument
from statusgen.config.reading import Reading
from statusgen.config.updates import KEY, Told
from statusgen.evaluate.recurrence import Places, day_of, is_skipped, windows_until
from statusgen.model.announcement import Recurrence, Window
from statusgen.model.words import MaintenancePhase

Work = Told[MaintenancePhase, MaintenanceUpdateDocument]

_OVER = frozenset({MaintenancePhase.COMPLETED, MaintenancePhase.CANCELLED})


@dataclass(frozen=True, slots=True)
class Life:
    """What the updates of a maintenance do: the new window of each, None where it leaves it, and which follow another.

    In a series those of each occurrence follow one another, and no others.
    """

    windows: tuple[Window | None, ...]
    rows: tuple[tuple[Work, ...], ...]


def life(first: Window, recurrence: Recurrence | None, told: Sequence[Work], reading: Reading) -> Life:
    """Return what updates do to a maintenance whose first window is given; problems in `reading`."""
    last = max((update.at for update in told), default=first.start)
    places = Places(windows_until(first, recurrence, last) if recurrence else [first])
    rows: dict[int, list[Work]] = {}
    found: list[Window | None] = []
    for update in told:
        index = places.of(update.at, update.phase)
        rows.setdefault(index, []).append(update)
        moved = _moved(places.window(index), update, reading)
        if moved:
            places.moved[index] = moved
        found.append(moved)
    if recurrence:
        _check_skipped(places.windows, recurrence, rows, reading)
    return Life(tuple(found), tuple(map(tuple, rows.values())))


def _check_skipped(
    windows: Sequence[Window], recurrence: Recurrence, rows: Mapping[int, Sequence[Work]], reading: Reading
) -> None:
    """Refuse what is said of an occurrence that is called off, unless it says why."""
    for index, row in rows.items():
        start = windows[index].start
        for update in row if is_skipped(start, recurrence) else ():
            if update.phase is not MaintenancePhase.CANCELLED:
                message = f"this speaks of {day_of(start, recurrence)}, a day that is in 'skips'"
                hint = "delete the day from 'skips', or write 'cancelled' and why"
                reading.wrong(update.phase_at, KEY, message, hint)


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
