"""`docs/reference/state.md` tells what the code does."""

from __future__ import annotations

import re
from datetime import timedelta

from statusgen.history import codec, contents, listing
from statusgen.history.contents import MIB
from statusgen.history.recall import CLOSES_AFTER, LISTINGS, PILE
from statusgen.model.words import Outcome
from tests.conftest import ROOT

PAGE = (ROOT / "docs/reference/state.md").read_text(encoding="utf-8")
WORDS = " ".join(PAGE.split())


LINES = re.findall(r"```json\n(.*)\n```", PAGE)


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


def test_when_objects_are_merged_is_told() -> None:
    assert f"When more than {PILE} raw objects" in WORDS
    assert f"({CLOSES_AFTER // timedelta(hours=1)} hour after its end)" in WORDS
    assert f"younger than {listing.YOUNG // timedelta(minutes=1)} minutes" in WORDS
    assert f"at most {LISTINGS} times" in WORDS
