"""Whatever would leak, the rest is published, and the target is a site that works."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from statusgen.errors import PublishError
from statusgen.model.announcement import Announcement
from statusgen.model.words import Impact
from statusgen.pipeline import Published, publish
from tests.factories import NOW, incident, post, project, update
from tests.unit.pipeline.world import THEME, World

HOW_TO = post("how-to", title="How to reach a router", published=NOW - timedelta(days=2), body="Open 192.168.0.1.")
NEWS = post("news", title="News", published=NOW - timedelta(days=1), body="All is well.")


def run(world: World, *said: Announcement, force: bool = False, **more: object) -> Published:
    world.wait(timedelta(minutes=5))
    return publish(
        replace(project(), announcements=said, **more),
        THEME,
        world.vantage(),
        world.memory,
        world.target,
        secrets={"TOKEN": "hunter2-hunter2"},
        clock=world.clock,
        progress=world.progress,
        engine="1.0",
        force=force,
    )


def test_what_was_never_out_is_left_out_of_all_pages_and_these_are_out() -> None:
    world = World()
    published = run(world, HOW_TO, NEWS)
    assert {leak.path for leak in published.withheld} >= {"posts/how-to.html"}
    assert "posts/how-to.html" not in world.target.objects
    assert {"index.html", "posts/news.html", "posts/index.html", "feed.xml"} <= set(world.target.keys())
    assert not any(b"how-to" in body or b"192.168" in body for body, _ in world.target.objects.values())


def test_what_people_publish_knowingly_is() -> None:
    world = World()
    assert run(world, HOW_TO, allowed=("192.168.0.0/24",)).withheld == ()
    assert b"192.168.0.1" in world.target.objects["posts/how-to.html"][0]


@pytest.mark.parametrize("force", [False, True])
def test_what_is_out_stays_as_it_was_until_it_is_clean_again(force: bool) -> None:
    world = World()
    run(world, HOW_TO, NEWS, allowed=("192.168.0.0/24",))
    before = world.target.objects["posts/how-to.html"]
    leaking = replace(HOW_TO, body="The word is hunter2-hunter2.")
    for _ in range(2):
        published = run(world, leaking, NEWS, allowed=("192.168.0.0/24",), force=force)
        assert "posts/how-to.html" in {leak.path for leak in published.withheld}
        assert published.plan.deletions == ()
        assert world.target.objects["posts/how-to.html"] == before
    clean = run(world, replace(HOW_TO, body="None."), NEWS)
    assert clean.withheld == ()
    assert b"None." in world.target.objects["posts/how-to.html"][0]


def test_nothing_is_deleted_while_something_stays_as_it_was() -> None:
    world = World()
    run(world, HOW_TO, NEWS, allowed=("192.168.0.0/24",))
    published = run(world, replace(HOW_TO, body="hunter2-hunter2"), allowed=("192.168.0.0/24",))
    assert published.withheld
    assert "posts/news.html" in world.target.objects
    run(world, HOW_TO, allowed=("192.168.0.0/24",))
    assert "posts/news.html" not in world.target.objects
    assert "posts/how-to.html" in world.target.objects


def test_an_open_incident_that_leaks_holds_back_the_front_page_and_says_so() -> None:
    world = World()
    told = incident("db", started=NOW - timedelta(hours=1), impact=Impact.MAJOR, updates=(update(),))
    run(world, told)
    before = world.target.objects["index.html"]
    published = run(world, replace(told, updates=(replace(told.updates[0], body="hunter2-hunter2"),)))
    assert {"index.html", "incidents/db.html"} <= {leak.path for leak in published.withheld}
    assert world.target.objects["index.html"] == before


def test_a_rule_that_is_new_finds_what_was_out_before() -> None:
    world = World()
    run(world, HOW_TO, allowed=("192.168.0.0/24",))
    assert run(world, HOW_TO, allowed=("192.168.0.0/24",)).withheld == ()
    assert "posts/how-to.html" in {leak.path for leak in run(world, HOW_TO).withheld}


def test_without_a_front_page_to_leave_as_it_was_nothing_is_sent() -> None:
    world = World()
    of = replace(project().site, description="hunter2-hunter2")
    with pytest.raises(PublishError, match="nothing was published, because the first front page would leak"):
        run(world, NEWS, site=of)
    assert world.target.keys() == ()
