"""The explanation of a day, as text and as data. Pure: `report` prints it. Nothing is rounded but the figure itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import click

from statusgen.cli.summary import MARKS, OUTCOME_MARKS, Json, seconds
from statusgen.model.explanation import Explanation, Interval, Testimony
from statusgen.model.measured import Uptime
from statusgen.model.reason import describe
from statusgen.model.words import Status
from statusgen.render.tongue import PLAIN

STILL_TO_COME = "This day is still to come."
NEVER_MEASURED = "There was nothing to measure: as far as is remembered, nobody had measured it by the end of this day."


def explained_text(found: Explanation) -> Iterator[str]:
    """Yield the intervals of a day with who saw what, then what they add up to."""
    yield click.style(f"{found.name} on {PLAIN.weekday(found.day)}, {PLAIN.full_day(found.day)}, in UTC", bold=True)
    if not found.intervals:
        yield ""
        yield STILL_TO_COME if found.to_come else NEVER_MEASURED
        return
    for interval in found.intervals:
        yield ""
        yield from _interval(interval)
    yield ""
    yield from _sum(found.uptime)


def explained_data(found: Explanation) -> Json:
    """Return the explanation as data: instants in ISO 8601, lengths in seconds, figures as readers see them."""
    uptime = found.uptime
    return {
        "component": found.component,
        "day": found.day.isoformat(),
        "intervals": [_interval_data(interval) for interval in found.intervals],
        "seconds": seconds(uptime),
        "uptime": PLAIN.uptime(uptime),
        "coverage": PLAIN.coverage(uptime),
    }


def length(of: timedelta) -> str:
    """Return a length of time as `1:02:03`, with as many decimals as it has."""
    minutes, rest = divmod(of, timedelta(minutes=1))
    fraction = f".{rest.microseconds:06d}".rstrip("0") if rest.microseconds else ""
    return f"{minutes // 60}:{minutes % 60:02d}:{rest.seconds:02d}{fraction}"


def _interval(interval: Interval) -> Iterator[str]:
    shape, colour = MARKS[interval.status]
    why = f": {describe(interval.reason)}" if interval.reason else ""
    label = PLAIN.label(interval.measured)
    if interval.partly:
        label += " as far as it was seen"
    if interval.maintenance:
        label = f"{PLAIN.label(Status.UNDER_MAINTENANCE)} ({', '.join(interval.maintenance)}), measured {label}"
    hours = f"{_clock(interval.start)}–{_clock(interval.end, ends=True)}"
    yield f"{click.style(shape, fg=colour)} {hours}  {length(interval.length)}  {label}{why}"
    for testimony in interval.testimonies:
        yield f"    {_testimony(testimony)}"


def _testimony(said: Testimony) -> str:
    shape, colour = OUTCOME_MARKS[said.outcome]
    why = f": {describe(said.reason)}" if said.reason else ""
    made = PLAIN.many("{n} observation", "{n} observations", said.observations)
    tries = f", {PLAIN.many('{n} try', '{n} tries', said.tries)}" if said.tries != said.observations else ""
    return f"{click.style(shape, fg=colour)} {said.check} from {said.location}: {said.outcome}{why} ({made}{tries})"


def _sum(uptime: Uptime) -> Iterator[str]:
    rows = [
        ("up", uptime.up, ""),
        ("degraded", uptime.degraded, "counts as up"),
        ("down", uptime.down, ""),
        ("measured", uptime.measured, "the sum of these"),
        ("maintenance", uptime.maintenance, "left out"),
        ("not measured", uptime.unmeasured, "left out"),
        ("in all", uptime.period, "what there was to measure"),
    ]
    width = max(len(length(value)) for _, value, _ in rows)
    for name, value, remark in rows:
        yield f"  {name:<12}  {length(value):>{width}}  {remark}".rstrip()
    yield ""
    good = uptime.up + uptime.degraded
    yield f"  uptime {PLAIN.uptime(uptime)} {PLAIN.coverage(uptime)}"
    if uptime.measured:
        yield f"  {length(good)} of {length(uptime.measured)}, rounded down"


def _clock(at: datetime, *, ends: bool = False) -> str:
    """Return a time of day to the microsecond if need be; the midnight that ends a day is `24:00:00`."""
    return "24:00:00" if ends and at.time() == at.time().min else at.time().isoformat()


def _interval_data(interval: Interval) -> Json:
    return {
        "start": interval.start.isoformat(),
        "end": interval.end.isoformat(),
        "seconds": interval.length.total_seconds(),
        "status": str(interval.status),
        "measured": str(interval.measured),
        "reason": interval.reason,
        "maintenance": list(interval.maintenance),
        "seen": [
            {
                "check": said.check,
                "location": said.location,
                "outcome": str(said.outcome),
                "reason": said.reason,
                "observations": said.observations,
                "tries": said.tries,
            }
            for said in interval.testimonies
        ],
    }
