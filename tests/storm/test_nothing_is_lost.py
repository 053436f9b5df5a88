"""Eight publishers and two agents, on a shaky line, with wrong clocks, are killed again and again: nothing is lost."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from statusgen import history
from statusgen.demo.services import SeaweedFS
from statusgen.history import codec, listing
from statusgen.model.project import StoreAddress
from statusgen.ports import ObjectStore
from statusgen.stores import open_store
from tests.factories import HOLD
from tests.fakes import FixedSecrets
from tests.integration.conftest import running
from tests.storm.line import shaky_line
from tests.storm.rclone import Rclone
from tests.storm.swift import Swift
from tests.storm.worker import Orders, open_state, work

pytestmark = pytest.mark.services

PUBLISHERS = 8
"""The others are agents, which only append."""
LIMIT = 120.0
"""Seconds in which it must."""
BROKEN = 0.03
"""The share of what is sent that breaks the line."""
SKEWS = (0.0, 0.0, -7.0, 3.0, -2.0, 4.0, 0.0, -1.0, 0.0, -6.0)
"""Minutes; a clock that is further ahead is set aside until its time has come."""


def storm(everybody: list[Orders], bucket: Bucket, *, seed: int) -> int:
    """Let everybody work, kill and start again one after the other at random moments; return how many were killed."""
    nursery = multiprocessing.get_context("forkserver")
    nursery.set_forkserver_preload([work.__module__])
    chance = random.Random(seed)
    kills = 0
    with ExitStack() as stack:

        def start(orders: Orders) -> BaseProcess:
            process = nursery.Process(target=work, args=(orders,), daemon=True)
            process.start()
            stack.callback(process.kill)
            return process

        running = {orders.location: start(orders) for orders in everybody}
        end = time.monotonic() + LIMIT
        while (kills < bucket.kills or len(acknowledged(everybody)) < bucket.runs) and time.monotonic() < end:
            time.sleep(chance.uniform(0.05, 0.7))
            victim = chance.choice(everybody)
            running[victim.location].kill()
            running[victim.location].join()
            kills += 1
            running[victim.location] = start(victim)
    return kills


def acknowledged(everybody: list[Orders]) -> set[str]:
    """Return every line of which a worker heard that it is kept; a last one that was cut off does not count."""
    lines: set[str] = set()
    for orders in everybody:
        file = Path(orders.folder) / "acknowledged.jsonl"
        if file.exists():
            lines.update(file.read_text().split("\n")[:-1])
    return lines


def remembered(state: ObjectStore) -> Counter[str]:
    """Return every line of the history and how often it is in it."""
    now = datetime.now(UTC) + timedelta(minutes=10)
    days = sorted({(now - timedelta(hours=12)).date(), now.date()})
    seen = (one for day in days for one in history.observed(state, day, now=now, warn=pytest.fail))
    return Counter(codec.encode(one) for one in seen)


def settle(state: ObjectStore, everybody: list[Orders]) -> None:
    """Deliver what still waits on anybody's disk, and merge what can be merged."""
    for orders in everybody:
        spool = open_store(StoreAddress(url="file:spool"), root=Path(orders.folder), secrets=FixedSecrets())
        history.deliver(spool, state, pytest.fail)
    for _ in range(2):
        history.recall(state, hold=HOLD, now=datetime.now(UTC) + timedelta(minutes=10), warn=lambda _said: None)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of a real server, and how much has to have happened on it before the storm is over."""

    endpoint: str
    name: str
    access_key: str
    secret_key: str
    kills: int = 20
    runs: int = 100


OTHERS: dict[str, type[Rclone | Swift]] = {"rclone": Rclone, "Swift": Swift}


@pytest.fixture(params=["SeaweedFS", *OTHERS])
def bucket(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bucket]:
    """One server keeps conditions, one ignores them and overwrites in place, one lets them race: we rely on none."""
    if request.param == "SeaweedFS":
        server: SeaweedFS = request.getfixturevalue("s3")
        yield Bucket(server.endpoint, server.bucket, server.access_key, server.secret_key)
        return
    with running(lambda: OTHERS[request.param](tmp_path / "server")) as other:
        yield Bucket(other.endpoint, other.bucket, other.access_key, other.secret_key, kills=10, runs=60)


def test_what_was_acknowledged_is_in_the_history_exactly_once(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "YOUNG", timedelta())
    port = int(bucket.endpoint.rpartition(":")[2].strip("/"))
    with shaky_line(port, share=BROKEN, seed=1) as shaky:
        everybody = [
            Orders(
                endpoint=f"http://127.0.0.1:{shaky}",
                bucket=bucket.name,
                prefix=f"storm-{tmp_path.name}",
                access_key=bucket.access_key,
                secret_key=bucket.secret_key,
                location=f"place-{number}",
                folder=str(folder_for(tmp_path, number)),
                skew_minutes=skew,
                publishes=number < PUBLISHERS,
            )
            for number, skew in enumerate(SKEWS)
        ]
        kills = storm(everybody, bucket, seed=2)
    state = open_state(replace(everybody[0], endpoint=bucket.endpoint))
    settle(state, everybody)
    said = acknowledged(everybody)
    kept = remembered(state)
    assert (kills >= bucket.kills, len(said) >= bucket.runs) == (True, True)
    assert said - kept.keys() == set(), "lost"
    assert {line for line, times in kept.items() if times > 1} == set(), "twice"
    settle(state, everybody)
    assert remembered(state) == kept, "merging again changed something"


def folder_for(root: Path, number: int) -> Path:
    folder = root / f"worker-{number}"
    folder.mkdir()
    return folder
