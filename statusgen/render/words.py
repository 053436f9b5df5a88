"""The words, numbers and times that readers see. English; times in UTC; every figure is rounded towards the worse.

Nothing here knows of HTML: the same words go to pages, feeds and JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from types import MappingProxyType

from statusgen.model.measured import Uptime
from statusgen.model.words import Impact, IncidentPhase, MaintenancePhase, Phase, Status

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

TROUBLE = (Status.MAJOR_OUTAGE, Status.PARTIAL_OUTAGE, Status.DEGRADED_PERFORMANCE)
"""The statuses in which something does not work, worst first."""

LABELS: Mapping[Status, str] = MappingProxyType(
    {
        Status.OPERATIONAL: "operational",
        Status.DEGRADED_PERFORMANCE: "degraded",
        Status.PARTIAL_OUTAGE: "partly down",
        Status.MAJOR_OUTAGE: "down",
        Status.UNDER_MAINTENANCE: "under maintenance",
        Status.UNKNOWN: "no fresh data",
    }
)
"""A status in the words of readers, to follow "is" where there is a sentence around it."""

PHASES: Mapping[Phase, str] = MappingProxyType(
    {
        IncidentPhase.INVESTIGATING: "Investigating",
        IncidentPhase.IDENTIFIED: "Identified",
        IncidentPhase.MONITORING: "Monitoring",
        IncidentPhase.RESOLVED: "Resolved",
        IncidentPhase.POSTMORTEM: "Postmortem",
        MaintenancePhase.SCHEDULED: "Scheduled",
        MaintenancePhase.IN_PROGRESS: "In progress",
        MaintenancePhase.VERIFYING: "Verifying",
        MaintenancePhase.COMPLETED: "Completed",
        MaintenancePhase.CANCELLED: "Cancelled",
    }
)

RESCHEDULED = "Rescheduled"
"""What stands for a phase where a maintenance is given another start."""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "http": "a page is fetched",
        "tls": "its certificate is looked at",
        "tcp": "a connection is made",
        "dns": "its name is looked up",
        "websocket": "a stream is opened",
        "mastodon": "Mastodon is used as an app uses it",
        "postgres": "the database is queried",
        "pgbouncer": "the database's pool is asked who waits",
        "redis": "a command is sent to Redis",
        "sidekiq": "its queues are measured",
        "prometheus": "its own measurements are read",
        "command": "a program of the team looks",
        "heartbeat": "it has to report by itself",
    }
)
"""How each kind of check asks, in the words of readers; a kind that others bring is told by its name."""

IMPACTS: Mapping[Impact, str] = MappingProxyType(
    {Impact.NONE: "none", Impact.MINOR: "minor", Impact.MAJOR: "major", Impact.CRITICAL: "critical"}
)

IMPACT_MARKS: Mapping[Impact, Status] = MappingProxyType(
    {
        Impact.NONE: Status.OPERATIONAL,
        Impact.MINOR: Status.DEGRADED_PERFORMANCE,
        Impact.MAJOR: Status.PARTIAL_OUTAGE,
        Impact.CRITICAL: Status.MAJOR_OUTAGE,
    }
)
"""The shape that stands beside an open incident."""

CALLOUTS: Mapping[str, str] = MappingProxyType(
    {
        "info": "Good to know",
        "success": "Done",
        "warning": "Warning",
        "danger": "Danger",
        "note": "Note",
        "tip": "Tip",
        "important": "Important",
        "caution": "Caution",
        "spoiler": "More",
    }
)
"""The kinds of blocks that stand out of a text, and the title of one that its author gave none."""

BACK = "Back to the text"
"""What the arrow below a footnote says."""

SHORT = timedelta(minutes=5)
"""How long an outage is told to the second for; of a longer one, seconds would be noise."""

_NARROW = "\N{NARROW NO-BREAK SPACE}"
_FINE_MS, _SECOND_MS = 10, 1000
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def join(words: Sequence[str]) -> str:
    """Return the words as one reads them out: `A`, `A and B`, `A, B and C`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: `1 step`, `3 steps`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def capital(text: str) -> str:
    """Return the text with its first letter in upper case and the rest as it is."""
    return text[:1].upper() + text[1:]


def called_off(title: str) -> str:
    """Return the title of what will not happen: `Cancelled: A new Redis`."""
    return f"Cancelled: {title}"


def duration(length: timedelta) -> str:
    """Return a length of time in words, its two largest units, rounded down: `3 days 2 hours`, `42 minutes`."""
    if length < _MINUTE:
        return count(max(int(length.total_seconds()), 1), "second")
    days, rest = divmod(length, _DAY)
    hours, rest = divmod(rest, _HOUR)
    parts = ((days, "day"), (hours, "hour"), (rest // _MINUTE, "minute"))
    first = next(index for index, (number, _) in enumerate(parts) if number)
    return " ".join(count(number, noun) for number, noun in parts[first : first + 2] if number)


def roughly(length: timedelta) -> str:
    """Return a length of time in words by its largest unit alone, rounded down: `89 days`, `4 hours`."""
    return " ".join(duration(length).split(" ")[:2])


def exactly(length: timedelta) -> str:
    """Return a length of time in words to the second, rounded down: `1 hour 3 seconds`."""
    days, rest = divmod(length, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    parts = ((days, "day"), (hours, "hour"), (minutes, "minute"), (rest.seconds, "second"))
    return " ".join(count(number, noun) for number, noun in parts if number) or "less than a second"


def lasted(length: timedelta) -> str:
    """Return how long an outage lasted in words, to the second if it was short: `1 minute 35 seconds`, `42 minutes`."""
    return exactly(length) if length < SHORT else duration(length)


def clock(at: datetime) -> str:
    """Return the time of day: `19:25 UTC`."""
    return f"{at.astimezone(UTC):%H:%M} UTC"


def full_day(day: date) -> str:
    """Return a day with its year: `1 December 2022`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """Return a day without its year: `1 December`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def weekday(day: date) -> str:
    """Return the day of the week: `Thursday`."""
    return WEEKDAYS[day.weekday()]


def month(day: date) -> str:
    """Return the month of a day: `December 2022`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def days_between(first: date, last: date) -> str:
    """Return a stretch of days: `9 December`, `1–9 December`, `28 November – 9 December`."""
    if first == last:
        return short_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{short_day(last)}"
    return f"{short_day(first)} – {short_day(last)}"


def instant(at: datetime, near: date | None = None) -> str:
    """Return a day and time; of what it shares with `near`, the day (and with it the year) or the year is left out."""
    at = at.astimezone(UTC)
    day = near.astimezone(UTC).date() if isinstance(near, datetime) else near
    if day is not None and at.date() == day:
        return clock(at)
    if day is not None and at.year == day.year:
        return f"{short_day(at)}, {clock(at)}"
    return f"{full_day(at)}, {clock(at)}"


def window(start: datetime, end: datetime, near: date | None = None) -> str:
    """Return a stretch of time: `14:00–18:00 UTC`, with the days it needs."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if start.date() == end.date():
        return f"{instant(start, near).removesuffix(' UTC')}–{clock(end)}"
    return f"{instant(start, near)} – {instant(end, near)}"


def stamp(at: datetime) -> str:
    """Return RFC 3339 in UTC to the second: `2022-12-01T14:00:00Z`."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def midnight(at: datetime) -> datetime:
    """Return when a UTC day began: for what has no instant of its own, so that it does not move with every run."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def milliseconds(length: float) -> str:
    """Return a latency in words: `4.2 ms`, `120 ms`, `2.1 s`."""
    if length < _FINE_MS:
        return f"{length:.1f}{_NARROW}ms"
    return f"{length:.0f}{_NARROW}ms" if length < _SECOND_MS else f"{length / _SECOND_MS:.1f}{_NARROW}s"


def milli_stamp(at: datetime) -> str:
    """Return RFC 3339 in UTC with milliseconds, as Statuspage writes it: `2022-12-01T14:00:00.000Z`."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def rfc822(at: datetime) -> str:
    """Return the date form of RSS 2.0 (RFC 822 with four-digit years): `Thu, 01 Dec 2022 14:00:00 GMT`."""
    return format_datetime(at.astimezone(UTC).replace(microsecond=0), usegmt=True)


def percent(part: timedelta, whole: timedelta, places: int = 2) -> str:
    """Return a share as a percentage rounded down, so that `100 %` means all of it; `whole` must be longer than 0."""
    scale = 10**places
    units = part * 100 * scale // whole if part < whole else 100 * scale
    number = f"{units // scale}.{units % scale:0{places}d}".rstrip("0").rstrip(".") if places else str(units)
    return f"{number}{_NARROW}%"


def uptime(figure: Uptime) -> str:
    """Return the uptime figure, rounded down; `–` when nothing was measured. It must stand beside `coverage`."""
    return percent(figure.up + figure.degraded, figure.measured) if figure.measured else "–"


def coverage(figure: Uptime) -> str:
    """Return what the uptime figure speaks of: `of 90 days`, `of the 96 % measured`, `not measured yet`."""
    owed = figure.period - figure.maintenance
    if not figure.measured:
        return "all maintenance" if figure.maintenance and not owed else "not measured yet"
    if figure.measured >= owed:
        return f"of {roughly(owed)}"
    share = percent(figure.measured, owed, 0)
    return f"of the {f'less than 1{_NARROW}%' if share.startswith('0') else share} measured"
