"""How fast it answers, as a drawing, a sentence and a table."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from statusgen.model.measured import DaySpeed, PlaceSpeed
from statusgen.render import chart
from statusgen.render.tongue import PLAIN

FIRST = date(2022, 9, 3)


def place(*speeds: tuple[int, float, float], name: str = "Frankfurt") -> PlaceSpeed:
    """Return a place with the speed of days by their number from the first on."""
    return PlaceSpeed(
        place=name,
        days=tuple(DaySpeed(FIRST + timedelta(days=number), half, most) for number, half, most in speeds),
    )


def paths(drawn: str) -> tuple[str, str]:
    """Return the band and the line of a drawing."""
    band, line = re.search('class="band" d="([^"]*)"/><path [^>]*d="([^"]*)"', drawn).groups()  # type: ignore[union-attr]  # drawn
    return band, line


@pytest.mark.parametrize(
    ("most", "top"), [(0.3, 1), (1.0, 1), (1.1, 2), (87, 100), (100, 100), (101, 200), (420, 500), (9000, 10000)]
)
def test_the_scale_ends_at_a_round_number_above_everything(most: float, top: float) -> None:
    assert chart.top([place((0, 0.1, 0.2)), place((1, 0.1, most))]) == top
    assert chart.top([]) == 1


def test_the_line_is_drawn_from_the_beginning_of_its_first_day_to_the_end_of_its_last() -> None:
    band, line = paths(chart.draw(place((2, 50, 100), (3, 100, 200)), PLAIN, first=FIRST, days=89, top_ms=200))
    assert line == "M2 30L2.5 30L3.5 20L4 20"
    assert band == "M2 20L2.5 20L3.5 0L4 0L4 20L3.5 20L2.5 30L2 30z"


def test_days_without_answers_are_gaps() -> None:
    band, line = paths(chart.draw(place((0, 50, 100), (2, 50, 100)), PLAIN, first=FIRST, days=89, top_ms=100))
    assert line == "M0 20L0.5 20L1 20M2 20L2.5 20L3 20"
    assert band.count("z") == 2


def test_the_drawing_says_in_words_what_it_tells() -> None:
    told = chart.describe(place((0, 80, 100), (1, 90, 2100), (2, 100, 300)), PLAIN)
    when = "slowest on 4 September, when nineteen in twenty answers came within 2.1\u202fs"
    assert told == f"Frankfurt: typically 90\u202fms; {when}"
    assert f'aria-label="{told}"' in chart.draw(
        place((0, 80, 100), (1, 90, 2100), (2, 100, 300)), PLAIN, first=FIRST, days=89, top_ms=5000
    )


def test_the_table_has_every_day_newest_first_and_every_place() -> None:
    first, second = place((0, 1, 2), (1, 3, 4)), place((1, 5, 6), name="Fremont")
    assert chart.table([first, second]) == (
        (FIRST + timedelta(days=1), (first.days[1], second.days[0])),
        (FIRST, (first.days[0], None)),
    )
