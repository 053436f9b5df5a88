"""Whatever lies below the state's prefix and is not ours is told by its name, and stays."""

from __future__ import annotations

import pytest

from statusgen.history import append, once, recall, tell_of_foreign
from statusgen.history.keys import DAYS, WINDOW, segment_key, summary_key
from tests.factories import DAY, HOLD, NOW, observation, series
from tests.fakes import MemoryStore, Notes


def holding(*names: str) -> MemoryStore:
    state = MemoryStore("s3://bucket/state")
    append(state, [observation()], warn=pytest.fail)
    state.objects |= dict.fromkeys(names, (b"", NOW))
    return state


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        "raw/readme",
        "segments/readme",
        "segments/2022-12-01/readme",
        "segments/1999-12-01/readme",
        "summaries/evil.gz",
        "summaries/2022-13.jsonl.gz",
        "summaries/window.jsonl.gz.bak",
        "old/raw/earth/2022-12-01/120000-run.jsonl",
        "spool.txt",
    ],
)
def test_a_name_that_is_not_ours_is_told_wherever_it_is(notes: Notes, name: str) -> None:
    state = holding(name)
    tell_of_foreign(state, notes.warn)
    assert notes.warnings == [f"{name!r} is set aside: its name is not one of ours; remove it from the state"]
    assert name in state.objects


def test_what_is_ours_and_what_waits_to_be_is_not_told(notes: Notes) -> None:
    day = NOW.date()
    spool = ("spool/raw/earth/2022-12-01/120000-run.jsonl", "spool/seen/earth.json", "spool/seen/earth/1of2.json")
    tell_of_foreign(holding(str(segment_key(day, ["line"])), summary_key(day), WINDOW, DAYS, *spool), notes.warn)
    assert notes.warnings == []


def test_thousands_are_one_sentence(notes: Notes) -> None:
    tell_of_foreign(holding(*(f"photos/{number:04}.jpeg" for number in range(3000))), notes.warn)
    [message] = notes.warnings
    assert message.startswith(
        "3000 objects are set aside, the first of them 'photos/0000.jpeg': their names are not ours"
    )


def test_what_a_run_has_said_of_what_it_lists_is_said_in_the_same_words(notes: Notes) -> None:
    state = holding("raw/a", "raw/b", "segments/2022-12-01/a", "segments/2022-12-02/b", "segments/2022-10-31/c")
    warn = once(notes.warn)
    recall(state, hold=HOLD, now=NOW, warn=warn)
    said = list(notes.warnings)
    tell_of_foreign(state, warn)
    assert len(said) == 3
    assert notes.warnings == said


def test_a_state_that_cannot_be_listed_is_a_warning(notes: Notes) -> None:
    state = holding()
    state.broken["list"] = "access denied"
    tell_of_foreign(state, notes.warn)
    [message] = notes.warnings
    assert message.startswith("'s3://bucket/state' cannot be looked through for what is not ours: cannot list ")
    assert message.endswith("access denied; the next day tries again")


def test_everything_that_the_history_writes_is_ours(notes: Notes) -> None:
    state = MemoryStore()
    for one in series("u" * 40, start=NOW - 40 * DAY, step=DAY):
        state.now = one.at
        append(state, [one], warn=pytest.fail)
        recall(state, hold=HOLD, now=one.at, warn=pytest.fail)
    tell_of_foreign(state, notes.warn)
    assert notes.warnings == []
