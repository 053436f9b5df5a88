"""Carries out every check of one location once, and never loses an observation, whatever a prober does.

Starts are spread over time, so that the latency measured is the target's and not that of our own burst. Each try has
one total deadline. What is not `up` is tried again before it is believed.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import Counter
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from statusgen.model.observation import Finding, Observation
from statusgen.model.project import Check
from statusgen.model.reason import is_reason
from statusgen.model.words import Outcome
from statusgen.ports import Clock, MissingSecretError, ProbeKind, Progress, Secrets

PACE = 0.003
"""Seconds between the starts of two checks."""

AT_ONCE = 400
"""Tries under way at the same time at most: a safety against running out of file descriptors."""

GRACE = 1.0
"""Seconds a prober gets to close its connections once its deadline has passed; after that it is left behind."""

_BEST_FIRST = (Outcome.UP, Outcome.DEGRADED, Outcome.DOWN, Outcome.UNKNOWN, Outcome.SKIPPED)
_MILLISECOND = timedelta(milliseconds=1)
_FINAL = frozenset({"secret_missing", "secret_invalid", "driver_missing", "login_required", "rate_limited"})
"""Reasons that a few seconds do not change, and that asking again can only make worse."""

T = TypeVar("T")

_log = logging.getLogger("statusgen")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sweep:
    """What all checks of one run share."""

    location: str
    run: str
    kinds: Mapping[str, ProbeKind]
    secrets: Secrets
    clock: Clock
    confirm_after: timedelta
    slots: asyncio.Semaphore


async def sweep(
    checks: Sequence[Check],
    *,
    location: str,
    run: str,
    kinds: Mapping[str, ProbeKind],
    secrets: Secrets,
    clock: Clock,
    confirm_after: timedelta,
    progress: Progress,
) -> tuple[Observation, ...]:
    """Return one observation for each check, sorted by check id; controls are given among the checks.

    A check takes at most `(1 + confirm) * (timeout + GRACE)` and the waits between its tries, once it holds one of the
    `AT_ONCE` slots. Nothing that a prober raises, swallows or returns gets out of here.
    """
    shared = _Sweep(
        location=location,
        run=run,
        kinds=kinds,
        secrets=secrets,
        clock=clock,
        confirm_after=confirm_after,
        slots=asyncio.Semaphore(AT_ONCE),
    )
    progress.start("probing", len(checks))

    async def paced(position: int, check: Check) -> Observation:
        await clock.sleep(position * PACE)
        observation = await _observe(check, shared)
        progress.advance()
        return observation

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(paced(position, check)) for position, check in enumerate(checks)]
    observations = sorted((task.result() for task in tasks), key=lambda observation: observation.check)
    progress.done(_tally(observations))
    return tuple(observations)


def run_to_end(main: Coroutine[Any, Any, T]) -> T:
    """Run on an event loop of its own and return the result, even when a prober was left behind.

    `asyncio.run` would wait for ever for a task that swallows its cancellation, and for a name that does not resolve.
    Ctrl-C calls `main` off, wherever it hits, and then raises `KeyboardInterrupt` here.
    """
    runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
    loop = runner.get_loop()
    try:
        return runner.run(main)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=GRACE))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _tally(observations: Sequence[Observation]) -> str:
    """Return what was found in one line, such as `12 up, 1 down`."""
    counts = Counter(observation.outcome for observation in observations)
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in _BEST_FIRST if counts[outcome]) or "nothing to probe"


async def _observe(check: Check, shared: _Sweep) -> Observation:
    """Try until one try is `up` or the tries are used up; the best of them stands, the first of equals."""
    findings: list[Finding] = []
    async with shared.slots:
        at = shared.clock.now()
        findings.append(await _try(check, shared))
    while not _settled(findings[-1]) and len(findings) <= check.confirm:
        await shared.clock.sleep(shared.confirm_after.total_seconds())
        async with shared.slots:
            findings.append(await _try(check, shared))
    best = min(findings, key=lambda finding: _BEST_FIRST.index(finding.outcome))
    return Observation(
        check=check.id,
        location=shared.location,
        run=shared.run,
        at=at,
        outcome=best.outcome,
        reason=best.reason,
        latency_ms=best.latency_ms,
        tries=len(findings),
        phases=best.phases,
        facts=best.facts,
    )


def _settled(finding: Finding) -> bool:
    """Whether another try would tell nothing new: it is up, or no try of this run can get any further."""
    return finding.outcome in {Outcome.UP, Outcome.SKIPPED} or finding.reason in _FINAL


async def _try(check: Check, shared: _Sweep) -> Finding:
    """Probe once within the check's deadline."""
    kind = shared.kinds.get(check.kind)
    if kind is None:
        return Finding(outcome=Outcome.UNKNOWN, reason="driver_missing")
    task = asyncio.ensure_future(_answer(check, kind, shared.secrets))
    try:
        done, _ = await asyncio.wait({task}, timeout=check.timeout.total_seconds())
    finally:
        task.cancel()
    if not done:
        await _leave(task, check)
        return Finding(outcome=Outcome.DOWN, reason="timeout")
    if task.cancelled():
        _log.error("the prober of %r cancelled itself", check.id)
        return Finding(outcome=Outcome.UNKNOWN, reason="prober_failed")
    return _judge(task.result(), check)


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


def _judge(finding: Finding, check: Check) -> Finding:
    """Return the finding with the check's own limit on latency applied."""
    limit, latency = check.degraded_over, finding.latency_ms
    if finding.outcome is not Outcome.UP or limit is None or latency is None or latency <= limit / _MILLISECOND:
        return finding
    return Finding(
        outcome=Outcome.DEGRADED, reason="slow", latency_ms=latency, phases=finding.phases, facts=finding.facts
    )


async def _leave(task: asyncio.Future[Finding], check: Check) -> None:
    """Give a cancelled prober a moment to tidy up; one that swallows its cancellation is not waited for."""
    done, _ = await asyncio.wait({task}, timeout=GRACE)
    if not done:
        _log.error("the prober of %r goes on after its deadline and was left behind", check.id)


def _frames(error: BaseException) -> str:
    """Return where it happened, without the message: that could hold what must not reach a log."""
    return "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
