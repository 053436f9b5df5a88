"""What several places, and components that report by themselves, come to on the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from statusgen.evaluate import evaluate
from statusgen.evaluate.track import fold
from statusgen.model.components import ComponentView
from statusgen.model.observation import Observation
from statusgen.model.page import Page
from statusgen.model.project import Component
from statusgen.model.words import Outcome
from tests.factories import (
    CONTROL,
    DAY,
    HOLD,
    HOUR,
    NOW,
    component,
    group,
    heartbeat,
    location,
    minutes,
    observation,
    project,
    record,
)
from tests.unit.evaluate.page_of import GONE, SLOW, UNSEEN, WELL, page_of, web_of


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
