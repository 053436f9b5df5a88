"""The threshold of a check, `degraded_over`: what answers, but later than that, is degraded. Pure.

| the answer | took, without the time that our own loop stood still | is |
| --- | --- | --- |
| `up` | `degraded_over` or less, or the check has none | `up` |
| `up` | longer | `degraded`, `slow` |
| not `up` | however long | what it is, with its own reason |

So an answer is slow only when what is certainly the target's is above the limit; and a latency of which more than
`OURS` may be ours is left out, since it would tell of us.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from statusgen.model.observation import Finding
from statusgen.model.words import Outcome

OURS = 0.1
"""The share of a latency that may be ours; beyond, it is left out."""

SLOW = "slow"


def judged(finding: Finding, degraded_over: timedelta | None, *, ours: float = 0.0) -> Finding:
    """Return the finding with the limit on latency applied; `ours` is how long our loop stood still (s)."""
    if finding.latency_ms is None:
        return finding
    theirs = finding.latency_ms / 1000 - ours
    if ours * 1000 > OURS * finding.latency_ms:
        finding = replace(finding, latency_ms=None, phases={})
    if finding.outcome is Outcome.UP and degraded_over is not None and theirs > degraded_over.total_seconds():
        return replace(finding, outcome=Outcome.DEGRADED, reason=SLOW)
    return finding
