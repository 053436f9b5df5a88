"""What is left of closed days: their tracks, and the newest observation of each check from each location.

Summaries are derived. Each names the objects it was made from, so that a late observation is noticed, and one that is
lost or damaged is made again. They are kept by month, one line a day; and since they add up, all days that a page shows
are kept as one line more, the *window*, which is all that most runs read of the past.

A day keeps the `hold` it was first judged with: were a shorter interval applied to days measured at a longer one, they
would turn into gaps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from statusgen.evaluate import latency
from statusgen.evaluate.track import fold, stitch
from statusgen.history import codec
from statusgen.history.compact import JSON_LINES_GZIP
from statusgen.history.contents import pack, split, unpack
from statusgen.history.keys import WINDOW, summary_key
from statusgen.model.observation import Observation
from statusgen.model.track import Span, Speed, Speeds, Track
from statusgen.model.words import Outcome
from statusgen.ports import Blob, ObjectStore

FORMAT = 1
WINDOW_FORMAT = 2
"""Change when older summaries, of a day or of the window, must be made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One UTC day, or the `days` that end with it.

    `sources` are the names of the objects it was made from, as they are called now. `tidy` when none of them waits to
    be merged. `since` and `measured` are the first and the last instant observed, None on a day without observations.
    """

    day: date
    days: int = 1
    hold: timedelta
    sources: frozenset[str] = frozenset()
    tidy: bool = True
    since: datetime | None = None
    measured: datetime | None = None
    latest: tuple[Observation, ...] = ()
    tracks: tuple[Track, ...] = ()
    speeds: Speeds = field(default_factory=dict)


def summarise(
    day: date, observations: Sequence[Observation], hold: timedelta, *, sources: Iterable[str] = (), tidy: bool = True
) -> Summary:
    """Return the summary of a day's observations; their order does not matter."""
    newest: dict[tuple[str, str], Observation] = {}
    for one in observations:
        known = newest.get((one.check, one.location))
        if known is None or _is_newer(one, known):
            newest[one.check, one.location] = one
    instants = [one.at for one in observations]
    tracks = fold(observations, hold)
    return Summary(
        day=day,
        hold=hold,
        sources=frozenset(sources),
        tidy=tidy,
        since=min(instants, default=None),
        measured=max(instants, default=None),
        latest=tuple(newest[key] for key in sorted(newest)),
        tracks=tracks,
        speeds=_speeds(day, tracks),
    )


def _speeds(day: date, tracks: Iterable[Track]) -> Speeds:
    """Return what remains of the histograms of one day."""
    found = {(track.check, track.location): latency.speed(track.latency) for track in tracks}
    return {key: {day: speed} for key, speed in found.items() if speed}


def combine(summaries: Sequence[Summary], *, first: date, last: date, hold: timedelta) -> Summary:
    """Return the summary of all days from `first` to `last`; theirs are in order, and some may have none."""
    newest: dict[tuple[str, str], Observation] = {}
    for summary in reversed(summaries):
        for one in summary.latest:
            newest.setdefault((one.check, one.location), one)
    return Summary(
        day=last,
        days=(last - first).days + 1,
        hold=hold,
        sources=frozenset[str]().union(*(summary.sources for summary in summaries)),
        tidy=all(summary.tidy for summary in summaries),
        since=min((summary.since for summary in summaries if summary.since), default=None),
        measured=max((summary.measured for summary in summaries if summary.measured), default=None),
        latest=tuple(newest[key] for key in sorted(newest)),
        tracks=stitch(summary.tracks for summary in summaries),
        speeds=_joined(summary.speeds for summary in summaries),
    )


def _joined(each: Iterable[Speeds]) -> Speeds:
    joined: dict[tuple[str, str], dict[date, Speed]] = {}
    for speeds in each:
        for key, days in speeds.items():
            joined.setdefault(key, {}).update(days)
    return {key: joined[key] for key in sorted(joined)}


def load(state: ObjectStore, days: Iterable[date], *, warn: Callable[[str], None]) -> dict[date, Summary]:
    """Return the summaries of the months that the days are in; one that cannot be read is left out.

    Raises `StoreError`.
    """
    summaries: dict[date, Summary] = {}
    for name, body in state.read(sorted({summary_key(day) for day in days})).items():
        summaries |= {summary.day: summary for summary in _unpack(name, body, warn) if summary.days == 1}
    return summaries


def load_window(state: ObjectStore, *, warn: Callable[[str], None]) -> Summary | None:
    """Return the summary of the window; None when there is none that can be read. Raises `StoreError`."""
    for name, body in state.read([WINDOW]).items():
        for summary in _unpack(name, body, warn):
            return summary
    return None


def store_window(state: ObjectStore, window: Summary) -> None:
    """Write the summary of the window. Raises `StoreError`."""
    state.write([Blob(key=WINDOW, body=pack([_encode(window)]), content_type=JSON_LINES_GZIP)])


def store(state: ObjectStore, summaries: Iterable[Summary], changed: Iterable[date]) -> None:
    """Write the months in which a summary has changed. Raises `StoreError`."""
    months: dict[str, list[str]] = {summary_key(day): [] for day in changed}
    for summary in summaries:
        if summary_key(summary.day) in months:
            months[summary_key(summary.day)].append(_encode(summary))
    blobs = [Blob(key=key, body=pack(lines), content_type=JSON_LINES_GZIP) for key, lines in sorted(months.items())]
    if blobs:
        state.write(blobs)


def _unpack(name: str, body: bytes, warn: Callable[[str], None]) -> Sequence[Summary]:
    """Return the summaries in an object; none, with a warning, when they cannot be read."""
    try:
        found = [_decode(line) for line in split(unpack(body))]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        warn(f"{name!r} cannot be read; it is made again from the observations")
        return ()
    return [summary for summary in found if summary is not None]


def _is_newer(one: Observation, other: Observation) -> bool:
    """Return whether an observation is later than another; of two at one instant their lines decide."""
    if one.at == other.at:
        return codec.encode(one) > codec.encode(other)
    return one.at > other.at


def _encode(summary: Summary) -> str:
    said: dict[str, Any] = {
        "day": summary.day.isoformat(),
        "format": FORMAT if summary.days == 1 else WINDOW_FORMAT,
        "hold": summary.hold.total_seconds(),
        "latest": [codec.encode(one) for one in summary.latest],
        "measured": summary.measured and codec.encode_instant(summary.measured),
        "since": summary.since and codec.encode_instant(summary.since),
        "sources": sorted(summary.sources),
        "tidy": summary.tidy,
        "tracks": [_encode_track(track) for track in summary.tracks],
    }
    if summary.days > 1:
        said |= {"days": summary.days, "speeds": [_encode_speeds(*one, summary) for one in summary.speeds.items()]}
    return codec.dump(said)


def _encode_speeds(key: tuple[str, str], speeds: Mapping[date, Speed], summary: Summary) -> Sequence[Any]:
    """Return check and location, and a list for each share of the answers with an entry for each day."""
    each = [speeds.get(day, (None, None)) for day in _window(summary.day, summary.days)]
    return [*key, [half for half, _ in each], [most for _, most in each]]


def _encode_track(track: Track) -> dict[str, Any]:
    return {
        "check": track.check,
        "latency": {str(bucket): count for bucket, count in track.latency.items()},
        "location": track.location,
        "spans": [
            [codec.encode_instant(span.start), codec.encode_instant(span.end), str(span.outcome), span.reason]
            for span in track.spans
        ],
    }


def _decode(line: str) -> Summary | None:
    """Return a summary; None when it is of another format."""
    said: Mapping[str, Any] = codec.document(line)
    days = said.get("days", 1)
    if said["format"] != (FORMAT if days == 1 else WINDOW_FORMAT):
        return None
    tracks = tuple(_decode_track(track) for track in said["tracks"])
    day = date.fromisoformat(said["day"])
    return Summary(
        day=day,
        days=days,
        hold=timedelta(seconds=said["hold"]),
        sources=frozenset(said["sources"]),
        tidy=said["tidy"],
        since=said["since"] and codec.decode_instant(said["since"]),
        measured=said["measured"] and codec.decode_instant(said["measured"]),
        latest=tuple(codec.decode(one) for one in said["latest"]),
        tracks=tracks,
        speeds=_speeds(day, tracks) if days == 1 else dict(_decode_speeds(said["speeds"], _window(day, days))),
    )


def _window(last: date, days: int) -> tuple[date, ...]:
    return tuple(last - timedelta(days=back) for back in reversed(range(days)))


def _decode_speeds(said: Any, window: Sequence[date]) -> Iterator[tuple[tuple[str, str], dict[date, Speed]]]:
    for check, location, half, most in said:
        days = zip(window, half, most, strict=True)
        yield (str(check), str(location)), {day: (int(one), int(other)) for day, one, other in days if one is not None}


def _decode_track(said: Mapping[str, Any]) -> Track:
    spans = (
        Span(codec.decode_instant(start), codec.decode_instant(end), Outcome(outcome), reason)
        for start, end, outcome, reason in said["spans"]
    )
    counts = {int(bucket): int(count) for bucket, count in said["latency"].items()}
    return Track(check=said["check"], location=said["location"], spans=tuple(spans), latency=counts)
