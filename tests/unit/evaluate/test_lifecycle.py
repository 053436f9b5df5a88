"""Announcements as readers see them at an instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest

from statusgen.evaluate import lifecycle
from statusgen.evaluate.lifecycle import MAINTENANCE_PHASES, Moment
from statusgen.model.announcement import Announcement, Incident, Maintenance
from statusgen.model.page import Affected, IncidentView, MaintenanceView, Outage
from statusgen.model.words import IncidentPhase, MaintenancePhase, Status
from tests.factories import DAY, HOUR, NOW, incident, maintenance, minutes, post, updates

NAMES = {"database": "Database", "web": "Web"}
INVESTIGATING, MONITORING = IncidentPhase.INVESTIGATING, IncidentPhase.MONITORING
RESOLVED, POSTMORTEM = IncidentPhase.RESOLVED, IncidentPhase.POSTMORTEM
SCHEDULED, IN_PROGRESS, VERIFYING, COMPLETED, CANCELLED = MaintenancePhase
END = NOW + 2 * HOUR


def view_of(one: Incident, now: datetime = NOW) -> IncidentView:
    """Return the only incident's view."""
    (view,) = lifecycle.incidents([one], NAMES, now)
    return view


def work_view(one: Maintenance, now: datetime, outages: Sequence[Outage] = ()) -> MaintenanceView:
    """Return the only maintenance's view, with the outages measured of `web`."""
    (view,) = lifecycle.maintenance([one], NAMES, {"web": outages}, now)
    return view


def outage(start: float, end: float | None, *, lost: bool = False) -> Outage:
    """Return an outage of `web` by the minutes of its start and end."""
    return Outage(component="web", start=minutes(start), end=None if end is None else minutes(end), lost=lost)


class TestWhatIsPublic:
    """Nothing dated in the future is shown, except the start of a maintenance."""

    def test_an_incident_from_its_start(self) -> None:
        assert lifecycle.incidents([incident(started=minutes(1))], NAMES, NOW) == ()
        assert lifecycle.incidents([incident(started=NOW)], NAMES, NOW)

    def test_a_maintenance_from_its_announcement(self) -> None:
        work = maintenance(starts=NOW + 3 * DAY, announced=NOW)
        assert lifecycle.maintenance([work], NAMES, {}, minutes(-1)) == ()
        assert lifecycle.maintenance([work], NAMES, {}, NOW)

    def test_a_post_from_its_publication(self) -> None:
        assert lifecycle.posts([post(published=minutes(1))], NOW) == ()
        assert [view.source.slug for view in lifecycle.posts([post()], NOW)] == ["thank-you"]

    def test_updates_from_their_instant(self) -> None:
        said = updates((minutes(0), INVESTIGATING), (minutes(5), MONITORING))
        assert view_of(incident(updates=said), minutes(4)).updates == said[:1]
        assert view_of(incident(updates=said), minutes(5)).updates == said
        plan = updates((minutes(-5), SCHEDULED), (minutes(5), IN_PROGRESS))
        assert work_view(maintenance(updates=plan), minutes(4)).updates == plan[:1]

    def test_each_kind_newest_first_and_by_slug_at_the_same_instant(self) -> None:
        mixed: list[Announcement] = [
            incident("b"), incident("a"), incident("old", started=minutes(-9)),
            maintenance("b"), maintenance("a"), maintenance("next", starts=minutes(9)),
            post("b"), post("a"), post("old", published=minutes(-9)),
        ]  # fmt: skip
        assert [one.source.slug for one in lifecycle.incidents(mixed, NAMES, NOW)] == ["a", "b", "old"]
        assert [one.source.slug for one in lifecycle.maintenance(mixed, NAMES, {}, NOW)] == ["next", "a", "b"]
        assert [one.source.slug for one in lifecycle.posts(mixed, NOW)] == ["a", "b", "old"]


class TestIncident:
    """An incident lives by the word of people."""

    def test_it_is_being_investigated_until_somebody_says_otherwise(self) -> None:
        view = view_of(incident())
        assert (view.phase, view.open, view.resolved, view.updated) == (INVESTIGATING, True, None, NOW)

    def test_its_phase_is_that_of_the_last_update(self) -> None:
        told = incident(updates=updates((NOW, INVESTIGATING), (minutes(5), MONITORING), (minutes(9), RESOLVED)))
        assert view_of(told, minutes(8)).phase is MONITORING
        assert view_of(told, minutes(8)).updated == minutes(5)
        assert view_of(told, minutes(9)).phase is RESOLVED

    def test_of_updates_at_one_instant_the_last_written_stands(self) -> None:
        told = incident(updates=updates((NOW, INVESTIGATING), (NOW, RESOLVED)))
        assert view_of(told).phase is RESOLVED

    def test_it_is_resolved_when_people_first_say_so(self) -> None:
        told = incident(updates=updates((minutes(5), RESOLVED), (minutes(99), POSTMORTEM)))
        view = view_of(told, minutes(100))
        assert (view.phase, view.resolved, view.open) == (POSTMORTEM, minutes(5), False)
        assert view_of(incident(updates=updates((minutes(7), POSTMORTEM))), minutes(8)).resolved == minutes(7)

    def test_a_resolution_in_the_future_does_not_count_yet(self) -> None:
        assert view_of(incident(updates=updates((minutes(5), RESOLVED)))).open

    def test_it_names_what_it_affects_in_the_order_of_the_page(self) -> None:
        both = incident(affects={"web": Status.DEGRADED_PERFORMANCE, "database": Status.MAJOR_OUTAGE})
        assert view_of(both).affected == (
            Affected("database", "Database", Status.MAJOR_OUTAGE),
            Affected("web", "Web", Status.DEGRADED_PERFORMANCE),
        )

    def test_it_is_late_once_the_promised_update_is_overdue(self) -> None:
        promised = incident(next_update=minutes(30), updates=updates((minutes(2), INVESTIGATING)))
        assert not view_of(promised, minutes(30)).late
        assert view_of(promised, minutes(30.1)).late

    def test_without_a_promise_it_is_never_late(self) -> None:
        assert not view_of(incident(), NOW + DAY).late

    def test_an_update_at_the_promised_time_or_after_keeps_the_promise(self) -> None:
        for at in (30, 40):
            kept = incident(next_update=minutes(30), updates=updates((minutes(at), MONITORING)))
            assert not view_of(kept, minutes(50)).late
        early = incident(next_update=minutes(30), updates=updates((minutes(29), MONITORING)))
        assert view_of(early, minutes(50)).late

    def test_a_resolved_incident_owes_nothing(self) -> None:
        over = incident(next_update=minutes(30), updates=updates((minutes(20), RESOLVED)))
        assert not view_of(over, minutes(50)).late


class TestMaintenancePhases:
    """The phase of a maintenance, by the clock and by the last word."""

    @pytest.mark.parametrize(
        ("said", "before", "during", "overrun", "after"),
        [
            (None, SCHEDULED, IN_PROGRESS, IN_PROGRESS, COMPLETED),
            (SCHEDULED, SCHEDULED, IN_PROGRESS, IN_PROGRESS, COMPLETED),
            (IN_PROGRESS, IN_PROGRESS, IN_PROGRESS, IN_PROGRESS, COMPLETED),
            (VERIFYING, VERIFYING, VERIFYING, VERIFYING, COMPLETED),
            (COMPLETED, COMPLETED, COMPLETED, COMPLETED, COMPLETED),
            (CANCELLED, CANCELLED, CANCELLED, CANCELLED, CANCELLED),
        ],
    )
    def test_the_table(self, said: MaintenancePhase | None, before: str, during: str, overrun: str, after: str) -> None:
        work = maintenance(updates=updates((minutes(-60), said)) if said else ())
        down = [outage(10, None)]
        assert work_view(work, minutes(-1)).phase == before == MAINTENANCE_PHASES[Moment.BEFORE][said]
        assert work_view(work, NOW).phase == during == MAINTENANCE_PHASES[Moment.DURING][said]
        assert work_view(work, END, down).phase == overrun == MAINTENANCE_PHASES[Moment.OVERRUN][said]
        assert work_view(work, END).phase == after == MAINTENANCE_PHASES[Moment.AFTER][said]

    def test_a_word_that_is_not_said_yet_changes_nothing(self) -> None:
        assert work_view(maintenance(updates=updates((minutes(-5), IN_PROGRESS))), minutes(-6)).phase is SCHEDULED


class TestMaintenanceTimes:
    """When a maintenance really began and ended."""

    def test_by_its_window_when_nobody_says_anything(self) -> None:
        work = maintenance()
        assert (work_view(work, minutes(-1)).began, work_view(work, minutes(-1)).ended) == (None, None)
        assert (work_view(work, NOW).began, work_view(work, NOW).ended) == (NOW, None)
        assert (work_view(work, END).began, work_view(work, END).ended) == (NOW, END)

    def test_by_word_when_somebody_does(self) -> None:
        work = maintenance(
            updates=updates((minutes(4), IN_PROGRESS), (minutes(60), VERIFYING), (minutes(90), COMPLETED))
        )
        assert work_view(work, minutes(3)).began == NOW
        view = work_view(work, END)
        assert (view.began, view.ended, view.active, view.overrun) == (minutes(4), minutes(90), False, False)

    def test_it_may_begin_before_its_window(self) -> None:
        view = work_view(maintenance(updates=updates((minutes(-10), IN_PROGRESS))), minutes(-5))
        assert (view.began, view.active) == (minutes(-10), True)

    def test_a_word_that_it_began_is_too_late_once_its_window_is_over(self) -> None:
        late = maintenance(announced=END, updates=updates((END, IN_PROGRESS)))
        assert (work_view(late, END).began, work_view(late, END).ended) == (NOW, END)
        just = maintenance(announced=END, updates=updates((minutes(119), IN_PROGRESS)))
        assert (work_view(just, END).began, work_view(just, END).ended) == (minutes(119), END)

    def test_one_called_off_before_it_began_never_began(self) -> None:
        for at in (-30, 0):
            view = work_view(maintenance(updates=updates((minutes(at), CANCELLED))), END)
            assert (view.phase, view.began, view.ended) == (CANCELLED, None, minutes(at))

    def test_one_called_off_half_way_did_begin(self) -> None:
        view = work_view(maintenance(updates=updates((minutes(30), CANCELLED))), END)
        assert (view.phase, view.began, view.ended) == (CANCELLED, NOW, minutes(30))

    def test_a_word_after_the_window_is_when_it_ended(self) -> None:
        view = work_view(maintenance(updates=updates((minutes(150), COMPLETED))), minutes(151))
        assert view.ended == minutes(150)


class TestOverrun:
    """Past its end with what it affects still down, a maintenance runs over: measured, not claimed."""

    def test_while_the_outage_of_the_window_goes_on(self) -> None:
        view = work_view(maintenance(), END, [outage(10, None)])
        assert (view.overrun, view.phase, view.active, view.ended) == (True, IN_PROGRESS, True, None)

    def test_not_before_the_end(self) -> None:
        assert not work_view(maintenance(), minutes(119), [outage(10, None)]).overrun

    def test_it_ends_when_everything_is_up_again(self) -> None:
        work = maintenance(affects={"web": Status.MAJOR_OUTAGE, "database": Status.MAJOR_OUTAGE})
        measured = {"web": [outage(10, 130)], "database": [outage(20, 145)]}
        (view,) = lifecycle.maintenance([work], NAMES, measured, minutes(200))
        assert (view.overrun, view.phase, view.ended) == (False, COMPLETED, minutes(145))

    def test_its_end_is_not_known_when_nobody_saw_it(self) -> None:
        view = work_view(maintenance(), minutes(200), [outage(10, 130, lost=True)])
        assert (view.overrun, view.phase, view.ended) == (False, COMPLETED, None)

    def test_not_by_an_outage_that_was_over_at_the_end_or_began_later(self) -> None:
        for other in (outage(10, 120), outage(10, 60), outage(121, None)):
            view = work_view(maintenance(), minutes(200), [other])
            assert (view.overrun, view.ended) == (False, END)

    def test_an_outage_that_began_at_the_very_end_does_count(self) -> None:
        assert work_view(maintenance(), minutes(200), [outage(120, None)]).overrun

    def test_not_of_a_component_that_was_to_stay_up(self) -> None:
        work = maintenance(affects={"web": Status.OPERATIONAL})
        assert not work_view(work, END, [outage(10, None)]).overrun

    def test_not_once_people_said_that_it_is_over(self) -> None:
        for phase in (COMPLETED, CANCELLED):
            view = work_view(maintenance(updates=updates((minutes(100), phase))), END, [outage(10, None)])
            assert (view.overrun, view.phase, view.ended) == (False, phase, minutes(100))

    def test_only_the_last_outage_before_the_end_can_hold_it(self) -> None:
        assert work_view(maintenance(), END, [outage(10, 20), outage(30, None), outage(125, 126)]).overrun
