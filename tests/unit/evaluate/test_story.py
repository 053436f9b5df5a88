"""History day by day."""

from __future__ import annotations

from datetime import date, timedelta

from statusgen.evaluate import lifecycle
from statusgen.evaluate.story import recent, stories, untold
from statusgen.model.announcement import Announcement, Window
from statusgen.model.measured import Outage
from statusgen.model.told import DayStory, IncidentView, MaintenanceView
from statusgen.model.words import IncidentPhase, MaintenancePhase
from tests.factories import DAY, NOW, incident, maintenance, minutes, updates

NAMES = {"web": "Web"}
TODAY = date(2022, 12, 1)
LATER = NOW + 30 * DAY


def outage(start: float, end: float | None, *, component: str = "web", explained_by: str | None = None) -> Outage:
    """Return an outage by the minutes of its start and end."""
    ended = None if end is None else minutes(end)
    return Outage(component=component, start=minutes(start), end=ended, explained_by=explained_by)


def incidents(*announcements: Announcement) -> tuple[IncidentView, ...]:
    """Return the incidents as seen much later."""
    return lifecycle.incidents(announcements, NAMES, LATER)


def works(*announcements: Announcement) -> tuple[MaintenanceView, ...]:
    """Return the maintenance as seen much later."""
    return lifecycle.maintenance(announcements, NAMES, {}, LATER)


class TestUntold:
    """An outage is a story of its own unless somebody tells it already."""

    resolved = incidents(incident(started=minutes(0), updates=updates((minutes(60), IncidentPhase.RESOLVED))))

    def test_in_the_order_given(self) -> None:
        found = (outage(0, 5), outage(9, None, component="media"))
        assert untold(found, (), {}, LATER) == found

    def test_one_that_overlaps_an_incident_of_its_component_is_told(self) -> None:
        for told in (outage(10, 20), outage(-10, 0), outage(60, 70), outage(-10, None), outage(-10, 90)):
            assert untold([told], self.resolved, {}, LATER) == ()

    def test_one_before_or_after_the_incident_is_not(self) -> None:
        for own in (outage(-10, -1), outage(61, 70), outage(61, None)):
            assert untold([own], self.resolved, {}, LATER) == (own,)

    def test_an_open_incident_tells_everything_until_now(self) -> None:
        still_open = incidents(incident(started=minutes(0)))
        assert untold([outage(500, 510), outage(600, None)], still_open, {}, LATER) == ()
        assert untold([outage(-9, None)], still_open, {}, LATER) == ()

    def test_an_incident_of_another_component_tells_nothing(self) -> None:
        own = outage(10, 20, component="media")
        assert untold([own], self.resolved, {}, LATER) == (own,)

    def test_overlapping_incidents_tell_as_one(self) -> None:
        short = incident("short", started=minutes(30), updates=updates((minutes(31), IncidentPhase.RESOLVED)))
        long = incident("long", started=minutes(0), updates=updates((minutes(60), IncidentPhase.RESOLVED)))
        assert untold([outage(50, 55)], incidents(short, long), {}, LATER) == ()

    def test_one_that_another_outage_explains_is_told(self) -> None:
        assert untold([outage(0, 5, explained_by="database")], (), {}, LATER) == ()

    def test_one_that_began_under_maintenance_is_told_also_when_it_overruns(self) -> None:
        cover = {"web": (Window(minutes(0), minutes(60)),)}
        before, after = outage(-1, 5), outage(60, 61)
        assert untold([before, outage(0, 5), outage(59, 500), after], (), cover, LATER) == (before, after)


class TestStories:
    """Each day with something to report, newest first."""

    def test_nothing_to_report(self) -> None:
        assert stories((), (), ()) == ()

    def test_each_thing_on_the_day_it_began(self) -> None:
        bad = incidents(incident(started=NOW - DAY))
        work = works(maintenance(starts=NOW - DAY), maintenance("early", starts=NOW - 2 * DAY))
        down = outage(0, 3 * 24 * 60)
        assert stories(bad, work, [down]) == (
            DayStory(day=TODAY, outages=(down,)),
            DayStory(day=TODAY - DAY, incidents=bad, maintenance=work[:1]),
            DayStory(day=TODAY - 2 * DAY, maintenance=work[1:]),
        )

    def test_within_a_day_oldest_first_and_by_slug_at_the_same_instant(self) -> None:
        bad = incidents(incident("z"), incident("b", started=minutes(5)), incident("a", started=minutes(5)))
        work = works(maintenance("z"), maintenance("b", starts=minutes(5)), maintenance("a", starts=minutes(5)))
        (story,) = stories(bad, work, ())
        assert [view.source.slug for view in story.incidents] == ["z", "a", "b"]
        assert [view.source.slug for view in story.maintenance] == ["z", "a", "b"]

    def test_maintenance_to_come_is_not_history(self) -> None:
        ahead = lifecycle.maintenance([maintenance(starts=NOW + DAY)], NAMES, {}, NOW)
        assert stories((), ahead, ()) == ()

    def test_a_maintenance_stands_on_the_day_it_really_began(self) -> None:
        work = works(maintenance(starts=NOW, updates=updates((NOW - DAY, MaintenancePhase.IN_PROGRESS))))
        assert [story.day for story in stories((), work, ())] == [TODAY - DAY]

    def test_one_called_off_before_it_began_stands_on_the_day_it_was_called_off(self) -> None:
        work = works(maintenance(starts=NOW + DAY, updates=updates((NOW, MaintenancePhase.CANCELLED))))
        assert [story.day for story in stories((), work, ())] == [TODAY]


def test_the_last_fourteen_days_hold_quiet_ones_too() -> None:
    loud = DayStory(day=TODAY - DAY, outages=(outage(0, 1),))
    days = recent([loud, DayStory(day=TODAY - 14 * DAY, outages=(outage(0, 1),))], NOW)
    assert [story.day for story in days] == [TODAY - timedelta(days=back) for back in range(14)]
    assert days[1] is loud
    assert all(story.quiet for index, story in enumerate(days) if index != 1)
