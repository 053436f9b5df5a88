"""Publishing: what is on the page, what is sent to the target, and what is not."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from statusgen.errors import PublishError
from statusgen.model.observation import Finding
from statusgen.model.words import Status
from statusgen.pipeline import (
    build,
    place,
)
from statusgen.publish.holdings import inspect
from statusgen.publish.manifest import MANIFEST_KEY
from statusgen.publish.plan import Plan, Reason
from tests import factories
from tests.fakes import FakeClock
from tests.unit.pipeline.world import DOWN, PROJECT, THEME, TIMELY, UP, World


def test_what_was_found_is_on_the_page() -> None:
    world = World()
    assert world.look() is Status.UNKNOWN
    world.probe()
    assert world.look() is Status.OPERATIONAL
    world.answer = DOWN
    world.wait(timedelta(minutes=5))
    world.probe()
    assert world.look() is Status.MAJOR_OUTAGE


def test_publishing_keeps_then_sends_and_puts_the_state_in_order() -> None:
    world = World(answer=DOWN)
    published = world.publish()
    assert published.page.status is Status.MAJOR_OUTAGE
    assert (published.newer, published.trouble) == (None, None)
    assert {upload.reason for upload in published.plan.uploads} == {Reason.MISSING}
    assert set(world.target.keys()) == {upload.artifact.path for upload in published.plan.uploads} | {MANIFEST_KEY}
    assert json.loads(world.target.objects[MANIFEST_KEY][0])["generation"] == published.page.measured.isoformat()  # type: ignore[union-attr]
    assert [what for what, _ in world.progress.stages] == ["probing", "building", "uploading"]
    for _ in range(20):
        world.wait(timedelta(minutes=5))
        world.probe()
    world.publish()
    assert world.state.keys("segments/"), "twenty runs were merged on the way"


def test_publishing_again_sends_only_what_carries_the_time() -> None:
    world = World()
    world.publish()
    world.wait(timedelta(minutes=5))
    again = world.publish()
    assert {upload.artifact.path for upload in again.plan.uploads} == TIMELY
    assert {upload.reason for upload in again.plan.uploads} == {Reason.CHANGED}


def test_a_dry_run_stops_at_the_plan() -> None:
    world = World()
    published = world.publish(dry_run=True)
    assert published.plan.uploads
    assert world.target.keys() == ()
    assert {call.method for call in world.target.calls} == {"list", "read"}


def test_building_and_placing_makes_a_target_equal_the_site() -> None:
    world = World()
    world.probe()
    site = build(PROJECT, THEME, world.state, secrets={}, now=world.clock.now(), progress=world.progress)
    assert ("building", 2) in world.progress.stages
    assert world.progress.summaries[-1] == f"{len(site.artifacts)} files"
    assert site.page.status is Status.OPERATIONAL

    def put(*, dry_run: bool = False) -> Plan:
        there = inspect(world.target, world.progress)
        return place(site, there, now=world.clock.now(), progress=world.progress, dry_run=dry_run)

    rehearsed = put(dry_run=True)
    assert world.target.keys() == ()
    assert put() == rehearsed
    assert {artifact.path: artifact.body for artifact in site.artifacts}.items() <= {
        key: body for key, (body, _) in world.target.objects.items()
    }.items()
    assert put().empty


def test_nothing_is_sent_when_the_first_front_page_would_leak_and_observations_are_kept() -> None:
    world = World()
    with pytest.raises(PublishError, match=r"index\.html: holds the value of INSTANCE_TOKEN"):
        world.publish(secrets={"INSTANCE_TOKEN": "Hachyderm"})
    assert world.target.keys() == ()
    assert len(world.state.keys("raw/")) == 1


def test_a_damaged_manifest_is_a_warning_and_everything_is_sent_again() -> None:
    world = World()
    first = world.publish()
    world.target.objects[MANIFEST_KEY] = (b"{", world.target.now)
    again = world.publish()
    assert len(again.plan.uploads) == len(first.plan.uploads)
    assert any("cannot be understood" in warning for warning in world.progress.warnings)


def test_an_older_publisher_does_not_turn_the_page_back_unless_forced() -> None:
    world, older = World(), World(answer=DOWN)
    older.target = world.target
    world.wait(timedelta(minutes=5))
    newest = world.publish().page.measured
    before = dict(world.target.objects)
    stopped = older.publish()
    assert stopped.newer == newest
    assert world.target.objects == before
    assert older.progress.warnings == [
        "a page with newer observations, of 2022-12-01 12:05 UTC, is published; nothing was sent"
    ]
    forced = older.publish(force=True)
    assert forced.newer is None
    assert world.target.objects["index.html"] != before["index.html"]


@pytest.mark.parametrize(("answer", "eventful"), [(UP, 1), (DOWN, 4)])
def test_a_run_in_which_nothing_happens_sends_only_what_carries_the_time(answer: Finding, eventful: int) -> None:
    """Also in the middle of an outage: a day begins, and a bar grows after a quarter of an hour and after two hours."""
    world = World(clock=FakeClock(factories.NOW.replace(hour=22)))
    world.publish()
    world.wait(timedelta(minutes=5))
    world.answer = answer
    world.publish()
    sent = []
    for _ in range(55):
        world.wait(timedelta(minutes=5))
        sent.append({upload.artifact.path for upload in world.publish().plan.uploads} - TIMELY)
    assert sum(bool(paths) for paths in sent) <= eventful
    assert set().union(*sent) == {"components/web.html"}
