"""Objects as files in a folder.

An object is written to a hidden neighbour and then renamed into place, so that a reader sees the old object or the new
one, never half. In a durable store it is also flushed to the disk (fsync) before it is renamed, so that the same holds
after a power cut; the folder's own entry is left to the operating system. A process that is killed while writing may
leave a neighbour behind; listings do not show it.

Nothing outside the folder is ever touched: keys are plain relative names, and symbolic links below the folder are
neither listed nor followed.
"""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from statusgen.errors import StoreError
from statusgen.ports import Blob, Listed
from statusgen.stores.digests import Digest, Digests
from statusgen.stores.names import check_keys

_PARTIAL = ".statusgen-"
"""How the name of a file begins that is still being written."""

_TRIES = 5
"""How often a write starts over when another process removes the folder that it needs, because it is empty."""


class DirectoryStore:
    """An object store in a folder, which is made when something is written.

    `durable` is for what cannot be made again; without it many small files are written several times as fast. `digests`
    are for who compares what is there: without them a listing tells no `etag`.
    """

    def __init__(self, folder: Path, *, name: str, durable: bool = True, digests: Digests | None = None) -> None:
        self._folder = folder
        self._name = name
        self._durable = durable
        self._digests = digests

    @property
    def name(self) -> str:
        """How users know it, such as `file:public`."""
        return self._name

    def list(self, prefix: str = "", after: str = "") -> Sequence[Listed]:
        """Return the objects whose key starts with `prefix` and sorts after `after`, by key."""
        start = prefix.rpartition("/")[0]
        check_keys("list", [start] if start else [])
        with _translated("list", prefix or self._name):
            folder = self._path("list", start) if start else self._folder
            digest = self._digests.listing(whole=not (prefix or after)) if self._digests else nullcontext(_untold)
            with digest as of:
                found = [_listed(key, path, of) for key, path in _walk(folder, start, prefix, after)]
        return sorted((listed for listed in found if listed), key=lambda listed: listed.key)

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return the bodies; a key that does not exist is left out."""
        check_keys("read", keys)
        bodies = ((key, self._read(key)) for key in keys)
        return {key: body for key, body in bodies if body is not None}

    def write(self, blobs: Sequence[Blob]) -> None:
        """Write every object whole, in the order given; the first failure ends it."""
        check_keys("write", [blob.key for blob in blobs])
        done: list[str] = []
        for blob in blobs:
            with _translated("write", blob.key, done):
                self._write(blob)
            done.append(blob.key)

    def delete(self, keys: Sequence[str]) -> None:
        """Delete the objects, and the folders that are empty then."""
        check_keys("delete", keys)
        for key in keys:
            with _translated("delete", key):
                path = self._path("delete", key)
                _remove(path)
                self._prune(path.parent)

    def _path(self, operation: str, key: str) -> Path:
        """Return the file of a key; raise `StoreError` when a symbolic link would lead out of plain sight."""
        path = str(self._folder)
        for part in key.split("/"):
            path = os.path.join(path, part)  # noqa: PTH118 - a site is thousands of files
            if os.path.islink(path):  # noqa: PTH114
                raise StoreError(operation, key, "a symbolic link is in the way; expected plain files and folders")
        return Path(path)

    def _read(self, key: str) -> bytes | None:
        with _translated("read", key):
            try:
                return self._path("read", key).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None

    def _write(self, blob: Blob) -> None:
        path = self._path("write", blob.key)
        for left in reversed(range(_TRIES)):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                _replace(path, blob.body, durable=self._durable)
            except FileNotFoundError:
                if not left:
                    raise
            else:
                return

    def _prune(self, folder: Path) -> None:
        """Remove the folder and those above it, as far as they are empty; never the store's own."""
        while folder != self._folder:
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent


def _walk(folder: str | Path, start: str, prefix: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield key and path of every plain file that the listing is about, in no order."""
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        name = unicodedata.normalize("NFC", entry.name)  # some file systems take accents apart
        key = f"{start}/{name}" if start else name
        if entry.is_dir(follow_symlinks=False):
            if _may_hold(f"{key}/", prefix, after):
                yield from _walk(entry.path, key, prefix, after)
        elif _is_object(entry) and key.startswith(prefix) and key > after:
            yield key, entry.path


def _is_object(entry: os.DirEntry[str]) -> bool:
    return entry.is_file(follow_symlinks=False) and not entry.name.startswith(_PARTIAL)


def _may_hold(folder: str, prefix: str, after: str) -> bool:
    """Return whether keys that begin with `folder` can be what the listing is about."""
    return (folder.startswith(prefix) or prefix.startswith(folder)) and (folder > after or after.startswith(folder))


def _listed(key: str, path: str, digest: Digest) -> Listed | None:
    """Return what a listing says of a file; None when it has vanished meanwhile."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a site is thousands of files
        etag = digest(key, path, found)
    except FileNotFoundError:
        return None
    return Listed(key=key, size=found.st_size, etag=etag, modified=datetime.fromtimestamp(found.st_mtime, UTC))


def _untold(_key: str, _path: str, _found: os.stat_result) -> None:
    return None


def _replace(path: Path, body: bytes, *, durable: bool) -> None:
    """Put a file in place whole."""
    partial = f"{path.parent}{os.sep}{_PARTIAL}{secrets.token_hex(8)}"
    try:
        with open(partial, "xb") as file:  # noqa: PTH123 - a site is thousands of files
            file.write(body)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(partial, path)  # noqa: PTH105
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except NotADirectoryError:
        return


@contextmanager
def _translated(operation: str, key: str, done: Sequence[str] = ()) -> Iterator[None]:
    """Turn what the operating system says into a `StoreError`, in its own fixed words and without paths."""
    try:
        yield
    except OSError as error:
        said = os.strerror(error.errno).lower() if error.errno else "the file system refused"
        raise StoreError(operation, key, said, done=done) from error
