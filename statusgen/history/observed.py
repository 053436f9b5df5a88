"""Single observations, which nothing on the page needs: they are read when somebody asks how a day came about."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta

from statusgen.history import codec, contents
from statusgen.history.boundary import as_state_error
from statusgen.history.contents import AHEAD, VanishedError
from statusgen.history.listing import Listing, take
from statusgen.history.once import told_elsewhere
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
    eve = day - timedelta(days=1)
    listed = take(state, first=eve, last=day, warn=warn)
    listing = Listing({one: listed.of(one) for one in (eve, day)}).until(now + AHEAD, warn)
    found: dict[str, Observation] = {}
    for one_day, hear in ((eve, told_elsewhere), (day, warn)):  # lines of the eve are the eve's to tell of
        read = contents.read(state, listing.of(one_day), now=now, warn=warn, strict=strict)
        told = contents.observations(read, now=now, warn=hear)
        found |= {codec.encode(one): one for one in told if one.at.date() == day}
    return tuple(found[line] for line in sorted(found, key=lambda line: (found[line].at, line)))
