"""Days gone by are one small object: read once, written when a day is over, made again when it is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from statusgen.errors import StateError
from statusgen.history import keep_days, load_days, newest_day
from statusgen.history.contents import pack
from statusgen.history.keys import DAYS
from statusgen.model.measured import Past, Uptime
from tests.factories import DAY, HOUR
from tests.fakes import MemoryStore, Notes

FIRST = date(2022, 11, 28)
ODD = Uptime(
    period=DAY,
    up=timedelta(hours=20, microseconds=1),
    degraded=timedelta(minutes=3),
    down=timedelta(seconds=7, microseconds=999_999),
    maintenance=HOUR,
)
PAST: Past = {"web": {FIRST: ODD, FIRST + DAY: Uptime(period=DAY)}, "media": {FIRST: ODD}}


def test_what_is_kept_comes_back_to_the_microsecond(state: MemoryStore, notes: Notes) -> None:
    assert load_days(state, notes.warn) is None
    keep_days(state, None, PAST, notes.warn)
    assert state.keys() == (DAYS,)
    assert load_days(state, notes.warn) == PAST
    assert notes.warnings == []


def test_it_is_written_when_it_changes_and_when_there_was_nothing(state: MemoryStore, notes: Notes) -> None:
    assert keep_days(state, {}, {}, notes.warn)
    assert keep_days(state, PAST, dict(PAST), notes.warn)
    assert state.calls == []
    assert keep_days(state, None, {}, notes.warn)
    assert keep_days(state, PAST, {**PAST, "web": {FIRST + 2 * DAY: ODD}}, notes.warn)
    assert keep_days(state, PAST, {**PAST, "media": {FIRST: Uptime(period=DAY)}}, notes.warn)
    assert [call.keys for call in state.calls] == [(DAYS,)] * 3


def test_the_newest_day_is_the_last_of_which_anything_is_known() -> None:
    assert newest_day(PAST) == FIRST + DAY
    assert newest_day({}) is None


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "[]",
        '{"components":{},"day":"2022-11-28","format":2}',
        '{"components":{},"day":"soon","format":1}',
        '{"components":{"web":[1,1,1]},"day":"2022-11-28","format":1}',
        '{"components":{"web":[9,8,1,1,0]},"day":"2022-11-28","format":1}',
        '{"components":{"web":[9,-1,0,0,0]},"day":"2022-11-28","format":1}',
        '{"components":{"web":[1e300,0,0,0,0]},"day":"2022-11-28","format":1}',
        '{"components":{"web":["a",0,0,0,0]},"day":"2022-11-28","format":1}',
    ],
)
def test_what_cannot_be_read_is_lost_with_a_warning(state: MemoryStore, notes: Notes, line: str) -> None:
    state.objects[DAYS] = (pack([line]), state.now)
    assert load_days(state, notes.warn) is None
    assert notes.warnings == [f"{DAYS!r} cannot be read; it is made again from what is remembered"]


def test_a_year_of_fifty_components_stays_small(state: MemoryStore, notes: Notes) -> None:
    keep_days(
        state,
        None,
        {f"component-{number}": {FIRST + day * DAY: ODD for day in range(365)} for number in range(50)},
        notes.warn,
    )
    assert len(state.objects[DAYS][0]) < 40_000


def test_a_state_that_cannot_be_read_ends_the_run(state: MemoryStore, notes: Notes) -> None:
    state.broken["read"] = "access denied"
    with pytest.raises(StateError, match="observations cannot be read from 's3://bucket/state': access denied"):
        load_days(state, notes.warn)


def test_a_state_that_cannot_be_written_is_a_warning(state: MemoryStore, notes: Notes) -> None:
    state.broken["write"] = "access denied"
    assert not keep_days(state, None, PAST, notes.warn)
    assert notes.warnings == [f"{DAYS!r} is not kept: access denied; nothing is lost, the next run tries again"]
