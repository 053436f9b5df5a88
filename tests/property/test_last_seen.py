"""Law: nothing that is done to the state makes a machine without a memory forget what its location last saw down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.history import append, doubted, recall
from statusgen.model.words import Outcome
from tests.factories import DAY, HOUR, MINUTE, NOW, observation
from tests.fakes import MemoryStore

LOCATIONS = ("earth", "mars")
Run = tuple[str, timedelta, Outcome, str]

runs: st.SearchStrategy[list[Run]] = st.lists(
    st.tuples(
        st.sampled_from(LOCATIONS),
        st.sampled_from([timedelta(), MINUTE, 20 * MINUTE, HOUR, 13 * HOUR]),
        st.sampled_from([Outcome.UP, Outcome.DOWN, Outcome.UNKNOWN]),
        st.sampled_from(["web", "db"]),
    ),
    min_size=1,
    max_size=40,
)


@given(runs, st.sampled_from([2 * MINUTE, 30 * MINUTE, 3 * HOUR, DAY]))
def test_merging_and_closing_days_changes_nothing_that_is_doubted(made: Sequence[Run], interval: timedelta) -> None:
    """As long as the location was heard within a day."""
    hold, state, untouched = interval * 5 / 2, MemoryStore(), MemoryStore()
    state.now, heard = NOW, {}
    for number, (location, later, outcome, check) in enumerate(made):
        state.now += later
        heard[location] = state.now
        for store in (state, untouched):
            run = [observation(outcome, state.now, check=check, location=location, run=f"r{number}")]
            append(store, run, warn=pytest.fail)
        recall(state, hold=hold, now=state.now, warn=pytest.fail)
        for place in (place for place, at in heard.items() if state.now - at < DAY):
            known, kept = (
                doubted(MemoryStore(), store, place, now=state.now, hold=hold) for store in (state, untouched)
            )
            assert known == kept
