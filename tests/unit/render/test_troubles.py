"""The outages of one component, newest first, with their seconds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from statusgen.model.measured import Outage
from statusgen.render.tongue import PLAIN
from statusgen.render.troubles import MOST, troubles
from tests.unit.render.pages import DAY, NOW, at, component, group, outage, page

SECOND = timedelta(seconds=1)


def told(*outages: Outage) -> list[tuple[int, timedelta | None, str]]:
    shown = page(group("Core", component("Media"), component("Redis")), outages=outages)
    return [(one.times, one.down, one.why) for one in troubles(shown, "media", PLAIN)]


def media(start: int, end: int | None, **more: object) -> Outage:
    """Return an outage of Media by seconds after 18:00."""
    return outage("media", at(18) + start * SECOND, None if end is None else at(18) + end * SECOND, **more)


def test_outages_of_the_component_stand_newest_first_with_every_second() -> None:
    assert told(media(0, 61), outage("redis", at(18), at(19)), media(4000, None, reason=None)) == [
        (1, None, ""),
        (1, 61 * SECOND, "The connection was refused"),
    ]


def test_an_episode_is_one_with_its_count_and_the_sum_of_its_seconds() -> None:
    both = media(0, 10), media(20, 35, episode=at(18), number=2)
    assert told(*both) == [(2, 25 * SECOND, "The connection was refused")]
    assert told(*both, media(50, None, episode=at(18), number=3)) == [(3, None, "The connection was refused")]


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"planned": True}, "The connection was refused; within announced maintenance"),
        ({"explained_by": "redis"}, "The connection was refused; it depends on Redis, which was down too"),
        ({"explained_by": "gone", "reason": None}, "It depends on gone, which was down too"),
        ({"unmeasured": 4 * SECOND}, "The connection was refused; 4 seconds in between not measured"),
        ({"lost": True}, "The connection was refused; nobody saw it end"),
    ],
)
def test_what_else_is_to_be_said(about: dict[str, object], why: str) -> None:
    [(_, down, said)] = told(media(0, 60, **about))
    assert said == why
    assert down == 60 * SECOND - about.get("unmeasured", 0 * SECOND)  # type: ignore[operator]  # a timedelta


def test_what_is_true_of_some_outages_of_an_episode_is_not_said_of_all() -> None:
    mixed = media(0, 10, planned=True, explained_by="redis"), media(20, 30, episode=at(18), number=2)
    assert told(*mixed) == [(2, 20 * SECOND, "The connection was refused")]


def test_they_are_so_many_and_no_more() -> None:
    many = [outage("media", NOW - ago * DAY, NOW - ago * DAY + SECOND) for ago in range(80, 0, -1)]
    assert len(told(*many)) == MOST
