"""A latency and a timeout are the target's, never those of our own loop that stood still."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from statusgen.model.observation import Finding
from statusgen.model.project import Check
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.sweep.attention import attention
from statusgen.sweep.trial import Bench, attempt
from statusgen.values import CheckDocument
from tests.fakes import FixedSecrets

UP = Finding(outcome=Outcome.UP, latency_ms=20.0, phases={"connect": 5.0}, facts={"days": 3})
STANDSTILL = 0.1


def stand_still(seconds: float) -> None:
    """Keep the loop from doing anything else."""
    time.sleep(seconds)


class ActingDocument(CheckDocument):
    """A kind of check whose spec is what its prober does."""

    kind = "acting"

    def spec(self) -> object:
        return ()


async def act(spec: Any, secrets: Secrets) -> Any:
    return await spec()


def check(spec: object = None, **keys: Any) -> Check:
    return Check(id="web", component="web", kind="acting", spec=spec, **keys)


async def attempted(act_so: Callable[[], Awaitable[Finding]], within: float, *, meanwhile: float = 0.0) -> Finding:
    """Return what a try finds while the loop stands still for so many seconds right after it began."""
    with attention() as watched:
        bench = Bench(kinds={"acting": ProbeKind(ActingDocument, act)}, secrets=FixedSecrets(), attention=watched)
        asyncio.get_running_loop().call_later(0.001, stand_still, meanwhile)
        return await attempt(check(act_so, timeout=timedelta(seconds=within)), bench)


async def answer_after_three_steps() -> Finding:
    """Answer as a target does that needs a little time in several steps, and none of them is slow."""
    for _ in range(3):
        await asyncio.sleep(0.005)
    return replace(UP, latency_ms=200.0)


async def hang() -> Finding:
    await asyncio.Event().wait()
    return UP


def test_a_target_that_answers_in_time_is_not_late_because_our_loop_stood_still() -> None:
    assert asyncio.run(attempted(answer_after_three_steps, STANDSTILL, meanwhile=3 * STANDSTILL)).outcome is Outcome.UP


def test_a_target_that_hangs_is_late_however_long_our_loop_stood_still() -> None:
    found = asyncio.run(attempted(hang, 0.05, meanwhile=STANDSTILL))
    assert (found.outcome, found.reason) == (Outcome.DOWN, "timeout")


def test_a_latency_that_is_largely_ours_is_left_out() -> None:
    found = asyncio.run(attempted(answer_after_three_steps, 5, meanwhile=STANDSTILL))
    assert found == Finding(outcome=Outcome.UP, facts={"days": 3})
