"""Probing: what is kept of a run, and what the next one remembers of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from statusgen.model.project import Component
from statusgen.model.shard import Shard
from statusgen.model.words import Outcome
from statusgen.pipeline import (
    Probed,
    Vantage,
    beat,
    probe,
)
from tests import factories
from tests.fakes import FixedSecrets, MemoryStore
from tests.unit.pipeline.world import DOWN, UP, World


def test_probing_keeps_an_observation_of_every_check_and_control() -> None:
    world = World()
    probed = world.probe()
    assert [(one.check, one.location, one.run, one.outcome) for one in probed.observations] == [
        ("@control/resolver", "earth", "run-1", Outcome.UP),
        ("web-http", "earth", "run-1", Outcome.UP),
    ]
    assert probed.trouble is None
    assert world.state.keys() == ("raw/earth/2022-12-01/120000-run-1.jsonl",)
    assert world.spool.keys("raw/") == ()


def test_a_heartbeat_is_kept_as_one_object_of_its_own_and_nothing_is_read_or_listed() -> None:
    world = World()
    check = factories.heartbeat(within=26 * factories.HOUR)
    reported = beat(check, world.vantage(), world.memory, clock=world.clock, progress=world.progress)
    [one] = reported.observations
    assert (one.check, one.location, one.outcome, one.holds) == (check.id, "earth", Outcome.UP, check.holds)
    assert world.state.keys() == ("raw/earth/2022-12-01/120000-run-1.jsonl",)
    assert {call.method for call in world.state.calls} == {"write"}


def test_a_heartbeat_waits_in_the_spool_while_the_state_cannot_be_written() -> None:
    world = World()
    world.state.broken["write"] = "no answer in time"
    reported = beat(factories.heartbeat(), world.vantage(), world.memory, clock=world.clock, progress=world.progress)
    assert reported.trouble is not None
    assert len(world.spool.keys("raw/")) == 1
    assert "the next run delivers them" in world.progress.warnings[-1]


def test_a_check_that_reports_by_itself_is_not_probed() -> None:
    world = World()
    passive = Component(id="backup", name="Backup", checks=(factories.heartbeat(),))
    project = factories.project(factories.group(factories.component(), passive))
    probed = probe(project, world.vantage(), world.memory, clock=world.clock, progress=world.progress)
    assert [one.check for one in probed.observations] == ["@control/resolver", "web-http"]


def test_a_project_without_checks_leaves_nothing_to_keep() -> None:
    world = World()
    empty = factories.project(
        factories.group(factories.component(checks=())), locations=[factories.location(controls=())]
    )
    vantage = Vantage(location=empty.locations[0], run="run-1", kinds={}, secrets=FixedSecrets())
    assert probe(empty, vantage, world.memory, clock=world.clock, progress=world.progress) == Probed(observations=())
    assert world.state.keys() == world.spool.keys() == ()


def test_a_recovery_takes_as_many_tries_as_a_failure_and_one_that_alternates_is_degraded() -> None:
    world = World(answer=DOWN)
    world.probe()
    world.wait(timedelta(minutes=5))
    world.answers = [UP, UP, DOWN]
    assert world.web() == (Outcome.DEGRADED, "unsteady", 3)
    world.wait(timedelta(minutes=5))
    world.answer = UP
    assert world.web() == (Outcome.UP, None, 3)
    assert world.web() == (Outcome.UP, None, 1)


def test_a_machine_that_forgets_asks_the_state_what_was_down() -> None:
    world = World(answer=DOWN)
    world.probe()
    world.spool.objects.clear()
    world.answer = UP
    assert world.web() == (Outcome.UP, None, 3)
    assert world.web() == (Outcome.UP, None, 1)


def test_each_part_of_the_checks_remembers_what_it_saw_down() -> None:
    world = World(answer=DOWN, shard=Shard(1, 1))
    world.probe()
    assert world.spool.keys("seen/") == ("seen/earth/1of1.json",)
    world.state.objects.clear()
    world.answer = UP
    assert world.web() == (Outcome.UP, None, 3)


def test_what_was_down_is_asked_of_the_store_that_is_not_waited_for_and_a_late_answer_is_none() -> None:
    world, glance = World(answer=DOWN), MemoryStore()
    world.memory = replace(world.memory, glance=glance)
    world.probe()
    world.spool.objects.clear()
    world.state.calls.clear()
    glance.broken = {"list": "no answer in time"}
    world.answer = UP
    assert world.web() == (Outcome.UP, None, 1)
    assert {call.method for call in world.state.calls} == {"write"}


def test_what_was_down_is_forgotten_with_a_warning_when_the_spool_cannot_be_written() -> None:
    world = World()
    world.spool.broken = {"write": "access denied"}
    assert world.probe().trouble is None
    assert world.progress.warnings == [
        "nothing can wait in 'memory:spool': access denied; were the state unreachable, the run would be lost",
        "what was seen down cannot be remembered in 'memory:spool': access denied",
    ]


def test_a_spool_that_cannot_be_read_does_not_matter_while_the_state_takes_everything() -> None:
    world = World()
    world.spool.broken = {"list": "access denied", "read": "access denied"}
    assert world.probe().trouble is None
    assert len(world.state.keys("raw/")) == 1
