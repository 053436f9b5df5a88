"""`docs/reference/state.md` tells what the code does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from statusgen.history import codec, contents, days, keys, last_seen, listing
from statusgen.history.contents import MIB
from statusgen.history.recall import CLOSES_AFTER, LEFT_FOR, LISTINGS, PILE
from statusgen.history.spool import BATCH
from statusgen.model.words import Outcome
from tests.conftest import ROOT
from tests.fakes import MemoryStore

PAGE = (ROOT / "docs/reference/state.md").read_text(encoding="utf-8")
WORDS = " ".join(PAGE.split())


*LINES, DAY = re.findall(r"```json\n(.*)\n```", PAGE)


def test_the_example_lines_are_canonical_lines() -> None:
    assert LINES
    assert [codec.encode(codec.decode(line)) for line in LINES] == LINES


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
