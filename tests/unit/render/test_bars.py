"""Ninety days as one small drawing."""

from __future__ import annotations

import re

import pytest

from statusgen.model.measured import DayBar
from statusgen.model.words import Status
from statusgen.render import bars
from statusgen.render.tongue import PLAIN
from tests.unit.render.pages import component, day_bar, group, ninety

BAD = Status.MAJOR_OUTAGE


@pytest.mark.parametrize(
    ("bar", "tall"),
    [
        (day_bar(0), 4),
        (day_bar(0, Status.UNDER_MAINTENANCE), 4),
        (day_bar(0, Status.UNKNOWN), 1),
        (day_bar(0, BAD, down=14), 8),
        (day_bar(0, BAD, down=15), 10),
        (day_bar(0, Status.DEGRADED_PERFORMANCE, degraded=119), 10),
        (day_bar(0, BAD, down=60, degraded=60), 12),
        (day_bar(0, Status.PARTIAL_OUTAGE, down=600), 12),
    ],
)
def test_a_bad_day_stands_taller_the_longer_it_was_bad(bar: DayBar, tall: int) -> None:
    assert bars.level(bar) == tall


def test_a_quiet_quarter_is_one_line_of_ninety_dashes() -> None:
    drawing = bars.draw(ninety(), PLAIN)
    assert drawing.count("<path") == 1
    assert '<path class="operational" d="M0 10h90"/>' in drawing
    assert 'viewBox="0 0 90 12"' in drawing
    assert len(drawing) < 200


def test_equal_days_apart_from_each_other_share_a_path() -> None:
    drawing = bars.draw(ninety(day_bar(10, Status.UNKNOWN), day_bar(40, Status.UNKNOWN)), PLAIN)
    assert '<path class="operational" d="M0 10h49M50 10h29M80 10h10"/>' in drawing
    assert '<path class="unknown" d="M49 11.5h1M79 11.5h1"/>' in drawing


def test_each_bad_day_tells_its_story() -> None:
    drawing = bars.draw(
        ninety(
            day_bar(1, BAD, down=42, degraded=5),
            day_bar(0, Status.DEGRADED_PERFORMANCE, degraded=90),
            day_bar(3, Status.PARTIAL_OUTAGE),
        ),
        PLAIN,
    )
    titles = re.findall(r'<path class="([^"]+)" d="([^"]+)"><title>([^<]+)</title></path>', drawing)
    assert titles == [
        ("partial_outage t8", "M86 8h1", "28 November: partly down"),
        ("major_outage t10", "M88 7h1", "30 November: down for 42 minutes, degraded for 5 minutes"),
        ("degraded_performance t10", "M89 7h1", "1 December: degraded for 1 hour 30 minutes"),
    ]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((), "No days yet"),
        (ninety(), "Last 90 days: no outage"),
        (ninety(day_bar(1, BAD), day_bar(2, Status.PARTIAL_OUTAGE)), "Last 90 days: 2 days with an outage"),
        (
            ninety(day_bar(1, BAD), day_bar(2, Status.DEGRADED_PERFORMANCE), measured=60),
            "Last 90 days: 1 day with an outage, 1 degraded, 30 not measured",
        ),
        ((day_bar(0),), "Last 1 day: no outage"),
    ],
)
def test_the_drawing_says_in_words_what_it_shows(days: tuple[DayBar, ...], said: str) -> None:
    assert bars.describe(days, PLAIN) == said
    assert f'role="img" aria-label="{said}"' in bars.draw(days, PLAIN)


def test_a_group_shows_its_worst_component_of_each_day() -> None:
    one = component("A", bars=(day_bar(2, Status.UNKNOWN), day_bar(1, BAD, down=5), day_bar(0)))
    two = component("B", bars=(day_bar(2), day_bar(1, BAD, down=500), day_bar(0, Status.DEGRADED_PERFORMANCE)))
    merged = bars.merge(group("Core", one, two))
    assert [(bar.status, bars.level(bar)) for bar in merged] == [
        (Status.OPERATIONAL, 4),
        (BAD, 12),
        (Status.DEGRADED_PERFORMANCE, 8),
    ]


def test_a_component_without_days_does_not_hide_those_of_its_group() -> None:
    manual = component("Support", manual=True, bars=())
    assert bars.merge(group("Core", manual, component("A"))) == ninety()
    assert bars.merge(group("Core", manual)) == ()


def test_of_a_day_that_runs_it_is_not_told_for_how_long() -> None:
    days = (day_bar(1, Status.MAJOR_OUTAGE, down=5), day_bar(0, Status.MAJOR_OUTAGE, down=5, degraded=3))
    drawn = bars.draw(days, PLAIN, running=days[-1].day)
    assert "<title>30 November: down for 5 minutes</title>" in drawn
    assert "<title>1 December: down, degraded</title>" in drawn
