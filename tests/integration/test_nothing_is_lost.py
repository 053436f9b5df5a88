"""What was acknowledged is in the history exactly once, whatever happened to processes, clocks and requests.

Real processes on real servers: one that honours conditional writes, one that ignores them and overwrites in place, and
one that races. No server's help is needed, so all must come to the same.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from statusgen import pipeline
from statusgen.demo.services import SeaweedFS
from statusgen.evaluate.track import fold
from statusgen.history import append, codec, deliver, listing, recall
from statusgen.model.project import StoreAddress
from statusgen.ports import ObjectStore
from tests.factories import DAY, HOLD, HOUR, MINUTE, observation
from tests.fakes import Notes
from tests.integration import crew
from tests.integration.crew import BEGIN, Post, processes
from tests.services.unreliable import unreliable

pytestmark = pytest.mark.services

WRONG = [timedelta(minutes=minutes) for minutes in (0, 0, 3, -4, 0, 8, -13, -55, 0, 6)]
"""How wrong the clocks of the crew are; one of them still lives in the day before."""
KILLED = {-signal.SIGKILL, 255}
"""How a process ended that was killed; the second is what is told when nobody saw it, on a busy machine."""
LATEST = BEGIN + 2 * DAY
"""When everything has come to rest."""


def crew_at(address: StoreAddress, key: tuple[str, str], folder: Path, *, publishers: int, agents: int) -> list[Post]:
    """Return a crew; every other publisher works on a machine that is thrown away with it."""
    epoch = time.time()
    return [
        Post(
            name=f"{'outside' if number < publishers else 'rack'}-{number}",
            address=address,
            key=key,
            folder=folder,
            epoch=epoch,
            fresh=number % 2 == 0 and number < publishers,
            publishes=number < publishers,
            wrong=WRONG[number],
        )
        for number in range(publishers + agents)
    ]


def live_and_die(post: Post, random: Random, lives: int) -> list[int | None]:
    """Let a member of the crew be killed and start again a few times, and in the end finish; return how it ended."""
    ends = []
    for life in range(lives + 1):
        last = life == lives
        process = processes.Process(target=crew.work, args=(post, life, 2 if last else None), daemon=True)
        process.start()
        process.join(120 if last else random.uniform(0.2, 2.5))
        process.kill()
        process.join()
        ends.append(process.exitcode)
        process.close()
    return ends


def keep_the_day_before(state: ObjectStore) -> set[str]:
    """Keep what was seen on the day that is about to close, and return its lines."""
    runs = [
        observation(at=BEGIN - HOUR - number * MINUTE, check="web-open", location="outside-0", run=f"before-{number}")
        for number in range(8)
    ]
    for one in runs:
        append(state, [one], warn=pytest.fail)
    return {codec.encode(one) for one in runs}


def all_of_it(state: ObjectStore) -> Counter[str]:
    """Return each line of the history with how often it is there; nothing may be in the way of reading it."""
    notes = Notes()
    found = pipeline.export(state, BEGIN.date() - DAY, LATEST.date(), now=LATEST, progress=notes)
    lines = Counter(codec.encode(one) for one in found)
    assert notes.warnings == []
    return lines


def assert_nothing_is_lost(state: ObjectStore, posts: Sequence[Post], kept: set[str]) -> None:
    """Deliver what waits, read everything, and tidy until nothing changes any more."""
    for post in posts:
        deliver(post.spool, state, pytest.fail)
    lines = all_of_it(state)
    assert kept | crew.reported(posts) <= set(lines)
    assert set(lines.values()) == {1}
    for _ in range(2):
        record = recall(state, hold=HOLD, now=LATEST, days=4, warn=pytest.fail)
        assert record.tracks == fold([codec.decode(line) for line in lines], HOLD)
    tidied = [(one.key, one.etag) for one in state.list()]
    assert recall(state, hold=HOLD, now=LATEST, days=4, warn=pytest.fail) == record
    assert [(one.key, one.etag) for one in state.list()] == tidied
    assert all_of_it(state) == lines
    assert [one.key for one in state.list("raw/")] == []


def prove(
    address: StoreAddress, key: tuple[str, str], folder: Path, *, publishers: int, agents: int, lives: int, seed: int
) -> None:
    """Let a crew work on a server behind an unreliable network while it is killed, and see that nothing is lost."""
    port = int(address.endpoint.rpartition(":")[2])
    with unreliable(port, seed=seed) as (front, between), ThreadPoolExecutor(publishers + agents) as pool:
        here = replace(address, endpoint=address.endpoint.replace(str(port), str(front)))
        posts = crew_at(here, key, folder, publishers=publishers, agents=agents)
        state = crew.open_bucket(replace(posts[0], address=address), "state")
        kept = keep_the_day_before(state)
        ends = list(pool.map(lambda post: live_and_die(post, Random(f"{seed} {post.name}"), lives), posts))
    assert {end for *_, end in ends} == {0}
    assert {end for *killed, _ in ends for end in killed} <= KILLED
    assert between.failures > len(posts)
    assert len(crew.reported(posts)) >= 4 * len(posts)
    assert_nothing_is_lost(state, posts, kept)


@pytest.fixture(autouse=True)
def _impolite(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let young objects be merged at once."""
    monkeypatch.setattr(listing, "YOUNG", timedelta())


def test_eight_publishers_and_two_agents_lose_nothing(s3: SeaweedFS, tmp_path: Path) -> None:
    address = StoreAddress(url=f"s3://{s3.bucket}/crew", endpoint=s3.endpoint, region=s3.region)
    key = (s3.access_key, s3.secret_key)
    prove(address, key, tmp_path, publishers=8, agents=2, lives=5, seed=1)
