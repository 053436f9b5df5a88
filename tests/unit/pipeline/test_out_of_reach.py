"""A state or a target out of reach: nothing is lost, and no page forgets its history."""

from __future__ import annotations

from datetime import timedelta

import pytest

from statusgen.errors import PublishError, StateError
from tests.unit.pipeline.world import DOWN, World


def test_a_target_that_cannot_be_read_fails_after_the_observations_are_kept() -> None:
    world = World()
    world.target.broken = {"list": "the connection was refused"}
    with pytest.raises(PublishError) as caught:
        world.publish()
    assert str(caught.value) == (
        "the target 'memory:target' cannot be read: the connection was refused\n"
        "    hint: nothing was sent; the page that was there stays, and observations are kept for the next run"
    )
    assert len(world.state.keys("raw/")) == 1


def test_a_state_that_refuses_leaves_observations_in_the_spool_and_the_next_run_delivers_them() -> None:
    world = World(answer=DOWN)
    before = world.probe().observations
    world.wait(timedelta(minutes=5))
    world.state.broken = {"write": "access denied"}
    published = world.publish()
    assert str(published.trouble) == "observations wait in 'memory:spool' for 'memory:state'"
    assert published.page.measured == max(one.at for one in before)
    assert "index.html" in world.target.objects, "readers can still be told what people wrote"
    assert world.state.keys() == ("raw/earth/2022-12-01/120000-run-1.jsonl",)
    spooled = world.spool.keys("raw/")
    assert spooled == ("raw/earth/2022-12-01/120506-run-2.jsonl",)

    world.state.broken = {}
    world.wait(timedelta(minutes=5))
    assert world.probe().trouble is None
    assert world.spool.keys("raw/") == ()
    assert set(spooled) < set(world.state.keys())


def test_a_page_without_any_history_is_not_published_when_the_state_refuses() -> None:
    world = World()
    world.state.broken = {"write": "access denied"}
    with pytest.raises(StateError, match="observations wait in 'memory:spool' for 'memory:state'"):
        world.publish()
    assert world.target.keys() == ()


def test_observations_that_can_be_kept_nowhere_are_an_error() -> None:
    world = World()
    world.state.broken = world.spool.broken = {"write": "access denied"}
    with pytest.raises(StateError, match="memory:state"):
        world.publish()
    assert world.target.keys() == ()


def test_a_state_that_cannot_be_read_stops_the_page_rather_than_forget_its_history() -> None:
    world = World()
    world.publish()
    before = dict(world.target.objects)
    world.state.broken = {"list": "the connection was refused"}
    with pytest.raises(StateError, match="memory:state"):
        world.publish()
    assert world.target.objects == before


def test_when_state_and_target_are_down_together_publishing_is_what_failed_and_nothing_is_lost() -> None:
    """They are often buckets of one server."""
    world = World()
    world.state.broken = world.target.broken = dict.fromkeys(("list", "read", "write"), "the connection was refused")
    with pytest.raises(PublishError):
        world.publish()
    assert world.spool.keys("raw/") == ("raw/earth/2022-12-01/120000-run-1.jsonl",)
