"""Single observations of a day, which nothing on the page needs: they are read when somebody asks how it came about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from statusgen.history import contents
from statusgen.history.boundary import as_state_error
from statusgen.history.listing import take
from statusgen.model.observation import Observation
from statusgen.ports import ObjectStore


def observed(state: ObjectStore, day: date, *, now: datetime, warn: Callable[[str], None]) -> tuple[Observation, ...]:
    """Return what was observed on a UTC day, however long ago, in order of time. Raises `StateError`.

    A run that began on the eve may have observed after midnight, so its objects are read too.
    """
    days = (day - timedelta(days=1), day)
    with as_state_error(state, "read from"):
        listing = take(state, first=days[0], last=days[1], warn=warn)
        stored = [one for one_day in days for one in listing.of(one_day)]
        read = contents.read(state, stored, now=now, warn=warn, strict=False)
    found = contents.observations(read, now=now, warn=warn)
    return tuple(sorted((one for one in found if one.at.date() == day), key=lambda one: one.at))
