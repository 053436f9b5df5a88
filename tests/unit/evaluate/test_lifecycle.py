"""Announcements as readers see them at an instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from statusgen.evaluate import lifecycle
from statusgen.evaluate.lifecycle import FORGOTTEN_AFTER, MAINTENANCE_PHASES, Moment
from statusgen.model.announcement import Announcement, Incident, Maintenance, Update, Window
from statusgen.model.components import ComponentView
from statusgen.model.measured import Outage, Uptime
from statusgen.model.told import Affected, IncidentView, MaintenanceView, SpentPlan
from statusgen.model.words import IncidentPhase, MaintenancePhase, Status
from tests.factories import DAY, HOUR, MINUTE, NOW, incident, maintenance, minutes, post, update, updates

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

    def test_an_update_changes_only_what_it_names(self) -> None:
        told = incident(
            affects={"web": Status.MAJOR_OUTAGE, "database": Status.MAJOR_OUTAGE},
            updates=[
                update(minutes(5), MONITORING, affects={"web": Status.OPERATIONAL}),
                update(minutes(9), MONITORING, affects={"web": Status.DEGRADED_PERFORMANCE}),
            ],
        )
        said = [[one.status for one in view_of(told, minutes(at)).affected] for at in (4, 5, 9)]
        down = Status.MAJOR_OUTAGE
        assert said == [[down, down], [down, Status.OPERATIONAL], [down, Status.DEGRADED_PERFORMANCE]]

    def test_the_last_promise_takes_the_place_of_those_before(self) -> None:
        told = incident(next_update=minutes(30), updates=[update(minutes(20), next_update=minutes(60))])
        assert (view_of(told, minutes(19)).next_update, view_of(told, minutes(20)).next_update) == (
            minutes(30),
            minutes(60),
        )
        assert not view_of(told, minutes(50)).late
        assert view_of(told, minutes(61)).late

    def test_the_last_postmortem_is_the_one(self) -> None:
        assert view_of(incident()).postmortem is None
        told = incident(updates=updates((NOW, RESOLVED), (minutes(1), POSTMORTEM), (minutes(2), POSTMORTEM)))
        last = view_of(told, minutes(5)).postmortem
        assert last == told.updates[2]


class TestForgotten:
    """An open incident whose components have been up for hours, in which nobody wrote, may be over."""

    def seen(self, told: Incident, *components: ComponentView, now: datetime) -> datetime | None:
        """Return since when an incident seems to be over."""
        (view,) = lifecycle.forgotten(lifecycle.incidents([told], NAMES, now), components, now)
        return view.forgotten

    def part(self, key: str = "web", *, measured: Status = Status.OPERATIONAL, **more: Any) -> ComponentView:
        """Return a component as it is measured since now."""
        return ComponentView(
            **{
                "id": key,
                "name": key,
                "description": "",
                "status": Status.MAJOR_OUTAGE,
                "measured": measured,
                "since": NOW,
                "uptime": Uptime(period=DAY),
                **more,
            }
        )

    def test_only_after_hours(self) -> None:
        told = incident(started=minutes(-10))
        assert self.seen(told, self.part(), now=NOW + FORGOTTEN_AFTER - MINUTE) is None
        assert self.seen(told, self.part(), now=NOW + FORGOTTEN_AFTER) == NOW

    def test_not_while_people_write_or_have_promised_to(self) -> None:
        wrote = incident(started=minutes(-10), updates=[update(minutes(60), MONITORING)])
        assert self.seen(wrote, self.part(), now=NOW + FORGOTTEN_AFTER) is None
        assert self.seen(wrote, self.part(), now=minutes(60) + FORGOTTEN_AFTER) == NOW
        promised = incident(started=minutes(-10), next_update=NOW + 9 * HOUR)
        assert self.seen(promised, self.part(), now=NOW + 8 * HOUR) is None
        assert self.seen(promised, self.part(), now=NOW + 9 * HOUR) == NOW

    def test_not_once_it_is_resolved(self) -> None:
        over = incident(started=minutes(-10), updates=[update(minutes(-5), RESOLVED)])
        assert self.seen(over, self.part(), now=NOW + DAY) is None

    def test_not_while_anything_that_it_names_is_in_trouble_or_unseen(self) -> None:
        both = incident(started=minutes(-10), affects={"web": Status.MAJOR_OUTAGE, "database": Status.MAJOR_OUTAGE})
        for other in (Status.DEGRADED_PERFORMANCE, Status.UNKNOWN):
            assert self.seen(both, self.part(), self.part("database", measured=other), now=NOW + DAY) is None
        later = self.part("database", since=minutes(30))
        assert self.seen(both, self.part(), later, now=NOW + DAY) == minutes(30)

    def test_what_nobody_measures_says_nothing(self) -> None:
        both = incident(started=minutes(-10), affects={"web": Status.MAJOR_OUTAGE, "database": Status.MAJOR_OUTAGE})
        by_hand = self.part("database", manual=True, since=None, measured=Status.UNKNOWN)
        assert self.seen(both, self.part(), by_hand, now=NOW + DAY) == NOW
        assert self.seen(both, by_hand, now=NOW + DAY) is None
        assert self.seen(incident(affects={}), self.part(), now=NOW + DAY) is None


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

    def test_whoever_verifies_says_only_that_it_has_begun_before(self) -> None:
        work = maintenance(updates=updates((minutes(60), VERIFYING), (minutes(70), IN_PROGRESS)))
        assert work_view(work, minutes(65)).began == NOW
        assert work_view(work, END).began == NOW
        early = maintenance(updates=updates((minutes(-10), VERIFYING)))
        assert work_view(early, END).began == minutes(-10)

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


class TestRescheduled:
    """A window that an update moves: the new one counts, and the old one is not lost."""

    def work(self, *said: Update) -> Maintenance:
        """Return a maintenance of two hours with these updates."""
        return maintenance(updates=said)

    def moved(self, at: float, start: float, end: float, phase: MaintenancePhase = SCHEDULED) -> Update:
        """Return an update that gives it another window."""
        return update(minutes(at), phase, window=Window(minutes(start), minutes(end)))

    def test_the_new_window_stands_and_the_old_one_is_told(self) -> None:
        work = self.work(self.moved(-60, 1440, 1500))
        before, after = work_view(work, minutes(-61)), work_view(work, NOW)
        assert (before.starts, before.ends, before.earlier) == (NOW, END, ())
        assert (after.starts, after.ends, after.phase) == (minutes(1440), minutes(1500), SCHEDULED)
        assert after.earlier == (SpentPlan(starts=NOW, ends=END, since=work.announced),)
        assert work_view(work, minutes(1440)).phase is IN_PROGRESS
        over = work_view(work, minutes(1500))
        assert (over.phase, over.began, over.ended) == (COMPLETED, minutes(1440), minutes(1500))

    def test_it_may_be_moved_again(self) -> None:
        work = self.work(self.moved(-60, 1440, 1500), self.moved(-30, 2000, 2060))
        view = work_view(work, NOW)
        assert [one.starts for one in view.earlier] == [NOW, minutes(1440)]
        assert [one.since for one in view.earlier] == [work.announced, minutes(-60)]

    def test_views_are_ordered_by_the_window_that_stands(self) -> None:
        other = maintenance("other", starts=minutes(60))
        views = lifecycle.maintenance([self.work(self.moved(-60, 1440, 1500)), other], NAMES, {}, NOW)
        assert [view.source.slug for view in views] == ["move-database", "other"]

    def test_one_that_had_begun_by_the_clock_is_told_so(self) -> None:
        view = work_view(self.work(self.moved(30, 1440, 1500)), minutes(30))
        assert (view.phase, view.began, view.earlier[0].began, view.earlier[0].ended) == (SCHEDULED, None, NOW, None)

    def test_one_that_was_over_by_the_clock_is_told_so(self) -> None:
        view = work_view(self.work(self.moved(150, 0, 180, IN_PROGRESS)), minutes(150))
        assert (view.phase, view.ended, view.earlier[0].ended) == (IN_PROGRESS, None, END)

    def test_one_that_ran_over_was_not_over(self) -> None:
        work, down = self.work(self.moved(150, 0, 180, IN_PROGRESS)), [outage(10, None)]
        assert work_view(work, minutes(149), down).overrun
        view = work_view(work, minutes(150), down)
        assert (view.overrun, view.phase, view.earlier[0].ended) == (False, IN_PROGRESS, None)
        assert work_view(work, minutes(180), down).overrun

    def test_a_component_that_is_back_does_not_hold_it(self) -> None:
        back = update(minutes(60), IN_PROGRESS, affects={"web": Status.OPERATIONAL})
        assert not work_view(self.work(back), END, [outage(10, None)]).overrun


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
        assert (view.overrun, view.phase, view.ended, view.unseen) == (False, COMPLETED, None, minutes(130))
        moved = update(minutes(140), SCHEDULED, window=Window(minutes(1440), minutes(1500)))
        view = work_view(maintenance(updates=[moved]), minutes(200), [outage(10, 130, lost=True)])
        assert (view.phase, view.earlier[0].ended, view.unseen) == (SCHEDULED, minutes(130), None)

    def test_once_people_have_said_that_it_is_over_nobody_has_to_see_it(self) -> None:
        work = maintenance(updates=updates((minutes(140), COMPLETED)))
        view = work_view(work, minutes(200), [outage(10, 130, lost=True)])
        assert (view.phase, view.ended, view.unseen) == (COMPLETED, minutes(140), None)

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
