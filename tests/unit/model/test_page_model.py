"""What the page's values work out by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from statusgen.model.page import Uptime

HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


def test_degraded_time_counts_as_up_and_unmeasured_time_not_at_all() -> None:
    uptime = Uptime(period=10 * HOUR, up=5 * HOUR, degraded=1 * HOUR, down=2 * HOUR)
    assert uptime.measured == 8 * HOUR
    assert uptime.unmeasured == 2 * HOUR
    assert uptime.ratio == 0.75
    assert uptime.coverage == 0.8
    assert (uptime.percent, uptime.coverage_percent) == (75.0, 80.0)


def test_maintenance_is_neither_measured_nor_owed() -> None:
    uptime = Uptime(period=10 * HOUR, up=4 * HOUR, maintenance=5 * HOUR)
    assert (uptime.ratio, uptime.coverage, uptime.unmeasured) == (1.0, 0.8, HOUR)


@pytest.mark.parametrize("uptime", [Uptime(period=timedelta()), Uptime(period=HOUR, maintenance=HOUR)])
def test_where_nothing_is_owed_nothing_is_claimed(uptime: Uptime) -> None:
    assert (uptime.ratio, uptime.percent, uptime.coverage, uptime.coverage_percent) == (None, None, 0.0, 0.0)


def test_unmeasured_time_is_no_uptime() -> None:
    uptime = Uptime(period=HOUR)
    assert (uptime.ratio, uptime.percent, uptime.coverage_percent, uptime.unmeasured) == (None, None, 0.0, HOUR)


@pytest.mark.parametrize(
    ("down", "percent"),
    [
        (timedelta(), 100.0),
        (INSTANT, 99.99),
        (timedelta(days=9) / 1000, 99.99),
        (timedelta(days=9) / 1000 + INSTANT, 99.98),
        (timedelta(days=45), 50.0),
        (timedelta(days=90) - INSTANT, 0.0),
    ],
)
def test_a_hundred_percent_means_not_one_moment_down(down: timedelta, percent: float) -> None:
    period = timedelta(days=90)
    assert Uptime(period=period, up=period - down, down=down).percent == percent


@pytest.mark.parametrize(("unseen", "percent"), [(timedelta(), 100.0), (INSTANT, 99.99)])
def test_full_coverage_means_not_one_moment_unseen(unseen: timedelta, percent: float) -> None:
    assert Uptime(period=90 * 24 * HOUR, up=90 * 24 * HOUR - unseen).coverage_percent == percent
