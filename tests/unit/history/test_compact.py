"""Merging a day's objects deletes nothing but what a segment that was read back holds as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from statusgen.errors import StoreError
from statusgen.history import compact as compacting
from statusgen.history.compact import compact, is_dominated
from statusgen.history.contents import Contents, pack
from statusgen.history.keys import RawKey, raw_key, segment_key
from statusgen.history.listing import Stored
from statusgen.ports import Blob
from tests.factories import NOW
from tests.fakes import MemoryStore, Notes

DAY = NOW.date()


def raw(run: str, *lines: str, whole: bool = True) -> Contents:
    return _contents(raw_key("earth", NOW, run), lines, whole=whole)


def segment(*lines: str) -> Contents:
    return _contents(segment_key(DAY, lines), lines)


def _contents(key: RawKey | object, lines: Sequence[str], *, whole: bool = True) -> Contents:
    stored = Stored(key=key, size=1, settled=True)  # type: ignore[arg-type]  # one of the two kinds of key
    return Contents(stored=stored, lines=frozenset(lines), whole=whole)


def hold(state: MemoryStore, *contents: Contents) -> list[Contents]:
    for one in contents:
        state.objects[one.name] = (pack(one.lines), NOW)
    return list(contents)


def name(*lines: str) -> str:
    return str(segment_key(DAY, lines))


def test_the_objects_of_a_day_become_one(state: MemoryStore, notes: Notes) -> None:
    read = hold(state, raw("a", "1"), raw("b", "2", "3"), segment("3", "4"))
    assert compact(state, DAY, read, warn=notes.warn) == {name("1", "2", "3", "4")}
    assert state.keys() == (name("1", "2", "3", "4"),)
    assert state.blobs[name("1", "2", "3", "4")].content_type == "application/gzip"
    assert notes.warnings == []


def test_a_single_raw_object_becomes_a_segment_too(state: MemoryStore, notes: Notes) -> None:
    """Otherwise a location that runs once a day would leave one raw object a day for ever."""
    assert compact(state, DAY, hold(state, raw("a", "1")), warn=notes.warn) == {name("1")}
    assert state.keys() == (name("1"),)


def test_a_segment_alone_is_left_alone(state: MemoryStore, notes: Notes) -> None:
    assert compact(state, DAY, hold(state, segment("1", "2")), warn=notes.warn) == {name("1", "2")}
    assert state.calls == []


def test_a_segment_that_has_everything_already_is_not_written_again(state: MemoryStore, notes: Notes) -> None:
    read = hold(state, segment("1", "2"), raw("a", "1"), raw("b", "1", "2"), segment("2"))
    assert compact(state, DAY, read, warn=notes.warn) == {name("1", "2")}
    assert [call.method for call in state.calls] == ["delete"]


def test_an_object_of_which_something_is_set_aside_stays(state: MemoryStore, notes: Notes) -> None:
    damaged = raw("b", "2", whole=False)
    assert compact(state, DAY, hold(state, raw("a", "1"), damaged), warn=notes.warn) == {name("1", "2"), damaged.name}
    assert set(state.keys()) == {name("1", "2"), damaged.name}


@pytest.mark.parametrize("read", [[], [raw("a")], [raw("a", whole=False)]])
def test_nothing_is_written_for_nothing(state: MemoryStore, notes: Notes, read: list[Contents]) -> None:
    assert compact(state, DAY, hold(state, *read), warn=notes.warn) == {one.name for one in read}
    assert state.calls == []


class Forgetful(MemoryStore):
    """A store that does not keep what it is sent."""

    kept: bytes | None = None

    def write(self, blobs: Sequence[Blob]) -> None:
        super().write(blobs)
        for blob in blobs:
            if self.kept is None:
                del self.objects[blob.key]
            else:
                self.objects[blob.key] = (self.kept, self.now)


@pytest.mark.parametrize("kept", [None, b"garbage", pack(["1"])])
def test_nothing_is_deleted_when_the_segment_does_not_read_back(notes: Notes, kept: bytes | None) -> None:
    state = Forgetful()
    state.kept = kept
    read = hold(state, raw("a", "1"), raw("b", "2"))
    assert compact(state, DAY, read, warn=notes.warn) == {one.name for one in read}
    assert {one.name for one in read} <= set(state.keys())
    assert notes.warnings == [
        f"{name('1', '2')!r} was not stored as it was sent; nothing is deleted, the next run tries again"
    ]


@pytest.mark.parametrize("method", ["write", "read"])
def test_nothing_is_deleted_when_the_segment_cannot_be_stored(state: MemoryStore, notes: Notes, method: str) -> None:
    read = hold(state, raw("a", "1"), raw("b", "2"))
    state.broken[method] = "access denied"
    with pytest.raises(StoreError):
        compact(state, DAY, read, warn=notes.warn)
    assert {one.name for one in read} <= set(state.keys())


def test_a_day_beyond_the_bound_is_not_merged(
    state: MemoryStore, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A segment that readers would refuse must not replace what they can read."""
    read = hold(state, raw("a", "é" * 10), raw("b", "2" * 10))
    monkeypatch.setattr(compacting, "LARGEST_INFLATED", 20 + 10 + 2 - 1)
    assert compact(state, DAY, read, warn=notes.warn) == {one.name for one in read}
    assert state.calls == []
    assert notes.warnings == ["the objects of 2022-12-01 are not merged: they hold more than 0 MiB"]
    monkeypatch.setattr(compacting, "LARGEST_INFLATED", 20 + 10 + 2)
    assert len(compact(state, DAY, read, warn=notes.warn)) == 1


@pytest.mark.parametrize(
    ("one", "union", "dominated"),
    [
        (raw("a", "1"), {"1", "2"}, True),
        (raw("a", "1"), {"1"}, True),
        (raw("a"), {"1"}, True),
        (raw("a", "1", "3"), {"1", "2"}, False),
        (raw("a", "1", whole=False), {"1", "2"}, False),
        (segment("1"), {"1", "2"}, True),
        (segment("1"), {"1"}, False),
        (segment("1", "2"), {"1"}, False),
    ],
)
def test_only_what_is_dominated_may_be_deleted(one: Contents, union: set[str], dominated: bool) -> None:
    assert is_dominated(one, frozenset(union)) is dominated


def test_days_do_not_mix(state: MemoryStore, notes: Notes) -> None:
    names: Mapping[date, set[str]] = {
        day: compact(state, day, hold(state, raw("a", "1")), warn=notes.warn) for day in (DAY, date(2022, 12, 2))
    }
    assert len(set.union(*names.values())) == 2
