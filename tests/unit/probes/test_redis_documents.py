"""The keys of checks of Redis and of Sidekiq: what they become, and what a mistake in them says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from statusgen.probes.redis import RedisSpec
from statusgen.probes.redis_target import RedisAddress
from statusgen.probes.sidekiq import Queue, SidekiqSpec
from statusgen.probes.targets import Role
from tests.unit.probes.documents import MINUTE, document_of, problem_of, spec_of

LOGIN = {
    "host": "cache",
    "port": "6380",
    "db": "2",
    "username": "watcher",
    "password_env": "REDIS_PASSWORD",
    "tls": "yes",
    "ca_file": "ca.pem",
}
WHERE = RedisAddress(
    host="cache",
    port=6380,
    db=2,
    username="watcher",
    password_env="REDIS_PASSWORD",
    tls=True,
    ca_file="ca.pem",
)
"""Where a server is, with all that can be said of it, as written and as read."""


def test_every_key_of_redis_reaches_its_spec() -> None:
    keys = {
        "redis": LOGIN,
        "role": "primary",
        "write": "no",
        "degraded_over_memory": "80%",
        "replicas": "1",
    }
    assert spec_of(keys) == RedisSpec(
        where=WHERE,
        role=Role.PRIMARY,
        write=False,
        degraded_over_memory=0.8,
        replicas=1,
    )


def test_a_server_that_must_refuse_keeps_silent_for_half_of_the_timeout_at_most() -> None:
    keys = {"redis": {"host": "cache", "tls": "true"}, "expect": "refused"}
    assert document_of(keys).spec().refused is True
    assert document_of(keys).spec().silence == timedelta(seconds=3)
    assert document_of({**keys, "timeout": "2s"}).spec().silence == timedelta(seconds=1)


def test_a_replica_is_not_written_to() -> None:
    assert document_of({"redis": {"host": "cache"}, "role": "replica"}).spec().write is False
    assert document_of({"redis": {"host": "cache"}, "role": "primary"}).spec().write is True


def test_every_key_of_sidekiq_reaches_its_spec() -> None:
    keys = {
        "sidekiq": LOGIN,
        "namespace": "mastodon",
        "queues": {"default": {"degraded_over": "1m", "down_over": "5m", "degraded_over_length": "100"}},
        "degraded_over_retries": "1000",
        "degraded_over_dead": "200",
    }
    assert spec_of(keys) == SidekiqSpec(
        where=WHERE,
        namespace="mastodon",
        queues=(Queue(name="default", degraded_over=MINUTE, down_over=5 * MINUTE, degraded_over_length=100),),
        degraded_over_retries=1000,
        degraded_over_dead=200,
    )


def test_a_list_of_queues_is_short_for_queues_of_which_nothing_special_is_expected() -> None:
    listed = spec_of({"sidekiq": {"host": "cache"}, "queues": ["default", "pull"]})
    assert listed == spec_of({"sidekiq": {"host": "cache"}, "queues": {"default": {}, "pull": {}}})


@pytest.mark.parametrize(
    ("keys", "degraded", "down"),
    [
        ({}, 10 * MINUTE, 150 * MINUTE),
        ({"degraded_over": "1m"}, MINUTE, 15 * MINUTE),
        ({"down_over": "1h"}, 10 * MINUTE, 60 * MINUTE),
        ({"down_over": "1m"}, MINUTE, MINUTE),
    ],
)
def test_the_wait_that_is_left_out_gives_way_to_the_other(
    keys: dict[str, str], degraded: timedelta, down: timedelta
) -> None:
    (queue,) = document_of({"sidekiq": {"host": "cache"}, "queues": {"pull": keys}}).spec().queues
    assert (queue.degraded_over, queue.down_over) == (degraded, down)


@pytest.mark.parametrize(
    ("keys", "message", "hint"),
    [
        ({"redis": {"db": "1"}}, "expected 'host' or 'url_env'", "add 'host: redis.example.org'"),
        (
            {"redis": {"url_env": "URL", "tls": "true"}},
            "'url_env' stands alone, got 'tls' too",
            "say the same within the URL",
        ),
        (
            {"redis": {"host": "cache", "username": "a"}},
            "'username' needs 'password_env'",
            "add 'password_env: REDIS_PASSWORD'",
        ),
        (
            {"redis": {"host": "cache"}, "role": "replica", "write": "true"},
            "a replica takes no writes",
            "leave 'write' out",
        ),
        *(
            (
                {**keys, "expect": "refused"},
                f"a server that must refuse is asked without a login, so {named} has no meaning",
                "",
            )
            for keys, named in [
                ({"redis": {"host": "cache", "password_env": "PASSWORD"}}, "'password_env'"),
                ({"redis": {"url_env": "REDIS_URL"}}, "'url_env'"),
                ({"redis": {"host": "cache"}, "role": "primary"}, "'role'"),
                ({"redis": {"host": "cache"}, "write": "false"}, "'write'"),
            ]
        ),
        ({"sidekiq": {"db": "1"}}, "expected 'host' or 'url_env'", "add 'host: redis.example.org'"),
        *(
            (
                {"sidekiq": {"host": "cache"}, "queues": queues},
                f"expected names of queues such as '[default, push]', got {named}",
                "",
            )
            for queues, named in [("default", "'default'"), ([], "a list"), ({}, "a mapping"), ("", "nothing")]
        ),
        *(
            (
                {"sidekiq": {"host": "cache"}, "queues": queues},
                f"expected a name of letters, digits, '_', '-', '.' and ':', got {named}",
                "",
            )
            for queues, named in [(["a b"], "'a b'"), ([["a"]], "a list"), ({"é": {}}, "'é'"), ([""], "nothing")]
        ),
        (
            {"sidekiq": {"host": "cache"}, "namespace": "a b"},
            "expected a name of letters, digits, '_', '-', '.' and ':', got 'a b'",
            "",
        ),
        (
            {"sidekiq": {"host": "cache"}, "queues": ["default", "pull", "default"]},
            "the queue 'default' is named twice",
            "delete one of them",
        ),
        (
            {"sidekiq": {"host": "cache"}, "queues": [f"queue{number}" for number in range(21)]},
            "expected at most 20 queues, got 21",
            "make it several checks",
        ),
        (
            {"sidekiq": {"host": "cache"}, "queues": {"default": {"degraded_over": "2m", "down_over": "1m"}}},
            "'degraded_over' is longer than 'down_over', so the queue would never be degraded",
            "",
        ),
    ],
)
def test_a_mistake_says_what_was_expected(keys: dict[str, Any], message: str, hint: str) -> None:
    assert problem_of(keys) == (message, hint)
