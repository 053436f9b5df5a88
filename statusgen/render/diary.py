"""The site's past, day by day and month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from statusgen.model.page import Page
from statusgen.model.told import DayStory, PostView
from statusgen.render.tongue import Tongue


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One day with something to tell, or several quiet days in a row (`story` is None).

    `first` is the earlier day. `measured`: whether anything was measured in quiet days.
    """

    first: date
    last: date
    story: DayStory | None = None
    measured: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a month's page: its story, and the posts published that day."""

    day: date
    story: DayStory
    posts: tuple[PostView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month by its first day, with those of its days that have something to tell, newest first."""

    first: date
    days: tuple[Day, ...]

    def contents(self, say: Tongue) -> str:
        """Return what it tells, in words: `2 incidents, 1 maintenance`."""
        incidents = sum(len(entry.story.incidents) for entry in self.days)
        maintenance = sum(len(entry.story.maintenance) for entry in self.days)
        measured = sum(bool(entry.story.outages) for entry in self.days)
        posts = sum(len(entry.posts) for entry in self.days)
        parts = (
            (incidents, say.many("{n} incident", "{n} incidents", incidents)),
            (maintenance, say.many("{n} maintenance", "{n} maintenance windows", maintenance)),
            (measured, say.many("{n} day with a measured outage", "{n} days with a measured outage", measured)),
            (posts, say.many("{n} post", "{n} posts", posts)),
        )
        return say.row([text for number, text in parts if number])


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year and those of its months that have something to tell, newest first."""

    year: int
    months: tuple[Month, ...]


def lately(page: Page) -> tuple[Stretch, ...]:
    """Return the last days, newest first, with quiet ones folded together."""
    start = page.since.date() if page.since else None

    def kind(story: DayStory) -> tuple[date | None, bool]:
        return (None if story.quiet else story.day), (start is not None and story.day >= start)

    return tuple(_stretch(list(run), measured) for (_, measured), run in groupby(page.days, key=kind))


def months(page: Page) -> tuple[Month, ...]:
    """Return the months that have something to tell, newest first."""
    told = {story.day: story for story in page.history if not story.quiet}
    written: dict[date, list[PostView]] = {}
    for post in page.posts:
        written.setdefault(post.source.published.date(), []).append(post)
    days = [
        Day(day=day, story=told.get(day, DayStory(day=day)), posts=tuple(written.get(day, ())))
        for day in sorted({*told, *written}, reverse=True)
    ]
    return tuple(
        Month(first=first, days=tuple(run)) for first, run in groupby(days, key=lambda entry: entry.day.replace(day=1))
    )


def years(months: Sequence[Month]) -> tuple[Year, ...]:
    """Return months by year, newest first as they are."""
    return tuple(
        Year(year=year, months=tuple(run)) for year, run in groupby(months, key=lambda month: month.first.year)
    )


def _stretch(run: Sequence[DayStory], measured: bool) -> Stretch:
    story = None if run[0].quiet else run[0]
    return Stretch(first=run[-1].day, last=run[0].day, story=story, measured=measured)
