"""A run is kept as one object, in the state or, while that cannot be written, in the spool; and is delivered once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from statusgen.errors import StateError, StoreError
from statusgen.history import append, backfill, codec, deliver, recall
from statusgen.history.spool import BATCH
from statusgen.ports import Blob
from tests.factories import DAY, HOLD, MINUTE, NOW, observation, series
from tests.fakes import MemoryStore, Notes

KEY = "raw/earth/2022-12-01/120000-r1.jsonl"
ADVICE = "check the address and the credentials under 'state' in statusgen.yaml and run again"


@pytest.fixture
def spool() -> MemoryStore:
    return MemoryStore("file:.statusgen/spool")


def test_a_run_is_one_object_named_after_its_beginning(state: MemoryStore, notes: Notes) -> None:
    run = [observation(at=NOW + MINUTE, run="r1", check="b"), observation(at=NOW, run="r1", check="a")]
    assert append(state, run, warn=notes.warn) == KEY
    assert state.keys() == (KEY,)
    lines = sorted(codec.encode(one) for one in run)
    assert state.blobs[KEY].body.decode() == "".join(f"{line}\n" for line in lines)
    assert state.blobs[KEY].content_type == "application/jsonl; charset=utf-8"
    assert state.blobs[KEY].cache_control == "no-store"
    assert notes.warnings == []


def test_a_run_that_is_kept_again_is_the_same_object(state: MemoryStore, notes: Notes) -> None:
    for run in ([observation(run="r1"), observation(run="r1", check="b")],) * 2:
        append(state, list(reversed(run)), warn=notes.warn)
    assert state.keys() == (KEY,)


def test_a_run_that_crosses_midnight_belongs_to_the_day_it_began(state: MemoryStore, notes: Notes) -> None:
    midnight = NOW.replace(hour=0) + DAY
    run = [observation(at=midnight - MINUTE, run="r1"), observation(at=midnight + MINUTE, run="r1", check="b")]
    assert append(state, run, warn=notes.warn) == "raw/earth/2022-12-01/235900-r1.jsonl"


def test_a_run_without_observations_is_not_kept(state: MemoryStore, notes: Notes) -> None:
    assert append(state, [], warn=notes.warn) == ""
    assert state.calls == []


@pytest.mark.parametrize("other", [{"location": "mars"}, {"run": "r2"}])
def test_observations_of_several_runs_are_not_one_object(
    state: MemoryStore, notes: Notes, other: dict[str, str]
) -> None:
    run = [observation(run="r1"), replace(observation(run="r1"), **other)]
    with pytest.raises(ValueError, match="expected the observations of one run from one location, got"):
        append(state, run, warn=notes.warn)


def test_without_a_spool_a_state_that_cannot_be_written_is_an_error(state: MemoryStore, notes: Notes) -> None:
    state.broken["write"] = "no answer in time"
    with pytest.raises(StateError) as failure:
        append(state, [observation()], warn=notes.warn)
    assert str(failure.value) == f"observations cannot be kept in 's3://bucket/state': no answer in time; {ADVICE}"


def test_what_cannot_be_written_waits_in_the_spool(state: MemoryStore, spool: MemoryStore, notes: Notes) -> None:
    state.broken["write"] = "no answer in time"
    run = [observation(run="r1"), observation(run="r1", check="b")]
    assert append(state, run, spool=spool, warn=notes.warn) == KEY
    assert spool.keys() == (KEY,)
    assert notes.warnings == [
        (
            "the observations of a run wait in 'file:.statusgen/spool' for 's3://bucket/state': "
            f"cannot write {KEY!r}: no answer in time; the next run delivers them"
        )
    ]


def test_a_run_is_in_the_spool_before_the_state_is_asked_and_behind_what_waited_there(
    state: MemoryStore, spool: MemoryStore, notes: Notes
) -> None:
    [older] = spooled(state, spool, 1)
    newer = "raw/earth/2022-12-02/120000-r2.jsonl"
    waiting: list[tuple[str, ...]] = []
    write = state.write

    def look(blobs: Sequence[Blob]) -> None:
        waiting.append(spool.keys())
        write(blobs)

    state.write = look  # type: ignore[method-assign]  # to see what waits while the state is asked
    append(state, [observation(at=NOW + DAY, run="r2")], spool=spool, warn=notes.warn)
    assert waiting == [(older, newer)]
    assert [key for call in state.calls for key in call.keys] == [older, newer]
    assert spool.keys() == ()
    assert notes.warnings == []


def test_when_nothing_can_wait_a_run_goes_into_the_state_with_a_warning(
    state: MemoryStore, spool: MemoryStore, notes: Notes
) -> None:
    spool.broken["write"] = "read-only file system"
    append(state, [observation(run="r1")], spool=spool, warn=notes.warn)
    assert state.keys() == (KEY,)
    assert notes.warnings == [
        (
            "nothing can wait in 'file:.statusgen/spool': read-only file system; "
            "were the state unreachable, the run would be lost"
        )
    ]


@pytest.mark.parametrize("gone", [False, True])
def test_when_nobody_sees_what_waits_a_run_goes_into_the_state_or_waits_too(
    state: MemoryStore, spool: MemoryStore, notes: Notes, *, gone: bool
) -> None:
    spool.broken["list"] = "permission denied"
    state.broken = {"write": "no answer in time"} if gone else {}
    append(state, [observation(run="r1")], spool=spool, warn=notes.warn)
    assert spool.keys() == (KEY,)
    assert state.keys() == (() if gone else (KEY,))
    assert notes.warnings == [
        (
            "what waits in 'file:.statusgen/spool' for 's3://bucket/state' cannot be seen: "
            "cannot list 'raw/': permission denied"
        )
    ]


def test_without_observations_what_waits_is_delivered_all_the_same(
    state: MemoryStore, spool: MemoryStore, notes: Notes
) -> None:
    keys = spooled(state, spool, 1)
    assert append(state, [], spool=spool, warn=notes.warn) == ""
    assert state.keys() == tuple(keys)


def test_what_can_be_kept_nowhere_is_an_error(state: MemoryStore, spool: MemoryStore, notes: Notes) -> None:
    state.broken["write"] = "no answer in time"
    spool.broken["write"] = "no space left on device"
    with pytest.raises(StateError) as failure:
        append(state, [observation()], spool=spool, warn=notes.warn)
    assert str(failure.value) == (
        "observations can be kept neither in 's3://bucket/state': no answer in time; "
        "nor in 'file:.statusgen/spool': no space left on device"
    )


def spooled(state: MemoryStore, spool: MemoryStore, count: int) -> list[str]:
    """Let runs wait in the spool and return their keys."""
    state.broken["write"] = "no answer in time"
    keys = [
        append(state, [one], spool=spool, warn=lambda _: None)
        for number, one in enumerate(series("u" * count))
        for one in [replace(one, location="mars" if number % 2 else "earth")]
    ]
    del state.broken["write"]
    state.calls.clear()
    return keys


def test_what_waits_is_delivered_oldest_first_and_leaves_the_spool(
    state: MemoryStore, spool: MemoryStore, notes: Notes
) -> None:
    keys = spooled(state, spool, 2 * BATCH + 6)
    assert deliver(spool, state, notes.warn) == 2 * BATCH + 6
    written = [call.keys for call in state.calls if call.method == "write"]
    assert [len(batch) for batch in written] == [BATCH, 3, BATCH, 3]
    for location in ("earth", "mars"):
        own = [key for key in keys if f"/{location}/" in key]
        assert [key for batch in written for key in batch if key in own] == own
    assert spool.keys() == ()
    assert deliver(spool, state, notes.warn) == 0
    assert notes.warnings == []


def test_nothing_is_asked_of_the_state_when_nothing_waits(state: MemoryStore, spool: MemoryStore, notes: Notes) -> None:
    assert deliver(spool, state, notes.warn) == 0
    assert state.calls == []


def test_what_cannot_be_delivered_goes_on_waiting_and_holds_up_no_other_location(
    state: MemoryStore, spool: MemoryStore, notes: Notes
) -> None:
    keys = spooled(state, spool, 8)
    earth, mars = keys[::2], keys[1::2]
    state.refused.add(earth[1])
    assert deliver(spool, state, notes.warn) == 5
    assert state.keys() == tuple(sorted([earth[0], *mars]))
    assert spool.keys() == tuple(earth[1:])
    assert notes.warnings == [
        (
            "the observations of 3 runs wait in 'file:.statusgen/spool' for 's3://bucket/state': "
            f"cannot write {earth[1]!r}: access denied; the next run delivers them"
        )
    ]
    state.refused.clear()
    assert deliver(spool, state, notes.warn) == 3


def test_one_object_that_cannot_be_read_holds_up_no_other(state: MemoryStore, spool: MemoryStore, notes: Notes) -> None:
    keys = spooled(state, spool, 3)
    read = spool.read

    def damaged(wanted: Sequence[str]) -> Mapping[str, bytes]:
        if keys[0] in wanted:
            raise StoreError("read", keys[0], "input/output error")
        return read(wanted)

    spool.read = damaged  # type: ignore[method-assign]  # one file on a disk that fails
    assert deliver(spool, state, notes.warn) == 2
    assert spool.keys() == (keys[0],)
    assert notes.warnings == [
        f"{keys[0]!r} stays in 'file:.statusgen/spool': cannot read {keys[0]!r}: input/output error"
    ]


def test_what_another_process_has_delivered_meanwhile_is_no_trouble(
    state: MemoryStore, spool: MemoryStore, notes: Notes
) -> None:
    keys = spooled(state, spool, 3)
    listed = spool.list("raw/")
    spool.list = lambda *_: listed  # type: ignore[method-assign]  # what was there a moment ago
    spool.delete(keys[:1])
    assert deliver(spool, state, notes.warn) == 2
    assert notes.warnings == []


def test_while_the_state_is_gone_everything_goes_on_waiting(
    state: MemoryStore, spool: MemoryStore, notes: Notes
) -> None:
    keys = spooled(state, spool, 3)
    state.broken["write"] = "no answer in time"
    assert deliver(spool, state, notes.warn) == 0
    assert spool.keys() == tuple(sorted(keys))


def test_a_spool_that_cannot_be_read_is_a_warning(state: MemoryStore, spool: MemoryStore, notes: Notes) -> None:
    spool.broken["list"] = "permission denied"
    assert deliver(spool, state, notes.warn) == 0
    assert notes.warnings == [
        (
            "what waits in 'file:.statusgen/spool' for 's3://bucket/state' cannot be seen: "
            "cannot list 'raw/': permission denied"
        )
    ]


def test_a_delivery_that_is_broken_off_before_the_spool_is_emptied_is_made_again_without_harm(
    state: MemoryStore, spool: MemoryStore, notes: Notes
) -> None:
    keys = spooled(state, spool, 3)
    spool.broken["delete"] = "permission denied"
    assert deliver(spool, state, notes.warn) == 3
    assert notes.warnings[0] == (
        f"what was delivered stays in 'file:.statusgen/spool': cannot delete {keys[0]!r}: permission denied; "
        "the next run delivers it again, which is harmless"
    )
    del spool.broken["delete"]
    assert deliver(spool, state, notes.warn) == 3
    assert state.keys() == tuple(sorted(keys))


def test_foreign_files_in_the_spool_stay_there(state: MemoryStore, spool: MemoryStore, notes: Notes) -> None:
    spool.objects["raw/notes.txt"] = (b"x", NOW)
    assert deliver(spool, state, notes.warn) == 0
    assert spool.keys() == ("raw/notes.txt",)


def test_past_runs_can_be_filled_in_by_day(state: MemoryStore, notes: Notes) -> None:
    runs = series("u" * 40, start=NOW - DAY, step=timedelta(hours=1))
    keys = backfill(state, runs)
    assert [key[:20] for key in keys] == ["segments/2022-11-30/", "segments/2022-12-01/", "segments/2022-12-02/"]
    assert backfill(state, reversed(runs)) == keys == state.keys()
    found = recall(state, hold=HOLD, now=NOW + DAY, warn=notes.warn)
    assert (found.since, found.measured) == (runs[0].at, runs[-1].at)
    assert notes.warnings == []


def test_past_runs_that_cannot_be_kept_are_an_error(state: MemoryStore) -> None:
    state.broken["write"] = "access denied"
    with pytest.raises(StateError, match="observations cannot be kept in 's3://bucket/state': access denied"):
        backfill(state, [observation()])
