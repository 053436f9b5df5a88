"""Figures over a year, from the days of the window and what is kept of those before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from statusgen.evaluate import evaluate
from statusgen.evaluate.past import MOST, PERIODS, corrected, periods, remade, remembered
from statusgen.evaluate.track import fold
from statusgen.model.components import ComponentView
from statusgen.model.measured import Past, Uptime
from statusgen.model.page import Page
from statusgen.model.words import Outcome
from tests.factories import DAY, HOLD, HOUR, MINUTE, NOW, component, group, project, record, series, span, track

TODAY = NOW.date()
BRIEF = 5 * MINUTE
FULL = Uptime(period=DAY, up=DAY)
BAD = Uptime(period=DAY, up=DAY - BRIEF, down=BRIEF)


def ago(days: int) -> date:
    """Return the day so many days ago."""
    return TODAY - DAY * days


def page_of(*days_down: int, past: Past | None = None, since: int = 200) -> Page:
    """Return a page measured since so many days ago, down for the first minutes of the days given."""
    midnight = NOW.replace(hour=0)
    edges = sorted({(midnight - DAY * day, midnight - DAY * day + BRIEF) for day in days_down})
    spans, at = [], midnight - DAY * since
    for start, end in edges:
        spans += [span(at, start), span(start, end, Outcome.DOWN)]
        at = end
    seen = record(track(*spans, span(at, NOW + MINUTE)), measured=NOW)
    return evaluate(project(), seen, NOW, past or {})


def web_of(page: Page) -> ComponentView:
    [web] = page.components
    return web


def figures(page: Page) -> Mapping[int, Uptime]:
    """Return the uptime of the web by number of days."""
    return {one.days: one.uptime for one in web_of(page).periods}


def test_a_figure_is_the_sum_of_so_many_whole_days_without_today() -> None:
    page = page_of(0, 1, 8, 60)
    assert [(one.days, one.last) for one in web_of(page).periods] == [(days, ago(1)) for days in PERIODS]
    found = figures(page)
    assert found[7] == Uptime(period=7 * DAY, up=7 * DAY - BRIEF, down=BRIEF)
    assert found[30] == Uptime(period=30 * DAY, up=30 * DAY - 2 * BRIEF, down=2 * BRIEF)
    assert found[90] == found[365] == Uptime(period=89 * DAY, up=89 * DAY - 3 * BRIEF, down=3 * BRIEF)


def test_days_before_the_window_count_when_they_are_known() -> None:
    past = {"web": {ago(90): BAD, ago(91): BAD, ago(365): BAD, ago(366): BAD}, "gone": {ago(90): BAD}}
    found = figures(page_of(past=past))
    assert (found[90].down, found[90].period) == (BRIEF, 90 * DAY)
    assert (found[365].down, found[365].period) == (3 * BRIEF, 92 * DAY)


def test_a_day_of_which_more_is_known_from_before_stays_what_it_was_and_the_others_are_judged_anew() -> None:
    """Such as the first of the window, whose first minutes were seen on its eve."""
    past = {"web": {ago(89): BAD, ago(88): BAD, ago(1): BAD, ago(0): BAD}}
    first = NOW.replace(hour=0) - DAY * 89
    page = evaluate(project(), record(track(span(first + MINUTE, NOW + MINUTE)), measured=NOW), NOW, past)
    assert figures(page)[365] == Uptime(period=89 * DAY, up=89 * DAY - BRIEF, down=BRIEF)
    assert remembered(past, page)["web"][ago(89)] == BAD
    assert remembered(past, page)["web"][ago(88)] == FULL
    assert figures(evaluate(project(), record(track(span(first, NOW)), measured=NOW), NOW, past))[365].down == 0 * BRIEF


def test_a_component_without_checks_has_no_figures() -> None:
    page = evaluate(project(group(component(checks=[]))), record(), NOW)
    assert web_of(page).periods == ()


def test_a_component_never_measured_has_figures_of_nothing() -> None:
    page = evaluate(project(), record(), NOW)
    assert {one.uptime for one in web_of(page).periods} == {Uptime(period=timedelta())}
    assert remembered({}, page) == {}


def test_what_is_kept_are_the_days_that_are_over() -> None:
    assert remembered({}, page_of(1, since=3)) == {"web": {ago(3): FULL, ago(2): FULL, ago(1): BAD}}


def test_a_year_is_kept_and_no_more() -> None:
    past = {"web": {ago(MOST): BAD, ago(MOST + 1): BAD}, "gone": {ago(MOST + 1): BAD}}
    kept = remembered(past, page_of(past=past))
    assert list(kept) == ["web"]
    assert (min(kept["web"]), max(kept["web"])) == (ago(MOST), ago(1))
    assert len(kept["web"]) == 90


def test_where_nobody_measures_nothing_is_forgotten() -> None:
    """Also not by a page that is made for a day years ahead."""
    past = {"web": {ago(MOST): BAD, ago(1): BAD}}
    ahead = evaluate(project(), record(track(span(NOW - BRIEF, NOW)), measured=NOW), NOW + 900 * DAY, past)
    assert remembered(past, ahead) == past


def test_lost_days_are_made_again_from_what_is_remembered() -> None:
    seen = record(*fold(series("ud" * 2, start=NOW - 300 * DAY, step=HOUR), HOLD), measured=NOW)
    made = remade(project(group(component(), component("api"))), seen, NOW)
    assert list(made) == ["web"]
    assert made["web"][ago(300)].down == 2 * HOLD
    assert len(made["web"]) == 300
    assert figures(evaluate(project(), seen, NOW, made))[365].down == 2 * HOLD


def test_only_days_of_which_something_came_late_are_taken_from_what_was_made_again() -> None:
    past = {"web": {ago(200): FULL, ago(199): FULL}, "gone": {ago(200): FULL}}
    made = {"web": {ago(200): BAD, ago(199): BAD}, "api": {ago(200): BAD, ago(198): BAD}}
    assert corrected(past, made, {ago(200)}) == {
        "web": {ago(200): BAD, ago(199): FULL},
        "gone": {ago(200): FULL},
        "api": {ago(200): BAD},
    }
    assert corrected({}, made, {ago(199)}) == {"web": {ago(199): BAD}, "api": {}}


def test_a_day_that_was_forgotten_since_keeps_its_figures_when_something_of_it_comes_late() -> None:
    past = {"web": {ago(200): FULL}}
    assert corrected(past, {"web": {ago(200): Uptime(period=HOUR, up=HOUR)}}, {ago(200)}) == past


def test_what_is_kept_day_by_day_is_what_one_long_look_back_finds() -> None:
    [whole] = fold(series("uuudsu." * 100, start=NOW - 400 * DAY, step=14 * HOUR), 5 * HOUR)
    past: Past = {}
    for back in range(400, -1, -1):
        now = NOW - DAY * back
        first = NOW.replace(hour=0) - DAY * (back + 89)
        window = [one for one in whole.spans if one.start >= first]
        page = evaluate(project(), record(track(*window), measured=now), now, past)
        past = remembered(past, page)
    made = remade(project(), record(whole, measured=NOW), NOW)
    assert made == past
    assert web_of(page).periods == periods(web_of(page).bars, made["web"])
