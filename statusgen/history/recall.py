"""What is remembered, read back: a bounded window of days, at a cost that does not grow with the age of the site.

How it works: a few listings tell which objects there are. A closed day is read from its summary, as long as that was
made from every object the day has; otherwise its objects are read and summarised again. The days that are not closed
are read whole, so they are merged now and then to stay few objects. An object that is gone between listing and reading
was merged by somebody else: everything starts over with a new listing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from statusgen.evaluate.track import stitch
from statusgen.history import contents, summary
from statusgen.history.boundary import as_state_error
from statusgen.history.contents import AHEAD, Contents, VanishedError
from statusgen.history.housekeeping import Housekeeper, is_tidy
from statusgen.history.keys import RawKey
from statusgen.history.listing import Listing, Stored, take
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """One attempt at reading the state; the days are in order."""

    state: ObjectStore
    hold: timedelta
    now: datetime
    days: tuple[date, ...]
    warn: Callable[[str], None]
    keeper: Housekeeper
    strict: bool = True


def recall(
    state: ObjectStore,
    *,
    hold: timedelta,
    now: datetime,
    days: int = 90,
    warn: Callable[[str], None],
    tidy: bool = True,
) -> Record:
    """Return what was observed on the last `days` UTC days, today included, and not after `now`.

    Merges objects and writes summaries when due, unless `tidy` is off; should that fail, it is a warning. What cannot
    be read is set aside with a warning; each warning comes once. Raises `StateError` when the state as a whole cannot
    be read.
    """
    told = _once(warn)
    visit = _Visit(
        state=state,
        hold=hold,
        now=now,
        days=_window(now, days),
        warn=told,
        keeper=Housekeeper(state, warn=told, allowed=tidy),
    )
    with as_state_error(state, "read from"):
        for _ in range(LISTINGS - 1):
            with suppress(VanishedError):
                return _record(_summaries(visit))
        return _record(_summaries(replace(visit, strict=False)))


def _window(now: datetime, days: int) -> tuple[date, ...]:
    """Return the days to read, in order; shortly before midnight the next one too, for clocks that are ahead."""
    first = now.astimezone(UTC).date() - timedelta(days=days - 1)
    last = (now + AHEAD).astimezone(UTC).date()
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def _is_closed(day: date, now: datetime) -> bool:
    return now >= datetime.combine(day, time.min, UTC) + timedelta(days=1) + CLOSES_AFTER


def _summaries(visit: _Visit) -> list[Summary]:
    """Return a summary of each day that has any observations, in order; those of closed days are kept."""
    listing = take(visit.state, first=visit.days[0], last=visit.days[-1], warn=visit.warn)
    _warn_of_future(visit, listing)
    kept = summary.load(visit.state, visit.days, warn=visit.warn)
    found: dict[date, Summary] = {}
    made: dict[date, Summary] = {}
    for day in visit.days:
        stored, old = listing.of(day), kept.get(day)
        if not _is_closed(day, visit.now):
            found[day] = _open_day(visit, day, stored)
        elif old and _is_current(old, stored):
            found[day] = old
        elif stored:
            found[day] = made[day] = _closed_day(visit, day, stored, hold=old.hold if old else visit.hold)
    _merge_late(visit, listing)
    visit.keeper.keep_summaries({**kept, **made}.values(), changed=made)
    return list(found.values())


def _is_current(old: Summary, stored: Sequence[Stored]) -> bool:
    """Return whether a summary still tells all of its day, and there is nothing left to merge."""
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


def _merge_late(visit: _Visit, listing: Listing) -> None:
    """Merge raw objects from before the window, so that they do not make every listing longer from now on."""
    for day in sorted(day for day in listing.days if day < visit.days[0]):
        settled = [one for one in listing.of(day) if one.settled]
        if visit.keeper.allowed:
            visit.keeper.merge(day, _read(visit, settled))


def _warn_of_future(visit: _Visit, listing: Listing) -> None:
    names = sorted(one.name for day, stored in listing.days.items() if day > visit.days[-1] for one in stored)
    if names:
        visit.warn(
            f"{len(names)} objects are set aside, the first of them {names[0]!r}: they are dated in the future; "
            "check the clock of that location"
        )


def _read(visit: _Visit, stored: Sequence[Stored]) -> tuple[Contents, ...]:
    return contents.read(visit.state, stored, now=visit.now, warn=visit.warn, strict=visit.strict)


def _observations(visit: _Visit, read: Sequence[Contents]) -> tuple[Observation, ...]:
    return contents.observations(read, now=visit.now, warn=visit.warn)


def _record(days: Sequence[Summary]) -> Record:
    """Return the days, in order, as one record."""
    newest: dict[tuple[str, str], Observation] = {}
    for day in reversed(days):
        for one in day.latest:
            newest.setdefault((one.check, one.location), one)
    return Record(
        tracks=stitch(day.tracks for day in days),
        latest=tuple(newest[key] for key in sorted(newest)),
        since=min((day.since for day in days if day.since), default=None),
        measured=max((day.measured for day in days if day.measured), default=None),
    )


def _once(warn: Callable[[str], None]) -> Callable[[str], None]:
    """Return a `warn` that says the same thing only once."""
    said: set[str] = set()

    def once(message: str) -> None:
        if message not in said:
            said.add(message)
            warn(message)

    return once
