"""`docs/reference/state.md` tells what the code does."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest

from statusgen import pipeline
from statusgen.history import append, codec, contents, days, keys, last_seen, listing
from statusgen.history.contents import MIB
from statusgen.history.recall import CLOSES_AFTER, LEFT_FOR, LISTINGS, PILE
from statusgen.history.spool import BATCH
from statusgen.model.words import Outcome
from statusgen.publish import generations
from tests import factories
from tests.conftest import ROOT
from tests.factories import NOW, series
from tests.fakes import MemoryStore, Notes

PAGE = (ROOT / "docs/reference/state.md").read_text(encoding="utf-8")
WORDS = " ".join(PAGE.split())


LAYOUT = dict(re.findall(r"^\| `([a-z.]+/[a-z.]*)` \| .+ \| .+ \| (.+) \|$", PAGE, re.MULTILINE))
"""What happens to what lies below a place when it is lost."""

*LINES, DAY = re.findall(r"```json\n(.*)\n```", PAGE)


def test_the_example_lines_are_canonical_lines() -> None:
    assert LINES
    assert [codec.encode(codec.decode(line)) for line in LINES] == LINES


def test_the_layout_is_that_of_the_names_that_the_code_gives() -> None:
    layout = PAGE.partition("```text\n")[2].partition("\n```")[0]
    day, lines = date(2022, 12, 1), ["a line"]
    values = {
        "<location>": "earth",
        "<YYYY-MM-DD>": "2022-12-01",
        "<YYYY-MM>": "2022-12",
        "<HHMMSS>": "060409",
        "<run>": "run-1",
        "<sha256 of its sorted lines>": sha256(keys.joined(lines)).hexdigest(),
    }
    for placeholder, value in values.items():
        layout = layout.replace(placeholder, value)
    raw = keys.raw_key("earth", datetime(2022, 12, 1, 6, 4, 9, tzinfo=UTC), "run-1")
    segment, month = keys.segment_key(day, lines), keys.summary_key(day)
    *observed, record, pack = layout.splitlines()
    assert observed == [str(raw), str(segment), month, keys.WINDOW, keys.DAYS]
    for name in (record, pack):
        whose = name.replace("<YYYYMMDDTHHMMSSZ>-<digest>-<look or words>", "20221201T060409Z-0a1b2c3d-look")
        assert generations.is_ours(whose.replace("<sha256>", "0f" * 32))
    assert all(keys.is_ours(name) for name in layout.splitlines())


def test_the_table_of_the_layout_has_a_row_for_every_place() -> None:
    assert list(LAYOUT) == [keys.RAW, keys.SEGMENTS, keys.SUMMARIES, keys.WINDOW, keys.DAYS, keys.GENERATIONS]


@pytest.mark.parametrize("below", [keys.RAW, keys.SEGMENTS, keys.SUMMARIES, keys.WINDOW, keys.DAYS])
def test_what_happens_when_it_is_lost_is_what_the_table_says(below: str) -> None:
    state = MemoryStore()
    for one in series("ud" * 10, start=NOW - 19 * factories.DAY, step=factories.DAY):
        state.now = one.at
        append(state, [one], warn=pytest.fail)
        pipeline.look(factories.project(), state, now=one.at, progress=Notes(), tidy=True)
    before = dict(state.objects)
    lost = state.keys(below)
    assert lost
    state.delete(lost)
    pipeline.look(factories.project(), state, now=NOW, progress=Notes(), tidy=True)
    found = {key: state.objects[key][0] for key in lost if key in state.objects}
    if LAYOUT[below] == "made again":
        assert found == {key: before[key][0] for key in lost}
    else:
        assert (found, LAYOUT[below].endswith(" is lost")) == ({}, True)


def test_every_key_of_a_line_is_told() -> None:
    told = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert told == sorted({key for line in LINES for key in codec.document(line)})


def test_every_outcome_is_told() -> None:
    *rest, last = (f"`{outcome}`" for outcome in Outcome)
    assert f"{', '.join(rest)} or {last} |" in PAGE


def test_the_bounds_are_told() -> None:
    assert f"a raw object over {contents.LARGEST_RAW // MIB} MiB" in WORDS
    assert f"a compressed one over {contents.LARGEST_SEGMENT // MIB} MiB" in WORDS
    assert f"inflates to more than {contents.LARGEST_INFLATED // MIB} MiB" in WORDS
    assert f"at most {codec.LONGEST_HOLD.days} days" in WORDS
    assert f"more than {contents.AHEAD // timedelta(minutes=1)} minutes ahead" in WORDS
    assert timedelta(hours=1) == contents.LONGEST_RUN
    assert "not from the hour after the instant in the object's name" in WORDS


def test_how_what_waits_is_delivered_is_told() -> None:
    assert f"oldest first, {BATCH} objects at a time" in WORDS


def test_when_objects_are_merged_is_told() -> None:
    assert f"When more than {PILE} raw objects" in WORDS
    assert f"({CLOSES_AFTER // timedelta(hours=1)} hour after its end)" in WORDS
    assert f"younger than {listing.YOUNG // timedelta(minutes=1)} minutes" in WORDS
    assert f"at most {LISTINGS} times" in WORDS
    assert f"left alone for {LEFT_FOR // timedelta(days=1)} day," in WORDS


def test_how_many_objects_are_asked_for_what_was_last_seen_down_is_told() -> None:
    assert f"the newest objects in it, {last_seen.MOST:,} at most" in WORDS


def test_the_example_of_a_day_is_one_and_its_fields_are_told_in_their_order() -> None:
    state = MemoryStore()
    state.objects[keys.DAYS] = (contents.pack([DAY]), state.now)
    [(day, uptime)] = days.load_days(state, pytest.fail)["web"].items()  # type: ignore[index]  # it is there
    assert (str(day), uptime.down, uptime.unmeasured) == ("2022-11-30", timedelta(minutes=5), timedelta())
    told = re.findall(r"`(\w+)`", WORDS.partition("in this order:")[2].partition(". What is missing")[0])
    assert tuple(told) == days.FIELDS
