"""Latency histograms that can be added up, on a logarithmic scale.

How it works: bucket `i` counts the answers that took more than `GAMMA ** (i - 1)` and at most `GAMMA ** i`
milliseconds. A bucket is read back as `2 * GAMMA ** i / (GAMMA + 1)`, which is off by at most `ERROR` of the true
value at either edge, because `GAMMA = (1 + ERROR) / (1 - ERROR)`. So any quantile read from the histogram is within
`ERROR` of the same quantile of the answers themselves. Histograms of equal `GAMMA` add up bucket by bucket, in any
order, without further loss. (The scale is that of DDSketch, VLDB 2019.)
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from statusgen.model.track import Speed

ERROR = 0.02
"""The greatest relative error of a latency that is read back."""

GAMMA = (1 + ERROR) / (1 - ERROR)

SHARES = (0.5, 0.95)
"""The shares of a day's answers whose latency is kept: half of them, and nineteen in twenty."""

FASTEST_MS = 0.01
SLOWEST_MS = 1e7
"""Latencies outside these bounds count as the bound: ten microseconds and nearly three hours."""


def bucket(latency_ms: float) -> int:
    """Return the bucket that counts a latency in milliseconds."""
    bounded = min(max(FASTEST_MS, latency_ms), SLOWEST_MS)
    return math.ceil(math.log(bounded) / math.log(GAMMA))


def middle(index: int) -> float:
    """Return the latency in milliseconds that stands for a bucket, within `ERROR` of every latency counted there."""
    return 2 * GAMMA**index / (GAMMA + 1)


def histogram(latencies_ms: Iterable[float]) -> dict[int, int]:
    """Return how many latencies fall into each bucket, by bucket in rising order."""
    return dict(sorted(Counter(map(bucket, latencies_ms)).items()))


def add(histograms: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """Return the sum of histograms, by bucket in rising order."""
    total: dict[int, int] = {}
    for one in histograms:
        for index, count in one.items():
            total[index] = total.get(index, 0) + count
    return dict(sorted(total.items()))


def quantile(counts: Mapping[int, int], share: float) -> float | None:
    """Return the latency in milliseconds that this share of the answers (0 to 1) did not exceed; None without any.

    It is the lower of the two middle ones where the share falls between answers, so it is a latency that was seen.
    """
    index = _quantile_bucket(counts, share)
    return None if index is None else middle(index)


def speed(counts: Mapping[int, int]) -> Speed | None:
    """Return the buckets that half of the answers and nineteen in twenty did not exceed; None without any."""
    half, most = (_quantile_bucket(counts, share) for share in SHARES)
    return None if half is None or most is None else (half, most)


def _quantile_bucket(counts: Mapping[int, int], share: float) -> int | None:
    wanted = max(1, math.ceil(share * sum(counts.values())))
    seen = 0
    for index in sorted(counts):
        seen += counts[index]
        if seen >= wanted:
            return index
    return None


def median(counts: Mapping[int, int]) -> float | None:
    """Return the latency in milliseconds that half of the answers did not exceed; None without any."""
    return quantile(counts, 0.5)
