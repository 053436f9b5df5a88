"""The object stores, by the scheme of their address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from statusgen.errors import StoreError
from statusgen.model.project import StoreAddress
from statusgen.ports import ObjectStore, Secrets
from statusgen.stores.directory import DirectoryStore


def open_store(address: StoreAddress, *, root: Path, secrets: Secrets) -> ObjectStore:
    """Return the store at an address; relative paths count from `root`, the project's folder.

    Raises `StoreError` when the address cannot be understood, a secret is not set or a file it names is missing.
    Nothing is asked of a server yet.
    """
    scheme = address.url.partition(":")[0]
    if scheme not in OPENERS:
        known = " or ".join(repr(f"{name}:") for name in sorted(OPENERS))
        raise StoreError("open", address.url, f"expected an address that begins with {known}")
    return OPENERS[scheme](address, root, secrets)


def _open_directory(address: StoreAddress, root: Path, _secrets: Secrets) -> ObjectStore:
    folder = address.url.partition(":")[2]
    if not folder:
        raise StoreError("open", address.url, "expected a folder, such as 'file:public'")
    return DirectoryStore((root / folder).resolve(), name=address.url)


def _open_s3(address: StoreAddress, root: Path, secrets: Secrets) -> ObjectStore:
    from statusgen.stores.s3_client import open_s3  # noqa: PLC0415 - its library takes a quarter of a second to import

    return open_s3(address, root=root, secrets=secrets)


OPENERS: dict[str, Callable[[StoreAddress, Path, Secrets], ObjectStore]] = {
    "file": _open_directory,
    "s3": _open_s3,
}
"""A store is one file, and one line here."""
