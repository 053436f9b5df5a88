"""One try of one check within one deadline, whatever its prober does.

Nothing that a prober raises, swallows or returns gets out of here. Time in which our own loop stood still is not
counted against the target.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from statusgen.model.observation import Finding
from statusgen.model.project import Check
from statusgen.model.reason import is_reason
from statusgen.model.words import Outcome
from statusgen.ports import MissingSecretError, ProbeKind, Secrets
from statusgen.sweep.attention import BEAT, Attention
from statusgen.sweep.threshold import judged

GRACE = 1.0
"""Seconds a prober gets to close its connections once its deadline has passed; after that it is left behind."""

_log = logging.getLogger("statusgen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What every try of a run is carried out with."""

    kinds: Mapping[str, ProbeKind]
    secrets: Secrets
    attention: Attention


async def attempt(check: Check, bench: Bench) -> Finding:
    """Probe once within the check's deadline."""
    kind = bench.kinds.get(check.kind)
    if kind is None:
        return Finding(outcome=Outcome.UNKNOWN, reason="driver_missing")
    task = asyncio.ensure_future(_answer(check, kind, bench.secrets))
    try:
        heard = await _deadline(task, check.timeout.total_seconds(), bench.attention)
        late = not task.done()
    finally:
        task.cancel()
    if late:
        await _leave(task, check)
        return Finding(outcome=Outcome.DOWN if heard else Outcome.UNKNOWN, reason="timeout")
    if task.cancelled():
        _log.error("the prober of %r cancelled itself", check.id)
        return Finding(outcome=Outcome.UNKNOWN, reason="prober_failed")
    return judged(task.result(), check.degraded_over, ours=our_share(task.result(), bench.attention))


def our_share(finding: Finding, attention: Attention) -> float:
    """Return for how many seconds of a finding's latency, which has just ended, our loop stood still."""
    return attention.lost_since(attention.now() - (finding.latency_ms or 0.0) / 1000)


async def _deadline(task: asyncio.Future[Finding], seconds: float, attention: Attention) -> bool:
    """Return when the prober is done, or has had its time: whether it had as many seconds of the loop's as it should.

    What the loop was not there for is given back, but not without end: a target that keeps it busy would lengthen its
    own deadline.
    """
    began = attention.now()
    while not task.done():
        granted, lost = attention.granted_since(began, seconds), attention.lost_since(began)
        left = began + seconds + granted - attention.now()
        if left <= 0:
            return lost - granted < BEAT
        await asyncio.wait({task}, timeout=left)
    return True


async def _answer(check: Check, kind: ProbeKind, secrets: Secrets) -> Finding:
    """Ask the prober; what it raises is an answer too, and so is a finding that breaks the rules."""
    try:
        finding = await kind.probe(check.spec, secrets)
    except MissingSecretError:
        return Finding(outcome=Outcome.UNKNOWN, reason="secret_missing")
    except Exception as error:  # noqa: BLE001 - whatever a prober does, its check is observed
        _log.error("the prober of %r failed with %s at\n%s", check.id, type(error).__qualname__, _frames(error))
        return Finding(outcome=Outcome.UNKNOWN, reason="prober_failed")
    if not _lawful(finding):
        _log.error("the prober of %r broke the rules: what is not up has a reason of the closed list", check.id)
        return Finding(outcome=Outcome.UNKNOWN, reason="prober_failed")
    return finding


def _lawful(finding: object) -> bool:
    """Whether this is a finding, with a reason of the closed list unless it is up."""
    if not isinstance(finding, Finding):
        return False
    return finding.reason is None if finding.outcome is Outcome.UP else is_reason(finding.reason or "")


async def _leave(task: asyncio.Future[Finding], check: Check) -> None:
    """Give a cancelled prober a moment to tidy up; one that swallows its cancellation is not waited for."""
    done, _ = await asyncio.wait({task}, timeout=GRACE)
    if not done:
        _log.error("the prober of %r goes on after its deadline and was left behind", check.id)


def _frames(error: BaseException) -> str:
    """Return where it happened, without the message: that could hold what must not reach a log."""
    return "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
