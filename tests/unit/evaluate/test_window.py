"""Announced maintenance as windows of time, and the outages in them."""

from __future__ import annotations

from datetime import datetime

from statusgen.evaluate.window import began_within, cover, first_said, last_begun, planned, union, windows
from statusgen.model.announcement import Announcement, Maintenance, Window
from statusgen.model.measured import Outage
from statusgen.model.words import MaintenancePhase, Status
from tests.factories import DAY, HOUR, NOW, incident, maintenance, minutes, post, update, updates

LATER = NOW + DAY
END = NOW + 2 * HOUR
SCHEDULED, IN_PROGRESS, VERIFYING = (
    MaintenancePhase.SCHEDULED,
    MaintenancePhase.IN_PROGRESS,
    MaintenancePhase.VERIFYING,
)
COMPLETED, CANCELLED = MaintenancePhase.COMPLETED, MaintenancePhase.CANCELLED


def test_a_window_holds_its_start_and_not_its_end() -> None:
    one = Window(minutes(0), minutes(5))
    assert not one.holds(minutes(-1))
    assert one.holds(minutes(0))
    assert one.holds(minutes(4))
    assert not one.holds(minutes(5))


def test_what_people_first_said_counts_from_when_they_said_it() -> None:
    work = maintenance(updates=updates((minutes(1), IN_PROGRESS), (minutes(9), IN_PROGRESS)))
    phases = frozenset({IN_PROGRESS})
    assert first_said(work, phases, minutes(0)) is None
    assert first_said(work, phases, minutes(1)) == minutes(1)
    assert first_said(work, phases, minutes(20)) == minutes(1)
    assert first_said(work, frozenset({VERIFYING}), minutes(20)) is None


def window(work: Maintenance, now: datetime) -> Window | None:
    """Return the only window in which a maintenance covers `web`."""
    return next(iter(union(windows(work, "web", now))), None)


def test_without_a_word_the_announced_window_stands() -> None:
    assert window(maintenance(), LATER) == Window(NOW, NOW + 2 * HOUR)


def test_a_word_can_begin_it_early_and_never_late() -> None:
    for phase in (IN_PROGRESS, VERIFYING):
        early = maintenance(updates=updates((minutes(-10), phase)))
        assert window(early, LATER) == Window(minutes(-10), NOW + 2 * HOUR)
        late = maintenance(updates=updates((minutes(10), phase)))
        assert window(late, LATER) == Window(NOW, NOW + 2 * HOUR)


def test_a_word_can_end_it_early_and_never_late() -> None:
    for phase in (COMPLETED, CANCELLED):
        early = maintenance(updates=updates((minutes(30), phase)))
        assert window(early, LATER) == Window(NOW, minutes(30))
        late = maintenance(updates=updates((minutes(150), phase)))
        assert window(late, LATER) == Window(NOW, NOW + 2 * HOUR)


def test_a_word_that_is_not_said_yet_changes_nothing() -> None:
    planned = maintenance(updates=updates((minutes(-10), IN_PROGRESS), (minutes(30), COMPLETED)))
    assert window(planned, minutes(-11)) == Window(NOW, NOW + 2 * HOUR)
    assert window(planned, minutes(29)) == Window(minutes(-10), NOW + 2 * HOUR)


def test_a_maintenance_called_off_before_it_begins_covers_nothing() -> None:
    assert window(maintenance(updates=updates((minutes(-30), CANCELLED))), LATER) is None
    assert window(maintenance(updates=updates((NOW, CANCELLED))), LATER) is None


def test_cover_is_the_union_of_what_is_announced_for_the_component() -> None:
    announcements: list[Announcement] = [
        maintenance("one"),
        maintenance("two", starts=minutes(60)),
        maintenance("other", starts=minutes(600), affects={"media": Status.MAJOR_OUTAGE}),
        maintenance("none", starts=minutes(700), affects={"web": Status.OPERATIONAL}),
        maintenance("off", starts=minutes(800), updates=updates((NOW, CANCELLED))),
        incident(),
        post(),
    ]
    assert cover("web", announcements, LATER) == (Window(NOW, minutes(180)),)
    assert cover("database", announcements, LATER) == ()


def test_cover_counts_once_it_is_announced_also_for_time_past() -> None:
    belated = maintenance(announced=NOW + 3 * HOUR)
    assert cover("web", [belated], NOW + 3 * HOUR - HOUR / 60) == ()
    assert cover("web", [belated], NOW + 3 * HOUR) == (Window(NOW, NOW + 2 * HOUR),)


def test_windows_that_overlap_or_touch_are_one() -> None:
    a, b, c, d = (Window(minutes(start), minutes(end)) for start, end in [(0, 9), (2, 5), (9, 12), (13, 14)])
    assert union([d, c, b, a]) == (Window(minutes(0), minutes(12)), d)
    assert union([]) == ()


def test_the_last_window_that_has_begun() -> None:
    one, two = Window(minutes(0), minutes(5)), Window(minutes(8), minutes(9))
    assert last_begun((one, two), minutes(-1)) is None
    assert last_begun((one, two), minutes(0)) is one
    assert last_begun((one, two), minutes(7)) is one
    assert last_begun((one, two), minutes(8)) is two
    assert last_begun((), minutes(8)) is None


class TestMoved:
    """What an update changes counts from that update on; what has gone by stays as it was announced."""

    def work(self, at: float, phase: MaintenancePhase, start: float, end: float) -> Maintenance:
        """Return a maintenance of two hours whose window an update changes."""
        moved = update(minutes(at), phase, window=Window(minutes(start), minutes(end)))
        return maintenance(updates=[moved])

    def test_to_another_day_it_covers_only_that(self) -> None:
        work = self.work(-60, SCHEDULED, 1440, 1500)
        assert [*windows(work, "web", minutes(-61))] == [Window(NOW, END)]
        assert [*windows(work, "web", minutes(-60))] == [Window(minutes(1440), minutes(1500))]

    def test_made_longer_while_it_goes_on_it_covers_all(self) -> None:
        work = self.work(60, IN_PROGRESS, 0, 180)
        assert union(windows(work, "web", minutes(60))) == (Window(NOW, minutes(180)),)

    def test_made_longer_too_late_it_does_not_cover_what_has_gone_by(self) -> None:
        work = self.work(150, IN_PROGRESS, 0, 180)
        assert [*windows(work, "web", minutes(150))] == [Window(NOW, END), Window(minutes(150), minutes(180))]

    def test_put_off_after_it_began_it_has_covered_the_time_until_then(self) -> None:
        work = self.work(30, SCHEDULED, 300, 360)
        assert [*windows(work, "web", minutes(30))] == [Window(NOW, minutes(30)), Window(minutes(300), minutes(360))]

    def test_made_shorter_it_ends_earlier(self) -> None:
        assert [*windows(self.work(30, IN_PROGRESS, 0, 60), "web", minutes(30))] == [
            Window(NOW, minutes(30)),
            Window(minutes(30), minutes(60)),
        ]

    def test_the_end_said_by_people_ends_the_new_window_too(self) -> None:
        moved = update(minutes(-60), SCHEDULED, window=Window(minutes(30), minutes(90)))
        work = maintenance(updates=[moved, update(minutes(45), COMPLETED)])
        assert [*windows(work, "web", LATER)] == [Window(minutes(30), minutes(45))]

    def test_a_component_is_covered_from_the_update_that_names_it_to_the_one_that_calls_it_back(self) -> None:
        work = maintenance(
            affects={},
            updates=[
                update(minutes(20), IN_PROGRESS, affects={"web": Status.PARTIAL_OUTAGE}),
                update(minutes(50), IN_PROGRESS, affects={"web": Status.OPERATIONAL}),
            ],
        )
        assert [*windows(work, "web", minutes(19))] == []
        assert [*windows(work, "web", minutes(20))] == [Window(minutes(20), END)]
        assert [*windows(work, "web", LATER)] == [Window(minutes(20), minutes(50))]
        assert [*windows(work, "database", LATER)] == []


def outage(start: float, end: float | None) -> Outage:
    """Return an outage by the minutes of its start and end."""
    return Outage(component="web", start=minutes(start), end=None if end is None else minutes(end))


class TestPlanned:
    """An outage is planned when announced maintenance holds all of it."""

    cover = (Window(minutes(-90), minutes(-60)), Window(minutes(0), minutes(60)))

    def test_within_the_window(self) -> None:
        assert planned(outage(0, 60), self.cover, minutes(99))
        assert planned(outage(-90, -70), self.cover, minutes(99))

    def test_not_when_it_began_before_or_ended_after(self) -> None:
        assert not planned(outage(-1, 5), self.cover, minutes(99))
        assert not planned(outage(5, 61), self.cover, minutes(99))
        assert not planned(outage(-100, -80), self.cover, minutes(99))
        assert not planned(outage(5, 6), (), minutes(99))

    def test_one_that_goes_on_is_planned_until_the_window_ends(self) -> None:
        assert planned(outage(5, None), self.cover, minutes(59))
        assert not planned(outage(5, None), self.cover, minutes(60))

    def test_began_within_asks_only_for_the_start(self) -> None:
        assert began_within(outage(5, 500), self.cover)
        assert began_within(outage(0, None), self.cover)
        assert not began_within(outage(60, 70), self.cover)
        assert not began_within(outage(-1, 70), self.cover)
        assert not began_within(outage(-99, -70), self.cover)
