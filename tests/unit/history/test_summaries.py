"""A closed day is summed up so that it need not be read again; a summary that is lost or damaged is no loss."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from statusgen.history import codec
from statusgen.history.contents import pack, unpack
from statusgen.history.keys import WINDOW
from statusgen.history.summary import Summary, combine, load, load_window, store, store_window, summarise
from statusgen.model.words import Outcome
from statusgen.ports import Blob
from tests.factories import DAY, HOLD, MINUTE, NOW, observation, series, span, track
from tests.fakes import MemoryStore, Notes

TODAY = NOW.date()
MONTH = "summaries/2022-12.jsonl.gz"


def summary(day: date = TODAY, *, outcomes: str = "uusd?") -> Summary:
    return summarise(day, series(outcomes), HOLD, sources=["segments/b", "raw/a"], tidy=False)


def test_a_summary_tells_tracks_latest_first_and_last() -> None:
    found = summarise(TODAY, [*series("ud"), observation(at=NOW - MINUTE, check="db")], HOLD, sources=["a"])
    assert (found.since, found.measured) == (NOW - MINUTE, NOW + 5 * MINUTE)
    assert [(one.check, one.at) for one in found.latest] == [("db", NOW - MINUTE), ("web-http", NOW + 5 * MINUTE)]
    assert found.tracks[1] == track(
        span(NOW, NOW + 5 * MINUTE),
        span(NOW + 5 * MINUTE, NOW + 5 * MINUTE + HOLD, Outcome.DOWN, "connection_refused"),
        latency=found.tracks[1].latency,
    )
    assert (found.day, found.hold, found.sources, found.tidy) == (TODAY, HOLD, {"a"}, True)


def test_of_two_newest_observations_the_same_one_is_told_whatever_their_order() -> None:
    rivals = [observation(run="r1"), observation(run="r2"), observation(run="r1", latency_ms=1.0)]
    for order in (rivals, rivals[::-1]):
        assert summarise(TODAY, order, HOLD).latest == (rivals[1],)


def test_a_day_without_observations_has_an_empty_summary() -> None:
    assert summarise(TODAY, [], HOLD) == Summary(day=TODAY, hold=HOLD)


def test_a_summary_is_kept_whole(state: MemoryStore, notes: Notes) -> None:
    written = {day: summary(day) for day in (TODAY, TODAY + DAY)} | {
        TODAY + 2 * DAY: Summary(day=TODAY + 2 * DAY, hold=HOLD)
    }
    store(state, written.values(), [TODAY])
    assert load(state, [TODAY], warn=notes.warn) == written
    assert state.keys() == (MONTH,)
    assert notes.warnings == []


def test_how_fast_each_day_was_is_kept_with_the_window(state: MemoryStore, notes: Notes) -> None:
    days = [summary(TODAY - 2 * DAY), Summary(day=TODAY - DAY, hold=HOLD), summary(TODAY, outcomes="dd")]
    window = combine(days, first=TODAY - 3 * DAY, last=TODAY, hold=HOLD)
    (speeds,) = window.speeds.values()
    assert list(speeds) == [TODAY - 2 * DAY], "a day without answers was neither fast nor slow"
    store_window(state, window)
    assert load_window(state, warn=notes.warn) == window
    assert notes.warnings == []


def test_a_window_that_was_kept_before_speeds_were_is_made_again(state: MemoryStore, notes: Notes) -> None:
    store_window(state, combine([summary()], first=TODAY - DAY, last=TODAY, hold=HOLD))
    said = json.loads(unpack(state.objects[WINDOW][0])) | {"format": 1}
    del said["speeds"]
    state.write([Blob(key=WINDOW, body=pack([json.dumps(said)]))])
    assert load_window(state, warn=notes.warn) is None
    assert notes.warnings == []


def test_only_months_with_a_change_are_written(state: MemoryStore) -> None:
    days = [date(2022, 10, 31), date(2022, 11, 1), date(2022, 11, 30), TODAY]
    store(state, [summary(day) for day in days], [date(2022, 11, 30)])
    assert state.keys() == ("summaries/2022-11.jsonl.gz",)
    assert len(unpack(state.objects["summaries/2022-11.jsonl.gz"][0]).splitlines()) == 2


def test_nothing_is_written_without_a_change(state: MemoryStore) -> None:
    store(state, [summary()], [])
    assert state.calls == []


def test_equal_summaries_are_equal_bytes(state: MemoryStore) -> None:
    store(state, [summary(), summary(TODAY + DAY)], [TODAY])
    first = state.objects[MONTH][0]
    store(state, [summary(TODAY + DAY), summary()], [TODAY])
    assert state.objects[MONTH][0] == first


def test_the_months_of_the_window_are_read_at_once(state: MemoryStore, notes: Notes) -> None:
    load(state, [TODAY - timedelta(days=back) for back in range(90)], warn=notes.warn)
    [call] = state.calls
    assert call.keys == tuple(f"summaries/2022-{month:02}.jsonl.gz" for month in (9, 10, 11, 12))


def broken(said: dict[str, object], **changes: object) -> str:
    return json.dumps(said | changes)


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"not gzip",
        lambda _: pack(["not json"]),
        lambda _: pack(["7"]),
        lambda _: pack(["{}"]),
        lambda said: pack([broken(said, day="2022-13-01")]),
        lambda said: pack([broken(said, hold=1e300)]),
        lambda said: pack([broken(said, sources=7)]),
        lambda said: pack([broken(said, since="yesterday")]),
        lambda said: pack([broken(said, latest=["{}"])]),
        lambda said: pack([broken(said, latest=[7])]),
        lambda said: pack([broken(said, tracks=[[]])]),
        lambda said: pack([broken(said, tracks=[{"check": "a", "location": "b", "spans": [], "latency": []}])]),
    ],
)
def test_a_damaged_month_is_made_again(
    state: MemoryStore, notes: Notes, damage: Callable[[dict[str, object]], bytes]
) -> None:
    store(state, [summary()], [TODAY])
    said = json.loads(unpack(state.objects[MONTH][0]))
    state.objects[MONTH] = (damage(said), NOW)
    assert load(state, [TODAY], warn=notes.warn) == {}
    assert notes.warnings == [f"{MONTH!r} cannot be read; it is made again from the observations"]


def test_a_summary_of_another_format_is_made_again_without_a_word(state: MemoryStore, notes: Notes) -> None:
    store(state, [summary(), summary(TODAY + DAY)], [TODAY])
    first, second = unpack(state.objects[MONTH][0]).splitlines()
    newer = broken(json.loads(first), format=2, tracks="another way")
    state.objects[MONTH] = (pack([newer, second]), NOW)
    assert set(load(state, [TODAY], warn=notes.warn)) == {TODAY + DAY}
    assert notes.warnings == []


def test_a_summary_is_plain_json(state: MemoryStore) -> None:
    store(state, [summary(outcomes="ud")], [TODAY])
    said = json.loads(unpack(state.objects[MONTH][0]))
    assert said["day"] == "2022-12-01"
    assert said["hold"] == 750.0
    assert said["sources"] == ["raw/a", "segments/b"]
    assert said["tracks"][0]["spans"] == [
        ["2022-12-01T12:00:00Z", "2022-12-01T12:05:00Z", "up", None],
        ["2022-12-01T12:05:00Z", "2022-12-01T12:17:30Z", "down", "connection_refused"],
    ]
    assert [codec.decode(one).at for one in said["latest"]] == [NOW + 5 * MINUTE]
    assert (said["since"], said["measured"]) == ("2022-12-01T12:00:00Z", "2022-12-01T12:05:00Z")
