"""A `sidekiq` check finds what a real Sidekiq leaves in a real Redis, and what a newer one would leave there."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis as Client
from redis.exceptions import NoPermissionError

from statusgen.clock import FixedClock
from statusgen.demo.services import Redis
from statusgen.demo.services.processes import wait_until
from statusgen.model.observation import Observation
from statusgen.probes.sidekiq_client import MOST_PROCESSES
from tests.conftest import ROOT
from tests.integration import faults
from tests.integration.conftest import running
from tests.integration.debian import Sidekiq
from tests.integration.faults import Behaviour
from tests.integration.observing import UP, found, observe

pytestmark = pytest.mark.services

READING = "%R~* -@all +ping +info +llen +lindex +smembers +sscan +scard +zcard +zcount +get +hget +hmget +exists"
"""What a login that serves other tools as well may do, and nothing that changes anything."""


@pytest.fixture
def client(redis_server: Redis) -> Iterator[Client]:
    """The operator's own connection to an empty server."""
    with Client.from_url(redis_server.url, decode_responses=True) as connection:
        connection.flushall()
        yield connection
        connection.flushall()


@pytest.fixture
def sidekiq(redis_server: Redis, client: Client, tmp_path: Path) -> Iterator[Callable[..., Sidekiq]]:
    """Start a real Sidekiq on some queues."""
    with ExitStack() as stack:

        def start(*queues: str, namespace: str = "") -> Sidekiq:
            folder = tmp_path / f"sidekiq-{len(list(tmp_path.glob('sidekiq-*')))}"
            return stack.enter_context(
                running(lambda: Sidekiq(folder, on=redis_server, queues=queues, namespace=namespace))
            )

        yield start


def ask(
    server: Redis,
    *,
    login: dict[str, str] | None = None,
    password: str = "",
    against: Behaviour | None = None,
    timeout: float = 5,
    **keys: Any,
) -> Observation:
    """Observe the queues on a server."""
    port = "@PORT@" if against else str(server.port)
    where = {"host": "127.0.0.1", "port": port, "password_env": "REDIS_PASSWORD", **(login or {})}
    env = {"REDIS_PASSWORD": password or server.password}
    return observe({"sidekiq": where, **keys}, against=against, env=env, timeout=timeout)


def process(client: Client, *queues: str, name: str = "web-1:7:abc", prefix: str = "", quiet: str = "false") -> None:
    """Lay the heartbeat of a Sidekiq 8."""
    capsules = {"default": {"mode": "strict", "concurrency": 5, "weights": dict.fromkeys(queues, 0)}}
    info = {"hostname": "web-1", "pid": 7, "identity": name, "version": "8.0.8", "capsules": capsules}
    client.sadd(f"{prefix}processes", name)
    client.hset(f"{prefix}{name}", mapping={"info": json.dumps(info), "quiet": quiet, "beat": time.time()})
    client.expire(f"{prefix}{name}", 60)


def job(client: Client, queue: str, *, waited: float = 0.0, prefix: str = "") -> None:
    """Lay a job of a Sidekiq 8, as the newest of its queue."""
    stamp = int((time.time() - waited) * 1000)
    said = {"class": "Delivery", "args": [1], "queue": queue, "jid": "a", "created_at": stamp, "enqueued_at": stamp}
    client.sadd(f"{prefix}queues", queue)
    client.lpush(f"{prefix}queue:{queue}", json.dumps(said))


def test_a_real_sidekiq_at_work_is_up_and_behind_once_it_is_stopped(
    redis_server: Redis, sidekiq: Callable[..., Sidekiq]
) -> None:
    worker = sidekiq("default", "ingress")
    queues = ["default", "ingress"]
    worker.enqueue("ingress", "one", "two")
    assert wait_until(lambda: ask(redis_server, queues=queues).facts.get("queue_ingress_length") == 0, limit=20)
    seen = ask(redis_server, queues=queues)
    assert found(seen) == UP
    assert seen.facts == {
        "processes": 1,
        "retries": 0,
        "dead": 0,
        "queue_default_length": 0,
        "queue_default_latency_seconds": 0.0,
        "queue_ingress_length": 0,
        "queue_ingress_latency_seconds": 0.0,
    }
    assert list(seen.phases) == ["connect", "query"]
    assert found(ask(redis_server, queues=["default", "mailers"])) == ("down", "no_worker")

    worker.stop()
    worker.enqueue("ingress", "three", "four", "five")
    assert found(ask(redis_server, queues=queues)) == ("down", "no_worker")
    others = sidekiq("default")
    assert others.running
    assert wait_until(
        lambda: float(ask(redis_server, queues=queues).facts["queue_ingress_latency_seconds"]) > 1, limit=20
    )
    seen = ask(redis_server, queues=queues)
    assert found(seen) == ("down", "no_worker")
    assert seen.facts["queue_ingress_length"] == 3
    assert seen.facts["processes"] == 1


def test_a_real_sidekiq_that_cannot_keep_up_is_behind(redis_server: Redis, sidekiq: Callable[..., Sidekiq]) -> None:
    worker = sidekiq("default", "ingress")
    worker.pause()
    worker.enqueue("ingress", "the one that Redis hands to a process that listens", "two", "three")
    slow = {"queues": {"default": {}, "ingress": {"degraded_over": "500ms"}}}
    assert wait_until(lambda: found(ask(redis_server, **slow)) == ("degraded", "queue_behind"), limit=20)
    late = {"queues": {"ingress": {"down_over": "500ms"}}}
    assert wait_until(lambda: found(ask(redis_server, **late)) == ("down", "queue_behind"), limit=20)
    many = {"queues": {"ingress": {"degraded_over_length": "1"}}}
    assert found(ask(redis_server, **many)) == ("degraded", "queue_behind")
    worker.resume()
    assert wait_until(lambda: found(ask(redis_server, **late)) == UP, limit=20)


def test_a_real_job_that_fails_waits_to_be_tried_again(redis_server: Redis, sidekiq: Callable[..., Sidekiq]) -> None:
    sidekiq("default").enqueue("default", "fail", "fail")
    assert wait_until(lambda: ask(redis_server, queues=["default"]).facts["retries"] == 2, limit=20)
    few = {"queues": ["default"], "degraded_over_retries": "1"}
    assert found(ask(redis_server, **few)) == ("degraded", "retries_high")
    assert found(ask(redis_server, queues=["default"], degraded_over_retries="2")) == UP


def test_a_real_sidekiq_with_a_namespace_is_found_under_it_alone(
    redis_server: Redis, sidekiq: Callable[..., Sidekiq]
) -> None:
    worker = sidekiq("default", namespace="mastodon")
    assert found(ask(redis_server, queues=["default"], namespace="mastodon")) == UP
    assert found(ask(redis_server, queues=["default"])) == ("down", "no_worker")
    worker.pause()
    worker.enqueue("default", "the one that Redis hands to a process that listens", "two", "three")
    waiting = ask(redis_server, queues=["default"], namespace="mastodon").facts["queue_default_length"]
    assert int(waiting) >= 2


@pytest.mark.parametrize("prefix", ["", "mastodon:"])
def test_queues_of_sidekiq_8_are_measured_in_milliseconds(redis_server: Redis, client: Client, prefix: str) -> None:
    process(client, "default", "push", prefix=prefix)
    process(client, "scheduler", name="web-1:8:def", prefix=prefix)
    job(client, "push", waited=300, prefix=prefix)
    job(client, "push", waited=100, prefix=prefix)
    keys: dict[str, Any] = {"queues": {"push": {"degraded_over": "10m"}, "scheduler": {}}}
    keys |= {"namespace": prefix[:-1]} if prefix else {}
    seen = ask(redis_server, **keys)
    assert found(seen) == UP
    assert seen.facts["processes"] == 2
    assert seen.facts["queue_push_length"] == 2
    assert 299 < float(seen.facts["queue_push_latency_seconds"]) < 330
    assert found(ask(redis_server, **{**keys, "queues": ["push"]})) == ("degraded", "queue_behind")


def test_the_queues_of_mastodon_are_expected_where_none_is_named(redis_server: Redis, client: Client) -> None:
    process(client, "default", "push", "ingress", "mailers", "pull")
    assert found(ask(redis_server)) == ("down", "no_worker")
    process(client, "scheduler", name="web-1:8:def")
    assert found(ask(redis_server)) == UP
    job(client, "pull", waited=500)
    job(client, "scheduler", waited=800)
    assert found(ask(redis_server)) == UP
    job(client, "ingress", waited=130)
    assert found(ask(redis_server)) == ("degraded", "queue_behind")
    job(client, "default", waited=1900)
    assert found(ask(redis_server)) == ("down", "queue_behind")


def test_a_process_whose_heart_stopped_works_no_more(redis_server: Redis, client: Client) -> None:
    process(client, "default")
    assert found(ask(redis_server, queues=["default"])) == UP
    client.delete("web-1:7:abc")
    seen = ask(redis_server, queues=["default"])
    assert found(seen) == ("down", "no_worker")
    assert seen.facts["processes"] == 0


def test_a_quiet_process_takes_no_new_jobs(redis_server: Redis, client: Client) -> None:
    process(client, "default", quiet="true")
    assert found(ask(redis_server, queues=["default"])) == ("degraded", "no_worker")
    process(client, "default", name="web-1:8:def")
    assert found(ask(redis_server, queues=["default"])) == UP


def test_a_job_that_was_queued_by_a_clock_that_is_ahead_has_not_waited(redis_server: Redis, client: Client) -> None:
    process(client, "default")
    job(client, "default", waited=-3600)
    seen = ask(redis_server, queues=["default"])
    assert found(seen) == UP
    assert seen.facts["queue_default_latency_seconds"] == 0


def test_the_clock_of_redis_tells_how_long_a_job_has_waited_and_ours_only_where_it_is_not_told(
    redis_server: Redis, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour_ahead = FixedClock(datetime.now(UTC) + timedelta(hours=1))
    monkeypatch.setattr("statusgen.probes.sidekiq.SystemClock", lambda: hour_ahead)
    process(client, "default")
    job(client, "default")
    assert found(ask(redis_server, queues=["default"])) == UP
    rights = f"{documented_rights()} -info".replace("%R~*", "~*")
    client.execute_command("ACL", "SETUSER", "statusgen", "reset", "on", ">watcher-s3cret", *rights.split())
    seen = ask(redis_server, login={"username": "statusgen"}, password="watcher-s3cret", queues=["default"])
    assert found(seen) == ("down", "queue_behind")
    assert float(seen.facts["queue_default_latency_seconds"]) > 3500


def test_jobs_that_were_given_up_are_counted(redis_server: Redis, client: Client) -> None:
    process(client, "default")
    client.zadd("dead", {"one": 1.0, "two": 2.0})
    assert ask(redis_server, queues=["default"]).facts["dead"] == 2
    seen = ask(redis_server, queues=["default"], degraded_over_dead="1")
    assert found(seen) == ("degraded", "dead_high")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no job",
        "[]",
        "{}",
        '{"enqueued_at": "yesterday"}',
        '{"enqueued_at": NaN}',
        '{"enqueued_at": 1}',
        "\xff" * 9,
    ],
)
def test_a_job_that_cannot_be_read_is_unknown_and_hides_nothing_worse(
    redis_server: Redis, client: Client, text: str
) -> None:
    process(client, "default", "push")
    client.lpush("queue:default", text)
    seen = ask(redis_server, queues=["default", "push"])
    assert found(seen) == ("unknown", "bad_response")
    assert seen.facts["queue_default_length"] == 1
    assert "queue_default_latency_seconds" not in seen.facts
    job(client, "push", waited=130)
    assert found(ask(redis_server, queues=["default", "push"])) == ("degraded", "queue_behind")


def test_a_process_that_cannot_be_read_may_work_on_anything(redis_server: Redis, client: Client) -> None:
    process(client, "default")
    client.sadd("processes", "odd:1:x")
    client.hset("odd:1:x", mapping={"info": "{"})
    assert found(ask(redis_server, queues=["default"])) == UP
    assert found(ask(redis_server, queues=["default", "push"])) == ("unknown", "bad_response")


def test_names_of_processes_beyond_all_bounds_may_hide_one_that_works(redis_server: Redis, client: Client) -> None:
    client.sadd("processes", *(f"web-1:{number}:died" for number in range(MOST_PROCESSES)))
    assert found(ask(redis_server, queues=["default"])) == ("down", "no_worker")
    client.sadd("processes", "web-1:0:one-more")
    assert found(ask(redis_server, queues=["default"])) == ("unknown", "bad_response")


def documented_rights(page: str = "reference/checks.md", heading: str = "`sidekiq`") -> str:
    """Return the rights of the login that a page tells to make."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return text.partition(f"\n## {heading}\n")[2].partition("ACL SETUSER statusgen on >PASSWORD ")[2].partition("\n")[0]


def test_the_login_of_the_guide_may_write_one_key_of_ours_and_no_other(redis_server: Redis, client: Client) -> None:
    rights = documented_rights("how-to/watch-the-database-and-queues.md", "Redis and Sidekiq")
    tells_reading_from_writing = int(client.info()["redis_version"].split(".")[0]) >= 7
    if not tells_reading_from_writing:
        rights = rights.replace("%R~*", "")
    client.execute_command("ACL", "SETUSER", "statusgen", "reset", "on", ">watcher-s3cret", *rights.split())
    process(client, "default")
    as_watcher: dict[str, Any] = {"login": {"username": "statusgen"}, "password": "watcher-s3cret"}
    queues = UP if tells_reading_from_writing else ("unknown", "no_permission")
    assert found(ask(redis_server, **as_watcher, queues=["default"])) == queues
    where = {"host": "127.0.0.1", "port": str(redis_server.port), "username": "statusgen", "password_env": "PASSWORD"}
    assert found(observe({"redis": where, "role": "primary"}, env={"PASSWORD": "watcher-s3cret"})) == UP
    url = redis_server.url.replace(f":{redis_server.password}@", "statusgen:watcher-s3cret@")
    with Client.from_url(url) as other, pytest.raises(NoPermissionError):
        other.set("queue:default", "gone")


@pytest.mark.parametrize("rights", [READING, documented_rights()], ids=["reading", "documented"])
def test_a_login_that_may_only_read_is_enough_and_nothing_else_is_tried(
    redis_server: Redis, client: Client, rights: str
) -> None:
    process(client, "default")
    job(client, "default", waited=10)
    if int(client.info()["redis_version"].split(".")[0]) < 7:
        rights = rights.replace("%R~*", "~*")
    client.execute_command("ACL", "SETUSER", "statusgen", "reset", "on", ">watcher-s3cret", *rights.split())
    client.execute_command("ACL", "LOG", "RESET")
    as_watcher: dict[str, Any] = {"login": {"username": "statusgen"}, "password": "watcher-s3cret"}
    seen = ask(redis_server, **as_watcher, queues=["default"])
    assert found(seen) == UP
    assert seen.facts["queue_default_length"] == 1
    assert client.execute_command("ACL", "LOG") == []
    client.execute_command("ACL", "SETUSER", "statusgen", "-info")
    assert found(ask(redis_server, **as_watcher, queues=["default"])) == UP
    for right in ("ping", "sscan", "hmget", "llen", "lindex", "zcard"):
        client.execute_command("ACL", "SETUSER", "statusgen", f"-{right}")
        assert found(ask(redis_server, **as_watcher, queues=["default"])) == ("unknown", "no_permission")
        client.execute_command("ACL", "SETUSER", "statusgen", f"+{right}")
    assert found(ask(redis_server, **as_watcher, queues=["default"])) == UP


def test_a_redis_that_is_gone_or_hangs_is_down(redis_server: Redis) -> None:
    assert found(ask(redis_server, password="wrong-s3cret")) == ("down", "wrong_password")
    stuck = faults.relay(redis_server.port, until=b"SSCAN")
    assert found(ask(redis_server, against=stuck, timeout=1)) == ("down", "timeout")
    cut = faults.relay(redis_server.port, until=b"ZCARD", then=faults.reset_at_once)
    assert found(ask(redis_server, against=cut, timeout=1)) == ("down", "connection_reset")
    redis_server.stop()
    assert found(ask(redis_server)) == ("down", "connection_refused")


def test_keys_of_another_type_are_not_queues(redis_server: Redis, client: Client) -> None:
    process(client, "default")
    client.set("queue:default", "odd")
    assert found(ask(redis_server, queues=["default"])) == ("down", "query_failed")


@pytest.mark.parametrize("text", ["redis://:s3cret-s3cret@[db", "s3cret-s3cret"])
def test_a_url_that_is_none_is_unknown_and_never_told(text: str) -> None:
    assert found(observe({"sidekiq": {"url_env": "REDIS_URL"}}, env={"REDIS_URL": text})) == (
        "unknown",
        "secret_invalid",
    )
