"""Law: what is forgotten are days older than people keep, whole, and never anything else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.history import backfill, recall
from statusgen.history.keys import raw_key, segment_key, summary_key
from statusgen.history.retention import MOST, SHORTEST, expired, forget
from tests.factories import DAY, HOLD, NOW, series
from tests.fakes import MemoryStore

YEAR = timedelta(days=365)
days = st.dates(date(2015, 1, 1), date(2030, 12, 31))
names = st.one_of(
    days.map(lambda day: str(segment_key(day, ["a line"]))),
    days.map(summary_key),
    days.map(lambda day: str(raw_key("earth", NOW.replace(year=day.year, month=day.month, day=1), "run"))),
    st.sampled_from(["summaries/window.jsonl.gz", "summaries/days.jsonl.gz", "summaries/2022-13.jsonl.gz"]),
    st.text(max_size=40),
    st.dates().map(lambda day: f"segments/{day}/mine.txt"),
)


@given(st.lists(names, max_size=30), days)
def test_only_whole_days_before_the_oldest_are_named(found: list[str], oldest: date) -> None:
    for name in expired(found, oldest):
        assert name in found
        day = name.split("/")[1].removesuffix(".jsonl.gz")
        if name.startswith("segments/"):
            assert date.fromisoformat(day) < oldest
        else:
            assert name.startswith("summaries/")
            assert day < f"{oldest:%Y-%m}"


@given(days, days)
def test_every_segment_before_the_oldest_is_named(day: date, oldest: date) -> None:
    name = str(segment_key(day, ["a line"]))
    assert expired([name], oldest) == ((name,) if day < oldest else ())


def aged(count: int) -> MemoryStore:
    """Return a state with an observation on each of so many days until yesterday."""
    state = MemoryStore()
    backfill(state, [one for back in range(1, count) for one in series("u", start=NOW - DAY * back)])
    state.objects |= {"summaries/2020-01.jsonl.gz": (b"", NOW), "segments/notes.txt": (b"mine", NOW)}
    return state


def test_what_is_kept_is_recalled_as_before() -> None:
    state = aged(400)
    before = recall(state, hold=HOLD, now=NOW, warn=lambda _said: None)
    assert forget(state, YEAR, now=NOW, warn=pytest.fail) == 34 + 1
    assert len(state.keys("segments/2")) == 365
    assert state.keys("segments/notes") == ("segments/notes.txt",)
    assert recall(state, hold=HOLD, now=NOW, warn=lambda _said: None) == before
    assert forget(state, YEAR, now=NOW, warn=pytest.fail) == 0


def test_no_day_is_forgotten_sooner_than_a_page_needs_it() -> None:
    state = aged(120)
    forget(state, DAY, now=NOW, warn=pytest.fail)
    assert len(state.keys("segments/2")) == SHORTEST // DAY


def test_so_much_goes_at_once_and_the_oldest_first() -> None:
    state = aged(MOST + 500)
    assert forget(state, SHORTEST, now=NOW, warn=pytest.fail) == MOST
    left = min(state.keys("segments/2"))
    assert forget(state, SHORTEST, now=NOW, warn=pytest.fail) == 400
    assert min(state.keys("segments/2")) > left


def test_a_clock_that_is_ahead_forgets_nothing_too_soon() -> None:
    """The machine's, or `--now`: by the store's own clock the days are not that old."""
    ahead, right = aged(400), aged(400)
    for state, now in ((ahead, NOW + 3000 * DAY), (right, NOW)):
        assert forget(state, YEAR, now=now, warn=pytest.fail) == 34 + 1
    assert ahead.objects == right.objects


def test_a_clock_that_is_behind_forgets_later() -> None:
    state = aged(400)
    assert forget(state, YEAR, now=NOW - 20 * DAY, warn=pytest.fail) == 14 + 1


@pytest.mark.parametrize("method", ["list", "delete"])
def test_a_refusal_is_a_warning(method: str) -> None:
    state = aged(400)
    state.broken[method] = "access denied"
    said: list[str] = []
    assert forget(state, YEAR, now=NOW, warn=said.append) == 0
    assert len(said) == 1
    assert said[0].startswith("days before 2021-12-01 cannot be forgotten: cannot ")
