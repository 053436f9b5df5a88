"""What is remembered, read back: a bounded window of days, at a cost that does not grow with the age of the site.

How it works: a few listings tell which objects there are. All closed days are read from one summary, the window, as
long as that was made from every object they have. Otherwise, which is twice a day, each closed day is read from its own
summary, on the same condition; failing that its objects are read and summarised again. The days that are not closed are
read whole, so they are merged now and then to stay few objects. An object that is gone between listing and reading was
merged by somebody else: everything starts over with a new listing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from statusgen.history import contents, summary
from statusgen.history.boundary import as_state_error
from statusgen.history.contents import AHEAD, Contents, VanishedError
from statusgen.history.housekeeping import Housekeeper, is_tidy
from statusgen.history.keys import RawKey
from statusgen.history.listing import Listing, Stored, take
from statusgen.history.once import once
from statusgen.history.summary import Summary, summarise
from statusgen.model.observation import Observation
from statusgen.model.track import Record
from statusgen.ports import ObjectStore

CLOSES_AFTER = timedelta(hours=1)
"""How long after its end a day is still read whole, because runs may come late."""
LISTINGS = 5
"""How often everything is listed at most in one run."""
PILE = 12
"""Raw objects of a day that is not closed, beyond which they are merged."""
LEFT_FOR = timedelta(days=1)
"""How long the newest runs of a location are left unmerged at least, for machines that remember nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """One attempt at reading the state; the days are in order."""

    state: ObjectStore
    hold: timedelta
    now: datetime
    present: datetime
    days: tuple[date, ...]
    warn: Callable[[str], None]
    keeper: Housekeeper
    strict: bool = True


def recall(
    state: ObjectStore,
    *,
    hold: timedelta,
    now: datetime,
    present: datetime | None = None,
    days: int = 90,
    warn: Callable[[str], None],
    tidy: bool = True,
) -> Record:
    """Return what was observed on the last `days` UTC days, today included, and not after `now`.

    `present` is when this is asked, if `now` is an instant gone by: what came in between is not dated in the future.
    Merges objects and writes summaries when due, unless `tidy` is off; should that fail, it is a warning. What came
    late for days before is left to `merge_late`. What cannot be read is set aside with a warning; each warning comes
    once. Raises `StateError` when the state as a whole cannot be read.
    """
    told = once(warn)
    visit = _Visit(
        state=state,
        hold=hold,
        now=now,
        present=present or now,
        days=_window(now, days),
        warn=told,
        keeper=Housekeeper(state, warn=told, allowed=tidy),
    )
    with as_state_error(state, "read from"):
        for _ in range(LISTINGS - 1):
            with suppress(VanishedError):
                return _record(visit)
        return _record(replace(visit, strict=False))


def _window(now: datetime, days: int) -> tuple[date, ...]:
    """Return the days to read, in order; shortly before midnight the next one too, for clocks that are ahead."""
    first = now.astimezone(UTC).date() - timedelta(days=days - 1)
    last = (now + AHEAD).astimezone(UTC).date()
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def _is_closed(day: date, now: datetime) -> bool:
    return now >= datetime.combine(day, time.min, UTC) + timedelta(days=1) + CLOSES_AFTER


def _summaries(visit: _Visit, listing: Listing) -> list[Summary]:
    """Return what the days of the window tell, in order: all closed ones as one, and each that is not."""
    closed = [day for day in visit.days if _is_closed(day, visit.now)]
    found = [_closed_days(visit, listing, closed)] if closed else []
    return found + [_open_day(visit, day, listing.of(day)) for day in visit.days[len(closed) :]]


def _closed_days(visit: _Visit, listing: Listing, days: Sequence[date]) -> Summary:
    """Return the summary of all closed days, which is kept until there is a new one, or something new of them."""
    kept = summary.load_window(visit.state, warn=visit.warn)
    if kept and (kept.day, kept.days) == (days[-1], len(days)) and all(_is_current(kept, listing.of(d)) for d in days):
        return kept
    each = _each_closed_day(visit, listing, days)
    window = summary.combine(each, first=days[0], last=days[-1], hold=visit.hold)
    if each:
        visit.keeper.keep_window(window)
    return window


def _each_closed_day(visit: _Visit, listing: Listing, days: Sequence[date]) -> list[Summary]:
    """Return a summary of each closed day that has any observations, in order; they are kept too."""
    kept = summary.load(visit.state, days, warn=visit.warn)
    found: list[Summary] = []
    made: dict[date, Summary] = {}
    for day in days:
        stored, old = listing.of(day), kept.get(day)
        if old and _is_current(old, stored):
            found.append(old)
        elif stored:
            made[day] = _closed_day(visit, day, stored, hold=old.hold if old else visit.hold)
            found.append(made[day])
    visit.keeper.keep_summaries({**kept, **made}.values(), changed=made)
    return found


def _is_current(old: Summary, stored: Sequence[Stored]) -> bool:
    """Return whether a summary still tells all that is stored of a day, and there is nothing left to merge."""
    if not old.sources.issuperset(one.name for one in stored):
        return False
    settled = [one for one in stored if one.settled]
    return old.tidy or not (len(settled) > 1 or any(isinstance(one.key, RawKey) for one in settled))


def _closed_day(visit: _Visit, day: date, stored: Sequence[Stored], *, hold: timedelta) -> Summary:
    """Return the summary of a closed day, whose objects are merged."""
    read = _read(visit, stored)
    sources = visit.keeper.merge(day, read)
    return summarise(day, _observations(visit, read), hold, sources=sources, tidy=is_tidy(read, sources))


def _open_day(visit: _Visit, day: date, stored: Sequence[Stored]) -> Summary:
    """Return the summary of a day that is not closed, whose objects are merged when they have piled up."""
    read = _read(visit, stored)
    if sum(one.settled and isinstance(one.key, RawKey) for one in stored) > PILE:
        visit.keeper.merge(day, read)
    return summarise(day, _observations(visit, read), visit.hold)


def _late(visit: _Visit, listing: Listing) -> frozenset[date]:
    """Return the days before the window of which there are raw objects to merge."""
    if not visit.keeper.allowed:
        return frozenset()
    early = [one for day in sorted(listing.days) if day < visit.days[0] for one in listing.of(day) if one.settled]
    return frozenset(one.stored.key.day for one in _read(visit, early) if one.whole and one.lines)


def _read(visit: _Visit, stored: Sequence[Stored]) -> tuple[Contents, ...]:
    return contents.read(visit.state, stored, now=visit.present, warn=visit.warn, strict=visit.strict)


def _observations(visit: _Visit, read: Sequence[Contents]) -> tuple[Observation, ...]:
    return contents.observations(read, now=visit.now, warn=visit.warn)


def _listing(visit: _Visit) -> Listing:
    """Return what lies in the state. The newest runs of a location are left where `last_seen` looks for them."""
    found = take(visit.state, first=visit.days[0], last=visit.days[-1], warn=visit.warn)
    listing = found.until(visit.present + AHEAD, visit.warn)
    since = visit.now - max(LEFT_FOR, visit.hold)
    return listing.leaving(since=since, until=visit.now + AHEAD, hold=visit.hold)


def _record(visit: _Visit) -> Record:
    """Return the days of the window as one record."""
    listing = _listing(visit)
    found = _summaries(visit, listing)
    whole = summary.combine(found, first=visit.days[0], last=visit.days[-1], hold=visit.hold)
    late = _late(visit, listing)
    return Record(
        tracks=whole.tracks,
        latest=whole.latest,
        since=whole.since,
        measured=whole.measured,
        late=late,
        speeds=whole.speeds,
    )
