"""The page at one instant, decided from the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from statusgen.evaluate import evaluate
from statusgen.evaluate.latency import bucket, middle
from statusgen.evaluate.track import fold
from statusgen.model.components import ComponentView
from statusgen.model.observation import Observation
from statusgen.model.page import Page
from statusgen.model.project import Component, Project
from statusgen.model.words import Impact, IncidentPhase, MaintenancePhase, Outcome, Status
from tests.factories import (
    CONTROL,
    DAY,
    HOLD,
    HOUR,
    INTERVAL,
    NOW,
    component,
    group,
    heartbeat,
    incident,
    location,
    maintenance,
    minutes,
    observation,
    post,
    project,
    record,
    series,
    span,
    track,
    updates,
)

WELL, SLOW, GONE = Status.OPERATIONAL, Status.DEGRADED_PERFORMANCE, Status.MAJOR_OUTAGE
PARTIAL, UNSEEN, MAINTAINED = Status.PARTIAL_OUTAGE, Status.UNKNOWN, Status.UNDER_MAINTENANCE
RESOLVED = updates((minutes(1), IncidentPhase.RESOLVED))


def page_of(seen: list[Observation], *, of: Project | None = None, now: float = 1.0) -> Page:
    """Return the page some minutes after noon, from observations."""
    return evaluate(of or project(), record(*fold(seen, HOLD)), minutes(now))


def web_of(page: Page) -> ComponentView:
    """Return the component `web`."""
    return next(view for view in page.components if view.id == "web")


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


class TestManual:
    """A component without checks is what people say it is."""

    of = project(group(component(checks=[])))

    def test_it_is_operational_on_their_word_and_measured_by_nobody(self) -> None:
        page = evaluate(self.of, record(), NOW)
        web = web_of(page)
        assert (page.status, web.status, web.measured, web.manual) == (WELL, WELL, UNSEEN, True)
        assert (web.bars, web.since, web.uptime.ratio) == ((), None, None)

    def test_announcements_change_it(self) -> None:
        assert evaluate(replace(self.of, announcements=(incident(),)), record(), NOW).status is GONE
        assert evaluate(replace(self.of, announcements=(maintenance(),)), record(), NOW).status is MAINTAINED


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


class TestIncidents:
    """An open incident raises what was measured and never lowers it."""

    @pytest.mark.parametrize(
        ("letter", "said", "status"),
        [("u", SLOW, SLOW), ("u", GONE, GONE), ("d", SLOW, GONE), ("?", SLOW, SLOW), ("?", WELL, UNSEEN)],
    )
    def test_the_worse_of_word_and_measurement(self, letter: str, said: Status, status: Status) -> None:
        web = web_of(page_of(series(letter), of=project(announcements=[incident(affects={"web": said})])))
        assert web.status is status
        assert web.measured is web_of(page_of(series(letter))).measured

    def test_the_worst_of_several(self) -> None:
        two = [incident("a", affects={"web": GONE}), incident("b", affects={"web": SLOW})]
        assert web_of(page_of(series("u"), of=project(announcements=two))).status is GONE

    def test_once_resolved_or_not_yet_begun_it_changes_nothing(self) -> None:
        for one in (incident(updates=RESOLVED), incident(started=minutes(2))):
            assert page_of(series("u"), of=project(announcements=[one])).status is WELL

    def test_it_changes_no_component_that_it_does_not_name(self) -> None:
        assert web_of(page_of(series("u"), of=project(announcements=[incident(affects={})]))).status is WELL

    @pytest.mark.parametrize(
        ("impact", "status"),
        [(Impact.NONE, WELL), (Impact.MINOR, SLOW), (Impact.MAJOR, PARTIAL), (Impact.CRITICAL, GONE)],
    )
    def test_one_that_names_no_component_raises_the_page_by_its_impact(self, impact: Impact, status: Status) -> None:
        of = project(announcements=[incident(affects={}, impact=impact)])
        assert page_of(series("u"), of=of).status is status
        assert page_of(series("d"), of=of).status is GONE
        resolved = project(announcements=[incident(affects={}, impact=impact, updates=RESOLVED)])
        assert page_of(series("u"), of=resolved).status is WELL

    def test_one_that_names_a_component_raises_the_page_through_it_alone(self) -> None:
        of = project(announcements=[incident(affects={"web": SLOW}, impact=Impact.CRITICAL)])
        assert page_of(series("u"), of=of).status is SLOW

    def test_open_ones_come_with_the_one_updated_last_first(self) -> None:
        said = updates((minutes(0.5), IncidentPhase.IDENTIFIED))
        of = project(
            announcements=[
                incident("old", started=minutes(-9), updates=said),
                incident("new"),
                incident("x", updates=RESOLVED),
            ]
        )
        page = page_of(series("u"), of=of)
        assert [view.source.slug for view in page.open_incidents] == ["old", "new"]
        assert [view.source.slug for view in page.incidents] == ["new", "x", "old"]


class TestMaintenance:
    """Maintenance covers the status, while what was measured stays beside it."""

    of = project(announcements=[maintenance()])

    def test_within_its_window(self) -> None:
        web = web_of(page_of(series("d"), of=self.of, now=1))
        assert (web.status, web.measured, web.reason) == (MAINTAINED, GONE, "connection_refused")
        assert web_of(page_of(series("u"), of=self.of, now=0)).status is MAINTAINED

    def test_not_before_and_not_after(self) -> None:
        assert web_of(page_of(series("u", start=minutes(-2)), of=self.of, now=-1)).status is WELL
        assert web_of(page_of(series("u", start=minutes(119)), of=self.of, now=120)).status is WELL

    def test_an_incident_raises_it(self) -> None:
        of = project(announcements=[maintenance(), incident(affects={"web": GONE})])
        assert web_of(page_of(series("u"), of=of)).status is GONE

    def test_an_overrun_is_shown_as_what_it_is(self) -> None:
        page = page_of(series("d" * 26), of=self.of, now=121)
        web = web_of(page)
        assert (web.status, page.active_maintenance[0].overrun) == (GONE, True)
        assert web.uptime.down == timedelta(minutes=1)
        assert web.uptime.maintenance == 2 * HOUR
        assert not page.outages[0].planned

    def test_an_outage_that_it_holds_is_planned_and_no_story_of_its_own(self) -> None:
        page = page_of(series("uddu"), of=self.of, now=20)
        assert [one.planned for one in page.outages] == [True]
        assert page.days[0].outages == ()
        assert [view.source.slug for view in page.days[0].maintenance] == ["move-database"]

    @pytest.mark.parametrize(
        ("announced", "now", "foretold", "overran"),
        [(-60, 20, True, None), (-60, 121, False, 120), (4, 20, True, None), (6, 20, False, None)],
    )
    def test_feeds_keep_silent_of_what_was_announced_before_it_began(
        self, announced: float, now: float, foretold: bool, overran: float | None
    ) -> None:
        of = project(announcements=[maintenance(announced=minutes(announced))])
        (outage,) = page_of(series("u" + "d" * 25), of=of, now=now).outages
        assert outage.planned == (now < 120)
        assert (outage.foretold, outage.overran) == (foretold, None if overran is None else minutes(overran))
        assert outage.told == (outage.start if overran is None else minutes(overran))

    def test_views_of_what_is_to_come_and_what_goes_on(self) -> None:
        of = project(
            announcements=[
                maintenance("later", starts=NOW + 2 * DAY),
                maintenance("now"),
                maintenance("next", starts=NOW + DAY),
                maintenance("off", starts=NOW + DAY, updates=updates((NOW, MaintenancePhase.CANCELLED))),
            ]
        )
        page = page_of(series("u"), of=of)
        assert [view.source.slug for view in page.active_maintenance] == ["now"]
        assert [view.source.slug for view in page.upcoming_maintenance] == ["next", "later"]


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


class TestPlaces:
    """Which places see, and which are offline themselves."""

    of = project(locations=[location("earth"), location("moon", name="The Moon")])

    def test_places_with_fresh_data_in_the_order_written(self) -> None:
        seen = [observation(location=place) for place in ("moon", "mars", "earth", "io")]
        assert page_of(seen, of=self.of).places == ("Earth", "The Moon", "io", "mars")

    def test_a_place_without_fresh_data_is_not_one(self) -> None:
        seen = [observation(location="earth"), observation(at=minutes(-20), location="moon")]
        assert page_of(seen, of=self.of).places == ("Earth",)

    def test_a_place_that_could_not_measure_is_not_one(self) -> None:
        page = page_of([observation(Outcome.UNKNOWN, reason="secret_missing")], of=self.of)
        assert (page.places, page.blind) == ((), ())

    def test_a_place_whose_controls_fail_is_blind_and_what_it_says_is_unknown(self) -> None:
        seen = [
            observation(Outcome.DOWN, check=CONTROL, run="r"),
            observation(Outcome.DOWN, run="r"),
            observation(location="moon"),
        ]
        page = page_of(seen, of=self.of)
        assert (page.places, page.blind, page.status) == (("The Moon",), ("Earth",), WELL)
        alone = page_of(seen[:2], of=self.of)
        assert (alone.status, web_of(alone).reason, alone.blind) == (UNSEEN, "location_offline", ("Earth",))
        assert alone.outages == ()

    def test_a_place_that_is_blind_in_part_is_blind(self) -> None:
        of = project(group(component(checks=["a", "b"])))
        seen = [
            observation(Outcome.DOWN, check=CONTROL, run="r"),
            observation(check="a", run="r"),
            observation(check="b", run="s"),
        ]
        page = page_of(seen, of=of)
        assert (page.places, page.blind) == ((), ("Earth",))

    def test_two_of_three_places_make_an_outage_and_one_does_not(self) -> None:
        down = [observation(Outcome.DOWN, location=place) for place in ("a", "b")]
        fine = [observation(location="c")]
        assert page_of(down + fine, of=self.of).status is GONE
        page = page_of(down[:1] + fine, of=self.of)
        assert (page.status, web_of(page).reason, page.outages) == (SLOW, "timeout", ())


def test_the_order_of_tracks_in_the_record_does_not_matter() -> None:
    seen = [
        observation(Outcome.DOWN, location="a", reason="open"),
        observation(Outcome.DOWN, location="b", reason="http_502"),
    ]
    tracks = fold(seen, HOLD)
    page = evaluate(project(), record(*tracks), minutes(1))
    assert evaluate(project(), record(*reversed(tracks)), minutes(1)) == page
    assert web_of(page).reason == "open"


def test_posts_are_on_the_page_once_published() -> None:
    page = evaluate(project(announcements=[post(), post("later", published=minutes(9))]), record(), NOW)
    assert [view.source.slug for view in page.posts] == ["thank-you"]


class TestHeartbeats:
    """What nobody can ask must report in time."""

    BACKUP = Component(id="backup", name="Backup", checks=(heartbeat(within=26 * HOUR),))
    SITE = project(group(component(), BACKUP))

    def page(self, reports: Sequence[datetime], now: datetime, *more: Observation) -> Page:
        made = [observation(at=at, check="backup-heartbeat", latency_ms=None, holds=26 * HOUR) for at in reports]
        return evaluate(self.SITE, record(*fold([*made, *more], HOLD)), now)

    def backup(self, page: Page) -> ComponentView:
        return next(view for view in page.components if view.id == "backup")

    def test_before_the_first_report_nothing_is_known_and_nothing_is_owed(self) -> None:
        view = self.backup(self.page([], NOW))
        assert (view.measured, view.reason, view.uptime.period) == (UNSEEN, "not_measured", timedelta())

    def test_a_report_speaks_for_as_long_as_it_says(self) -> None:
        for later in (timedelta(), 25 * HOUR):
            assert self.backup(self.page([NOW], NOW + later)).measured is WELL

    def test_when_the_next_does_not_come_in_time_it_is_down_from_that_moment_on(self) -> None:
        page = self.page([NOW], NOW + 28 * HOUR)
        view = self.backup(page)
        assert (view.measured, view.reason, view.since) == (GONE, "heartbeat_missed", NOW + 26 * HOUR)
        assert (view.uptime.up, view.uptime.down) == (26 * HOUR, 2 * HOUR)
        [outage] = page.outages
        assert (outage.start, outage.end, outage.reason) == (NOW + 26 * HOUR, None, "heartbeat_missed")

    def test_the_next_report_ends_the_outage_however_late_it_is(self) -> None:
        page = self.page([NOW, NOW + 9 * DAY], NOW + 9 * DAY + HOUR)
        assert self.backup(page).measured is WELL
        [outage] = page.outages
        assert (outage.start, outage.end, outage.lost) == (NOW + 26 * HOUR, NOW + 9 * DAY, False)

    def test_it_does_not_make_its_location_a_place_that_measures(self) -> None:
        assert self.page([NOW], minutes(1)).places == ()

    def test_a_location_that_is_offline_does_not_make_a_report_doubtful(self) -> None:
        offline = observation(Outcome.DOWN, NOW, check=CONTROL, run="other")
        assert self.backup(self.page([NOW], minutes(1), offline)).measured is WELL
