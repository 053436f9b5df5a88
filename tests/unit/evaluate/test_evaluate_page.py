"""The page as a whole: what observations make of components and groups, from the first run on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from statusgen.evaluate import evaluate
from statusgen.evaluate.latency import bucket, middle
from statusgen.model.page import Page
from statusgen.model.words import Outcome, Status
from tests.factories import (
    DAY,
    INTERVAL,
    NOW,
    component,
    group,
    incident,
    minutes,
    observation,
    project,
    record,
    series,
    span,
    track,
)
from tests.unit.evaluate.page_of import GONE, PARTIAL, SLOW, UNSEEN, WELL, page_of, web_of


class TestFirstRuns:
    """Nothing is green that nobody measured."""

    def test_before_the_first_run_everything_is_unknown(self) -> None:
        page = evaluate(project(), record(), NOW)
        web = web_of(page)
        assert (page.status, page.groups[0].status, web.status, web.measured) == (UNSEEN,) * 4
        assert (web.reason, web.since, web.typical_ms, web.manual) == ("not_measured", None, None, False)
        assert (web.uptime.ratio, web.uptime.coverage) == (None, 0.0)
        assert (page.measured, page.since, page.places, page.blind) == (None, None, (), ())
        assert {bar.status for bar in web.bars} == {UNSEEN}
        assert all(story.quiet for story in page.days)
        assert (page.history, page.outages) == ((), ())

    def test_the_first_run_counts_from_its_own_instant(self) -> None:
        page = page_of([observation()], now=0)
        assert (page.status, web_of(page).measured, web_of(page).since) == (WELL, WELL, NOW)

    def test_a_minute_later_a_minute_was_measured(self) -> None:
        web = web_of(page_of([observation()]))
        assert (web.uptime.period, web.uptime.ratio, web.uptime.coverage) == (timedelta(minutes=1), 1.0, 1.0)

    def test_what_is_seen_later_than_now_is_not_seen_yet(self) -> None:
        page = page_of([observation()], now=-1)
        assert (page.status, web_of(page).since, page.places) == (UNSEEN, None, ())

    def test_when_fresh_data_runs_out_green_does_too(self) -> None:
        assert page_of([observation()], now=12.4).status is WELL
        page = page_of([observation()], now=12.5)
        web = web_of(page)
        assert (page.status, web.status, web.reason) == (UNSEEN, UNSEEN, "not_measured")
        assert (web.since, page.places) == (minutes(12.5), ())


class TestClocks:
    """The page says when it was made, and until when it may be believed."""

    def test_it_may_be_believed_for_two_and_a_half_intervals(self) -> None:
        page = evaluate(project(interval=timedelta(minutes=10)), record(), NOW)
        assert (page.published, page.next_run, page.valid_until) == (NOW, minutes(10), minutes(25))

    def test_what_is_remembered_says_when_it_was_measured(self) -> None:
        remembered = record(since=minutes(-99), measured=minutes(-2))
        page = evaluate(project(), remembered, NOW)
        assert (page.since, page.measured) == (minutes(-99), minutes(-2))


class TestComponents:
    """What readers see of a component."""

    def test_it_carries_what_people_wrote(self) -> None:
        of = project(group(component(name="The web", description="Pages"), group_id="main", name="Main"))
        page = evaluate(of, record(), NOW)
        assert (page.site, page.names) == (of.site, {"web": "The web"})
        assert [(one.id, one.name) for one in page.groups] == [("main", "Main")]
        assert [(one.id, one.name, one.description) for one in page.components] == [("web", "The web", "Pages")]

    @pytest.mark.parametrize(
        ("outcome", "status", "reason"),
        [
            (Outcome.UP, WELL, None),
            (Outcome.DEGRADED, SLOW, "slow"),
            (Outcome.DOWN, GONE, "http_502"),
            (Outcome.UNKNOWN, UNSEEN, "prober_failed"),
        ],
    )  # fmt: skip
    def test_without_announcements_its_status_is_what_was_measured(
        self, outcome: Outcome, status: Status, reason: str | None
    ) -> None:
        web = web_of(page_of([observation(outcome, reason=reason)]))
        assert (web.status, web.measured, web.reason) == (status, status, reason)

    def test_its_present_status_began_when_it_changed(self) -> None:
        web = web_of(page_of(series("uudd"), now=16))
        assert (web.status, web.since) == (GONE, minutes(10))

    def test_a_new_check_does_not_turn_its_past_unknown(self) -> None:
        of = project(group(component(checks=["web-http", "web-tls"])))
        web = web_of(page_of(series("uuuu") + series("u", start=minutes(15), check="web-tls"), of=of, now=16))
        assert (web.status, web.uptime.coverage) == (WELL, 1.0)

    def test_a_check_that_the_project_does_not_have_is_left_out(self) -> None:
        page = page_of([observation(), observation(Outcome.DOWN, check="gone")])
        assert (page.status, page.outages) == (WELL, ())

    def test_its_bars_add_up_to_its_uptime(self) -> None:
        web = web_of(page_of(series("ududss.u", start=NOW - DAY), now=-60))
        assert len(web.bars) == 90
        assert sum((bar.uptime.down for bar in web.bars), timedelta()) == web.uptime.down == 2 * INTERVAL
        assert web.bars[-2].status is GONE

    def test_its_typical_latency_is_the_median_of_its_first_check_that_answers(self) -> None:
        of = project(group(component(checks=["web-tcp", "web-http"])))
        tracks = [
            track(span(NOW, minutes(9), Outcome.DOWN), check="web-tcp"),
            track(span(NOW, minutes(9)), latency={bucket(100): 3}),
            track(span(NOW, minutes(9)), location="moon", latency={bucket(900): 2}),
        ]
        assert web_of(evaluate(of, record(*tracks), minutes(1))).typical_ms == middle(bucket(100))


class TestRollUp:
    """Groups and the page."""

    of = project(
        group(component("web"), group_id="core"),
        group(component("fra"), component("nyc"), group_id="edge"),
    )

    def seen(self, web: str, fra: str, nyc: str) -> Page:
        outcomes = {"web-http": web, "fra-http": fra, "nyc-http": nyc}
        return page_of([one for check, letter in outcomes.items() for one in series(letter, check=check)], of=self.of)

    def test_some_down_is_partial_and_all_down_is_major(self) -> None:
        page = self.seen("u", "d", "u")
        assert (page.status, [one.status for one in page.groups]) == (PARTIAL, [WELL, PARTIAL])
        page = self.seen("u", "d", "d")
        assert (page.status, [one.status for one in page.groups]) == (PARTIAL, [WELL, GONE])
        assert self.seen("d", "d", "d").status is GONE

    def test_one_component_that_nobody_sees_keeps_the_page_from_being_green(self) -> None:
        assert self.seen("u", "u", "?").status is UNSEEN
        assert self.seen("s", "u", ".").status is SLOW


class TestOutages:
    """What was measured to be down, and who tells of it."""

    def test_all_of_them_oldest_first_and_by_component_at_the_same_instant(self) -> None:
        of = project(group(component("web"), component("api")))
        seen = series("ud.u") + series(".d", check="api-http") + series("du", start=minutes(-60), check="api-http")
        page = page_of(seen, of=of, now=16)
        assert [(one.component, one.start) for one in page.outages] == [
            ("api", minutes(-60)), ("api", minutes(5)), ("web", minutes(5)),
        ]  # fmt: skip

    def test_an_outage_that_nobody_tells_of_is_in_the_history_of_its_day(self) -> None:
        page = page_of(series("uddu"), now=20)
        assert page.days[0].outages == page.outages
        assert page.history == page.days[:1]
        assert page.days[0].day == date(2022, 12, 1)

    def test_an_outage_that_an_incident_tells_of_is_not(self) -> None:
        page = page_of(series("uddu"), of=project(announcements=[incident(started=minutes(7))]), now=20)
        assert page.days[0].outages == ()
        assert len(page.outages) == 1
        assert [view.source.slug for view in page.days[0].incidents] == ["pages-fail"]

    def test_what_depends_on_something_down_is_explained_by_it_and_still_down(self) -> None:
        of = project(group(component("database"), component("web", depends_on=["database"])))
        seen = series("ud", check="database-http") + series("ud", start=minutes(0.1))
        page = page_of(seen, of=of, now=6)
        assert (web_of(page).explained_by, web_of(page).status) == ("database", GONE)
        assert [one.component for one in page.days[0].outages] == ["database"]
        assert page.status is GONE

    def test_once_it_is_up_again_nothing_needs_explaining(self) -> None:
        of = project(group(component("database"), component("web", depends_on=["database"])))
        page = page_of(series("du", check="database-http") + series("du"), of=of, now=6)
        assert web_of(page).explained_by is None
        assert [one.explained_by for one in page.outages] == [None, "database"]
