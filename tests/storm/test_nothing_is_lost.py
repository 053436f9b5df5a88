"""Eight publishers and two agents, on a shaky line, with wrong clocks, are killed again and again: nothing is lost."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from contextlib import ExitStack
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
from tests.ports.conftest import open_bucket
from tests.storm.line import shaky_line
from tests.storm.worker import Orders, work

pytestmark = pytest.mark.services

PUBLISHERS, AGENTS = 8, 2
KILLS, RUNS = 25, 150
"""What has to have happened before the storm is over."""
LIMIT = 120.0
"""Seconds in which it must."""
BROKEN = 0.03
"""The share of what is sent that breaks the line."""
SKEWS = (0.0, 0.0, -7.0, 3.0, -2.0, 4.0, 0.0, -1.0, 0.0, -6.0)
"""Minutes; a clock that is further ahead is set aside until its time has come."""


def storm(everybody: list[Orders], *, seed: int) -> int:
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
        while (kills < KILLS or len(acknowledged(everybody)) < RUNS) and time.monotonic() < end:
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


def test_what_was_acknowledged_is_in_the_history_exactly_once(
    s3: SeaweedFS, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "YOUNG", timedelta())
    everybody = []
    port = int(s3.endpoint.rpartition(":")[2].strip("/"))
    with shaky_line(port, share=BROKEN, seed=1) as shaky:
        for number in range(PUBLISHERS + AGENTS):
            folder = tmp_path / f"worker-{number}"
            folder.mkdir()
            everybody.append(
                Orders(
                    endpoint=f"http://127.0.0.1:{shaky}",
                    bucket=s3.bucket,
                    prefix=f"storm-{tmp_path.name}",
                    access_key=s3.access_key,
                    secret_key=s3.secret_key,
                    location=f"place-{number}",
                    folder=str(folder),
                    skew_minutes=SKEWS[number],
                    publishes=number < PUBLISHERS,
                )
            )
        kills = storm(everybody, seed=2)
    state = open_bucket(s3, f"storm-{tmp_path.name}/state")
    settle(state, everybody)
    said = acknowledged(everybody)
    kept = remembered(state)
    assert (kills >= KILLS, len(said) >= RUNS) == (True, True)
    assert said - kept.keys() == set(), "lost"
    assert {line for line, times in kept.items() if times > 1} == set(), "twice"
    settle(state, everybody)
    assert remembered(state) == kept, "merging again changed something"
