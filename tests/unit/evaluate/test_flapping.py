"""What goes down again and again is one trouble, and is not well in between."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from statusgen.evaluate import evaluate
from statusgen.evaluate.flapping import FLAPPING, RECOVERING, episodes, pace, with_flapping
from statusgen.evaluate.outage import outages
from statusgen.evaluate.timeline import Timeline, timeline
from statusgen.evaluate.track import fold
from statusgen.evaluate.verdict import verdicts
from statusgen.model.measured import Outage
from statusgen.model.page import Page
from statusgen.model.words import Status
from tests.factories import (
    DAY,
    HOLD,
    INTERVAL,
    MINUTE,
    NOW,
    component,
    group,
    minutes,
    project,
    record,
    series,
)

PACE = pace(INTERVAL)
WELL, SLOW, GONE = Status.OPERATIONAL, Status.DEGRADED_PERFORMANCE, Status.MAJOR_OUTAGE


def line_of(letters: str, step: timedelta = INTERVAL) -> Timeline:
    """Return the timeline of a component seen every five minutes from noon on, or after other steps."""
    tracks = fold(series(letters, step=step), HOLD)
    return timeline([verdicts([track.spans for track in tracks])])


def told(letters: str) -> str:
    """Return what a component is when each letter is seen: `u` up, `d` down, `f` flapping, `r` recovering, `?`, `s`."""
    line = with_flapping(line_of(letters), PACE)
    words = {(WELL, None): "u", (SLOW, FLAPPING): "f", (SLOW, RECOVERING): "r", (SLOW, "slow"): "s"}
    shown = ""
    for index in range(len(letters)):
        [at] = [one for one in line if one.start <= minutes(5 * index) < one.end]
        shown += "d" if at.status is GONE else words.get((at.status, at.reason), "?")
    return shown


def episodes_of(letters: str, now: datetime | None = None, step: timedelta = INTERVAL) -> tuple[Outage, ...]:
    """Return the outages with their episodes; now is a moment after the last letter unless given."""
    line = line_of(letters, step)
    now = now or NOW + step * (len(letters) - 1) + step / 5
    return episodes(outages("web", line, now, patience=HOLD), line, now, PACE)


@pytest.mark.parametrize(
    ("seen", "shown"),
    [
        ("uuduuuuuuu", "uuduuuuuuu"),
        ("duduuuuuuu", "duduuuuuuu"),
        ("dududuuuuuuuu", "dududfffuuuuu"),
        ("dduudduuduuuuu", "dduudduudfffuu"),
        ("dududuuduu", "dududffdff"),
        ("duuuduuuduuuu", "duuuduuuduuuu"),
        ("duuduuduuuuuuu", "duuduudfffuuuu"),
        ("dddduuuuuuuu", "dddduuuuuuuu"),
        ("ddddduuuuuuuu", "dddddrrruuuuu"),
        ("dddddddddduduuuuuuuu", "ddddddddddrdrrruuuuu"),
        ("ddddduduuuuuuuu", "dddddrdrrruuuuu"),
        ("dddddududuuuuuuuu", "dddddrdrdfffuuuuu"),
        ("dududsuuuuuu", "dududsffuuuu"),
        ("dudud?uuuuuuuu", "dudud?ffuuuuuu"),
    ],
)
def test_from_the_third_time_on_it_is_not_well_until_it_has_been_quiet(seen: str, shown: str) -> None:
    assert told(seen) == shown


def test_time_that_nobody_saw_stays_so() -> None:
    page = page_of("dudud")
    later = evaluate(project(), record(*fold(series("dudud"), HOLD)), minutes(40))
    assert [view.measured for view in page.components] == [GONE]
    assert [view.measured for view in later.components] == [Status.UNKNOWN]


def page_of(letters: str, wait: float = 1.0, interval: timedelta = INTERVAL) -> Page:
    """Return the page some minutes after the last letter."""
    step = interval / MINUTE
    seen = record(*fold(series(letters, step=interval), interval * 5 / 2))
    return evaluate(project(interval=interval), seen, minutes(step * (len(letters) - 1) + wait))


class TestEpisodes:
    """Outages that follow each other closely are one story."""

    def test_twenty_outages_are_one_episode_with_a_count(self) -> None:
        found = episodes_of("du" * 20)
        assert {one.episode for one in found} == {NOW}
        assert [one.number for one in found] == [*range(1, 21)]
        assert {one.over for one in found} == {False}

    def test_an_episode_ends_when_it_has_been_quiet(self) -> None:
        first, second = episodes_of("d" + "u" * 3 + "du")
        assert (first.episode, first.number, first.over) == (NOW, 1, True)
        assert (second.episode, second.number, second.over) == (minutes(20), 1, False)
        [alone] = episodes_of("du", minutes(20))
        assert alone.over
        [early] = episodes_of("du", minutes(19.9))
        assert not early.over

    def test_one_that_lasts_is_not_over(self) -> None:
        [one] = episodes_of("uddd")
        assert (one.end, one.over) == (None, False)

    def test_down_again_after_a_gap_is_not_counted_when_nobody_saw_it_back(self) -> None:
        def numbers(by_minute: str) -> list[int]:
            return [one.number for one in episodes_of(by_minute, step=MINUTE)]

        assert numbers(f"d{'.' * 26}d") == [1, 1]
        assert numbers(f"d{'.' * 13}u{'.' * 12}d") == [1, 2]
        assert numbers(f"d{'?' * 13}d") == [1, 1]
        assert told("d....d....duu")[-2:] == "rr"

    def test_without_outages_there_is_none(self) -> None:
        assert episodes_of("uuu") == ()


class TestOnThePage:
    """One degraded story with a count, and every second down counted."""

    def test_a_component_that_alternates_is_degraded_and_says_how_often_it_went_down(self) -> None:
        page = page_of("u" + "du" * 5)
        [web] = page.components
        assert (web.status, web.measured, web.reason) == (SLOW, SLOW, FLAPPING)
        assert (web.times, web.episode) == (5, minutes(5))
        assert page.status is SLOW
        assert len(page.outages) == 5
        assert web.uptime.down == 5 * INTERVAL

    def test_once_it_has_been_quiet_all_is_well(self) -> None:
        [web] = page_of("du" * 5 + "u" * 6).components
        assert (web.status, web.times, web.episode) == (WELL, 0, None)

    def test_its_outages_stand_together_on_the_day_on_which_they_began(self) -> None:
        line = series("du" * 20, start=NOW.replace(hour=23))
        page = evaluate(project(), record(*fold(line, HOLD)), NOW + DAY)
        assert [(story.day.day, len(story.outages)) for story in page.history] == [(1, 20)]

    @pytest.mark.parametrize("interval", [MINUTE, INTERVAL, 30 * MINUTE])
    def test_it_makes_sense_at_any_pace(self, interval: timedelta) -> None:
        [web] = page_of("du" * 8, interval=interval).components
        assert web.reason == FLAPPING
        [web] = page_of("du" * 8 + "u" * 15, interval=interval).components
        assert web.status is WELL


class TestExplained:
    """The unrest after an outage has the outage's cause, for as long as that is seen to be in trouble."""

    def explained(self, web: str, timelines: str) -> tuple[str | None, str | None]:
        """Return why timelines that depend on the web are not well, and what explains it, when all was seen."""
        of = project(group(component("web"), component("timelines", depends_on=["web"])))
        seen = [*series(web), *series(timelines, check="timelines-http")]
        page = evaluate(of, record(*fold(seen, HOLD)), minutes(5 * len(timelines) - 4))
        assert page.components[0].explained_by is None
        return page.components[1].reason, page.components[1].explained_by

    @pytest.mark.parametrize(
        ("web", "timelines", "reason"),
        [
            ("dudududu", "dudududu", FLAPPING),
            ("dudududs", "dudududu", FLAPPING),
            ("dddddu", "dddddu", RECOVERING),
            ("dddddd", "dddddu", RECOVERING),
        ],
    )
    def test_while_the_other_is_in_trouble_whatever_its_word(self, web: str, timelines: str, reason: str) -> None:
        assert self.explained(web, timelines) == (reason, "web")

    @pytest.mark.parametrize(
        ("web", "timelines", "reason"), [("uuuuuduuu", "duduuduuu", FLAPPING), ("udddduu", "ddddduu", RECOVERING)]
    )
    def test_but_not_once_it_is_well(self, web: str, timelines: str, reason: str) -> None:
        assert self.explained(web, timelines) == (reason, None)

    @pytest.mark.parametrize(
        ("web", "timelines", "reason"),
        [
            ("dududud?", "dudududu", FLAPPING),
            ("ddddd?", "dddddu", RECOVERING),
            ("ddddd...", "ddddd..u", RECOVERING),
            ("ddddd?", "dddddd", "connection_refused"),
        ],
    )
    def test_nor_while_nobody_sees_it_as_little_as_what_is_down(self, web: str, timelines: str, reason: str) -> None:
        assert self.explained(web, timelines) == (reason, None)

    def test_nor_is_anything_else_that_follows(self) -> None:
        assert self.explained("dddddd", "ddddds") == ("slow", None)
        assert self.explained("dddddddddddd", "duuuuuuuuuuu") == (None, None)
