"""Measured outages told as stories."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from operator import attrgetter
from typing import Any

import pytest

from statusgen.model.measured import Outage
from statusgen.model.told import Affected
from statusgen.model.words import Status
from statusgen.render import stories
from statusgen.render.tongue import PLAIN
from tests.unit.render.pages import NOW, at, incident, outage

NAMES = {"web": "Web", "media": "Media", "redis": "Redis"}


def told(*outages: Outage) -> list[str]:
    """Return the stories in sentences, near today."""
    return [stories.sentence(story, NAMES, PLAIN, NOW) for story in stories.stories(outages)]


def media(start: int, end: int | None, **more: Any) -> Outage:
    """Return an outage of Media by minutes after 18:00."""
    return outage(
        "media", at(18) + timedelta(minutes=start), None if end is None else at(18) + timedelta(minutes=end), **more
    )


@pytest.mark.parametrize(
    ("outages", "said"),
    [
        ([media(2, 44)], ["Media was down for 42 minutes, 18:02–18:44 UTC: the connection was refused"]),
        ([media(2, None, reason=None)], ["Media has been down since 18:02 UTC"]),
        (
            [outage("media", at(18), at(18) + timedelta(seconds=95))],
            ["Media was down for 1 minute 35 seconds, 18:00–18:01 UTC: the connection was refused"],
        ),
        (
            [
                outage("media", at(18), at(18) + timedelta(seconds=20)),
                outage("media", at(18, 5), at(18, 6), episode=at(18), number=2),
            ],
            ["Media was down 2 times, for 1 minute 20 seconds in all, 18:00–18:06 UTC: the connection was refused"],
        ),
        (
            [media(2, 44, lost=True, reason=None)],
            ["Media was down from 18:02 UTC until measuring stopped at 18:44 UTC"],
        ),
        (
            [media(0, 10), outage("web", at(18, 2), at(18, 20))],
            ["Media and Web were down for 20 minutes, 18:00–18:20 UTC: the connection was refused"],
        ),
        (
            [media(1, 10, reason="timeout"), outage("web", at(18), at(18, 20), explained_by="media")],
            ["Media was down for 20 minutes, 18:00–18:20 UTC: no answer in time"],
        ),
        (
            [media(1, None), outage("web", at(18), at(18, 20), explained_by="media")],
            ["Media has been down since 18:00 UTC: the connection was refused"],
        ),
        (
            [media(0, 10), outage("web", at(18, 2), at(18, 4), explained_by="redis")],
            ["Media and Web were down for 10 minutes, 18:00–18:10 UTC: the connection was refused"],
        ),
        (
            [media(0, 10), outage("web", at(18, 2), None)],
            ["Media and Web have been down since 18:00 UTC: the connection was refused"],
        ),
        (
            [media(0, 10), outage("web", at(18, 3), at(18, 20))],
            [
                "Media was down for 10 minutes, 18:00–18:10 UTC: the connection was refused",
                "Web was down for 17 minutes, 18:03–18:20 UTC: the connection was refused",
            ],
        ),
        (
            [media(0, 10), media(24, 30, reason=None, episode=at(18), number=2)],
            ["Media was down 2 times, for 16 minutes in all, 18:00–18:30 UTC: the connection was refused"],
        ),
        (
            [media(0, 10), media(24, None, episode=at(18), number=2)],
            ["Media has gone down 2 times since 18:00 UTC: the connection was refused"],
        ),
        (
            [media(0, 10), media(24, 30, episode=at(18), number=2), outage("web", at(18, 2), at(18, 20))],
            ["Media and Web were down again and again, 18:00–18:30 UTC: the connection was refused"],
        ),
        (
            [media(0, 10), media(25, 30)],
            [
                "Media was down for 10 minutes, 18:00–18:10 UTC: the connection was refused",
                "Media was down for 5 minutes, 18:25–18:30 UTC: the connection was refused",
            ],
        ),
        (
            [outage(name, at(18), at(18, 5), reason="timeout") for name in ("a", "b", "c", "d")],
            ["4 components were down for 5 minutes, 18:00–18:05 UTC: no answer in time"],
        ),
    ],
)
def test_outages_are_told_once(outages: list[Outage], said: list[str]) -> None:
    assert told(*outages) == said


def test_the_order_of_outages_does_not_matter() -> None:
    outages = (media(0, 10), media(24, 30), outage("web", at(18, 1), at(18, 3)), outage("redis", at(19), None))
    assert len({stories.stories(order) for order in permutations(outages)}) == 1


def test_a_story_of_several_tells_each() -> None:
    (story,) = stories.stories([media(0, 10), outage("web", at(18, 2), None, reason="timeout")])
    assert stories.details(story, NAMES, PLAIN, NOW) == (
        "Media was down for 10 minutes, 18:00–18:10 UTC: the connection was refused",
        "Web has been down since 18:02 UTC: no answer in time",
    )
    (alone,) = stories.stories([media(0, 10)])
    assert stories.details(alone, NAMES, PLAIN) == ()


def test_a_story_is_over_when_every_episode_of_it_is() -> None:
    (lasting,) = stories.stories([media(0, 10), outage("web", at(18), None)])
    (waiting,) = stories.stories([media(0, 10), outage("web", at(18), at(18, 20), over=False)])
    (ended,) = stories.stories([media(0, 10), outage("web", at(18), at(18, 20))])
    assert [story.over for story in (lasting, waiting, ended)] == [False, False, True]


def test_planned_outages_and_effects_of_others_are_no_news() -> None:
    news = media(0, 10)
    others = (media(0, 10, foretold=True), media(0, 10, effect=True))
    assert stories.unexpected((news, *others)) == (news,)


def test_what_becomes_news_later_is_told_with_what_is_news_then() -> None:
    left, other = media(0, None, overran=at(19)), outage("web", at(19, 1), None)
    (story,) = stories.stories((left, other), attrgetter("told"))
    assert (story.told, story.start) == (at(19), at(18))
    assert [story.told for story in stories.stories((left, other))] == [at(18), at(19, 1)]


@pytest.mark.parametrize(
    ("view", "found"),
    [
        ({"started": at(18, 5), "resolved": at(18, 50)}, True),
        ({"started": at(17), "resolved": at(18)}, True),
        ({"started": at(17), "resolved": at(17, 59)}, False),
        ({"started": at(18, 11), "resolved": at(18, 50)}, False),
        ({"started": at(18, 5)}, True),
        ({"started": at(18, 5), "affected": (Affected("web", "Web", Status.MAJOR_OUTAGE),)}, False),
    ],
)
def test_a_story_is_told_by_the_incident_of_its_time_and_component(view: dict[str, Any], found: bool) -> None:
    written = incident(**view)
    (story,) = stories.stories((media(0, 10),))
    assert stories.told_by(story, (written,)) == (written if found else None)


def test_a_story_that_goes_on_is_told_by_what_is_written_later() -> None:
    written = incident(started=at(20), updates=())
    (story,) = stories.stories((media(0, None),))
    assert stories.told_by(story, (written,)) is written
