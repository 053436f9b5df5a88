"""What the page's values work out by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from statusgen.model.measured import Uptime

HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


def test_degraded_time_counts_as_up_and_unmeasured_time_not_at_all() -> None:
    uptime = Uptime(period=10 * HOUR, up=5 * HOUR, degraded=1 * HOUR, down=2 * HOUR)
    assert uptime.measured == 8 * HOUR
    assert uptime.unmeasured == 2 * HOUR
    assert uptime.ratio == 0.75
    assert uptime.coverage == 0.8


def test_maintenance_is_neither_measured_nor_owed() -> None:
    uptime = Uptime(period=10 * HOUR, up=4 * HOUR, maintenance=5 * HOUR)
    assert (uptime.ratio, uptime.coverage, uptime.unmeasured) == (1.0, 0.8, HOUR)


@pytest.mark.parametrize("uptime", [Uptime(period=timedelta()), Uptime(period=HOUR, maintenance=HOUR)])
def test_where_nothing_is_owed_nothing_is_claimed(uptime: Uptime) -> None:
    assert (uptime.ratio, uptime.coverage) == (None, 0.0)


def test_unmeasured_time_is_no_uptime() -> None:
    uptime = Uptime(period=HOUR)
    assert (uptime.ratio, uptime.coverage, uptime.unmeasured) == (None, 0.0, HOUR)


def test_not_a_moment_down_is_lost_in_the_ratio() -> None:
    period = timedelta(days=90)
    assert Uptime(period=period, up=period).ratio == 1.0
    assert Uptime(period=period, up=period - INSTANT, down=INSTANT).ratio != 1.0
    assert Uptime(period=period, up=period - INSTANT).coverage < 1.0
