"""Single observations, which nothing on the page needs: they are read when somebody asks how a day came about."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta

from statusgen.history import codec, contents
from statusgen.history.boundary import as_state_error
from statusgen.history.contents import VanishedError
from statusgen.history.listing import take
from statusgen.history.recall import LISTINGS
from statusgen.model.observation import Observation
from statusgen.ports import ObjectStore


def observed(state: ObjectStore, day: date, *, now: datetime, warn: Callable[[str], None]) -> tuple[Observation, ...]:
    """Return what was observed on a UTC day, however long ago, in order of time. Raises `StateError`.

    A run that began on the eve may have observed after midnight, so its objects are read too. What is merged by
    somebody else meanwhile is looked for again.
    """
    with as_state_error(state, "read from"):
        for _ in range(LISTINGS - 1):
            with suppress(VanishedError):
                return _observed(state, day, now, warn, strict=True)
        return _observed(state, day, now, warn, strict=False)


def _observed(
    state: ObjectStore, day: date, now: datetime, warn: Callable[[str], None], *, strict: bool
) -> tuple[Observation, ...]:
    days = (day - timedelta(days=1), day)
    listing = take(state, first=days[0], last=days[1], warn=warn)
    stored = [one for one_day in days for one in listing.of(one_day)]
    read = contents.read(state, stored, now=now, warn=warn, strict=strict)
    found = contents.observations(read, now=now, warn=warn)
    return tuple(sorted((one for one in found if one.at.date() == day), key=lambda one: (one.at, codec.encode(one))))
