"""Whatever happens to the state while it is recalled: objects vanish, and it does not answer or take anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from statusgen.errors import StateError
from statusgen.history import backfill, codec
from statusgen.history.recall import LISTINGS
from tests.factories import DAY, HOUR, NOW, observation, series
from tests.fakes import MemoryStore, Notes
from tests.unit.history.recalling import keep, kinds, recalled


class Restless(MemoryStore):
    """A store whose raw objects are merged by somebody else just before they are read, so many times."""

    def __init__(self, times: int) -> None:
        super().__init__("s3://bucket/state")
        self.times = times

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        raw = [key for key in keys if key.startswith("raw/")]
        if raw and self.times:
            self.times -= 1
            body, _ = self.objects.pop(raw[0])
            backfill(self, [codec.decode(line) for line in body.decode().splitlines()])
        return super().read(keys)


@pytest.mark.parametrize("times", [1, LISTINGS - 1])
def test_an_object_that_vanishes_is_looked_for_again(notes: Notes, times: int) -> None:
    state = Restless(times)
    runs = series("u" * 8)
    keep(state, runs)
    found = recalled(state, notes, NOW + HOUR)
    assert (found.since, found.measured) == (runs[0].at, runs[-1].at)
    assert [call.keys for call in state.calls].count(("raw/",)) == times + 1
    assert notes.warnings == []


def test_a_state_that_never_rests_is_read_as_it_is(notes: Notes) -> None:
    state = Restless(LISTINGS)
    runs = series("u" * 8)
    keep(state, runs)
    assert recalled(state, notes, NOW + HOUR).since == runs[0].at
    assert [call.keys for call in state.calls].count(("raw/",)) == LISTINGS
    [message] = notes.warnings
    assert message.endswith("is listed but does not exist; what it held may be missing until the next run")


def test_a_warning_comes_once_however_often_everything_is_read(notes: Notes) -> None:
    state = Restless(3)
    keep(state, series("u" * 8))
    state.objects["raw/readme.txt"] = (b"", NOW)
    recalled(state, notes, NOW + HOUR)
    assert len(notes.warnings) == 1


@pytest.mark.parametrize("method", ["list", "read"])
def test_a_state_that_cannot_be_read_is_an_error_that_says_what_to_do(
    state: MemoryStore, notes: Notes, method: str
) -> None:
    state.broken[method] = "no answer in time"
    with pytest.raises(StateError) as failure:
        recalled(state, notes)
    assert str(failure.value) == (
        "observations cannot be read from 's3://bucket/state': no answer in time; "
        "check the address and the credentials under 'state' in statusgen.yaml and run again"
    )


@pytest.mark.parametrize("method", ["write", "delete"])
def test_a_state_that_cannot_be_kept_tidy_is_still_read(state: MemoryStore, notes: Notes, method: str) -> None:
    keep(state, [*series("uud", start=NOW - 3 * DAY), *series("uud", start=NOW - DAY), observation()])
    before = recalled(state, notes, tidy=False)
    objects = set(state.keys())
    state.broken[method] = "access denied"
    assert recalled(state, notes) == before
    assert objects <= set(state.keys())
    [message] = notes.warnings
    assert message.startswith(f"'s3://bucket/state' is not kept tidy: cannot {method} '")
    assert message.endswith("access denied; nothing is lost, the next run tries again")
    assert [call.method for call in state.calls].count(method) == 1
    state.broken.clear()
    assert recalled(state, notes) == before
    assert ("raw", "2022-11-30") not in kinds(state)


@pytest.mark.parametrize("name", ["summaries/2022-11.jsonl.gz", "summaries/window.jsonl.gz"])
def test_summaries_that_cannot_be_written_are_a_warning(state: MemoryStore, notes: Notes, name: str) -> None:
    keep(state, [*series("uud", start=NOW - DAY), observation()])
    state.refused.add(name)
    before = recalled(state, notes)
    refused = f"'s3://bucket/state' is not kept tidy: cannot write {name!r}: access denied"
    assert notes.warnings == [f"{refused}; nothing is lost, the next run tries again"]
    assert recalled(state, notes) == before
