"""Runs that come later than a page looks back, such as those of an agent that was away for a season.

They lie in the state as raw objects, which every run lists, until the figures of their days have been made again. Only
then they are merged: a process that is killed in between leaves them to the next run, which finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta

from statusgen.errors import StoreError
from statusgen.history import contents
from statusgen.history.codec import LONGEST_HOLD
from statusgen.history.contents import VanishedError
from statusgen.history.housekeeping import Housekeeper
from statusgen.history.listing import take
from statusgen.history.once import told_elsewhere
from statusgen.ports import ObjectStore


def merge_late(state: ObjectStore, days: Collection[date], *, now: datetime, warn: Callable[[str], None]) -> None:
    """Merge the objects of the days that `Record.late` names. A failure is a warning."""
    if not days:
        return
    keeper = Housekeeper(state, warn=warn, allowed=True)
    try:
        listing = take(state, first=min(days), last=max(days), warn=told_elsewhere)
        for day in sorted(days):
            keeper.merge(day, contents.read(state, listing.of(day), now=now, warn=told_elsewhere))
    except VanishedError:  # somebody else is at it
        return
    except StoreError as error:
        keeper.give_up(error)


def touched(days: Collection[date]) -> frozenset[date]:
    """Return the days that may look different with what came of some: those, and for how long an observation speaks."""
    return frozenset(day + timedelta(days=later) for day in days for later in range(LONGEST_HOLD.days + 1))
