"""A sweep observes every check once, whatever its prober does."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from statusgen.model.observation import Finding, Observation
from statusgen.model.project import Check
from statusgen.model.words import Outcome
from statusgen.ports import MissingSecretError, ProbeKind, Secrets
from statusgen.sweep import APART, run_to_end, sweep, trial
from statusgen.values import CheckDocument
from tests.fakes import START, FakeClock, FixedSecrets, Notes

UP = Finding(outcome=Outcome.UP, latency_ms=20.0, phases={"connect": 5.0}, facts={"days": 3})
REFUSED = Finding(outcome=Outcome.DOWN, reason="connection_refused", latency_ms=1.0)
HTTP_502 = Finding(outcome=Outcome.DOWN, reason="http_502", latency_ms=2.0)
SLOW = Finding(outcome=Outcome.DEGRADED, reason="slow", latency_ms=900.0)
BROKEN = Finding(outcome=Outcome.UNKNOWN, reason="prober_failed")

Action = Callable[[], Awaitable[Any]]


class ScriptedDocument(CheckDocument):
    """A kind of check whose spec is the script itself."""

    kind = "scripted"

    def spec(self) -> object:
        return ()


async def follow_script(spec: Any, secrets: Secrets) -> Any:
    """Take the next step of the script: answer with it, raise it, or do it."""
    step = spec.pop(0)
    if isinstance(step, BaseException):
        raise step
    return await step() if callable(step) else step


KINDS = {"scripted": ProbeKind(document=ScriptedDocument, probe=follow_script)}


def check(*script: Any, id: str = "web", confirm: int | None = None, **keys: Any) -> Check:  # noqa: A002 - the model's word
    tries = len(script) - 1 if confirm is None else confirm
    return Check(id=id, component="web", kind="scripted", spec=list(script), confirm=tries, **keys)


class PoliteClock(FakeClock):
    """A clock that lets the others act before it moves."""

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        for _ in range(5):
            await asyncio.sleep(0)
        await super().sleep(seconds)


def observe(
    checks: Sequence[Check], clock: FakeClock | None = None, notes: Notes | None = None, **more: Any
) -> tuple[Observation, ...]:
    return run_to_end(
        sweep(
            checks,
            location="home",
            run="run-1",
            kinds=KINDS,
            secrets=FixedSecrets(),
            clock=clock or FakeClock(),
            confirm_after=timedelta(seconds=3),
            progress=notes or Notes(),
            **more,
        )
    )


def test_a_finding_becomes_an_observation_with_all_it_says() -> None:
    assert observe([check(UP)]) == (
        Observation(
            check="web",
            location="home",
            run="run-1",
            at=START,
            outcome=Outcome.UP,
            latency_ms=20.0,
            tries=1,
            phases={"connect": 5.0},
            facts={"days": 3},
        ),
    )


def test_observations_come_sorted_by_check() -> None:
    checks = [check(UP, id=name) for name in ("web", "@control/example", "database")]
    assert [observation.check for observation in observe(checks)] == ["@control/example", "database", "web"]


def test_starts_are_spread_so_that_our_own_burst_is_not_measured() -> None:
    clock = FakeClock()
    observe([check(UP, id=str(number)) for number in range(4)], clock)
    assert clock.slept == pytest.approx([APART] * 3, abs=1e-6)


def test_progress_hears_each_check_and_the_tally() -> None:
    notes = Notes()
    observe([check(UP, id="a"), check(REFUSED, id="b"), check(UP, id="c"), check(SLOW, id="d")], notes=notes)
    assert notes == Notes(stages=[("probing", 4)], steps=4, summaries=["2 up, 1 degraded, 1 down"])


def test_nothing_to_probe_is_said_so() -> None:
    notes = Notes()
    assert observe([], notes=notes) == ()
    assert notes == Notes(stages=[("probing", 0)], summaries=["nothing to probe"])


@pytest.mark.parametrize(
    ("script", "outcome", "reason", "tries"),
    [
        ([REFUSED, UP, REFUSED], Outcome.UP, None, 2),
        ([REFUSED, HTTP_502, UP], Outcome.UP, None, 3),
        ([REFUSED, HTTP_502, HTTP_502], Outcome.DOWN, "connection_refused", 3),
        ([REFUSED, SLOW, HTTP_502], Outcome.DEGRADED, "slow", 3),
        ([SLOW, REFUSED, REFUSED], Outcome.DEGRADED, "slow", 3),
        ([BROKEN, REFUSED, BROKEN], Outcome.DOWN, "connection_refused", 3),
        ([REFUSED], Outcome.DOWN, "connection_refused", 1),
    ],
)
def test_what_is_not_up_is_tried_again_and_the_best_try_stands(
    script: list[Finding], outcome: Outcome, reason: str | None, tries: int
) -> None:
    (observation,) = observe([check(*script)])
    assert (observation.outcome, observation.reason, observation.tries) == (outcome, reason, tries)


def test_an_observation_starts_with_its_first_try_and_tries_are_apart() -> None:
    clock = FakeClock()
    (observation,) = observe([check(REFUSED, REFUSED, REFUSED)], clock)
    assert observation.at == START
    assert clock.slept == [3.0, 3.0]


def test_what_was_seen_down_must_answer_every_try_before_its_recovery_is_believed() -> None:
    checks = [check(UP, UP, UP, id="back"), check(UP, REFUSED, UP, id="unsteady"), check(UP, UP, UP, id="well")]
    found = observe(checks, doubted={"back", "unsteady"})
    assert [(one.check, one.outcome, one.reason, one.tries) for one in found] == [
        ("back", Outcome.UP, None, 3),
        ("unsteady", Outcome.DEGRADED, "unsteady", 2),
        ("well", Outcome.UP, None, 1),
    ]


def test_tries_that_confirm_a_failure_are_spread_as_the_first_ones() -> None:
    clock = PoliteClock()
    starts: list[float] = []

    async def refused() -> Finding:
        starts.append(clock.monotonic())
        return REFUSED

    observe([check(*[refused] * 3, id=str(number)) for number in range(20)], clock)
    gaps = [after - before for before, after in pairwise(starts)]
    assert len(starts) == 60
    assert min(gaps) >= APART - 1e-6


def test_a_slow_answer_is_tried_again_too() -> None:
    slow, quick = (Finding(outcome=Outcome.UP, latency_ms=latency) for latency in (900.0, 90.0))
    (observation,) = observe([check(slow, quick, degraded_over=timedelta(milliseconds=500))])
    assert (observation.outcome, observation.latency_ms, observation.tries) == (Outcome.UP, 90.0, 2)


def test_down_stays_down_however_slow_it_was() -> None:
    (observation,) = observe([check(HTTP_502, degraded_over=timedelta(milliseconds=1))])
    assert (observation.outcome, observation.reason) == (Outcome.DOWN, "http_502")


async def hang() -> Finding:
    await asyncio.Event().wait()
    return UP


def test_no_answer_by_the_deadline_is_a_timeout() -> None:
    (observation,) = observe([check(hang, timeout=timedelta(milliseconds=10))])
    assert (observation.outcome, observation.reason, observation.latency_ms) == (Outcome.DOWN, "timeout", None)


def test_an_answer_that_comes_with_the_cancellation_is_too_late() -> None:
    async def too_late() -> Finding:
        try:
            return await hang()
        except asyncio.CancelledError:
            return UP

    (observation,) = observe([check(too_late, timeout=timedelta(milliseconds=10))])
    assert observation.reason == "timeout"


def test_a_prober_that_swallows_its_cancellation_is_left_behind(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(trial, "GRACE", 0.02)
    swallowed = 0

    async def stubborn() -> Finding:
        nonlocal swallowed
        while swallowed < 2:
            try:
                await hang()
            except asyncio.CancelledError:
                swallowed += 1
        return UP

    checks = [check(stubborn, id="stubborn", timeout=timedelta(milliseconds=10)), check(UP, id="web")]
    stuck, web = observe(checks)
    assert (stuck.outcome, stuck.reason) == (Outcome.DOWN, "timeout")
    assert web.outcome is Outcome.UP
    assert swallowed == 2, "it was cancelled again when the loop closed"
    assert "the prober of 'stubborn' goes on after its deadline and was left behind" in caplog.text


def test_what_a_prober_raises_is_unknown_and_its_message_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    failing, web = observe([check(ValueError("postgres://nova:s3cret@db"), id="failing"), check(UP, id="web")])
    assert (failing.outcome, failing.reason) == (Outcome.UNKNOWN, "prober_failed")
    assert web.outcome is Outcome.UP
    assert "the prober of 'failing' failed with ValueError at" in caplog.text
    assert "in follow_script" in caplog.text
    assert "s3cret" not in caplog.text
    assert caplog.records[0].levelno == logging.ERROR


def test_a_prober_that_cancels_itself_is_unknown(caplog: pytest.LogCaptureFixture) -> None:
    (observation,) = observe([check(asyncio.CancelledError())])
    assert (observation.outcome, observation.reason) == (Outcome.UNKNOWN, "prober_failed")
    assert "the prober of 'web' cancelled itself" in caplog.text


@pytest.mark.parametrize(
    "unlawful",
    [
        None,
        Finding(outcome=Outcome.DOWN, reason="connection to 10.0.0.1 refused"),
        Finding(outcome=Outcome.DOWN),
        Finding(outcome=Outcome.UP, reason="slow"),
    ],
)
def test_a_finding_outside_the_rules_is_unknown(unlawful: object, caplog: pytest.LogCaptureFixture) -> None:
    (observation,) = observe([check(unlawful)])
    assert (observation.outcome, observation.reason) == (Outcome.UNKNOWN, "prober_failed")
    assert "the prober of 'web' broke the rules" in caplog.text


def test_a_missing_secret_is_unknown_and_not_tried_again() -> None:
    (observation,) = observe([check(MissingSecretError("PG_PASSWORD"), UP)])
    assert (observation.outcome, observation.reason, observation.tries) == (Outcome.UNKNOWN, "secret_missing", 1)


@pytest.mark.parametrize("reason", ["rate_limited", "login_required", "lookup:login_required"])
def test_a_target_that_turns_the_probe_away_by_a_rule_is_not_asked_again(reason: str) -> None:
    (observation,) = observe([check(Finding(outcome=Outcome.UNKNOWN, reason=reason), UP)])
    assert (observation.outcome, observation.reason, observation.tries) == (Outcome.UNKNOWN, reason, 1)


def test_what_a_place_cannot_measure_is_skipped_and_not_tried_again() -> None:
    (observation,) = observe([check(Finding(outcome=Outcome.SKIPPED, reason="family_missing"), UP)])
    assert (observation.outcome, observation.reason, observation.tries) == (Outcome.SKIPPED, "family_missing", 1)


def test_a_kind_that_is_not_installed_is_unknown_and_not_tried_again() -> None:
    (observation,) = observe([Check(id="web", component="web", kind="gopher", spec=None)])
    assert (observation.outcome, observation.reason, observation.tries) == (Outcome.UNKNOWN, "driver_missing", 1)


def test_only_so_many_tries_are_under_way_at_once() -> None:
    under_way, most = 0, 0

    async def counted() -> Finding:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.001)
        under_way -= 1
        return UP

    assert len(observe([check(counted, id=str(number)) for number in range(6)], at_once=2)) == 6
    assert most == 2


def test_a_sweep_that_is_called_off_calls_off_its_probers() -> None:
    ended: list[str] = []

    async def watched() -> Finding:
        try:
            return await hang()
        finally:
            ended.append("cancelled")

    async def called_off() -> None:
        async with asyncio.timeout(0.02):
            await sweep(
                [check(watched)],
                location="home",
                run="run-1",
                kinds=KINDS,
                secrets=FixedSecrets(),
                clock=FakeClock(),
                confirm_after=timedelta(0),
                progress=Notes(),
            )

    with pytest.raises(TimeoutError):
        run_to_end(called_off())
    assert ended == ["cancelled"]


def test_ctrl_c_calls_a_sweep_off_between_two_steps_and_never_within_one() -> None:
    heard: list[str] = []

    async def interrupted() -> Finding:
        signal.raise_signal(signal.SIGINT)
        heard.append("the step went on")
        return await hang()

    async def watched() -> Finding:
        try:
            return await hang()
        finally:
            heard.append("cancelled")

    with pytest.raises(KeyboardInterrupt):
        observe([check(watched, id="a"), check(interrupted, id="b")])
    assert heard == ["the step went on", "cancelled"]
