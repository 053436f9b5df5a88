"""One try of one check within one deadline, whatever its prober does.

Nothing that a prober raises, swallows or returns gets out of here. Time in which our own loop stood still is not
counted against the target, and a latency that is largely ours is left out.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace

from statusgen.model.observation import Finding
from statusgen.model.project import Check
from statusgen.model.reason import is_reason
from statusgen.model.words import Outcome
from statusgen.ports import MissingSecretError, ProbeKind, Secrets
from statusgen.sweep.attention import Attention

GRACE = 1.0
"""Seconds a prober gets to close its connections once its deadline has passed; after that it is left behind."""

OURS = 0.1
"""The share of a latency that may be ours; beyond, it is left out."""

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
        await _deadline(task, check.timeout.total_seconds(), bench.attention)
        late = not task.done()
    finally:
        task.cancel()
    if late:
        await _leave(task, check)
        return Finding(outcome=Outcome.DOWN, reason="timeout")
    if task.cancelled():
        _log.error("the prober of %r cancelled itself", check.id)
        return Finding(outcome=Outcome.UNKNOWN, reason="prober_failed")
    return judge(task.result(), check, ours=our_share(task.result(), bench.attention))


def our_share(finding: Finding, attention: Attention) -> float:
    """Return for how many seconds of a finding's latency, which has just ended, our loop stood still."""
    return attention.lost_since(attention.now() - (finding.latency_ms or 0.0) / 1000)


def judge(finding: Finding, check: Check, *, ours: float) -> Finding:
    """Return the finding with the check's own limit on latency applied; `ours` is how long our loop stood still (s).

    An answer is slow only when what is certainly the target's is above the limit.
    """
    if finding.latency_ms is None:
        return finding
    limit, theirs = check.degraded_over, finding.latency_ms - ours * 1000
    if ours * 1000 > OURS * finding.latency_ms:
        finding = replace(finding, latency_ms=None, phases={})
    if finding.outcome is Outcome.UP and limit is not None and theirs > limit.total_seconds() * 1000:
        return replace(finding, outcome=Outcome.DEGRADED, reason="slow")
    return finding


async def _deadline(task: asyncio.Future[Finding], seconds: float, attention: Attention) -> None:
    """Return when the prober is done, or has had so many seconds in which the loop was there for it."""
    began = attention.now()
    while not task.done() and (left := began + seconds + attention.lost_since(began) - attention.now()) > 0:
        await asyncio.wait({task}, timeout=left)


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
