"""What several tries amount to: a table, and the laws that hold for any of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.sweep.evidence import conclude, is_enough

UP = Finding(outcome=Outcome.UP, latency_ms=20.0, facts={"days": 3})
SLOW = Finding(outcome=Outcome.DEGRADED, reason="slow", latency_ms=900.0)
DOWN = Finding(outcome=Outcome.DOWN, reason="connection_refused")
HTTP_502 = Finding(outcome=Outcome.DOWN, reason="http_502")
BROKEN = Finding(outcome=Outcome.UNKNOWN, reason="prober_failed")
SECRETLESS = Finding(outcome=Outcome.UNKNOWN, reason="secret_missing")
SKIPPED = Finding(outcome=Outcome.SKIPPED, reason="family_missing")

BADNESS = (Outcome.UP, Outcome.UNKNOWN, Outcome.DEGRADED, Outcome.DOWN)
Script = tuple[Finding, ...]


def _run(script: Script, *, doubted: bool) -> tuple[Outcome, str | None, int]:
    """Return what a run finds of a target that would answer so, and in how many tries."""
    findings: list[Finding] = []
    while not findings or not is_enough(findings, tries=len(script), doubted=doubted):
        findings.append(script[len(findings)])
    found = conclude(findings, doubted=doubted)
    return found.outcome, found.reason, len(findings)


@pytest.mark.parametrize(
    ("script", "trusted", "doubted"),
    [
        ((UP, UP, UP), (Outcome.UP, None, 1), (Outcome.UP, None, 3)),
        ((DOWN, UP, UP), (Outcome.UP, None, 2), (Outcome.DEGRADED, "unsteady", 2)),
        ((UP, UP, DOWN), (Outcome.UP, None, 1), (Outcome.DEGRADED, "unsteady", 3)),
        ((DOWN, HTTP_502, UP), (Outcome.UP, None, 3), (Outcome.DEGRADED, "unsteady", 3)),
        ((DOWN, HTTP_502, HTTP_502), (Outcome.DOWN, "connection_refused", 3), (Outcome.DOWN, "connection_refused", 3)),
        ((DOWN, SLOW, HTTP_502), (Outcome.DEGRADED, "slow", 3), (Outcome.DEGRADED, "unsteady", 2)),
        ((SLOW, SLOW, SLOW), (Outcome.DEGRADED, "slow", 3), (Outcome.DEGRADED, "slow", 3)),
        ((SLOW, UP, UP), (Outcome.UP, None, 2), (Outcome.UP, None, 3)),
        ((BROKEN, DOWN, BROKEN), (Outcome.DOWN, "connection_refused", 3), (Outcome.DOWN, "connection_refused", 3)),
        ((BROKEN, BROKEN, UP), (Outcome.UP, None, 3), (Outcome.UP, None, 3)),
        ((SECRETLESS, UP, UP), (Outcome.UNKNOWN, "secret_missing", 1), (Outcome.UNKNOWN, "secret_missing", 1)),
        ((SKIPPED, UP, UP), (Outcome.SKIPPED, "family_missing", 1), (Outcome.SKIPPED, "family_missing", 1)),
        ((DOWN,), (Outcome.DOWN, "connection_refused", 1), (Outcome.DOWN, "connection_refused", 1)),
        ((UP,), (Outcome.UP, None, 1), (Outcome.UP, None, 1)),
    ],
)
def test_tries_amount_to(
    script: Script, trusted: tuple[Outcome, str | None, int], doubted: tuple[Outcome, str | None, int]
) -> None:
    assert _run(script, doubted=False) == trusted
    assert _run(script, doubted=True) == doubted


def test_what_is_unsteady_keeps_what_its_best_try_measured() -> None:
    found = conclude([DOWN, UP], doubted=True)
    assert (found.latency_ms, found.facts) == (UP.latency_ms, UP.facts)


scripts = st.lists(st.sampled_from([UP, SLOW, DOWN, HTTP_502, BROKEN]), min_size=1, max_size=5).map(tuple)


@given(scripts, st.data(), st.booleans())
def test_one_more_failing_try_never_looks_better(script: Script, data: st.DataObject, doubted: bool) -> None:
    position = data.draw(st.integers(0, len(script) - 1))
    worse = (*script[:position], DOWN, *script[position + 1 :])
    assert BADNESS.index(_run(worse, doubted=doubted)[0]) >= BADNESS.index(_run(script, doubted=doubted)[0])


@given(scripts)
def test_a_check_that_is_doubted_never_looks_better_than_one_that_is_not(script: Script) -> None:
    assert BADNESS.index(_run(script, doubted=True)[0]) >= BADNESS.index(_run(script, doubted=False)[0])


@given(scripts)
def test_a_recovery_takes_as_many_tries_as_a_failure(script: Script) -> None:
    outcome, _, tries = _run(script, doubted=True)
    if outcome in {Outcome.UP, Outcome.DOWN}:
        assert tries == len(script)
    if outcome is Outcome.UP:
        assert Outcome.DOWN not in {finding.outcome for finding in script}
