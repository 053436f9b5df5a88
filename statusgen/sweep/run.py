"""One run: every check from one location, each tried until its tries say enough."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Collection, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from statusgen.model.observation import Observation
from statusgen.model.project import Check
from statusgen.ports import Clock, ProbeKind, Progress, Secrets
from statusgen.sweep.attention import attention
from statusgen.sweep.evidence import BEST_FIRST, conclude, is_enough
from statusgen.sweep.pace import Pace
from statusgen.sweep.trial import GRACE, Bench, attempt

AT_ONCE = 1000
"""Tries under way at the same time at most: a safety against running out of memory and of file descriptors."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sweep:
    """What all checks of one run share."""

    location: str
    run: str
    bench: Bench
    clock: Clock
    confirm_after: timedelta
    doubted: Collection[str]
    slots: asyncio.Semaphore
    pace: Pace


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
    doubted: Collection[str] = (),
    at_once: int = AT_ONCE,
) -> tuple[Observation, ...]:
    """Return one observation for each check, sorted by check id; controls are given among the checks.

    `doubted` are checks that this location last saw down, see `evidence`. Once it has begun, a check takes at most
    `(1 + confirm) * (timeout + GRACE)`, the waits between its tries, and their turns. It begins when its turn has come
    and fewer than `at_once` tries are under way.
    """
    progress.start("probing", len(checks))
    with _undisturbed(), attention() as watched:
        shared = _Sweep(
            location=location,
            run=run,
            bench=Bench(kinds=kinds, secrets=secrets, attention=watched),
            clock=clock,
            confirm_after=confirm_after,
            doubted=frozenset(doubted),
            slots=asyncio.Semaphore(at_once),
            pace=Pace(clock),
        )

        async def observed(check: Check) -> Observation:
            observation = await _observe(check, shared)
            progress.advance()
            return observation

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(observed(check)) for check in checks]
    observations = sorted((task.result() for task in tasks), key=lambda observation: observation.check)
    progress.done(_tally(observations))
    return tuple(observations)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the search for garbage to what the probes make: through all that is loaded, it stops the loop for 0.1 s."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


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
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in BEST_FIRST if counts[outcome]) or "nothing to probe"


async def _observe(check: Check, shared: _Sweep) -> Observation:
    """Try until the tries say enough; the observation is of when the first began."""
    doubted = check.id in shared.doubted
    async with _turn(shared):
        at = shared.clock.now()
        findings = [await attempt(check, shared.bench)]
    while not is_enough(findings, tries=1 + check.confirm, doubted=doubted):
        await shared.clock.sleep(shared.confirm_after.total_seconds())
        async with _turn(shared):
            findings.append(await attempt(check, shared.bench))
    found = conclude(findings, doubted=doubted)
    return Observation(
        check=check.id,
        location=shared.location,
        run=shared.run,
        at=at,
        outcome=found.outcome,
        reason=found.reason,
        latency_ms=found.latency_ms,
        tries=len(findings),
        phases=found.phases,
        facts=found.facts,
    )


@asynccontextmanager
async def _turn(shared: _Sweep) -> AsyncIterator[None]:
    """Begin when there is a slot free and it is this try's turn."""
    async with shared.slots:
        await shared.pace.turn()
        yield
