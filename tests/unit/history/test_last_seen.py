"""What was last seen down is remembered beside the spool, or else by the state, and never matters enough to fail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from statusgen.history import append, doubted, recall, remember
from statusgen.model.observation import Observation
from statusgen.model.shard import MOST_PARTS, Shard
from statusgen.model.words import Outcome
from tests.fakes import START, MemoryStore, Notes

HOLD = timedelta(minutes=12, seconds=30)
NOW = START + timedelta(hours=12)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NOTHING: frozenset[str] = frozenset()


def seen(
    check: str,
    outcome: Outcome,
    *,
    at: datetime = NOW,
    run: str = "run-1",
    reason: str | None = None,
    place: str = "home",
) -> Observation:
    if reason is None and outcome is not Outcome.UP:
        reason = "timeout" if outcome is Outcome.DOWN else "prober_failed"
    return Observation(check=check, location=place, run=run, at=at, outcome=outcome, reason=reason)


def ask(spool: MemoryStore, state: MemoryStore, location: str = "home", now: datetime = NOW) -> frozenset[str]:
    return doubted(spool, state, location, now=now, hold=HOLD)


def keep(spool: MemoryStore, observations: Sequence[Observation], before: frozenset[str] = NOTHING) -> None:
    remember(spool, "home", observations, doubted=before, warn=Notes().warn)


def test_what_the_last_run_saw_down_or_unsteady_is_doubted_and_the_state_is_not_asked() -> None:
    spool, state = MemoryStore(), MemoryStore()
    keep(
        spool,
        [
            seen("down", Outcome.DOWN),
            seen("unsteady", Outcome.DEGRADED, reason="unsteady"),
            seen("slow", Outcome.DEGRADED, reason="slow"),
            seen("up", Outcome.UP),
            seen("broken", Outcome.UNKNOWN),
        ],
    )
    assert ask(spool, state) == {"down", "unsteady"}
    assert ask(spool, state, location="elsewhere") == NOTHING
    assert [call.method for call in state.calls] == ["list"], "only of the location that nobody remembers"


def test_a_run_in_which_all_is_well_is_remembered_too() -> None:
    spool, state = MemoryStore(), MemoryStore()
    keep(spool, [seen("web", Outcome.UP)], frozenset({"web"}))
    assert ask(spool, state) == NOTHING
    assert state.calls == []


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.SKIPPED])
def test_a_check_that_was_not_measured_stays_as_it_was(outcome: Outcome) -> None:
    spool = MemoryStore()
    keep(spool, [seen("web", outcome), seen("media", outcome)], frozenset({"web", "in another part"}))
    assert ask(spool, MemoryStore()) == {"web", "in another part"}


def test_without_observations_nothing_is_written() -> None:
    spool = MemoryStore()
    keep(spool, [])
    assert spool.calls == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"{}", b'{"down": 1}', b"\xff", b"[" * 100_000])
def test_a_memory_that_cannot_be_understood_is_none(body: bytes) -> None:
    spool, state = MemoryStore(), MemoryStore()
    spool.objects["seen/home.json"] = (body, NOW)
    append(state, [seen("web", Outcome.DOWN)], warn=Notes().warn)
    assert ask(spool, state) == {"web"}


def test_a_machine_that_remembers_nothing_asks_the_state_for_the_newest_run_of_its_location() -> None:
    state = MemoryStore()
    runs = [
        [
            seen("web", Outcome.DOWN, at=NOW - 60 * MINUTE, run="older"),
            seen("old", Outcome.DOWN, at=NOW - 60 * MINUTE, run="older"),
        ],
        [
            seen("web", Outcome.UP, at=NOW - 5 * MINUTE, run="newest"),
            seen("db", Outcome.DOWN, at=NOW - 5 * MINUTE, run="newest"),
        ],
        [seen("web", Outcome.DOWN, at=NOW - MINUTE, run="other", place="elsewhere")],
        [seen("web", Outcome.DOWN, at=NOW + 60 * MINUTE, run="future")],
    ]
    for run in runs:
        append(state, run, warn=Notes().warn)
    state.calls.clear()
    assert ask(MemoryStore(), state) == {"db"}
    assert [(call.method, len(call.keys)) for call in state.calls] == [("list", 1), ("read", 1)]


def test_the_parts_of_a_run_and_a_heartbeat_between_them_are_all_heard_and_the_last_word_counts() -> None:
    state = MemoryStore()
    append(state, [seen("web", Outcome.DOWN, at=NOW - 6 * MINUTE, run="part-1")], warn=Notes().warn)
    append(state, [seen("db", Outcome.DOWN, at=NOW - 6 * MINUTE, run="part-2")], warn=Notes().warn)
    append(state, [seen("backup", Outcome.UP, at=NOW - 2 * MINUTE, run="beat")], warn=Notes().warn)
    append(state, [seen("db", Outcome.UP, at=NOW - MINUTE, run="part-3")], warn=Notes().warn)
    assert ask(MemoryStore(), state) == {"web"}


def test_every_part_of_a_run_is_heard_even_when_the_one_before_is_read_too() -> None:
    state = MemoryStore()
    for at in (NOW - 10 * MINUTE, NOW - 5 * MINUTE):
        for number in range(1, MOST_PARTS + 1):
            name = f"{at:%H%M}-{number}of{MOST_PARTS}"
            append(state, [seen(f"check-{number}", Outcome.DOWN, at=at, run=name)], warn=pytest.fail)
    assert len(ask(MemoryStore(), state)) == MOST_PARTS


def test_parts_that_run_at_the_same_time_on_one_machine_remember_each_their_own() -> None:
    spool, state, parts = MemoryStore(), MemoryStore(), (Shard(1, 2), Shard(2, 2))
    before = [doubted(spool, state, "home", now=NOW, hold=HOLD, part=part) for part in parts]
    for part, known in zip(parts, before, strict=True):
        remember(spool, "home", [seen(f"of {part}", Outcome.DOWN)], doubted=known, part=part, warn=pytest.fail)
    state.calls.clear()
    assert [doubted(spool, state, "home", now=NOW, hold=HOLD, part=part) for part in parts] == [{"of 1/2"}, {"of 2/2"}]
    assert state.calls == []
    assert ask(spool, state) == NOTHING, "the whole is no part"


@pytest.mark.parametrize("minutes", [5, 30, 120, 24 * 60])
def test_what_others_publish_meanwhile_makes_no_machine_forget(minutes: int) -> None:
    """They merge what has piled up, and close days; what a location last saw stays where it looks for it."""
    interval, state = minutes * MINUTE, MemoryStore()
    hold = 5 * interval / 2
    for back in range(20, -1, -1):
        state.now = NOW - back * interval
        append(state, [seen("web", Outcome.DOWN, at=state.now, run=f"run-{back}")], warn=pytest.fail)
    for late in (interval, max(DAY, hold) - MINUTE):
        state.now = NOW + late
        append(state, [seen("web", Outcome.UP, at=state.now, run="other", place="elsewhere")], warn=pytest.fail)
        recall(state, hold=hold, now=state.now, warn=pytest.fail)
        assert doubted(MemoryStore(), state, "home", now=state.now, hold=hold) == {"web"}
    assert len(state.keys("raw/home/")) == 3, "what is older was merged"


def test_a_location_that_is_silent_for_a_day_leaves_nothing_unmerged() -> None:
    state = MemoryStore()
    for location in ("home", "elsewhere"):
        append(state, [seen("web", Outcome.DOWN, place=location)], warn=pytest.fail)
    state.now = NOW + DAY
    append(state, [seen("web", Outcome.UP, at=state.now, place="elsewhere")], warn=pytest.fail)
    recall(state, hold=HOLD, now=state.now, warn=pytest.fail)
    assert state.keys("raw/home/") == ()
    assert ask(MemoryStore(), state, now=state.now) == NOTHING


def test_an_empty_state_and_one_with_foreign_names_tell_nothing() -> None:
    state = MemoryStore()
    assert ask(MemoryStore(), state) == NOTHING
    state.objects["raw/home/readme.txt"] = (b"", NOW)
    state.objects["raw/home/2022-12-01/115500-run.jsonl"] = (b"not a line\n", NOW)
    assert ask(MemoryStore(), state) == NOTHING


@pytest.mark.parametrize("method", ["list", "read"])
def test_a_state_that_cannot_be_read_doubts_nothing(method: str) -> None:
    """As for an agent whose credential may only write."""
    state = MemoryStore()
    append(state, [seen("web", Outcome.DOWN)], warn=Notes().warn)
    state.broken = {method: "access denied"}
    assert ask(MemoryStore(), state) == NOTHING


def test_a_spool_that_cannot_be_read_doubts_nothing_and_one_that_cannot_be_written_is_a_warning() -> None:
    spool, notes = MemoryStore("file:spool"), Notes()
    spool.broken = {"read": "access denied", "write": "access denied"}
    assert ask(spool, MemoryStore()) == NOTHING
    remember(spool, "home", [seen("web", Outcome.DOWN)], doubted=NOTHING, warn=notes.warn)
    assert notes.warnings == ["what was seen down cannot be remembered in 'file:spool': access denied"]
