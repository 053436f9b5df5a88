"""Processes that keep what they see in one state at the same time, and do not know when they will be killed.

A process writes the lines of a run into its report once the write of them has returned, and not before.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import count
from pathlib import Path

from statusgen import pipeline
from statusgen.clock import SystemClock
from statusgen.config import load_theme
from statusgen.demo.services import HOST
from statusgen.errors import StatusgenError, StoreError
from statusgen.history import listing
from statusgen.model.project import Check, Location, Project, StoreAddress
from statusgen.pipeline import Memory, Vantage
from statusgen.ports import Blob, Listed, ObjectStore
from statusgen.probes import KINDS
from statusgen.stores.directory import DirectoryStore
from statusgen.stores.s3 import S3Store
from statusgen.stores.s3_client import Limits, open_s3
from tests.factories import component, group, project
from tests.fakes import FixedSecrets, Notes

BEGIN = datetime(2022, 12, 2, 0, 50, tzinfo=UTC)
"""When the crew begins by its own clocks: ten minutes before the day before is closed, and merged as a whole."""
PACE = 60
"""Seconds that pass by its clocks in one."""

processes = multiprocessing.get_context("forkserver")
"""Starts a process in an instant, with all that it needs imported."""
processes.set_forkserver_preload([__name__])


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where and how a member of the crew works.

    `fresh` machines are thrown away with the process, others have a spool that lasts. `publishes` is for who also
    reads, tidies and publishes after each run. `wrong` is how wrong its clock is.
    """

    name: str
    address: StoreAddress
    key: tuple[str, str]
    folder: Path
    epoch: float
    fresh: bool
    publishes: bool
    wrong: timedelta = timedelta()

    @property
    def report(self) -> Path:
        """The file in which it says what was kept."""
        return self.folder / f"{self.name}.reported"

    @property
    def spool(self) -> DirectoryStore:
        """Where its runs wait, if its machine lasts."""
        return DirectoryStore(self.folder / f"{self.name}.spool", name="file:spool")


def open_bucket(post: Post, prefix: str) -> S3Store:
    """Return the store at a prefix, with little patience, so that a failure is not only retried but felt."""
    address = StoreAddress(
        url=f"{post.address.url}/{prefix}",
        endpoint=post.address.endpoint,
        region=post.address.region,
        access_key_env="ID",
        secret_key_env="SECRET",
    )
    secrets = FixedSecrets(dict(zip(("ID", "SECRET"), post.key, strict=True)))
    return open_s3(address, root=post.folder, secrets=secrets, limits=Limits(connect=5, read=10, attempts=2, workers=4))


def impolite() -> None:
    """Merge few objects and young ones too: what politeness makes rare happens all the time."""
    listing.YOUNG = timedelta()
    import_module("statusgen.history.recall").PILE = 3  # type: ignore[attr-defined]  # a function has the module's name


def work(post: Post, life: int, runs: int | None) -> None:
    """Probe so many times, or until killed, as a run of the command line does."""
    impolite()
    state, target = open_bucket(post, "state"), open_bucket(post, "site")
    spool: ObjectStore = post.spool
    memory = Memory(state=state, spool=Reporting(spool, post.report))
    if post.fresh:
        spool = DirectoryStore(post.folder / f"{post.name}.{life}", name="file:spool", durable=False)
        memory = Memory(state=Reporting(state, post.report), spool=spool)
    watched, clock, notes = _project(post), _Clock(post), Notes()
    theme = load_theme(post.folder, "default")
    for number in count() if runs is None else range(runs):
        vantage = Vantage(
            location=watched.locations[0], run=f"{post.name}.{life}.{number}", kinds=KINDS, secrets=FixedSecrets()
        )
        with suppress(StatusgenError):
            if post.publishes:
                pipeline.publish(watched, theme, vantage, memory, target, secrets={}, clock=clock, progress=notes)
            else:
                pipeline.probe(watched, vantage, memory, clock=clock, progress=notes)


def reported(posts: Iterable[Post]) -> set[str]:
    """Return every line that was said to be kept."""
    files = [post.report.read_bytes() for post in posts if post.report.exists()]
    return {line.decode() for told in files for line in told.splitlines() if line}


class Reporting:
    """A store that writes down the lines of runs once they are in it."""

    def __init__(self, store: ObjectStore, report: Path) -> None:
        self._store = store
        self._report = report
        self.name = store.name

    def list(self, prefix: str = "", after: str = "") -> Sequence[Listed]:
        """List."""
        return self._store.list(prefix, after)

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Read."""
        return self._store.read(keys)

    def delete(self, keys: Sequence[str]) -> None:
        """Delete."""
        self._store.delete(keys)

    def write(self, blobs: Sequence[Blob]) -> None:
        """Write, and report what was written."""
        done: Sequence[str] = [blob.key for blob in blobs]
        try:
            self._store.write(blobs)
        except StoreError as error:
            done = error.done
            raise
        finally:
            self._tell(b"".join(blob.body for blob in blobs if blob.key in done and blob.key.startswith("raw/")))

    def _tell(self, lines: bytes) -> None:
        """Append to the report with one call, which a kill does not tear."""
        file = os.open(self._report, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(file, lines)
        finally:
            os.close(file)


class _Clock(SystemClock):
    """A clock that all of the crew share, but for how wrong it is."""

    def __init__(self, post: Post) -> None:
        self._post = post

    def now(self) -> datetime:
        """Return the instant."""
        return BEGIN + timedelta(seconds=(time.time() - self._post.epoch) * PACE) + self._post.wrong


def _project(post: Post) -> Project:
    """Return what a member of the crew watches: one port that is open and one that is not."""
    port = int(post.address.endpoint.rpartition(":")[2])
    checks = [_check("web-open", port), _check("web-closed", 1)]
    return project(
        group(replace(component("web"), checks=tuple(checks))),
        locations=[Location(id=post.name, name=post.name)],
    )


def _check(check_id: str, port: int) -> Check:
    document = KINDS["tcp"].document.model_validate({"tcp": f"{HOST}:{port}", "timeout": "5s"})
    return Check(id=check_id, component="web", kind="tcp", spec=document.spec(), confirm=0)
