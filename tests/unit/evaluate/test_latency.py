"""Latency histograms: what a bucket holds and what is read back."""

from __future__ import annotations

import pytest

from statusgen.evaluate.latency import (
    ERROR,
    FASTEST_MS,
    GAMMA,
    SLOWEST_MS,
    add,
    bucket,
    histogram,
    median,
    middle,
    quantile,
)


def test_a_bucket_holds_what_took_more_than_the_one_before_and_at_most_its_own_bound() -> None:
    assert bucket(1.0) == 0
    assert bucket(1.001) == 1
    assert bucket(GAMMA**7 * 0.999) == 7
    assert bucket(GAMMA**7 * 1.001) == 8


@pytest.mark.parametrize("latency_ms", [0.01, 0.5, 1.0, 3.7, 100.0, 9_999.0, 1e7])
def test_a_latency_is_read_back_within_the_stated_error(latency_ms: float) -> None:
    assert middle(bucket(latency_ms)) == pytest.approx(latency_ms, rel=ERROR + 1e-9)


def test_latencies_out_of_bounds_count_as_the_bound() -> None:
    assert bucket(0.0) == bucket(-5.0) == bucket(FASTEST_MS)
    assert bucket(float("inf")) == bucket(SLOWEST_MS)
    assert bucket(float("nan")) == bucket(FASTEST_MS)


def test_a_histogram_counts_answers_by_bucket_in_rising_order() -> None:
    assert histogram([100.0, 1.0, 100.0]) == {0: 1, bucket(100.0): 2}
    assert list(histogram([100.0, 1.0])) == [0, bucket(100.0)]


def test_histograms_add_up_in_rising_order() -> None:
    total = add([{5: 1, 2: 2}, {2: 1, -3: 4}])
    assert total == {-3: 4, 2: 3, 5: 1}
    assert list(total) == [-3, 2, 5]


def test_the_median_of_nothing_is_not_known() -> None:
    assert median({}) is None


def test_the_median_is_the_middle_answer_and_the_lower_of_two_middle_ones() -> None:
    assert median(histogram([10.0, 20.0, 900.0])) == middle(bucket(20.0))
    assert median(histogram([10.0, 20.0])) == middle(bucket(10.0))


def test_a_quantile_is_a_latency_that_so_large_a_share_did_not_exceed() -> None:
    counts = histogram([1.0] * 95 + [500.0] * 5)
    assert quantile(counts, 0.0) == middle(0)
    assert quantile(counts, 0.95) == middle(0)
    assert quantile(counts, 0.96) == middle(bucket(500.0))
    assert quantile(counts, 1.0) == middle(bucket(500.0))
