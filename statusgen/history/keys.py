"""The names of what is remembered, below the state's prefix.

    raw/<location>/<YYYY-MM-DD>/<HHMMSS>-<run>.jsonl        one run of one location, written once
    segments/<YYYY-MM-DD>/<sha256 of its sorted lines>.jsonl.gz     a set of lines; the name is the content
    summaries/<YYYY-MM>.jsonl.gz                            one line per closed day, derived
    summaries/window.jsonl.gz                               one line for all closed days that a page shows, derived
    summaries/days.jsonl.gz                                 one line per day of the last year, derived
    generations/…                                           pages that were published before

A run belongs to the UTC day on which it began, as a whole: whether its location was blind is decided for a run, so it
must not be torn apart at midnight.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

RAW = "raw/"
SEGMENTS = "segments/"
SUMMARIES = "summaries/"
WINDOW = f"{SUMMARIES}window.jsonl.gz"
DAYS = f"{SUMMARIES}days.jsonl.gz"
GENERATIONS = "generations/"
"""Where the pages lie that were published before: those who publish keep them, see `publish.generations`."""
SPOOL = "spool/"
"""Where observations wait on the disk, which is in the state's folder when the state is one."""

_LOCATION = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_DAY = r"[1-9]\d{3}-\d\d-\d\d"
_RAW = re.compile(
    rf"raw/(?P<location>{_LOCATION.pattern})/(?P<instant>{_DAY}/\d{{6}})-(?P<run>{_RUN.pattern})\.jsonl", re.ASCII
)
_SEGMENT = re.compile(rf"segments/(?P<day>{_DAY})/(?P<digest>[0-9a-f]{{64}})\.jsonl\.gz", re.ASCII)
_SUMMARY = re.compile(rf"{SUMMARIES}(?P<year>[1-9]\d{{3}})-(?P<month>0[1-9]|1[0-2])\.jsonl\.gz", re.ASCII)
_INSTANT = "%Y-%m-%d/%H%M%S"


@dataclass(frozen=True, slots=True)
class RawKey:
    """What the name of a raw object says: whose it is, when its run began (UTC, whole seconds), and the run's id."""

    location: str
    began: datetime
    run: str

    @property
    def day(self) -> date:
        """The day its observations belong to."""
        return self.began.date()

    def __str__(self) -> str:
        return f"raw/{self.location}/{self.began.strftime(_INSTANT)}-{self.run}.jsonl"


@dataclass(frozen=True, slots=True)
class SegmentKey:
    """What the name of a segment says: its day, and the SHA-256 of its lines."""

    day: date
    digest: str

    def __str__(self) -> str:
        return f"segments/{self.day}/{self.digest}.jsonl.gz"


def raw_key(location: str, began: datetime, run: str) -> RawKey:
    """Return the key of a run; raise `ValueError` for a location or run id that cannot be part of a name."""
    if not _LOCATION.fullmatch(location):
        raise ValueError(f"expected a location id of lower-case letters, digits and hyphens, got {location!r}")
    if not _RUN.fullmatch(run):
        raise ValueError(f"expected a run id of up to 100 letters, digits, '.', '_' and '-', got {run!r}")
    return RawKey(location, began.astimezone(UTC).replace(microsecond=0), run)


def segment_key(day: date, lines: Iterable[str]) -> SegmentKey:
    """Return the key of a set of lines."""
    return SegmentKey(day, hashlib.sha256(joined(lines)).hexdigest())


def summary_key(day: date) -> str:
    """Return the key of the object that holds the day's summary, with those of its month."""
    return f"{SUMMARIES}{day:%Y-%m}.jsonl.gz"


def months(first: date, last: date) -> tuple[str, ...]:
    """Return the months from one day to another as `2022-12`, in order."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers)


def parse(key: str) -> RawKey | SegmentKey | None:
    """Return what a name says; None when it is not one of ours."""
    try:
        if found := _RAW.fullmatch(key):
            began = datetime.strptime(found["instant"], _INSTANT).replace(tzinfo=UTC)
            return RawKey(found["location"], began, found["run"])
        if found := _SEGMENT.fullmatch(key):
            return SegmentKey(date.fromisoformat(found["day"]), found["digest"])
    except ValueError:
        return None
    return None


def summary_month(key: str) -> tuple[int, int] | None:
    """Return year and month of the summaries that a name is of; None when it is no such name."""
    found = _SUMMARY.fullmatch(key)
    return (int(found["year"]), int(found["month"])) if found else None


def is_ours(key: str) -> bool:
    """Return whether a name is one of those above, or of what waits to become one."""
    known = parse(key) or summary_month(key) or key in {WINDOW, DAYS}
    return bool(known) or key.startswith((SPOOL, GENERATIONS))


def joined(lines: Iterable[str]) -> bytes:
    """Return a set of lines as a body: sorted, each once, each with a line feed."""
    return "".join(f"{line}\n" for line in sorted(set(lines))).encode()
