"""Every implementation of the ports: in memory, in a folder, on a real S3 server over http and over https."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from statusgen.demo.services import SeaweedFS
from statusgen.model.project import StoreAddress
from statusgen.ports import ObjectStore
from statusgen.stores import open_store
from statusgen.stores.s3 import S3Store
from statusgen.stores.s3_client import Limits, open_s3
from tests.fakes import FixedSecrets, MemoryStore
from tests.integration.conftest import _s3, authority, s3, services_folder

__all__ = ["_s3", "authority", "s3", "services_folder"]

MakeStore = Callable[[str], ObjectStore]
QUICK = Limits(connect=1.0, read=1.0, attempts=2)
"""Limits for tests of what fails."""

_numbers = count()


@pytest.fixture
def space() -> str:
    """A prefix that no other test uses."""
    return f"test-{next(_numbers)}"


@pytest.fixture(params=["memory", "folder", pytest.param("http", marks=pytest.mark.services),
                        pytest.param("https", marks=pytest.mark.services)])  # fmt: skip
def make_store(request: pytest.FixtureRequest, tmp_path: Path, space: str) -> MakeStore:
    """How to open a store of each kind at a prefix."""
    match request.param:
        case "memory":
            return lambda prefix: MemoryStore(f"memory:{prefix}")
        case "folder":
            return lambda prefix: open_store(
                StoreAddress(url=f"file:{prefix}"), root=tmp_path, secrets=FixedSecrets(), hashed=True
            )
        case tls:
            server: SeaweedFS = request.getfixturevalue("s3")
            return lambda prefix: open_bucket(server, f"{space}/{prefix}", tls=tls == "https")


@pytest.fixture
def store(make_store: MakeStore) -> ObjectStore:
    """An empty store of each kind."""
    return make_store("main")


def address_of(server: SeaweedFS, prefix: str = "", *, tls: bool = False, bucket: str = "") -> StoreAddress:
    """Return the address of a prefix on a real server, as people write it."""
    return StoreAddress(
        url=f"s3://{bucket or server.bucket}/{prefix}".rstrip("/"),
        endpoint=server.tls_endpoint if tls else server.endpoint,
        region=server.region,
        access_key_env="ACCESS_KEY",
        secret_key_env="SECRET_KEY",
        ca_file=str(server.ca_file) if tls else "",
    )


def secrets_of(server: SeaweedFS, **other: str) -> FixedSecrets:
    """Return the keys of a real server under the names that `address_of` uses."""
    return FixedSecrets({"ACCESS_KEY": server.access_key, "SECRET_KEY": server.secret_key} | other)


def open_bucket(server: SeaweedFS, prefix: str = "", *, tls: bool = False, limits: Limits = Limits()) -> S3Store:  # noqa: B008 - frozen
    """Return the store at a prefix on a real server."""
    return open_s3(address_of(server, prefix, tls=tls), root=Path("/"), secrets=secrets_of(server), limits=limits)
