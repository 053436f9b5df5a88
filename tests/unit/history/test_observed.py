"""Single observations of one day are read when somebody asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from statusgen.errors import StateError
from statusgen.history import append, observed, recall
from statusgen.model.words import Outcome
from tests.factories import DAY, HOLD, MINUTE, NOW, observation, series
from tests.fakes import MemoryStore, Notes

MIDNIGHT = NOW.replace(hour=0)


def test_a_day_is_read_in_order_whatever_became_of_its_objects() -> None:
    state, notes = MemoryStore(), Notes()
    seen = series("uuduu" * 5)
    for one in reversed(seen):
        state.now = one.at
        append(state, [one], warn=pytest.fail)
    assert observed(state, NOW.date(), now=NOW + DAY, warn=notes.warn) == tuple(seen)
    state.now = NOW + 3 * DAY
    append(state, [observation(at=state.now)], warn=pytest.fail)
    recall(state, hold=HOLD, now=NOW + 3 * DAY, warn=notes.warn)
    assert len(state.keys("raw/")) == 1
    assert observed(state, NOW.date(), now=NOW + 900 * DAY, warn=notes.warn) == tuple(seen)
    assert observed(state, NOW.date() + DAY, now=NOW + DAY, warn=notes.warn) == ()
    assert notes.warnings == []


def test_a_run_across_midnight_tells_of_both_days() -> None:
    state, notes = MemoryStore(), Notes()
    run = [observation(at=MIDNIGHT + step * MINUTE, run="r") for step in (-1, 1)]
    append(state, run, warn=pytest.fail)
    for day, one in zip((MIDNIGHT.date() - DAY, MIDNIGHT.date()), run, strict=True):
        assert observed(state, day, now=NOW, warn=notes.warn) == (one,)


def test_lines_that_cannot_be_understood_are_told_of_their_own_day_only() -> None:
    state = MemoryStore()
    line = b'{"at":"2022-11-30T12:00:00Z","location":"earth","colour":"green"}\n'
    state.objects["raw/earth/2022-11-30/120000-new.jsonl"] = (line, NOW)
    told = {}
    for day in (NOW - DAY, NOW):
        notes = Notes()
        assert observed(state, day.date(), now=NOW, warn=notes.warn) == ()
        told[day] = len(notes.warnings)
    assert told == {NOW - DAY: 1, NOW: 0}


def test_lines_that_say_the_same_in_different_words_are_one_observation() -> None:
    state, seen = MemoryStore(), observation()
    append(state, [seen], warn=pytest.fail)
    [(body, _)] = state.objects.values()
    other = body.replace(b'"check"', b'"colour":"green","check"')
    state.objects["raw/earth/2022-12-01/120000-other.jsonl"] = (other, NOW)
    assert observed(state, NOW.date(), now=NOW, warn=pytest.fail) == (seen,)


class Forgetful(MemoryStore):
    """A store whose objects are merged by somebody else between listing and reading."""

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:  # noqa: ARG002 - the port's signature
        """Return nothing."""
        return {}


def test_an_object_that_is_gone_when_it_is_read_is_a_warning() -> None:
    state, notes = Forgetful(), Notes()
    append(state, [observation(Outcome.DOWN)], warn=pytest.fail)
    assert observed(state, NOW.date(), now=NOW, warn=notes.warn) == ()
    assert "is listed but does not exist" in notes.warnings[0]


def test_a_state_that_cannot_be_read_is_an_error() -> None:
    state = MemoryStore("s3://bucket/state")
    state.broken["list"] = "access denied"
    with pytest.raises(StateError, match="observations cannot be read from 's3://bucket/state': access denied"):
        observed(state, NOW.date(), now=NOW, warn=pytest.fail)
