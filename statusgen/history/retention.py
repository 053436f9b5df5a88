"""Forgetting on purpose: whole UTC days that are older than people want to keep, and nothing else.

Old days are looked for among the names of segments and summaries; what is not named as ours is never touched.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from statusgen.errors import StoreError
from statusgen.history.keys import SEGMENTS, SUMMARIES, SegmentKey, parse, summary_month
from statusgen.ports import ObjectStore

SHORTEST = timedelta(days=100)
"""No day is forgotten sooner: a page shows ninety of them."""

MOST = 1000
"""Objects deleted in one run at most; the next day goes on."""


def expired(names: Iterable[str], oldest: date) -> tuple[str, ...]:
    """Return the names, in order, of what holds nothing but days before `oldest`."""
    return tuple(sorted(name for name in names if (last := _last_day(name)) is not None and last < oldest))


def forget(state: ObjectStore, keep: timedelta, *, now: datetime, warn: Callable[[str], None]) -> int:
    """Delete the days that are older than `keep` and return how many objects that were; a refusal is a warning.

    What is deleted is gone for ever, so a clock that is ahead is not believed: it is no later than the store last
    wrote a segment or a summary, which it did when the last day closed.
    """
    oldest = (now - max(keep, SHORTEST)).date()
    try:
        listed = [*state.list(SEGMENTS), *state.list(SUMMARIES)]
        written = max((one.modified for one in listed), default=now)
        oldest = (min(now, written) - max(keep, SHORTEST)).date()
        doomed = expired((one.key for one in listed), oldest)[:MOST]
        if doomed:
            state.delete(doomed)
    except StoreError as error:
        warn(f"days before {oldest} cannot be forgotten: {error}; the next day tries again")
        return 0
    return len(doomed)


def _last_day(name: str) -> date | None:
    """Return the last day that an object can tell of; None when it is not one that is ever forgotten."""
    key = parse(name)
    if isinstance(key, SegmentKey):
        return key.day
    if found := summary_month(name):
        year, month = found
        return date(year, month, calendar.monthrange(year, month)[1])
    return None
