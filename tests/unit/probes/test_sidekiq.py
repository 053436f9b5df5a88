"""What Sidekiq's keys amount to, for every version of them, as data."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.model.words import Outcome
from statusgen.probes.redis_target import RedisAddress
from statusgen.probes.sidekiq import Queue, SidekiqSpec, facts_of, judge, waits_of
from statusgen.probes.sidekiq_client import Backlog, Process, Said, read_process, read_since

NOON = 1_669_896_000.0
PUSH, PULL = Queue(name="push"), Queue(name="pull")
NOTHING = Backlog(0, None)


@pytest.mark.parametrize(
    ("job", "since"),
    [
        ({"enqueued_at": 1669896000.25, "created_at": 1.0}, NOON + 0.25),
        ({"enqueued_at": 1669896000250}, NOON + 0.25),
        ({"enqueued_at": 1669896000250.0}, NOON + 0.25),
        ({"created_at": 1669896000.0}, NOON),
        ({"enqueued_at": None, "created_at": 1669896000.0}, None),
        ({"enqueued_at": "1669896000.0"}, None),
        ({"enqueued_at": True}, None),
        ({"enqueued_at": 0}, None),
        ({"enqueued_at": 12.5}, None),
        ({"enqueued_at": -1669896000.0}, None),
        ({"enqueued_at": 10**400}, None),
        ({"enqueued_at": float("inf")}, None),
        ({"enqueued_at": float("nan")}, None),
        ({}, None),
        ([1669896000.0], None),
        ("push", None),
        (None, None),
    ],
)
def test_a_job_tells_since_when_it_waits_in_either_unit(job: object, since: float | None) -> None:
    assert read_since(json.dumps(job)) == since


@pytest.mark.parametrize(
    ("info", "queues"),
    [
        ({"queues": ["push", "pull"]}, {"push", "pull"}),
        ({"queues": ["push"], "weights": {"push": 3}}, {"push"}),
        ({"weights": {"push": 3, "pull": 1}}, {"push", "pull"}),
        ({"weights": [{"push": 3}, {"pull": 1}]}, {"push", "pull"}),
        ({"capsules": {"default": {"weights": {"push": 0}}, "single": {"weights": {"pull": 0}}}}, {"push", "pull"}),
        ({"capsules": {"default": {"weights": ["push"]}, "odd": 7, "older": {}}}, {"push"}),
        ({"capsules": ["push"], "queues": 7, "weights": None}, None),
        ({"queues": [["push"], 7]}, None),
        ({}, None),
        (["push"], None),
    ],
)
def test_a_process_tells_its_queues_in_every_version(info: object, queues: set[str] | None) -> None:
    assert read_process(json.dumps(info), "false") == Process(frozenset(queues) if queues else None)


def test_a_quiet_process_says_so() -> None:
    info = json.dumps({"queues": ["push"]})
    assert [read_process(info, quiet).quiet for quiet in ("true", "false", "", None)] == [True, False, False, False]


def _nested(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = st.sampled_from(["enqueued_at", "created_at", "queues", "weights", "capsules", "default"])
    return st.lists(values) | st.dictionaries(keys, values)


@given(st.text() | st.recursive(st.none() | st.text() | st.floats() | st.integers(), _nested).map(json.dumps))
def test_nothing_that_a_key_may_hold_is_more_than_unknown(text: str) -> None:
    since = read_since(text)
    assert since is None or since > 0
    assert read_process(text, text).queues != frozenset()


def said(push: Backlog, *processes: Process, pull: Backlog = NOTHING, retries: int = 0, dead: int = 0) -> Said:
    return Said(at=NOON, queues={"push": push, "pull": pull}, processes=processes, retries=retries, dead=dead)


def waiting(seconds: float, length: int = 1) -> Backlog:
    return Backlog(length, NOON - seconds)


BOTH = Process(frozenset({"push", "pull"}))
ODD = Process(None)
UNREADABLE = Backlog(3, None)


@pytest.mark.parametrize(
    ("seen", "outcome", "reason"),
    [
        (said(NOTHING, BOTH), Outcome.UP, None),
        (said(waiting(120), BOTH), Outcome.UP, None),
        (said(waiting(121), BOTH), Outcome.DEGRADED, "queue_behind"),
        (said(waiting(1800), BOTH), Outcome.DEGRADED, "queue_behind"),
        (said(waiting(1801), BOTH), Outcome.DOWN, "queue_behind"),
        (said(waiting(1, length=101), BOTH), Outcome.DEGRADED, "queue_behind"),
        (said(waiting(1801, length=101), BOTH), Outcome.DOWN, "queue_behind"),
        (said(waiting(-9), BOTH), Outcome.UP, None),
        (said(NOTHING), Outcome.DOWN, "no_worker"),
        (said(NOTHING, Process(frozenset({"push"}))), Outcome.DOWN, "no_worker"),
        (said(NOTHING, Process(frozenset({"push"})), Process(frozenset({"pull"}))), Outcome.UP, None),
        (said(waiting(1801)), Outcome.DOWN, "no_worker"),
        (said(NOTHING, Process(BOTH.queues, quiet=True)), Outcome.DEGRADED, "no_worker"),
        (said(waiting(1801), Process(BOTH.queues, quiet=True)), Outcome.DOWN, "queue_behind"),
        (said(NOTHING, Process(BOTH.queues, quiet=True), BOTH), Outcome.UP, None),
        (said(NOTHING, ODD), Outcome.UNKNOWN, "bad_response"),
        (said(NOTHING, ODD, BOTH), Outcome.UP, None),
        (said(waiting(121), ODD), Outcome.DEGRADED, "queue_behind"),
        (said(UNREADABLE, BOTH), Outcome.UNKNOWN, "bad_response"),
        (said(UNREADABLE, BOTH, pull=waiting(121)), Outcome.DEGRADED, "queue_behind"),
        (said(UNREADABLE), Outcome.DOWN, "no_worker"),
        (said(NOTHING, BOTH, retries=11), Outcome.DEGRADED, "retries_high"),
        (said(NOTHING, BOTH, retries=10, dead=5), Outcome.UP, None),
        (said(NOTHING, BOTH, dead=6), Outcome.DEGRADED, "dead_high"),
    ],
)
def test_a_check_is_as_bad_as_its_worst_queue(seen: Said, outcome: Outcome, reason: str | None) -> None:
    spec = SidekiqSpec(
        where=RedisAddress(host="cache"),
        queues=(Queue(name="push", degraded_over_length=100), PULL),
        degraded_over_retries=10,
        degraded_over_dead=5,
    )
    assert judge(spec, seen, waits_of(seen, NOON)) == (outcome, reason)


def test_what_nobody_limits_is_never_too_much() -> None:
    spec = SidekiqSpec(where=RedisAddress(host="cache"), queues=(PUSH, PULL))
    seen = said(waiting(1, length=10**9), BOTH, retries=10**9, dead=10**9)
    assert judge(spec, seen, waits_of(seen, NOON)) == (Outcome.UP, None)


def test_facts_are_numbers_and_leave_out_what_was_not_told() -> None:
    seen = said(waiting(12.34, length=2), BOTH, pull=UNREADABLE, retries=7, dead=1)
    assert facts_of(seen, waits_of(seen, NOON)) == {
        "processes": 1,
        "retries": 7,
        "dead": 1,
        "queue_push_length": 2,
        "queue_push_latency_seconds": 12.3,
        "queue_pull_length": 3,
    }
