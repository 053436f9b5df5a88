"""What the tries of one check in one run amount to. Pure.

A failure is believed after `1 + confirm` tries that failed. A check that was seen down before is *doubted*: its
recovery takes as many tries that did not. One that answers only some of them is neither, which is told as `unsteady`.

| The check was | Its tries | Amount to |
| --- | --- | --- |
| not seen down | one is up | `up`, and the rest are not made |
| not seen down | none is up | the best of them, the first of equals |
| seen down | none is down | the best of them, the first of equals |
| seen down | some are down, some answered | `degraded`, `unsteady`, and the rest are not made |
| seen down | none answered | the best of them, the first of equals |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from statusgen.model.observation import Finding
from statusgen.model.reason import UNSTEADY, without_part
from statusgen.model.words import Outcome

BEST_FIRST = (Outcome.UP, Outcome.DEGRADED, Outcome.DOWN, Outcome.UNKNOWN, Outcome.SKIPPED)

_ANSWERED = frozenset({Outcome.UP, Outcome.DEGRADED})
_FINAL = frozenset({"secret_missing", "secret_invalid", "driver_missing", "login_required", "rate_limited"})
"""Reasons that a few seconds do not change, and that asking again can only make worse."""


def is_enough(findings: Sequence[Finding], *, tries: int, doubted: bool) -> bool:
    """Return whether another try would change nothing: they are used up, or it is settled what they amount to."""
    last = findings[-1]
    if len(findings) >= tries or last.outcome is Outcome.SKIPPED or without_part(last.reason or "") in _FINAL:
        return True
    return _is_unsteady(findings) if doubted else last.outcome is Outcome.UP


def conclude(findings: Sequence[Finding], *, doubted: bool) -> Finding:
    """Return what the tries amount to."""
    best = min(findings, key=lambda finding: BEST_FIRST.index(finding.outcome))
    if doubted and _is_unsteady(findings):
        return replace(best, outcome=Outcome.DEGRADED, reason=UNSTEADY)
    return best


def _is_unsteady(findings: Sequence[Finding]) -> bool:
    outcomes = {finding.outcome for finding in findings}
    return Outcome.DOWN in outcomes and bool(outcomes & _ANSWERED)
