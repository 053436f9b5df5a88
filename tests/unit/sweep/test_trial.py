"""A latency and a timeout are the target's, never those of our own loop that stood still."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from statusgen.model.observation import Finding
from statusgen.model.project import Check
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.sweep.attention import attention, within
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


async def keep_busy() -> Finding:
    """Keep the loop from everything else most of the time, as answers do that take long to read."""
    while True:
        stand_still(0.03)
        await asyncio.sleep(0.001)


def test_a_target_that_keeps_our_loop_busy_does_not_lengthen_its_deadline_without_end() -> None:
    found = asyncio.run(attempted(keep_busy, STANDSTILL))
    assert (found.outcome, found.reason) == (Outcome.UNKNOWN, "timeout")


async def wait_within(seconds: float, until: float) -> Finding:
    try:
        async with within(seconds):
            await asyncio.sleep(until)
    except TimeoutError:
        return Finding(outcome=Outcome.DOWN, reason="timeout")
    return Finding(outcome=Outcome.UP)


@pytest.mark.parametrize("meanwhile", [0.0, 3 * STANDSTILL])
def test_a_deadline_of_a_probers_own_gives_back_the_time_that_we_lost(meanwhile: float) -> None:
    in_time = asyncio.run(attempted(lambda: wait_within(3 * STANDSTILL, until=0.01), 60, meanwhile=meanwhile))
    assert in_time.outcome is Outcome.UP
    late = asyncio.run(attempted(lambda: wait_within(0.05, until=30), 60, meanwhile=meanwhile))
    assert (late.outcome, late.reason) == (Outcome.DOWN, "timeout")


def test_a_deadline_of_a_probers_own_holds_outside_of_a_run() -> None:
    assert asyncio.run(wait_within(0.01, until=30)).reason == "timeout"
    assert asyncio.run(wait_within(30, until=0.01)).outcome is Outcome.UP


def test_a_latency_that_is_largely_ours_is_left_out() -> None:
    found = asyncio.run(attempted(answer_after_three_steps, 5, meanwhile=STANDSTILL))
    assert found == Finding(outcome=Outcome.UP, facts={"days": 3})
