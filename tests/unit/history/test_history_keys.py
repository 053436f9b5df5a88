"""A name says whose observations it holds, of which day; any other name is not ours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from statusgen.history.keys import RawKey, SegmentKey, parse, raw_key, segment_key, summary_key

DIGEST = "0" * 64


def test_a_raw_key_tells_location_day_time_and_run() -> None:
    key = raw_key("github-eu", datetime(2022, 12, 1, 6, 4, 9, 999, UTC), "3601_2.a-b")
    assert str(key) == "raw/github-eu/2022-12-01/060409-3601_2.a-b.jsonl"
    assert parse(str(key)) == key == RawKey("github-eu", datetime(2022, 12, 1, 6, 4, 9, tzinfo=UTC), "3601_2.a-b")
    assert key.day == date(2022, 12, 1)


def test_a_raw_key_is_in_utc() -> None:
    began = datetime(2022, 11, 30, 23, 30, tzinfo=timezone(timedelta(hours=-8)))
    assert str(raw_key("earth", began, "r")) == "raw/earth/2022-12-01/073000-r.jsonl"


def test_a_segment_key_is_the_hash_of_its_lines_in_any_order() -> None:
    key = segment_key(date(2022, 12, 1), ["b", "a", "b"])
    assert key == segment_key(date(2022, 12, 1), ["a", "b"])
    assert str(key) == "segments/2022-12-01/911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2.jsonl.gz"
    assert parse(str(key)) == key
    assert key != segment_key(date(2022, 12, 1), ["a"])


def test_summaries_are_kept_by_month() -> None:
    assert summary_key(date(2022, 12, 31)) == "summaries/2022-12.jsonl.gz"


@pytest.mark.parametrize(
    ("location", "run", "said"),
    [
        ("Earth", "r", "expected a location id of lower-case letters, digits and hyphens, got 'Earth'"),
        ("", "r", "expected a location id of lower-case letters, digits and hyphens, got ''"),
        ("a/b", "r", "expected a location id of lower-case letters, digits and hyphens, got 'a/b'"),
        ("earth", "a/b", "expected a run id of up to 100 letters, digits, '.', '_' and '-', got 'a/b'"),
        ("earth", ".", "expected a run id of up to 100 letters, digits, '.', '_' and '-', got '.'"),
        ("earth", "r" * 101, f"expected a run id of up to 100 letters, digits, '.', '_' and '-', got {'r' * 101!r}"),
    ],
)
def test_what_cannot_be_part_of_a_name_is_refused(location: str, run: str, said: str) -> None:
    with pytest.raises(ValueError) as failure:  # noqa: PT011 - the whole message is compared
        raw_key(location, datetime(2022, 12, 1, tzinfo=UTC), run)
    assert str(failure.value) == said


@pytest.mark.parametrize(
    "key",
    [
        "",
        "readme.txt",
        "raw/earth/2022-12-01/060409-r.json",
        "raw/earth/2022-12-01/060409.jsonl",
        "raw/earth/2022-12-01/0604-r.jsonl",
        "raw/Earth/2022-12-01/060409-r.jsonl",
        "raw/earth/2022-13-01/060409-r.jsonl",
        "raw/earth/2022-02-30/060409-r.jsonl",
        "raw/earth/2022-12-01/240000-r.jsonl",
        "raw/earth/0999-12-01/060409-r.jsonl",
        "raw/earth/２０22-12-01/060409-r.jsonl",
        "raw/earth/more/2022-12-01/060409-r.jsonl",
        "raw/earth/2022-12-01/060409-r.jsonl\n",
        "old/raw/earth/2022-12-01/060409-r.jsonl",
        f"segments/2022-12-32/{DIGEST}.jsonl.gz",
        f"segments/2022-12-01/{DIGEST}.jsonl",
        f"segments/2022-12-01/{DIGEST[1:]}.jsonl.gz",
        "summaries/2022-12.jsonl.gz",
    ],
)
def test_any_other_name_is_not_ours(key: str) -> None:
    assert parse(key) is None


def test_segments_of_different_days_have_different_names() -> None:
    assert str(SegmentKey(date(2022, 12, 1), DIGEST)) != str(SegmentKey(date(2022, 12, 2), DIGEST))
