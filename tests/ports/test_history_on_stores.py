"""The history is the same on every store, and outlives a server that is gone for a while."""

from __future__ import annotations

from pathlib import Path

import pytest

from statusgen.demo.services import SeaweedFS
from statusgen.errors import StateError
from statusgen.history import append, backfill, deliver, recall
from statusgen.history.compact import compact
from statusgen.history.contents import read
from statusgen.history.listing import take
from statusgen.ports import ObjectStore
from statusgen.stores.directory import DirectoryStore
from statusgen.stores.s3_client import Limits
from tests.factories import DAY, HOLD, NOW, observation, series
from tests.fakes import MemoryStore, Notes
from tests.ports.conftest import MakeStore, open_bucket

RUNS = [*series("uudd??uu" * 3, start=NOW - DAY), *series("ud", location="mars")]
LATER = NOW + DAY


def keys(store: ObjectStore) -> list[str]:
    return [listed.key for listed in store.list()]


def test_what_is_kept_is_recalled_from_every_store_alike(store: ObjectStore) -> None:
    notes, memory = Notes(), MemoryStore()
    for state in (store, memory):
        backfill(state, RUNS[:12])
        for one in RUNS[10:]:
            append(state, [one], warn=notes.warn)
    expected = recall(memory, hold=HOLD, now=LATER, warn=notes.warn)
    for _ in range(2):
        assert recall(store, hold=HOLD, now=LATER, warn=notes.warn) == expected
    assert notes.warnings == []


def test_a_day_is_merged_on_every_store(store: ObjectStore) -> None:
    notes = Notes()
    for one in RUNS:
        append(store, [one], warn=notes.warn)
    before = recall(store, hold=HOLD, now=LATER, warn=notes.warn, tidy=False)
    for _ in range(2):
        listing = take(store, first=NOW.date() - DAY, last=NOW.date(), warn=notes.warn)
        for day, stored in listing.days.items():
            compact(store, day, read(store, stored, now=LATER, warn=notes.warn), warn=notes.warn)
    assert [key.split("/")[:2] for key in keys(store)] == [["segments", "2022-11-30"], ["segments", "2022-12-01"]]
    assert recall(store, hold=HOLD, now=LATER, warn=notes.warn) == before
    assert notes.warnings == []


def test_two_prefixes_of_one_server_do_not_mix(make_store: MakeStore) -> None:
    notes = Notes()
    ours, theirs = make_store("state"), make_store("state2")
    append(ours, [observation()], warn=notes.warn)
    append(theirs, [observation(location="mars")], warn=notes.warn)
    assert [track.location for track in recall(ours, hold=HOLD, now=NOW, warn=notes.warn).tracks] == ["earth"]


@pytest.mark.services
def test_observations_outlive_a_server_that_is_gone_for_a_while(s3: SeaweedFS, space: str, tmp_path: Path) -> None:
    notes = Notes()
    state = open_bucket(s3, space, limits=Limits(connect=2.0, read=20.0, attempts=2))
    spool = DirectoryStore(tmp_path / "spool", name="file:spool")
    append(state, [RUNS[0]], spool=spool, warn=notes.warn)
    s3.stop()
    for one in RUNS[1:4]:
        append(state, [one], spool=spool, warn=notes.warn)
    assert len(keys(spool)) == 3
    assert deliver(spool, state, notes.warn) == 0
    with pytest.raises(StateError, match=r"observations cannot be read from .*: cannot connect to the server; check"):
        recall(state, hold=HOLD, now=LATER, warn=notes.warn)
    s3.start()
    assert deliver(spool, state, notes.warn) == 3
    assert keys(spool) == []
    assert recall(state, hold=HOLD, now=LATER, warn=notes.warn).measured == RUNS[3].at
    told = " ".join(notes.warnings)
    assert s3.secret_key not in told
    assert s3.access_key not in told
