"""Stories of what really happens to an instance, on real servers: the next run accuses what is at fault, and it alone.

A component is accused when it is in trouble and nothing that it depends on explains that.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import redis

from statusgen.clock import FixedClock
from statusgen.demo.edge import DOMAIN
from statusgen.demo.instance import Instance
from statusgen.demo.services import HOST, Redis, free_ports
from statusgen.demo.services.processes import wait_until
from statusgen.model.page import Page
from statusgen.render import words
from tests.acceptance.conftest import BEGAN, Operator
from tests.conftest import missing
from tests.fakes import Notes
from tests.integration.debian import Sidekiq

pytestmark = pytest.mark.services

Accused = dict[str, tuple[str, str | None]]
"""Status and reason by component id."""

RUN = timedelta(minutes=30)
"""The interval of the project."""
DAY_OF_RUNS = 48

EXTRA = """\
group: Beyond the web
components:
  - id: queues
    name: Queues
    depends_on: [redis]
    checks:
      - sidekiq: {{host: 127.0.0.1, port: {redis}, password_env: DEMO_REDIS_PASSWORD}}
        queues: {{default: {{}}, ingress: {{degraded_over: 2m, down_over: 30m}}}}
        timeout: 5s
  - id: walls
    name: Firewall
    checks:
      - tcp: 127.0.0.1:{shut}
        expect: closed
        timeout: 2s
"""
CONTROL = """
    controls:
      - tcp: 127.0.0.1:{outside}
        timeout: 2s
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """The instance with a worker for its queues, a port that must stay closed, and a world outside it."""

    operator: Operator
    worker: Sidekiq
    shut: int

    def publish(self, run: int) -> Accused:
        """Publish the n-th run and return who is accused."""
        return accused(self.page(run))

    def page(self, run: int) -> Page:
        """Publish the n-th run and return what it says."""
        there = replace(self.operator.scene, root=self.operator.root, clock=FixedClock(BEGAN + run * RUN))
        return there.publish(Notes()).page


def accused(page: Page) -> Accused:
    """Return each component that is in trouble and whose trouble nothing explains."""
    return {
        one.id: (str(one.status), one.reason)
        for one in page.components
        if one.status in words.TROUBLE and one.explained_by is None
    }


def explained(page: Page) -> Accused:
    """Return each component that is in trouble because another is, and which that is."""
    return {
        one.id: (str(one.status), one.explained_by)
        for one in page.components
        if one.status in words.TROUBLE and one.explained_by is not None
    }


@pytest.fixture
def stage(operator: Operator, tmp_path: Path) -> Iterator[Stage]:
    """Everything runs and is well; one run is published."""
    instance = operator.scene.instance
    with ExitStack() as stack:
        outside = stack.enter_context(socket.create_server((HOST, 0)))
        shut = free_ports(1)[0]
        ports = {name: edge.port for name, edge in instance.edges.items()}
        operator.write("checks/5-beyond.yaml", EXTRA.format(**ports, redis=instance.redis.port, shut=shut))
        settings = (operator.root / "statusgen.yaml").read_text(encoding="utf-8")
        here = "    name: This machine\n"
        control = CONTROL.format(outside=outside.getsockname()[1])
        operator.write("statusgen.yaml", settings.replace(here, here + control.lstrip("\n")))
        worker = stack.enter_context(Sidekiq(tmp_path / "worker", on=instance.redis, queues=("default", "ingress")))
        stack.callback(_clear_queues, instance.redis)
        made = Stage(operator=operator, worker=worker, shut=shut)
        assert made.publish(0) == {}
        assert set(operator.statuses().values()) == {"operational"}
        yield made


def _clear_queues(server: Redis) -> None:
    server.restore()
    with redis.Redis.from_url(server.url) as client:
        client.delete("queue:ingress")


def test_certificates_of_the_media_host_expire_on_the_edges(stage: Stage) -> None:
    edges = stage.operator.scene.instance.edges.values()
    for edge in edges:
        edge.certify_media(not_after=datetime.fromtimestamp(time.time() - 3600).astimezone())
    try:
        expired = ("major_outage", "tls_expired")
        assert stage.publish(1) == {"media-frankfurt": expired, "media-fremont": expired}
    finally:
        for edge in edges:
            edge.certify_media()
    assert stage.publish(2) == {}


def test_one_edge_has_lost_a_picture(stage: Stage) -> None:
    fremont = stage.operator.scene.instance.edges["fremont"]
    fremont.picture.unlink()
    try:
        assert stage.publish(1) == {"media-fremont": ("major_outage", "http_404")}
    finally:
        fremont.draw()


def test_streaming_is_gone_while_the_web_is_fine(stage: Stage) -> None:
    stage.operator.scene.instance.streaming.stop()
    assert stage.publish(1) == {"streaming": ("major_outage", "http_502")}


def test_redis_refuses_writes_because_its_disk_is_full(stage: Stage, tmp_path: Path) -> None:
    with on_a_full_disk(stage.operator.scene.instance.redis, tmp_path / "small") as server:
        with redis.Redis.from_url(server.url) as client, pytest.raises(redis.ResponseError, match="MISCONF"):
            client.set("post", "is refused")
        assert stage.publish(1) == {"redis": ("major_outage", "save_failed")}
    assert wait_until(stage.worker.is_ready, limit=60), "its heart beats every ten seconds"
    assert stage.publish(2) == {}


def test_redis_can_be_reached_from_outside(stage: Stage, tmp_path: Path) -> None:
    exposed = Redis(tmp_path / "exposed")
    exposed.port = stage.shut
    with exposed:
        assert stage.publish(1) == {"walls": ("major_outage", "open")}
    assert stage.publish(2) == {}


def test_a_queue_is_minutes_behind_while_every_page_answers(stage: Stage) -> None:
    stage.worker.pause()
    with redis.Redis.from_url(stage.operator.scene.instance.redis.url) as client:
        job = {"class": "Delivery", "args": [], "jid": "a" * 24, "enqueued_at": time.time() - 600}
        client.sadd("queues", "ingress")
        client.lpush("queue:ingress", json.dumps(job))  # into the hands of the worker, which hangs
        client.lpush("queue:ingress", json.dumps(job))
        assert stage.publish(1) == {"queues": ("degraded_performance", "queue_behind")}
        client.delete("queue:ingress")
    stage.worker.resume()


def test_the_web_answers_slowly(stage: Stage) -> None:
    """The web is accused, which is slow, and not the database that it waits for."""
    with slow_lookups(stage.operator.scene.instance.database.url, seconds=1.8):
        slow = ("degraded_performance", "slow")
        assert stage.publish(1) == {"web": slow}
    assert stage.publish(2) == {}


def test_the_origin_is_dead_behind_a_cache_that_still_serves_its_pages(stage: Stage) -> None:
    instance = stage.operator.scene.instance
    page = read_from(instance, "/api/v2/instance")
    instance.app.stop()
    assert read_from(instance, "/api/v2/instance") == page
    shown = stage.page(1)
    assert accused(shown) == {"web": ("major_outage", "http_502")}
    assert explained(shown) == {"timelines": ("major_outage", "web")}


def test_the_database_is_out_of_connections(stage: Stage) -> None:
    with every_connection(stage.operator.scene.instance.database.url):
        page = stage.page(1)
    assert accused(page) == {"database": ("major_outage", "too_many_connections")}
    assert explained(page) == {"web": ("major_outage", "database")}


def test_one_edge_is_gone(stage: Stage) -> None:
    stage.operator.scene.instance.edges["fremont"].stop()
    assert stage.publish(1) == {"edge-fremont": ("major_outage", "connection_refused")}
    assert stage.operator.summary()["status"]["indicator"] == "major"


def test_the_network_of_the_prober_is_gone(stage: Stage) -> None:
    probed = stage.operator.run("probe", at=BEGAN + RUN, inside=without_network())
    assert probed.code == 0, probed.err
    shown = json.loads(stage.operator.run("status", "--format", "json", at=BEGAN + RUN).out)
    assert {(one["status"], one["reason"]) for one in shown["components"]} == {("unknown", "location_offline")}
    assert stage.publish(2) == {}
    assert "down" not in stage.operator.text("history/index.html")


def test_an_origin_that_comes_and_goes_is_one_story(stage: Stage) -> None:
    app = stage.operator.scene.instance.app
    for run in range(1, 8):
        (app.stop if run % 2 else app.start)()
        said = stage.publish(run)
    assert said == {"web": ("major_outage", "http_502")}
    app.start()
    shown = stage.page(8)
    assert accused(shown) == {"web": ("degraded_performance", "flapping")}
    assert explained(shown) == {"timelines": ("degraded_performance", "web")}
    web = next(one for one in shown.components if one.id == "web")
    assert web.times == 4
    feed = stage.operator.read("feed.xml")
    assert feed.count("[Down]") == feed.count("[Down] Web") == 1
    assert "[Back]" not in feed


def test_nobody_is_accused_on_a_day_on_which_all_is_well(stage: Stage) -> None:
    for run in range(1, DAY_OF_RUNS + 1):
        assert stage.publish(run) == {}
    assert set(stage.operator.statuses().values()) == {"operational"}
    assert "<item" not in stage.operator.read("feed.xml")


class OnSmallDisk(Redis):
    """Redis in place of another, which saves to a disk of a few kilobytes that only it sees."""

    def __init__(self, folder: Path, *, instead_of: Redis) -> None:
        super().__init__(folder, settings=("save 3600 1000000",), password=instead_of.password)
        self.port = instead_of.port

    def command(self) -> list[str]:
        """Return the server in a mount namespace of its own, with a small disk where it saves."""
        mount = f'mount -t tmpfs -o size=16k tmpfs "{self.data}" && exec "$@"'
        return [*alone("--mount"), "/bin/sh", "-c", mount, "sh", *super().command()]


@contextmanager
def on_a_full_disk(server: Redis, folder: Path) -> Iterator[Redis]:
    """Let Redis run on a disk that is full: it fails to save, and refuses writes from then on."""
    server.stop()
    try:
        with OnSmallDisk(folder, instead_of=server) as small:
            with redis.Redis.from_url(small.url) as client:
                client.set("media", os.urandom(1 << 16))
                client.bgsave()
                assert wait_until(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "err", limit=10)
            assert "No space left on device" in small.log.read_text()
            yield small
    finally:
        server.start()


@contextmanager
def slow_lookups(url: str, *, seconds: float) -> Iterator[None]:
    """Let everything that reads the accounts wait, for as long as a saturated disk would make it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE accounts RENAME TO all_accounts")
        connection.execute(
            f"CREATE VIEW accounts AS SELECT a.* FROM all_accounts a, (SELECT pg_sleep({seconds}) OFFSET 0) AS wait"
        )
        try:
            yield
        finally:
            connection.execute("DROP VIEW accounts")
            connection.execute("ALTER TABLE all_accounts RENAME TO accounts")


@contextmanager
def every_connection(url: str) -> Iterator[None]:
    """Use up every connection of the database."""
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(psycopg.connect(url))
            except psycopg.OperationalError:
                break
        yield


def read_from(instance: Instance, path: str) -> bytes:
    """Return what readers get from an edge, which may keep it."""
    trusted = ssl.create_default_context(cafile=str(instance.authority.file))
    trusted.check_hostname = False  # the address is asked, with the real name in the request
    request = urllib.request.Request(f"https://127.0.0.1:{instance.edges['frankfurt'].port}{path}")
    request.add_header("Host", DOMAIN)
    with urllib.request.urlopen(request, context=trusted, timeout=10) as answer:
        return bytes(answer.read())


def without_network() -> list[str]:
    """Return what a command is run by where there is no network: a network namespace of its own."""
    return alone("--net")


def alone(namespace: str) -> list[str]:
    """Return what a command is run by, as plain users may, in a namespace of its own."""
    unshare = shutil.which("unshare", path=os.defpath) or missing("unshare")
    command = [unshare, "--map-root-user", namespace]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        missing(f"the right to make a namespace ({namespace})")
    return command
