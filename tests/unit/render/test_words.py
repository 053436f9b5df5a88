"""Numbers, times and stretches in the words of readers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from statusgen.model.measured import Uptime
from statusgen.model.words import Impact, IncidentPhase, MaintenancePhase, Status
from statusgen.probes import KINDS
from statusgen.render import words
from statusgen.render.tongue import PLAIN, SHORT, capital, clock

DAY = timedelta(days=1)
NOON = datetime(2022, 12, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("texts", "said"), [(["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C", "D"], "A, B, C and D")]
)
def test_words_are_joined_as_one_reads_them_out(texts: list[str], said: str) -> None:
    assert PLAIN.join(texts) == said


def test_a_capital_changes_the_first_letter_only() -> None:
    assert capital("down since 18:44 UTC") == "Down since 18:44 UTC"
    assert capital("") == ""


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(), "1 second"),
        (timedelta(seconds=59, microseconds=999_999), "59 seconds"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=42, seconds=59), "42 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=1, minutes=5), "1 hour 5 minutes"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=1, minutes=5), "1 day"),
        (timedelta(days=3, hours=2, minutes=59), "3 days 2 hours"),
    ],
)
def test_a_duration_is_its_two_largest_units_rounded_down(length: timedelta, said: str) -> None:
    assert PLAIN.duration(length) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(microseconds=1), "less than a second"),
        (timedelta(seconds=1.9), "1 second"),
        (timedelta(seconds=95), "1 minute 35 seconds"),
        (timedelta(minutes=2), "2 minutes"),
        (SHORT - timedelta(seconds=1), "4 minutes 59 seconds"),
        (SHORT + timedelta(seconds=1), "5 minutes"),
        (timedelta(days=1, hours=2, minutes=3, seconds=4), "1 day 2 hours"),
    ],
)
def test_a_short_outage_keeps_its_seconds(length: timedelta, said: str) -> None:
    assert PLAIN.lasted(length) == said


def test_a_rough_duration_is_its_largest_unit_alone() -> None:
    assert PLAIN.roughly(timedelta(days=89, hours=23)) == "89 days"
    assert PLAIN.roughly(timedelta(hours=1, minutes=59)) == "1 hour"
    assert PLAIN.roughly(timedelta(seconds=9)) == "9 seconds"


def test_days_have_english_names_in_any_locale() -> None:
    day = date(2022, 12, 1)
    assert PLAIN.full_day(day) == "1 December 2022"
    assert PLAIN.short_day(day) == "1 December"
    assert PLAIN.weekday(day) == "Thursday"
    assert PLAIN.month(day) == "December 2022"
    assert [PLAIN.month(date(2022, number, 1)).split()[0] for number in range(1, 13)] == [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2022, 12, 9), date(2022, 12, 9), "9 December"),
        (date(2022, 12, 1), date(2022, 12, 9), "1–9 December"),
        (date(2022, 11, 28), date(2022, 12, 9), "28 November – 9 December"),
        (date(2021, 12, 28), date(2022, 12, 9), "28 December – 9 December"),
    ],
)
def test_a_stretch_of_days_names_each_month_once(first: date, last: date, said: str) -> None:
    assert PLAIN.days_between(first, last) == said


@pytest.mark.parametrize(
    ("near", "said"),
    [
        (None, "1 December 2022, 12:00 UTC"),
        (NOON + timedelta(hours=3), "12:00 UTC"),
        (date(2022, 12, 1), "12:00 UTC"),
        (NOON + DAY, "1 December, 12:00 UTC"),
        (date(2023, 1, 1), "1 December 2022, 12:00 UTC"),
        (datetime(2022, 12, 2, 1, tzinfo=timezone(timedelta(hours=3))), "12:00 UTC"),
    ],
)
def test_an_instant_leaves_out_what_it_shares_with_another(near: date | None, said: str) -> None:
    assert PLAIN.instant(NOON, near) == said


def test_times_of_any_zone_are_told_in_utc() -> None:
    pacific = datetime(2022, 12, 1, 20, 30, tzinfo=timezone(timedelta(hours=-8)))
    assert PLAIN.instant(pacific) == "2 December 2022, 04:30 UTC"
    assert clock(pacific) == "04:30 UTC"
    assert words.stamp(pacific) == "2022-12-02T04:30:00Z"
    assert words.milli_stamp(pacific.replace(microsecond=7_999)) == "2022-12-02T04:30:00.007Z"
    assert words.rfc822(pacific.replace(microsecond=7_999)) == "Fri, 02 Dec 2022 04:30:00 GMT"


def test_a_window_names_its_day_once_when_it_has_one() -> None:
    assert PLAIN.window(NOON, NOON + timedelta(hours=2), NOON) == "12:00–14:00 UTC"
    assert PLAIN.window(NOON, NOON + timedelta(hours=2)) == "1 December 2022, 12:00–14:00 UTC"
    assert PLAIN.window(NOON, NOON + DAY, NOON) == "12:00 UTC – 2 December, 12:00 UTC"


@pytest.mark.parametrize(
    ("part", "whole", "places", "said"),
    [
        (DAY, DAY, 2, "100 %"),
        (DAY - timedelta(microseconds=1), DAY, 2, "99.99 %"),
        (timedelta(), DAY, 2, "0 %"),
        (DAY / 2, DAY, 2, "50 %"),
        (DAY * 9, DAY * 10, 2, "90 %"),
        (DAY * 995, DAY * 1000, 2, "99.5 %"),
        (DAY * 101 / 200, DAY, 2, "50.5 %"),
        (DAY * 96 / 100, DAY, 0, "96 %"),
        (DAY - timedelta(seconds=1), DAY, 0, "99 %"),
        (DAY * 20, DAY, 0, "100 %"),
    ],
)
def test_percentages_are_rounded_down_so_that_100_means_all(
    part: timedelta, whole: timedelta, places: int, said: str
) -> None:
    assert PLAIN.percent(part, whole, places).replace("\N{NARROW NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (Uptime(period=90 * DAY, up=90 * DAY), "100 % of 90 days"),
        (Uptime(period=90 * DAY, up=89 * DAY, degraded=DAY), "100 % of 90 days"),
        (Uptime(period=90 * DAY, up=90 * DAY - timedelta(seconds=1), down=timedelta(seconds=1)), "99.99 % of 90 days"),
        (Uptime(period=90 * DAY, up=80 * DAY, maintenance=10 * DAY), "100 % of 80 days"),
        (Uptime(period=100 * DAY, up=95 * DAY, down=DAY), "98.95 % of the 96 % measured"),
        (Uptime(period=90 * DAY, up=timedelta(minutes=1)), "100 % of the less than 1 % measured"),
        (Uptime(period=90 * DAY), "– not measured yet"),
        (Uptime(period=90 * DAY, maintenance=90 * DAY), "– all maintenance"),
        (Uptime(period=90 * DAY, maintenance=10 * DAY), "– not measured yet"),
    ],
)
def test_uptime_always_says_of_what(figure: Uptime, said: str) -> None:
    told = f"{PLAIN.uptime(figure)} {PLAIN.coverage(figure)}"
    assert told.replace("\N{NARROW NO-BREAK SPACE}", " ") == said


def test_every_word_that_leaves_the_process_has_words_for_readers() -> None:
    assert set(words.LABELS) == set(Status)
    assert set(words.PHASES) == {*IncidentPhase, *MaintenancePhase}
    assert set(words.IMPACTS) == set(words.IMPACT_MARKS) == set(Impact)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "less than a second"),
        (0.9, "less than a second"),
        (1.9, "1 second"),
        (120, "2 minutes"),
        (3603, "1 hour 3 seconds"),
        (90_061, "1 day 1 hour 1 minute 1 second"),
    ],
)
def test_a_length_is_told_to_the_second(seconds: float, said: str) -> None:
    assert PLAIN.exactly(timedelta(seconds=seconds)) == said


def test_every_kind_of_check_of_our_own_has_words() -> None:
    assert set(words.KINDS) == set(KINDS)


@pytest.mark.parametrize(
    ("latency", "said"),
    [(0.42, "0.4 ms"), (9.94, "9.9 ms"), (12.3, "12 ms"), (999.4, "999 ms"), (1000.0, "1.0 s"), (61_234.0, "61.2 s")],
)
def test_a_latency_has_the_digits_that_matter(latency: float, said: str) -> None:
    assert PLAIN.milliseconds(latency).replace("\u202f", " ") == said
