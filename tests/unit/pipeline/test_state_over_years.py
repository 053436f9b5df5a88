"""What a state holds over the years: kept figures, late runs, days to be forgotten, and what is not ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from statusgen.history import append, backfill
from statusgen.model.measured import Uptime
from statusgen.pipeline import (
    explain,
    export,
    look,
)
from tests import factories
from tests.fakes import Call, MemoryStore, Notes
from tests.unit.pipeline.world import PROJECT, World


def test_looking_writes_nothing() -> None:
    world = World()
    for _ in range(20):
        world.probe()
        world.wait(timedelta(minutes=5))
    world.state.calls.clear()
    world.look(factories.NOW + timedelta(days=3))
    assert {call.method for call in world.state.calls} == {"list", "read"}


def test_the_figures_of_days_gone_by_are_kept_once_a_day_and_made_again_when_lost() -> None:
    world = World()
    for _ in range(3):
        world.publish()
        world.wait(timedelta(minutes=5))
    assert world.written("summaries/days.jsonl.gz") == 1
    world.wait(timedelta(days=1))
    world.publish()
    world.publish()
    assert world.written("summaries/days.jsonl.gz") == 2
    kept = world.state.objects.pop("summaries/days.jsonl.gz")[0]
    [web] = look(PROJECT, world.state, now=world.clock.now(), progress=world.progress).components
    assert world.state.keys("summaries/days") == (), "looking only reads"
    world.publish()
    assert world.state.objects["summaries/days.jsonl.gz"][0] == kept
    assert web.periods[0].uptime.period == timedelta(hours=12)


def test_a_year_costs_a_run_one_request_more_whatever_the_age_of_the_site() -> None:
    world = World()
    world.publish()
    world.wait(timedelta(minutes=5))
    world.state.calls.clear()
    world.publish()
    read = [key for call in world.state.calls if call.method == "read" for key in call.keys]
    assert read.count("summaries/days.jsonl.gz") == 1


def long_ago() -> tuple[MemoryStore, date]:
    """Return a state that was measured for 300 days, into which a bad run of one of them comes late, and that day."""
    state, bad = MemoryStore(), factories.NOW - 200 * factories.DAY
    runs = factories.series("u" * 600, start=factories.NOW - 300 * factories.DAY, step=factories.DAY / 2)
    backfill(state, runs)
    state.now = factories.NOW
    assert figure(state).down == timedelta()
    append(state, factories.series("d", start=bad + factories.HOUR), warn=pytest.fail)
    state.now += factories.HOUR
    append(state, factories.series("u", start=state.now), warn=pytest.fail)
    return state, bad.date()


def figure(state: MemoryStore, *, tidy: bool = True) -> Uptime:
    """Return the uptime of a year."""
    [web] = look(PROJECT, state, now=state.now, progress=Notes(), tidy=tidy).components
    return web.periods[-1].uptime


def test_a_batch_that_is_a_season_late_reaches_the_figures_of_its_year_by_itself() -> None:
    state, bad = long_ago()
    assert figure(state, tidy=False).down == timedelta(), "looking only reads"
    assert figure(state).down == factories.HOLD
    assert (len(state.keys(f"segments/{bad}/")), state.keys(f"raw/earth/{bad}/")) == (1, ())
    kept = state.objects["summaries/days.jsonl.gz"][0]
    state.calls.clear()
    assert figure(state).down == factories.HOLD
    assert {call.method for call in state.calls} == {"list", "read"}
    assert not [key for call in state.calls for key in call.keys if key.startswith("summaries/2022-05")]
    del state.objects["summaries/days.jsonl.gz"]
    assert figure(state).down == factories.HOLD
    assert state.objects["summaries/days.jsonl.gz"][0] == kept, "as if it had never been late"


def test_a_late_batch_waits_until_the_figures_of_its_year_are_kept() -> None:
    state, bad = long_ago()
    state.refused.add("summaries/days.jsonl.gz")
    assert figure(state).down == factories.HOLD
    assert len(state.keys(f"raw/earth/{bad}/")) == 1
    state.refused.clear()
    assert figure(state).down == factories.HOLD
    assert state.keys(f"raw/earth/{bad}/") == ()
    assert figure(state, tidy=False).down == factories.HOLD


def test_days_older_than_people_keep_are_forgotten_once_a_day() -> None:
    now, day = factories.NOW, factories.DAY
    state, notes = MemoryStore(), Notes()
    backfill(state, [one for back in range(400) for one in factories.series("u", start=now - day * back)])
    for _ in range(2):
        look(replace(PROJECT, keep=365 * day), state, now=now, progress=notes, tidy=True)
    assert len(state.keys("segments/")) == 366
    assert notes.warnings == ["forgotten, as 'keep' says: 34 objects of days that are over for longer"]
    look(PROJECT, state, now=now + 400 * day, progress=notes, tidy=True)
    assert len(state.keys("segments/")) == 366


def test_what_is_wrong_with_the_state_is_said_once_however_many_days_are_exported_or_explained() -> None:
    world = World()
    for days in (60, 2, 0):
        run = [factories.observation(at=factories.NOW - days * factories.DAY)]
        append(world.state, run, warn=world.progress.warn)
    foreign = ["raw/readme", "segments/2022-10-31/readme"]
    damaged = "raw/earth/2022-11-29/130000-damaged.jsonl"
    world.state.objects |= dict.fromkeys((*foreign, damaged), (b"\xff", factories.NOW))
    now, begin = factories.NOW, factories.NOW - 89 * factories.DAY
    assert len(list(export(world.state, begin, now + factories.HOUR, now=now, progress=world.progress))) == 3
    heard = sorted(message.split()[0].strip("'") for message in world.progress.warnings)
    assert heard == sorted([*foreign, damaged])
    world.progress.warnings.clear()
    explain(PROJECT, PROJECT.components[0], now.date(), world.state, now=now, progress=world.progress)
    assert sorted(message.split()[0].strip("'") for message in world.progress.warnings) == heard


def test_what_is_not_ours_is_looked_for_among_all_names_once_a_day() -> None:
    world = World()
    world.state.objects |= dict.fromkeys(("notes.txt", "raw/readme", "segments/readme"), (b"", factories.NOW))
    told = []
    for wait in (timedelta(), factories.MINUTE, factories.DAY, factories.MINUTE):
        world.wait(wait)
        world.state.calls.clear()
        world.progress.warnings.clear()
        world.publish()
        everything = [call for call in world.state.calls if call == Call("list", ("",))]
        told.append((len(everything), [message.partition(":")[0] for message in world.progress.warnings]))
    always, daily = "'raw/readme' is set aside", "2 objects are set aside, the first of them 'notes.txt'"
    assert told == [(1, [always, daily]), (0, [always])] * 2


def test_who_only_looks_does_not_look_through_everything() -> None:
    world = World()
    world.state.objects["notes.txt"] = (b"", factories.NOW)
    world.look()
    assert world.progress.warnings == []
