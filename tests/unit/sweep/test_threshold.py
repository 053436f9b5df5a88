"""What answers later than it should is degraded, unless the time was ours."""

from __future__ import annotations

from datetime import timedelta

import pytest

from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.sweep.threshold import judged

LIMIT = timedelta(milliseconds=500)


@pytest.mark.parametrize(
    ("latency", "outcome", "reason"),
    [(499.9, Outcome.UP, None), (500.0, Outcome.UP, None), (500.1, Outcome.DEGRADED, "slow"), (None, Outcome.UP, None)],
)
def test_up_above_the_limit_is_degraded(latency: float | None, outcome: Outcome, reason: str | None) -> None:
    found = Finding(outcome=Outcome.UP, latency_ms=latency, phases={"tls": 1.0}, facts={"days": 3})
    found = judged(found, LIMIT, ours=0.0)
    assert (found.outcome, found.reason, found.latency_ms) == (outcome, reason, latency)
    assert (found.phases, found.facts) == ({"tls": 1.0}, {"days": 3})


@pytest.mark.parametrize(
    ("ours", "outcome", "latency"),
    [
        (0.0, Outcome.DEGRADED, 1000.0),
        (0.1, Outcome.DEGRADED, 1000.0),
        (0.11, Outcome.DEGRADED, None),
        (0.5, Outcome.UP, None),
        (2.0, Outcome.UP, None),
    ],
)
def test_only_what_is_certainly_the_targets_is_called_slow(
    ours: float, outcome: Outcome, latency: float | None
) -> None:
    found = Finding(outcome=Outcome.UP, latency_ms=1000.0, phases={"tls": 1.0})
    found = judged(found, LIMIT, ours=ours)
    assert (found.outcome, found.latency_ms) == (outcome, latency)
    assert bool(found.phases) is (latency is not None)


def test_a_failure_that_took_our_time_keeps_its_reason_and_loses_its_latency() -> None:
    found = Finding(outcome=Outcome.DOWN, reason="http_502", latency_ms=100.0, phases={"tls": 1.0})
    assert judged(found, None, ours=0.05) == Finding(outcome=Outcome.DOWN, reason="http_502")
