"""The object stores, by the scheme of their address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from statusgen.errors import StoreError
from statusgen.model.project import StoreAddress
from statusgen.ports import ObjectStore, Secrets
from statusgen.stores.digests import Digests
from statusgen.stores.directory import DirectoryStore


def open_store(
    address: StoreAddress,
    *,
    root: Path,
    secrets: Secrets,
    durable: bool = True,
    hashed: bool = False,
    memory: Path | None = None,
    retried: Callable[[], None] = lambda: None,
) -> ObjectStore:
    """Return the store at an address; relative paths count from `root`, the project's folder.

    `durable` is for what cannot be made again: a folder then outlives a power cut, at some cost in speed. A bucket
    always does. `hashed` is for whom a listing must tell `etag`: a folder then reads every file, but for what
    its `memory`, another folder, tells of files that are the same. A bucket tells it anyway, if it can. `retried` hears
    of every request that is tried again, in any thread.

    Raises `StoreError` when the address cannot be understood, a secret is not set or a file it names is missing.
    Nothing is asked of a server yet.
    """
    scheme = address.url.partition(":")[0]
    if scheme not in OPENERS:
        known = " or ".join(repr(f"{name}:") for name in sorted(OPENERS))
        raise StoreError("open", address.url, f"expected an address that begins with {known}")
    return OPENERS[scheme](
        Opening(
            address=address, root=root, secrets=secrets, durable=durable, hashed=hashed, memory=memory, retried=retried
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a kind of store is opened with."""

    address: StoreAddress
    root: Path
    secrets: Secrets
    durable: bool
    hashed: bool
    memory: Path | None
    retried: Callable[[], None]


def _open_directory(opening: Opening) -> ObjectStore:
    url = opening.address.url
    folder = url.partition(":")[2]
    if not folder:
        raise StoreError("open", url, "expected a folder, such as 'file:public'")
    path = (opening.root / folder).resolve()
    digests = Digests.of_folder(path, opening.memory) if opening.hashed else None
    return DirectoryStore(path, name=url, durable=opening.durable, digests=digests)


def _open_s3(opening: Opening) -> ObjectStore:
    from statusgen.stores.s3_client import open_s3  # noqa: PLC0415 - its library takes a quarter of a second to import

    return open_s3(
        opening.address, root=opening.root, secrets=opening.secrets, hashed=opening.hashed, retried=opening.retried
    )


OPENERS: dict[str, Callable[[Opening], ObjectStore]] = {
    "file": _open_directory,
    "s3": _open_s3,
}
"""A store is one file, and one line here."""
