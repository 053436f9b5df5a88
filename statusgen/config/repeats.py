"""A maintenance that comes again: whether what is written of it fits together."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, takewhile

from statusgen.config.content_documents import MaintenanceDocument
from statusgen.config.nodes import Table, children, find
from statusgen.config.reading import Reading
from statusgen.evaluate.recurrence import day_of, some_starts, starts
from statusgen.model.announcement import Recurrence

_LOOKED_AT = 60
"""Occurrences whose distance is looked at, to see that each is over before the next begins."""


def read_recurrence(document: MaintenanceDocument, table: Table, reading: Reading) -> Recurrence | None:
    """Return how a maintenance comes again; None when it does not, or when something is wrong with it."""
    if document.repeats is None:
        for key, value in (("zone", document.zone), ("skips", document.skips)):
            if value:
                hint = "add 'repeats: FREQ=MONTHLY;BYDAY=1SU', or delete this key"
                reading.wrong(find(table, [key]), key, "a maintenance that does not repeat has no use for it", hint)
        return None
    if document.zone is None:
        hint = "add 'zone: Europe/Berlin', the place whose clock it follows, or 'zone: UTC'"
        reading.wrong(find(table, ["repeats"]), "zone", "the key is missing", hint)
        return None
    recurrence = Recurrence(rule=document.repeats, zone=document.zone, skips=frozenset(document.skips))
    return recurrence if _fits(document, recurrence, table, reading) else None


def _fits(document: MaintenanceDocument, recurrence: Recurrence, table: Table, reading: Reading) -> bool:
    first = some_starts(document.starts, recurrence, _LOOKED_AT)
    day = day_of(document.starts, recurrence)
    if not first:
        reading.wrong(find(table, ["repeats"]), "repeats", "there is no day that fits this rule", "")
        return False
    if day_of(first[0], recurrence) != day:
        message = f"the first day is {_named(day)}, which does not fit 'repeats'"
        hint = f"the first one that does is {_named(day_of(first[0], recurrence))}"
        reading.wrong(find(table, ["starts"]), "starts", message, hint)
        return False
    if any(later - earlier < document.ends - document.starts for earlier, later in pairwise(first)):
        message = "the maintenance is not over when it begins again"
        reading.wrong(find(table, ["repeats"]), "repeats", message, "check 'starts', 'ends' and how often it repeats")
        return False
    return _check_skips(document, recurrence, table, reading)


def _check_skips(document: MaintenanceDocument, recurrence: Recurrence, table: Table, reading: Reading) -> bool:
    last = max(document.skips, default=date.min)
    until = takewhile(lambda day: day <= last, (day_of(one, recurrence) for one in starts(document.starts, recurrence)))
    days = dict.fromkeys(until)
    strange = [
        (day, item.at) for day, item in zip(document.skips, children(table, "skips"), strict=True) if day not in days
    ]
    for day, at in strange:
        near = [one for one in days if abs(one - day) <= timedelta(days=45)]
        hint = f"near it are {', '.join(map(str, near))}" if near else ""
        reading.wrong(at, "skips", f"there is no occurrence on {_named(day)}", hint)
    return not strange


def _named(day: date) -> str:
    return f"{day:%A} {day}"
