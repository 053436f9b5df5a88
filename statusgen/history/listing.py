"""What lies in the state: raw objects and segments by day, from a few listings.

Segments are listed by month, so that a listing is as long after five years as after one quarter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain

from statusgen.history.keys import RAW, SEGMENTS, RawKey, SegmentKey, months, parse
from statusgen.ports import Listed, ObjectStore

YOUNG = timedelta(minutes=15)
"""How long a new object is left alone, so that a reader between listing and reading seldom misses one.

Politeness only: nothing is lost without it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An object of ours as listed; `settled` when it may be merged into a segment."""

    key: RawKey | SegmentKey
    size: int
    settled: bool

    @property
    def name(self) -> str:
        """Its key in the store."""
        return str(self.key)


@dataclass(frozen=True, slots=True)
class Listing:
    """The objects of ours by day, each day's by name; days without any are absent.

    `newest` is when the newest of them was written, by the store's own clock.
    """

    days: Mapping[date, Sequence[Stored]] = field(default_factory=dict)
    newest: datetime | None = None

    def of(self, day: date) -> Sequence[Stored]:
        """Return the objects of a day."""
        return self.days.get(day, ())

    def until(self, last: datetime, warn: Callable[[str], None]) -> Listing:
        """Return this listing without the runs that began after an instant; they are one warning, however many."""
        ahead = {one.name for one in chain.from_iterable(self.days.values()) if _began_after(one, last)}
        if not ahead:
            return self
        warn_of_future(sorted(ahead), warn)
        days = {day: [one for one in stored if one.name not in ahead] for day, stored in self.days.items()}
        return replace(self, days={day: stored for day, stored in days.items() if stored})

    def leaving(self, *, since: datetime, until: datetime, hold: timedelta) -> Listing:
        """Return this listing with the newest runs of each location left unmerged, see `newest_runs`."""
        raw = (one.key for stored in self.days.values() for one in stored if isinstance(one.key, RawKey))
        left = newest_runs((key for key in raw if key.began <= until), hold, since=since)
        return replace(
            self,
            days={
                day: [replace(one, settled=one.settled and one.key not in left) for one in stored]
                for day, stored in self.days.items()
            },
        )


def newest_runs(keys: Iterable[RawKey], hold: timedelta, *, since: datetime | None = None) -> frozenset[RawKey]:
    """Return, of each location, what began within `hold` of its newest run: that run, in all its parts.

    A location whose newest run did not begin after `since` has none.
    """
    newest: dict[str, datetime] = {}
    found = frozenset(keys)
    for key in found:
        newest[key.location] = max(key.began, newest.get(key.location, key.began))
    recent = {location for location, began in newest.items() if since is None or began > since}
    return frozenset(key for key in found if key.location in recent and newest[key.location] - key.began <= hold)


def take(state: ObjectStore, *, first: date, last: date, warn: Callable[[str], None]) -> Listing:
    """Return what lies in the state: every raw object, and the segments of the days from `first` to `last`.

    Names that are not ours are set aside with a warning for each listing, which so is the same whatever else is listed.
    Raises `StoreError`.
    """
    prefixes = (RAW, *(f"{SEGMENTS}{month}-" for month in months(first, last)))
    listed = [one for prefix in prefixes for one in _ours(state.list(prefix), warn)]
    # The store's own clock tells the age of an object: its newest object is new, whatever the time is here.
    newest = max((one.modified for _, one in listed), default=None)
    days: dict[date, list[Stored]] = {}
    for key, one in listed:
        if isinstance(key, RawKey) or first <= key.day <= last:
            settled = newest is not None and newest - one.modified >= YOUNG
            days.setdefault(key.day, []).append(Stored(key=key, size=one.size, settled=settled))
    return Listing(days, newest)


def warn_of_foreign(names: Sequence[str], warn: Callable[[str], None]) -> None:
    """Say that names are not ours, in one warning however many they are."""
    if len(names) == 1:
        warn(f"{names[0]!r} is set aside: its name is not one of ours; remove it from the state")
    elif names:
        warn(
            f"{len(names)} objects are set aside, the first of them {names[0]!r}: their names are not ours; "
            "remove them from the state"
        )


def warn_of_future(names: Sequence[str], warn: Callable[[str], None]) -> None:
    """Say that runs are dated in the future, in one warning however many they are."""
    if len(names) == 1:
        warn(f"{names[0]!r} is set aside: it is dated in the future; check the clock of that location")
    else:
        warn(
            f"{len(names)} objects are set aside, the first of them {names[0]!r}: they are dated in the future; "
            "check the clock of that location"
        )


def _began_after(one: Stored, last: datetime) -> bool:
    return isinstance(one.key, RawKey) and one.key.began > last


def _ours(listed: Iterable[Listed], warn: Callable[[str], None]) -> Sequence[tuple[RawKey | SegmentKey, Listed]]:
    """Return what is ours, with what its name says; the rest is a warning."""
    named = [(parse(one.key), one) for one in listed]
    warn_of_foreign([one.key for key, one in named if key is None], warn)
    return [(key, one) for key, one in named if key is not None]
