"""Eight publishers and two agents, on a shaky line, with wrong clocks, are killed again and again: nothing is lost.

Clocks run fast and stand around midnight, so that a day closes while the storm rages, and late runs of it come in.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from statusgen import history
from statusgen.demo.services import HOST, SeaweedFS
from statusgen.evaluate.track import fold
from statusgen.history import codec, listing
from statusgen.history.keys import RAW, SUMMARIES
from statusgen.model.track import Record
from statusgen.ports import ObjectStore
from statusgen.stores.s3_client import LIMITS
from tests.factories import DAY, MINUTE
from tests.integration.conftest import running
from tests.storm.line import Fate, Line, shaky_line
from tests.storm.rclone import Rclone
from tests.storm.swift import Swift
from tests.storm.worker import BEGIN, INTERVAL, Orders, open_spool, open_state, storm_time, work

pytestmark = pytest.mark.services

PUBLISHERS = 8
"""The others are agents, which only append."""
LIMIT = 240.0
"""Seconds in which enough must have happened, be the machine ever so busy."""
BETWEEN = 3
"""Runs that are acknowledged from one kill to the next, so that on a busy machine somebody gets to the end of one."""
FAILING = 0.05
"""The share of the requests that fail."""
SKEWS = (0.0, 8.0, -7.0, 3.0, -2.0, 4.0, -55.0, -1.0, -70.0, -6.0)
"""Minutes that clocks are wrong; two of them live in the day before for a while, one of them after it has closed."""
HOLD = INTERVAL * 5 / 2
EVE = BEGIN.date() - DAY
ENOUGH = BEGIN + 25 * MINUTE
"""When the day before has been closed for long enough."""
AFTER = BEGIN + 2 * DAY
"""When everything has come to rest."""


def storm(everybody: list[Orders], bucket: Bucket, state: ObjectStore, *, seed: int) -> int:
    """Let everybody work, kill and start again one after the other at random moments; return how many were killed."""
    nursery = multiprocessing.get_context("forkserver")
    nursery.set_forkserver_preload([work.__module__])
    chance = random.Random(seed)
    kills = before = 0
    with ExitStack() as stack:

        def start(orders: Orders) -> BaseProcess:
            process = nursery.Process(target=work, args=(orders,), daemon=True)
            process.start()
            stack.callback(process.kill)
            return process

        running = {orders.location: start(orders) for orders in everybody}
        end = time.monotonic() + LIMIT
        while not enough(everybody, bucket, kills, state) and time.monotonic() < end:
            time.sleep(chance.uniform(0.05, 0.7))
            runs = len(acknowledged(everybody))
            if runs < before + BETWEEN:
                continue
            before = runs
            victim = chance.choice(everybody)
            running[victim.location].kill()
            running[victim.location].join()
            kills += 1
            running[victim.location] = start(victim)
    return kills


def enough(everybody: list[Orders], bucket: Bucket, kills: int, state: ObjectStore) -> bool:
    """Return whether the storm has raged for long enough, and somebody has summed up a day that closed meanwhile."""
    happened = kills >= bucket.kills and len(acknowledged(everybody)) >= bucket.runs
    return happened and storm_time(everybody[0].began) >= ENOUGH and bool(state.list(SUMMARIES))


def acknowledged(everybody: list[Orders]) -> set[str]:
    """Return every line of which a worker heard that it is kept; a last one that was cut off does not count."""
    lines: set[str] = set()
    for orders in everybody:
        file = Path(orders.folder) / "acknowledged.jsonl"
        if file.exists():
            lines.update(file.read_text().split("\n")[:-1])
    return lines


def remembered(state: ObjectStore) -> Counter[str]:
    """Return every line of the history and how often it is in it; nothing may be in the way of reading it."""
    days = (EVE, EVE + DAY, EVE + 2 * DAY)
    seen = (one for day in days for one in history.observed(state, day, now=AFTER, warn=pytest.fail))
    return Counter(codec.encode(one) for one in seen)


def recalled(state: ObjectStore) -> Record:
    """Return what pages are made from, after merging what can be merged."""
    return history.recall(state, hold=HOLD, now=AFTER, days=4, warn=pytest.fail)


def objects(state: ObjectStore) -> list[tuple[str, str | None]]:
    """Return the names of all objects and what is in them."""
    return [(one.key, one.etag) for one in state.list()]


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


def crew(bucket: Bucket, line: Line, root: Path) -> list[Orders]:
    """Return the orders of everybody; every other publisher works on a machine that is thrown away with it."""
    began = time.time()
    return [
        Orders(
            endpoint=f"http://{HOST}:{line.server_port}",
            bucket=bucket.name,
            prefix=f"storm-{root.name}",
            access_key=bucket.access_key,
            secret_key=bucket.secret_key,
            location=f"place-{number}",
            folder=str(folder_for(root, number)),
            began=began,
            skew_minutes=skew,
            publishes=number < PUBLISHERS,
            lasting=number % 2 == 1 or number >= PUBLISHERS,
        )
        for number, skew in enumerate(SKEWS)
    ]


def test_what_was_acknowledged_is_in_the_history_exactly_once(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "YOUNG", timedelta())
    port = int(bucket.endpoint.rpartition(":")[2].strip("/"))
    with shaky_line(port, share=FAILING, seed=1) as line:
        everybody = crew(bucket, line, tmp_path)
        state = open_state(replace(everybody[0], endpoint=bucket.endpoint), LIMITS)
        kills = storm(everybody, bucket, state, seed=2)
    said = acknowledged(everybody)
    assert (kills >= bucket.kills, len(said) >= bucket.runs, set(line.fates)) == (True, True, set(Fate))
    assert state.list(SUMMARIES), "no day closed"
    for orders in everybody:
        history.deliver(open_spool(orders), state, pytest.fail)
    kept = remembered(state)
    assert said - kept.keys() == set(), "lost"
    assert {line for line, times in kept.items() if times > 1} == set(), "twice"
    for _ in range(2):
        assert recalled(state).tracks == fold([codec.decode(line) for line in kept], HOLD), "summed up wrongly"
    before = objects(state)
    recalled(state)
    assert (objects(state), remembered(state)) == (before, kept), "merging again changed something"
    assert state.list(RAW) == [], "not merged"
    state.delete([one.key for one in state.list(SUMMARIES)])
    again = fold([codec.decode(line) for line in kept], HOLD)
    assert (recalled(state).tracks, remembered(state)) == (again, kept), "not made again from what remains"


def folder_for(root: Path, number: int) -> Path:
    folder = root / f"worker-{number}"
    folder.mkdir()
    return folder
