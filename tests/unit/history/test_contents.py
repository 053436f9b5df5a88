"""What counts of stored objects: raw ones are not trusted, and nothing that is damaged stops a run."""

from __future__ import annotations

import zlib
from datetime import timedelta

import pytest

from statusgen.history import codec, contents
from statusgen.history.contents import MIB, Contents, VanishedError, observations, pack, read, unpack
from statusgen.history.keys import joined, parse, raw_key, segment_key
from statusgen.history.listing import Stored
from statusgen.model.observation import Observation
from tests.factories import HOUR, MINUTE, NOW, observation
from tests.fakes import MemoryStore, Notes

RAW = str(raw_key("earth", NOW - MINUTE, "r"))


def stored(name: str, size: int = 100) -> Stored:
    key = parse(name)
    assert key is not None
    return Stored(key=key, size=size, settled=True)


def line(observed: Observation | None = None, **changed: str) -> str:
    """Return a line of a run that began a minute ago, with some of its text changed."""
    text = codec.encode(observed or observation(at=NOW, run="r"))
    for old, new in changed.items():
        text = text.replace(old, new)
    return text


def put(state: MemoryStore, name: str, body: bytes) -> Stored:
    state.objects[name] = (body, NOW)
    return stored(name, len(body))


def segment(state: MemoryStore, lines: list[str], body: bytes | None = None) -> Stored:
    """Put a segment under its right name, with another body if one is given."""
    return put(state, str(segment_key(NOW.date(), lines)), pack(lines) if body is None else body)


def read_one(state: MemoryStore, one: Stored, notes: Notes) -> Contents:
    [found] = read(state, [one], now=NOW, warn=notes.warn)
    return found


def test_a_raw_object_is_its_lines_as_written(state: MemoryStore, notes: Notes) -> None:
    lines = [line(), line(observation(at=NOW, run="r", check="b")) + " ", line()]
    found = read_one(state, put(state, RAW, "\n\n".join(lines).encode()), notes)
    assert found.lines == set(lines)
    assert found.whole
    assert notes.warnings == []


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("garbage", "they cannot be read"),
        ("[1]", "they cannot be read"),
        ('{"location":"earth"}', "they cannot be read"),
        (line().replace("earth", "mars"), "they speak for another location than 'earth'"),
        (line().replace('"earth"', "7"), "they speak for another location than 'earth'"),
        (line(observation(at=NOW - 2 * MINUTE, run="r")), "they are not from the time that the name says"),
        (line(observation(at=NOW - MINUTE + HOUR, run="r")), "they are not from the time that the name says"),
        (
            line(observation(at=NOW + timedelta(minutes=5, seconds=1), run="r")),
            "they are dated in the future; check that location's clock",
        ),
    ],
)
def test_a_raw_line_that_is_not_to_be_believed_is_set_aside(
    state: MemoryStore, notes: Notes, bad: str, said: str
) -> None:
    found = read_one(state, put(state, RAW, f"{bad}\n{line()}\n".encode()), notes)
    assert found.lines == {line()}
    assert not found.whole
    assert notes.warnings == [f"1 lines of {RAW!r} are set aside: {said}"]


def test_a_raw_line_from_a_clock_a_little_ahead_counts(state: MemoryStore, notes: Notes) -> None:
    ahead = line(observation(at=NOW + timedelta(minutes=5), run="r"))
    assert read_one(state, put(state, RAW, ahead.encode()), notes).lines == {ahead}


def test_a_raw_line_of_a_newer_version_is_kept_though_it_is_not_understood(state: MemoryStore, notes: Notes) -> None:
    newer = line(up="paused")
    found = read_one(state, put(state, RAW, f"{newer}\n{line()}".encode()), notes)
    assert found.lines == {newer, line()}
    assert found.whole
    assert observations([found], now=NOW, warn=notes.warn) == (observation(at=NOW, run="r"),)
    assert notes.warnings == [
        "1 lines are kept but cannot be understood; a newer version of statusgen may have written them"
    ]


def test_a_raw_object_that_is_not_text_is_set_aside(state: MemoryStore, notes: Notes) -> None:
    found = read_one(state, put(state, RAW, b"\xff\xfe"), notes)
    assert (found.lines, found.whole) == (frozenset(), False)
    assert notes.warnings == [f"{RAW!r} is set aside: it is not UTF-8"]


def test_a_segment_is_its_lines(state: MemoryStore, notes: Notes) -> None:
    separator = line() + "\u2028still the same line"
    found = read_one(state, segment(state, [line(), separator]), notes)
    assert (found.lines, found.whole) == ({line(), separator}, True)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"not gzip", "it is damaged"),
        (pack(["a"])[:-3], "it is damaged"),
        (pack(["a"]) + b"more", "it is damaged"),
        (b"", "it is damaged"),
        (zlib.compress(b"a\n", wbits=31) * 2, "it is damaged"),
        (pack(["b"]), "it is not what its name says"),
        (zlib.compress(b"\xff", wbits=31), "it is not UTF-8"),
    ],
)
def test_a_damaged_segment_is_set_aside(state: MemoryStore, notes: Notes, body: bytes, said: str) -> None:
    one = segment(state, ["a"], body)
    found = read_one(state, one, notes)
    assert (found.lines, found.whole) == (frozenset(), False)
    assert notes.warnings == [f"{one.name!r} is set aside: {said}"]


def test_an_object_that_is_too_large_is_not_even_fetched(state: MemoryStore, notes: Notes) -> None:
    name = str(segment_key(NOW.date(), ["a"]))
    raw, packed = stored(RAW, 8 * MIB + 1), stored(name, 64 * MIB + 1)
    found = read(state, [raw, packed], now=NOW, warn=notes.warn)
    assert [(one.lines, one.whole) for one in found] == [(frozenset(), False)] * 2
    assert state.calls == []
    assert notes.warnings == [f"{one!r} is set aside: it is too large" for one in (RAW, name)]


def test_an_object_just_small_enough_is_fetched(state: MemoryStore, notes: Notes) -> None:
    put(state, RAW, line().encode())
    assert read_one(state, stored(RAW, 8 * MIB), notes).whole


def test_a_compressed_object_is_inflated_up_to_a_bound() -> None:
    body = zlib.compress(b"0" * 3 * MIB, wbits=31)
    assert unpack(body, most=3 * MIB) == "0" * 3 * MIB
    with pytest.raises(ValueError, match="it inflates to more than 2 MiB"):
        unpack(body, most=2 * MIB)


def test_what_is_packed_holds_no_time_and_unpacks_sorted() -> None:
    assert pack(["b", "a", "b"]) == pack(["a", "b"])
    assert unpack(pack(["b", "a"])) == "a\nb\n" == joined(["a", "b"]).decode()


def test_an_object_that_has_vanished_asks_for_a_new_listing(state: MemoryStore, notes: Notes) -> None:
    with pytest.raises(VanishedError):
        read(state, [stored(RAW)], now=NOW, warn=notes.warn)


def test_an_object_that_keeps_vanishing_is_left_out_with_a_warning(state: MemoryStore, notes: Notes) -> None:
    assert read(state, [stored(RAW)], now=NOW, warn=notes.warn, strict=False) == ()
    assert notes.warnings == [f"{RAW!r} is listed but does not exist; what it held may be missing until the next run"]


def test_observations_are_told_once_and_none_from_the_future(state: MemoryStore, notes: Notes) -> None:
    early, late = observation(at=NOW - MINUTE, run="r"), observation(at=NOW + 6 * MINUTE, run="r")
    lines = [codec.encode(early), codec.encode(late)]
    found = [read_one(state, segment(state, chosen), notes) for chosen in (lines, lines[:1])]
    assert observations(found, now=NOW, warn=notes.warn) == (early,)
    assert observations(found, now=NOW + MINUTE, warn=notes.warn) == (early, late)
    assert notes.warnings == []


def test_the_bounds_are_those_of_the_reference() -> None:
    assert (contents.LARGEST_RAW, contents.LARGEST_SEGMENT, contents.LARGEST_INFLATED) == (8 * MIB, 64 * MIB, 256 * MIB)
    assert (contents.LONGEST_RUN, contents.AHEAD) == (HOUR, 5 * MINUTE)
