"""What people announce on the page: incidents, maintenance, posts, and what they make of components."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from statusgen.evaluate import evaluate
from statusgen.model.words import Impact, IncidentPhase, MaintenancePhase, Status
from tests.factories import (
    DAY,
    HOUR,
    NOW,
    component,
    group,
    incident,
    maintenance,
    minutes,
    post,
    project,
    record,
    series,
    updates,
)
from tests.unit.evaluate.page_of import GONE, MAINTAINED, PARTIAL, SLOW, UNSEEN, WELL, page_of, web_of

RESOLVED = updates((minutes(1), IncidentPhase.RESOLVED))


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


def test_posts_are_on_the_page_once_published() -> None:
    page = evaluate(project(announcements=[post(), post("later", published=minutes(9))]), record(), NOW)
    assert [view.source.slug for view in page.posts] == ["thank-you"]
