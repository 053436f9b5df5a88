"""What is read of a maintenance that comes again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic_core import PydanticCustomError

from statusgen.config.rules import parse_day, parse_rule, parse_zone
from statusgen.model.announcement import Maintenance, Recurrence, Window
from statusgen.model.project import Project

Reader = Callable[[Mapping[str, str]], Project]

SERIES = """---
title: Security updates
announced: 2022-12-01T10:00Z
starts: 2022-12-04T02:00+01:00
ends: 2022-12-04T03:00+01:00
repeats: FREQ=MONTHLY;BYDAY=1SU
zone: Europe/Berlin
skips: [2023-04-02]
aliases: [patches]
---
We restart the servers.

## 2022-12-04T01:10Z in_progress

## 2022-12-04T01:50Z completed

## 2022-12-30T10:00Z scheduled
ends: 2023-01-01T04:00+01:00

## 2023-01-01T01:05Z in_progress
ends: 2023-01-01T05:00+01:00

## 2023-01-01T02:00Z completed
"""


def test_a_series_is_what_its_file_says(read: Reader) -> None:
    (one,) = read({"content/maintenance/updates.md": SERIES}).announcements
    assert isinstance(one, Maintenance)
    assert one.repeats == Recurrence(
        rule="FREQ=MONTHLY;BYDAY=1SU", zone=ZoneInfo("Europe/Berlin"), skips=frozenset({date(2023, 4, 2)})
    )
    assert (one.series, one.following, len(one.updates)) == ("", (), 5)


def test_a_new_end_is_that_of_the_occurrence_that_the_update_belongs_to(read: Reader) -> None:
    (one,) = read({"content/maintenance/updates.md": SERIES}).announcements
    assert isinstance(one, Maintenance)
    start = datetime(2023, 1, 1, 1, tzinfo=UTC)
    assert [update.window for update in one.updates if update.window] == [
        Window(start, start.replace(hour=3)),
        Window(start, start.replace(hour=4)),
    ]


def test_a_rule_as_calendars_write_it_is_a_rule(read: Reader) -> None:
    text = SERIES.replace("FREQ=MONTHLY;BYDAY=1SU", "RRULE:freq=monthly; byday=1su")
    (one,) = read({"content/maintenance/updates.md": text}).announcements
    assert isinstance(one, Maintenance)
    assert one.repeats
    assert one.repeats.rule == "FREQ=MONTHLY;BYDAY=1SU"


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("FREQ=DAILY", "FREQ=DAILY"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=SU"),
        ("FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=-1", "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=-1"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1;COUNT=12", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1;COUNT=12"),
        ("FREQ=WEEKLY;UNTIL=20231231", "FREQ=WEEKLY;UNTIL=20231231T235959"),
    ],
)
def test_a_last_day_is_that_whole_day_and_all_else_stays_as_written(written: str, rule: str) -> None:
    assert parse_rule(written) == rule


@pytest.mark.parametrize(
    "written",
    [
        "",
        [],
        "FREQ",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=YEARLY;BYMONTH=0",
        "FREQ=MONTHLY;BYDAY=-SU",
        "FREQ=MONTHLY;BYDAY=1SU,+SU",
        "FREQ=WEEKLY;BYDAY=-SU",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=DAILY;UNTIL=20221301",
        "FREQ=DAILY;UNTIL=20230229",
        "FREQ=DAILY;UNTIL=99999999",
        "FREQ=DAILY;UNTIL=00000101",
    ],
)
def test_what_is_no_rule_is_refused(written: object) -> None:
    with pytest.raises(PydanticCustomError):
        parse_rule(written)


@pytest.mark.parametrize("written", ["", [], "Europe", "../etc/passwd", "/etc/localtime", "Mars/Olympus"])
def test_what_is_no_zone_is_refused(written: object) -> None:
    with pytest.raises(PydanticCustomError):
        parse_zone(written)


@pytest.mark.parametrize("written", ["", [], "2022-1-1", "2022-02-30", "20221225"])
def test_what_is_no_day_is_refused(written: object) -> None:
    with pytest.raises(PydanticCustomError):
        parse_day(written)
