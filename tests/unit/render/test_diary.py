"""The past by day and by month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from statusgen.model.told import DayStory
from statusgen.render import diary
from statusgen.render.tongue import PLAIN
from tests.unit.render import situations
from tests.unit.render.pages import DAY, NOW, TODAY, at, incident, maintenance, outage, page, post, story_of


def test_quiet_days_fold_into_one_line_and_told_days_stand_alone() -> None:
    stretches = diary.lately(situations.busy())
    assert [(str(one.first), str(one.last), one.story is not None) for one in stretches] == [
        ("2022-12-01", "2022-12-01", True),
        ("2022-11-27", "2022-11-30", False),
        ("2022-11-26", "2022-11-26", True),
        ("2022-11-24", "2022-11-25", False),
        ("2022-11-23", "2022-11-23", True),
        ("2022-11-22", "2022-11-22", False),
        ("2022-11-21", "2022-11-21", True),
        ("2022-11-18", "2022-11-20", False),
    ]
    assert all(one.measured for one in stretches)


def test_days_before_the_first_measurement_are_not_called_quiet() -> None:
    first, before = diary.lately(situations.first_day())
    assert (first.first, first.last, first.measured) == (TODAY, TODAY, True)
    assert (before.last, before.measured) == (TODAY - DAY, False)
    (never,) = diary.lately(situations.never_measured())
    assert (never.measured, never.last) == (False, TODAY)


def test_two_told_days_in_a_row_are_two_stretches() -> None:
    days = tuple(story_of(TODAY - ago * DAY, incidents=(incident(),)) for ago in (0, 1))
    assert [one.story for one in diary.lately(page(days=days))] == list(days)


def test_months_gather_what_was_announced_measured_and_written() -> None:
    october = story_of(date(2022, 10, 22), outages=(outage("media", at(3), at(4)),))
    told = (
        story_of(date(2022, 11, 26), incidents=(incident(), incident("b")), maintenance=(maintenance(),)),
        october,
        DayStory(day=date(2022, 9, 1)),
    )
    posts = (post(published=NOW), post("b", published=at(1, days_ago=5)), post("c", published=at(2, days_ago=5)))
    months = diary.months(page(history=told, posts=posts))
    assert [(str(month.first), month.contents(PLAIN)) for month in months] == [
        ("2022-12-01", "1 post"),
        ("2022-11-01", "2 incidents, 1 maintenance, 2 posts"),
        ("2022-10-01", "1 day with a measured outage"),
    ]
    (day,) = months[1].days
    assert (day.day, day.story, day.posts) == (date(2022, 11, 26), told[0], posts[1:])
    assert months[2].days[0].story == october


def test_a_month_counts_in_the_plural() -> None:
    days = tuple(
        story_of(date(2022, 11, day), maintenance=(maintenance(),), outages=(outage("media", at(1), at(2)),))
        for day in (9, 8)
    )
    (month,) = diary.months(replace(page(), history=days))
    assert month.contents(PLAIN) == "2 maintenance windows, 2 days with a measured outage"
