"""Time-weighted uptime by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from statusgen.evaluate.timeline import Timeline, timeline
from statusgen.evaluate.uptime import bars, midnight, total, window_days
from statusgen.evaluate.verdict import verdicts
from statusgen.model.announcement import Window
from statusgen.model.measured import Uptime
from statusgen.model.track import Span
from statusgen.model.words import Outcome, Status
from tests.factories import DAY, HOUR, NOW, span

MIDNIGHT = datetime(2022, 12, 1, tzinfo=UTC)
DEGRADED, DOWN, UNKNOWN = Outcome.DEGRADED, Outcome.DOWN, Outcome.UNKNOWN


def hours(count: float) -> datetime:
    """Return the instant so many hours after today began."""
    return MIDNIGHT + count * HOUR


def line(*spans: Span) -> Timeline:
    """Return the timeline of a component with one check seen from one place."""
    return timeline([verdicts([spans])])


def test_the_window_is_ninety_utc_days_with_today_last() -> None:
    days = window_days(NOW)
    assert len(days) == len(set(days)) == 90
    assert (days[0], days[-1]) == (date(2022, 9, 3), date(2022, 12, 1))
    assert window_days(MIDNIGHT)[-1] == date(2022, 12, 1)
    assert midnight(days[-1]) == MIDNIGHT


def test_a_component_never_measured_owes_nothing_and_knows_nothing() -> None:
    days = bars((), (), NOW)
    assert len(days) == 90
    assert {day.status for day in days} == {Status.UNKNOWN}
    assert {day.uptime for day in days} == {Uptime(period=timedelta())}


def test_each_moment_counts_as_what_was_measured() -> None:
    seen = line(
        span(hours(0), hours(3)),
        span(hours(3), hours(5), DEGRADED),
        span(hours(5), hours(6), DOWN),
        span(hours(6), hours(8), UNKNOWN),
        span(hours(9), hours(99)),
    )
    today = bars(seen, (), NOW)[-1]
    assert today.uptime == Uptime(period=12 * HOUR, up=6 * HOUR, degraded=2 * HOUR, down=1 * HOUR)
    assert today.uptime.unmeasured == 3 * HOUR
    assert today.status is Status.MAJOR_OUTAGE


def test_what_is_degraded_and_only_seen_in_part_is_shown_and_not_counted() -> None:
    seen = timeline(
        [
            verdicts([[span(hours(0), hours(3)), span(hours(3), hours(12), DEGRADED)]]),
            verdicts([[span(hours(0), hours(3), DOWN), span(hours(3), hours(12), UNKNOWN)]]),
        ]
    )
    today = bars(seen, (), NOW)[-1]
    assert today.uptime == Uptime(period=12 * HOUR, down=3 * HOUR)
    assert today.status is Status.MAJOR_OUTAGE
    later = bars(seen, (Window(hours(0), hours(3)),), NOW)[-1]
    assert later.uptime == Uptime(period=12 * HOUR, maintenance=3 * HOUR)
    assert later.status is Status.DEGRADED_PERFORMANCE


def test_time_is_divided_at_midnight_utc() -> None:
    *_, before, yesterday, today = bars(line(span(hours(-30), hours(4), DOWN), span(hours(4), hours(12))), (), NOW)
    assert before.uptime == Uptime(period=6 * HOUR, down=6 * HOUR)
    assert yesterday.uptime == Uptime(period=24 * HOUR, down=24 * HOUR)
    assert today.uptime == Uptime(period=12 * HOUR, down=4 * HOUR, up=8 * HOUR)
    assert (before.day, yesterday.day, today.day) == (date(2022, 11, 29), date(2022, 11, 30), date(2022, 12, 1))


def test_nothing_is_owed_for_the_time_before_the_first_measurement() -> None:
    days = bars(line(span(hours(9), hours(99))), (), NOW)
    assert days[-1].uptime == Uptime(period=3 * HOUR, up=3 * HOUR)
    assert total(day.uptime for day in days) == days[-1].uptime
    assert {day.status for day in days[:-1]} == {Status.UNKNOWN}


def test_what_lies_before_the_window_or_after_now_does_not_count() -> None:
    days = bars(line(span(hours(-200 * 24), hours(2), DOWN), span(hours(2), hours(99))), (), NOW)
    assert total(day.uptime for day in days) == Uptime(period=89.5 * DAY, down=89 * DAY + 2 * HOUR, up=10 * HOUR)
    assert bars(line(span(hours(13), hours(14))), (), NOW) == bars((), (), NOW)


def test_maintenance_is_left_out_whatever_was_measured() -> None:
    seen = line(
        span(hours(0), hours(2)),
        span(hours(2), hours(4), DOWN),
        span(hours(5), hours(12)),
    )
    cover = (Window(hours(1), hours(3)), Window(hours(4.5), hours(6)), Window(hours(11), hours(20)))
    today = bars(seen, cover, NOW)[-1]
    assert today.uptime == Uptime(period=12 * HOUR, up=6 * HOUR, down=1 * HOUR, maintenance=4.5 * HOUR)
    assert today.uptime.unmeasured == 0.5 * HOUR
    assert today.status is Status.MAJOR_OUTAGE


def test_an_outage_within_maintenance_leaves_the_day_as_well_as_the_rest_of_it() -> None:
    seen = line(span(hours(0), hours(2)), span(hours(2), hours(3), DOWN), span(hours(3), hours(12)))
    today = bars(seen, (Window(hours(2), hours(3)),), NOW)[-1]
    assert today.status is Status.OPERATIONAL
    assert today.uptime.ratio == 1.0


def test_an_overrun_counts() -> None:
    seen = line(span(hours(0), hours(2)), span(hours(2), hours(5), DOWN), span(hours(5), hours(12)))
    today = bars(seen, (Window(hours(2), hours(4)),), NOW)[-1]
    assert today.uptime == Uptime(period=12 * HOUR, up=9 * HOUR, down=1 * HOUR, maintenance=2 * HOUR)
    assert today.status is Status.MAJOR_OUTAGE


def test_a_day_of_nothing_but_maintenance_is_under_maintenance() -> None:
    cover = (Window(hours(-24), hours(0)),)
    for outcome in (Outcome.UP, DOWN, UNKNOWN):
        _, yesterday, today = bars(line(span(hours(-25), hours(5), outcome)), cover, NOW)[-3:]
        assert yesterday.status is Status.UNDER_MAINTENANCE
        assert yesterday.uptime == Uptime(period=DAY, maintenance=DAY)
        assert today.status is not Status.UNDER_MAINTENANCE


def test_a_day_with_maintenance_and_otherwise_nothing_measured_is_under_maintenance() -> None:
    today = bars(line(span(hours(-30), hours(-29))), (Window(hours(1), hours(2)),), NOW)[-1]
    assert today.status is Status.UNDER_MAINTENANCE
    assert today.uptime == Uptime(period=12 * HOUR, maintenance=HOUR)


def test_one_bad_moment_marks_the_day_and_an_unseen_one_does_not() -> None:
    instant = timedelta(microseconds=1)
    seen = line(span(hours(0), hours(1)), span(hours(1), hours(1) + instant, DEGRADED), span(hours(7), hours(12)))
    today = bars(seen, (), NOW)[-1]
    assert today.status is Status.DEGRADED_PERFORMANCE
    assert today.uptime.degraded == instant


def test_a_day_that_was_not_measured_at_all_is_unknown_and_owed() -> None:
    yesterday = bars(line(span(hours(-30), hours(-29)), span(hours(1), hours(12))), (), NOW)[-2]
    assert yesterday.status is Status.UNKNOWN
    assert yesterday.uptime == Uptime(period=DAY)
    assert yesterday.uptime.coverage == 0.0


def test_at_midnight_the_new_day_is_empty() -> None:
    yesterday, today = bars(line(span(hours(-24), hours(9))), (), MIDNIGHT)[-2:]
    assert yesterday.uptime == Uptime(period=DAY, up=DAY)
    assert today.uptime == Uptime(period=timedelta())
    assert today.status is Status.UNKNOWN


def test_the_total_of_nothing_is_nothing() -> None:
    assert total([]) == Uptime(period=timedelta())
