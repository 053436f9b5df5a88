"""How fast a component answered, by day and place."""

from __future__ import annotations

from datetime import date

import pytest

from statusgen.evaluate.latency import ERROR, bucket, histogram, speed
from statusgen.evaluate.speeds import speeds
from statusgen.model.measured import DaySpeed
from statusgen.model.track import Speed
from tests.factories import DAY, NOW, component, group, location, project

TODAY = NOW.date()
WEB = component("web", checks=("web-tcp", "web-http"))
PROJECT = project(group(WEB), locations=(location("moon", name="The Moon"), location("earth", name="Earth")))
FAST = (bucket(100), bucket(300))


def test_half_of_the_answers_and_nineteen_in_twenty_are_told_apart() -> None:
    found = speed(histogram([100.0] * 90 + [900.0] * 10))
    assert found == (bucket(100), bucket(900))
    assert speed({}) is None


def test_places_come_in_the_order_written_and_their_days_in_order_of_time_without_today() -> None:
    known = {
        ("web-http", "earth"): {TODAY: FAST, TODAY - DAY: FAST, TODAY - 3 * DAY: FAST},
        ("web-http", "moon"): {TODAY - DAY: FAST},
        ("web-http", "mars"): {TODAY - DAY: FAST},
    }
    moon, earth = speeds(PROJECT, WEB, known, TODAY)
    assert (moon.place, [one.day for one in moon.days]) == ("The Moon", [TODAY - DAY])
    assert (earth.place, [one.day for one in earth.days]) == ("Earth", [TODAY - 3 * DAY, TODAY - DAY])
    assert moon.days[0] == DaySpeed(TODAY - DAY, pytest.approx(100, rel=ERROR), pytest.approx(300, rel=ERROR))


def test_the_first_check_that_answers_anywhere_speaks_for_the_component() -> None:
    known = {("web-tcp", "earth"): {TODAY - DAY: FAST}, ("web-http", "moon"): {TODAY - DAY: FAST}}
    assert [one.place for one in speeds(PROJECT, WEB, known, TODAY)] == ["Earth"]


@pytest.mark.parametrize("known", [{}, {("web-http", "earth"): {TODAY: FAST}}])
def test_without_answers_before_today_there_is_nothing_to_tell(known: dict[tuple[str, str], dict[date, Speed]]) -> None:
    assert speeds(PROJECT, WEB, known, TODAY) == ()
