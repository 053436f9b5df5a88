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

ERROR = 0.02
"""The greatest relative error of a latency that is read back."""

GAMMA = (1 + ERROR) / (1 - ERROR)

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
    wanted = max(1, math.ceil(share * sum(counts.values())))
    seen = 0
    for index in sorted(counts):
        seen += counts[index]
        if seen >= wanted:
            return middle(index)
    return None


def median(counts: Mapping[int, int]) -> float | None:
    """Return the latency in milliseconds that half of the answers did not exceed; None without any."""
    return quantile(counts, 0.5)
