"""Every implementation of the ports: in memory, in a folder, and on real S3 servers of four sorts, over http and over
https, and on a line on which one request in ten fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Protocol, cast

import pytest

from statusgen.demo.services import HOST, Authority, SeaweedFS
from statusgen.model.project import StoreAddress
from statusgen.ports import ObjectStore
from statusgen.stores import open_store
from statusgen.stores.s3 import S3Store
from statusgen.stores.s3_client import LIMITS, Limits, open_s3
from tests.fakes import FixedSecrets, MemoryStore
from tests.integration.conftest import _s3, authority, running, s3, services_folder
from tests.ports.ceph import Ceph
from tests.storm.line import Line, shaky_line
from tests.storm.rclone import Rclone
from tests.storm.swift import Swift

__all__ = ["_s3", "authority", "s3", "services_folder"]

MakeStore = Callable[[str], ObjectStore]
QUICK = Limits(connect=1.0, read=1.0, attempts=2)
"""Limits for tests of what fails."""
TENACIOUS = Limits(attempts=8)
"""Limits with which a request comes through on a line on which many fail."""
FAILING = 0.1
"""The share of the requests that fail on such a line."""

_numbers = count()


@pytest.fixture
def space() -> str:
    """A prefix that no other test uses."""
    return f"test-{next(_numbers)}"


class Bucket(Protocol):
    """A real S3 server with one bucket."""

    bucket: str
    region: str
    access_key: str
    secret_key: str

    @property
    def endpoint(self) -> str:
        """The address of its API over http."""
        ...


@pytest.fixture(scope="session")
def ceph(services_folder: Path, authority: Authority) -> Iterator[Ceph]:
    """Ceph's gateway, over http and https."""
    with running(lambda: Ceph(services_folder / "ceph", authority=authority)) as server:
        yield server


@pytest.fixture(scope="session")
def rclone(services_folder: Path) -> Iterator[Rclone]:
    """A server that keeps objects as files, overwrites them in place and ignores conditions."""
    with running(lambda: Rclone(services_folder / "rclone")) as server:
        yield server


@pytest.fixture(scope="session")
def swift(services_folder: Path) -> Iterator[Swift]:
    """OpenStack's server, with its S3 interface."""
    with running(lambda: Swift(services_folder / "swift")) as server:
        yield server


@pytest.fixture(scope="session")
def line(_s3: SeaweedFS) -> Iterator[Line]:
    """A line to the server on which requests fail in every way, now and then."""
    with shaky_line(_s3.port, share=FAILING, seed=1) as line:
        yield line


SERVERS = {"http": "s3", "https": "s3", "ceph": "ceph", "ceph-https": "ceph", "rclone": "rclone", "swift": "swift"}
"""The fixture of the server that each kind of bucket is on."""
KINDS = ["memory", "folder", *(pytest.param(kind, marks=pytest.mark.services) for kind in (*SERVERS, "shaky"))]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of store."""
    return str(request.param)


@pytest.fixture(scope="session")
def clients() -> Iterator[dict[str, S3Store]]:
    """A store for each kind of bucket, whose client the others of that kind share: making one takes its time."""
    made: dict[str, S3Store] = {}
    yield made
    for store in made.values():
        store.close()


@pytest.fixture
def make_store(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, space: str, clients: dict[str, S3Store]
) -> MakeStore:
    """How to open a store of each kind at a prefix."""

    def bucket(prefix: str) -> S3Store:
        server: Bucket = request.getfixturevalue(SERVERS.get(kind, "s3"))
        line: Line | None = request.getfixturevalue("line") if kind == "shaky" else None
        if kind not in clients:
            port = line.server_port if line else 0
            limits = TENACIOUS if line else LIMITS
            clients[kind] = open_bucket(server, tls=kind.endswith("https"), limits=limits, port=port)
        name = f"s3://{server.bucket}/{space}/{prefix}"
        return S3Store(clients[kind]._client, name=name, bucket=server.bucket, prefix=f"{space}/{prefix}")

    def folder(prefix: str) -> ObjectStore:
        return open_store(StoreAddress(url=f"file:{prefix}"), root=tmp_path, secrets=FixedSecrets(), hashed=True)

    def memory(prefix: str) -> ObjectStore:
        return MemoryStore(f"memory:{prefix}")

    return {"memory": memory, "folder": folder}.get(kind, bucket)


@pytest.fixture
def store(make_store: MakeStore) -> ObjectStore:
    """An empty store of each kind."""
    return make_store("main")


def address_of(server: Bucket, prefix: str = "", *, tls: bool = False, bucket: str = "", port: int = 0) -> StoreAddress:
    """Return the address of a prefix on a real server, as people write it; `port` is that of a line before it."""
    secure = cast(SeaweedFS, server) if tls else None
    endpoint = secure.tls_endpoint if secure else server.endpoint
    return StoreAddress(
        url=f"s3://{bucket or server.bucket}/{prefix}".rstrip("/"),
        endpoint=f"http://{HOST}:{port}" if port else endpoint,
        region=server.region,
        access_key_env="ACCESS_KEY",
        secret_key_env="SECRET_KEY",
        ca_file=str(secure.ca_file) if secure else "",
    )


def secrets_of(server: Bucket, **other: str) -> FixedSecrets:
    """Return the keys of a real server under the names that `address_of` uses."""
    return FixedSecrets({"ACCESS_KEY": server.access_key, "SECRET_KEY": server.secret_key} | other)


def open_bucket(
    server: Bucket,
    prefix: str = "",
    *,
    tls: bool = False,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    port: int = 0,
) -> S3Store:
    """Return the store at a prefix on a real server."""
    address = address_of(server, prefix, tls=tls, port=port)
    return open_s3(address, root=Path("/"), secrets=secrets_of(server), limits=limits)
