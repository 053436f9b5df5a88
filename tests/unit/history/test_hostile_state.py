"""Whatever somebody else puts below the state's prefix is set aside: the record is the same, and nothing is deleted."""

from __future__ import annotations

import json
import zlib
from datetime import timedelta

import pytest

from statusgen.history import append, backfill, codec, recall
from statusgen.history.contents import LARGEST_INFLATED, MIB, pack
from statusgen.history.days import load_days
from statusgen.history.keys import DAYS, WINDOW, joined, raw_key, segment_key, summary_key
from statusgen.model.track import Record
from statusgen.model.words import Outcome
from tests.factories import DAY, HOLD, HOUR, INTERVAL, MINUTE, NOW, observation, series
from tests.fakes import MemoryStore, Notes

YESTERDAY = (NOW - DAY).date()
LIE = codec.encode(observation(Outcome.DOWN, NOW - MINUTE, run="lie"))
ELSEWHERE = codec.encode(observation(Outcome.DOWN, NOW - MINUTE, location="mars", run="lie"))
MONTH = summary_key(YESTERDAY)
SUMMARY = {
    "day": str(YESTERDAY),
    "format": 1,
    "hold": 750,
    "latest": [],
    "measured": None,
    "since": None,
    "sources": [],
    "tidy": True,
    "tracks": [],
}


def raw(run: str) -> str:
    return str(raw_key("earth", NOW - MINUTE, run))


def segment(*lines: str) -> str:
    return str(segment_key(YESTERDAY, lines))


def deep(levels: int = 100_000) -> bytes:
    """Return JSON that no reader can follow to its end."""
    return b"[" * levels


HOSTILE = {
    "nothing": (raw("empty"), b"\n\n"),
    "NUL bytes": (raw("nul"), bytes(1000)),
    "a NUL within a line": (raw("nul-within"), LIE.replace("web-http", "web\0http").encode()),
    "not text": (raw("binary"), b"\xff\xfe\x00"),
    "text cut short": (raw("short"), LIE.encode()[:-20]),
    "another location's lines": (raw("mars"), ELSEWHERE.encode()),
    "lines of another day": (raw("old"), codec.encode(observation(Outcome.DOWN, NOW - 30 * DAY)).encode()),
    "nested without end": (raw("deep"), deep()),
    "a number without end": (raw("long"), b'{"at":' + b"9" * 10_000 + b"}"),
    "a compressed raw object": (raw("packed"), pack([LIE])),
    "a segment cut short": (segment(LIE), pack([LIE])[:-4]),
    "a segment that goes on": (segment(LIE), pack([LIE]) + pack([LIE])),
    "a segment of other lines": (segment("other"), pack([LIE])),
    "a segment that is not compressed": (segment(LIE, "plain"), joined([LIE, "plain"])),
    "a segment from tomorrow": (str(segment_key((NOW + DAY).date(), [LIE])), pack([LIE])),
    "a raw object from next year": (str(raw_key("earth", NOW + 365 * DAY, "r")), LIE.encode()),
    "a day that never was": (f"segments/2022-11-31/{'0' * 64}.jsonl.gz", pack([LIE])),
    "a folder's placeholder": ("segments/2022-12-01/", b""),
    "a folder for a segment": (f"{segment(LIE, 'folder')}/x", pack([LIE])),
    "a location that cannot be": ("raw/../2022-12-01/115900-r.jsonl", LIE.encode()),
    "a name of another alphabet": ("raw/earth/2022-12-01/115900-\N{GREEK SMALL LETTER ALPHA}.jsonl", LIE.encode()),
    "digits of another alphabet": (f"segments/202\N{ARABIC-INDIC DIGIT TWO}-12-01/{'0' * 64}.jsonl.gz", b""),
}

SILENT = {"nothing", "a segment from tomorrow", "digits of another alphabet"}
"""What holds nothing that could be missed, and what is not even listed for the days of the window."""

DAMAGED = {
    "cut short": pack([json.dumps(SUMMARY)])[:-5],
    "NUL bytes": bytes(100),
    "nested without end": zlib.compress(deep(), wbits=31),
    "not a mapping": pack(["[]", "7", "null"]),
    "days that are no number": pack([json.dumps(SUMMARY | {"days": "many"})]),
    "an hour without end": pack([json.dumps(SUMMARY | {"hold": 1e300})]),
    "no day": pack([json.dumps(SUMMARY | {"day": "2022-11-31"})]),
    "counts that are no numbers": pack(
        [json.dumps(SUMMARY | {"tracks": [{"check": "a", "location": "b", "spans": [], "latency": {"1": "x"}}]})]
    ),
    "spans of three": pack(
        [json.dumps(SUMMARY | {"tracks": [{"check": "a", "location": "b", "spans": [["", "", ""]], "latency": {}}]})]
    ),
    "names that are no texts": pack(
        [json.dumps(SUMMARY | {"tracks": [{"check": 1, "location": None, "spans": [], "latency": {}}]})]
    ),
}


def sound() -> MemoryStore:
    """Return a state with yesterday in a segment and today in raw objects."""
    state = MemoryStore()
    backfill(state, series("uudu", start=NOW - DAY))
    for one in series("uuu", start=NOW - 2 * INTERVAL):
        append(state, [one], warn=pytest.fail)
    return state


def remembered(state: MemoryStore) -> tuple[Record, list[str]]:
    notes = Notes()
    return recall(state, hold=HOLD, now=NOW, warn=notes.warn), notes.warnings


@pytest.fixture
def clean() -> Record:
    record, warnings = remembered(sound())
    assert warnings == []
    return record


@pytest.mark.parametrize("kind", HOSTILE)
def test_an_object_that_is_not_sound_changes_nothing_and_stays(clean: Record, kind: str) -> None:
    name, body = HOSTILE[kind]
    state = sound()
    state.objects[name] = (body, NOW - HOUR)
    record, warnings = remembered(state)
    assert record == clean
    assert len(warnings) == (kind not in SILENT)
    assert remembered(state)[0] == clean
    assert kind == "nothing" or state.objects[name][0] == body


def test_all_of_them_together_change_nothing_either(clean: Record) -> None:
    state = sound()
    state.objects |= {name: (body, NOW - HOUR) for name, body in HOSTILE.values()}
    assert remembered(state)[0] == clean


def test_thousands_of_damaged_objects_leave_the_others_readable(clean: Record) -> None:
    state = sound()
    state.objects |= {raw(f"bad-{number}"): (b"\0", NOW - HOUR) for number in range(3000)}
    assert remembered(state)[0] == clean


def test_a_bomb_is_put_out_before_it_fills_the_memory(clean: Record) -> None:
    bomb = zlib.compress(bytes(LARGEST_INFLATED + 1), level=1, wbits=31)
    assert len(bomb) < 2 * MIB
    state = sound()
    state.objects[segment("bomb")] = (bomb, NOW - HOUR)
    record, warnings = remembered(state)
    assert record == clean
    assert warnings == [f"{segment('bomb')!r} is set aside: it inflates to more than {LARGEST_INFLATED // MIB} MiB"]


@pytest.mark.parametrize("body", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("names", [(MONTH,), (WINDOW,), (MONTH, WINDOW)])
def test_a_summary_that_is_not_sound_is_made_again(clean: Record, names: tuple[str, ...], body: bytes) -> None:
    state = sound()
    remembered(state)
    before = {name: state.objects[name][0] for name in names}
    state.objects |= dict.fromkeys(names, (body, NOW))
    assert remembered(state)[0] == clean
    assert remembered(state)[0] == clean
    if WINDOW in names:  # the months are looked at when that is made
        assert {name: state.objects[name][0] for name in names} == before


@pytest.mark.parametrize("body", [b"", bytes(9), zlib.compress(deep(), wbits=31), pack(["[]"]), pack(["{}"])])
def test_figures_of_days_that_are_not_sound_are_made_again(body: bytes) -> None:
    state, notes = MemoryStore(), Notes()
    state.objects[DAYS] = (body, NOW)
    assert load_days(state, notes.warn) is None
    assert len(notes.warnings) == 1


def test_a_clock_that_is_ahead_by_years_is_told_and_believed_by_nobody(clean: Record) -> None:
    state = sound()
    ahead = [observation(Outcome.DOWN, NOW + timedelta(days=1000), check=f"check-{number}") for number in range(3)]
    append(state, ahead, warn=pytest.fail)
    record, warnings = remembered(state)
    assert record == clean
    assert ["check the clock of that location" in said for said in warnings] == [True]
