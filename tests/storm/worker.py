"""One process of the storm: it runs again and again until it is killed, and writes down what was acknowledged."""

from __future__ import annotations

import os
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

from statusgen import pipeline
from statusgen.clock import SystemClock
from statusgen.config.theme import load_theme
from statusgen.errors import StatusgenError
from statusgen.history import codec, listing
from statusgen.model.project import Check, Component, Group, Location, Project, Site, StoreAddress
from statusgen.pipeline import Memory, Vantage
from statusgen.ports import ObjectStore
from statusgen.probes import KINDS
from statusgen.probes.targets import HostPort
from statusgen.probes.tcp import TcpSpec
from statusgen.publish.holdings import inspect
from statusgen.stores import open_store
from statusgen.stores.s3_client import Limits, open_s3
from tests.fakes import FixedSecrets, Notes

BEGIN = datetime(2022, 12, 2, 0, 50, tzinfo=UTC)
"""When the storm begins, by a clock that is right: ten minutes before the day before is closed."""
PACE = 60
"""Seconds that pass by the clocks of the storm in one."""
INTERVAL = timedelta(minutes=1)
"""How often a run is expected. A location's newest runs are left unmerged for two and a half of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What a worker is told: where the state is, who it is, and how wrong its clock is.

    `began` is when the storm did, in seconds of the epoch. `publishes` is for who also reads, tidies and publishes
    after each run; `lasting` for whose machine outlives the process, so that what waits in its spool is kept.
    """

    endpoint: str
    bucket: str
    prefix: str
    access_key: str
    secret_key: str
    location: str
    folder: str
    began: float
    skew_minutes: float
    publishes: bool
    lasting: bool


IMPATIENT = Limits(connect=2.0, read=4.0, attempts=1)
"""How workers ask, so that every failure is felt."""


def open_state(orders: Orders, limits: Limits = IMPATIENT) -> ObjectStore:
    """Return where everybody's observations are kept."""
    return _open(orders, "state", limits)


def open_spool(orders: Orders, name: str = "spool") -> ObjectStore:
    """Return where a worker's runs wait."""
    return open_store(StoreAddress(url=f"file:{name}"), root=Path(orders.folder), secrets=FixedSecrets())


def _open(orders: Orders, part: str, limits: Limits) -> ObjectStore:
    address = StoreAddress(
        url=f"s3://{orders.bucket}/{orders.prefix}/{part}",
        endpoint=orders.endpoint,
        region="us-east-1",
        addressing="path",
        access_key_env="ACCESS",
        secret_key_env="SECRET",
    )
    keys = FixedSecrets({"ACCESS": orders.access_key, "SECRET": orders.secret_key})
    return open_s3(address, root=Path(orders.folder), secrets=keys, limits=limits)


def storm_time(began: float) -> datetime:
    """Return what a clock of the storm says that is right."""
    return BEGIN + timedelta(seconds=(time.time() - began) * PACE)


class WrongClock(SystemClock):
    """A clock of the storm, off by some minutes."""

    def __init__(self, orders: Orders) -> None:
        self._began = orders.began
        self._off = timedelta(minutes=orders.skew_minutes)

    def now(self) -> datetime:
        """Return the instant that this machine believes in."""
        return storm_time(self._began) + self._off


class Worker:
    """Probes and keeps, and as a publisher also merges, builds and sends."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._clock = WrongClock(orders)
        self._folder = Path(orders.folder)
        port = int(orders.endpoint.rpartition(":")[2].strip("/"))
        target = TcpSpec(target=HostPort("127.0.0.1", port))
        check = Check(id="store/tcp", component="store", kind="tcp", spec=target, confirm=0)
        self._location = Location(id=orders.location, name=orders.location)
        self._project = Project(
            site=Site(name="Storm", url="https://status.example.org"),
            interval=INTERVAL,
            locations=(self._location,),
            groups=(Group(id="core", name="Core", components=(Component(id="store", name="Store", checks=(check,)),)),),
        )
        spool = "spool" if orders.lasting else f"spool-{uuid.uuid4().hex}"
        self._memory = Memory(state=open_state(orders), spool=open_spool(orders, spool))
        self._target = _open(orders, "site", IMPATIENT)
        self._theme = load_theme(self._folder, "default")

    def run(self) -> None:
        """Run once; what fails is for the next run to mend."""
        vantage = Vantage(location=self._location, run=uuid.uuid4().hex, kinds=KINDS, secrets=FixedSecrets())
        probed = pipeline.probe(self._project, vantage, self._memory, clock=self._clock, progress=Notes())
        if self._orders.lasting or not probed.trouble:
            self._acknowledge("".join(f"{codec.encode(one)}\n" for one in probed.observations))
        if self._orders.publishes:
            now = self._clock.now()
            site = pipeline.build(
                self._project, self._theme, self._memory.state, secrets={}, now=now, progress=Notes(), tidy=True
            )
            pipeline.place(site, inspect(self._target, Notes()), now=now, progress=Notes())

    def _acknowledge(self, lines: str) -> None:
        handle = os.open(self._folder / "acknowledged.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, lines.encode())
        finally:
            os.close(handle)


def work(orders: Orders) -> None:
    """Run until killed. Objects are merged at once, however young: politeness would keep them apart for a quarter."""
    listing.YOUNG = timedelta()
    import_module("statusgen.history.recall").PILE = 2  # by its name, which in the package is that of a function
    worker = Worker(orders)
    with (Path(orders.folder) / "log.txt").open("a") as log:
        while True:
            try:
                worker.run()
            except StatusgenError as error:
                log.write(f"{error}\n")
                log.flush()
