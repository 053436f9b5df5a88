"""What is true of folders alone: atomic writes, symbolic links, empty folders, and the operating system's refusals."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from statusgen.errors import StoreError
from statusgen.ports import Blob
from statusgen.stores import directory
from statusgen.stores.digests import Digests
from statusgen.stores.directory import DirectoryStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> DirectoryStore:
    return DirectoryStore(folder, name="file:store")


def blob(key: str, body: bytes = b"body") -> Blob:
    return Blob(key=key, body=body)


def test_nothing_is_made_before_something_is_written(store: DirectoryStore, folder: Path) -> None:
    assert list(store.list()) == []
    assert store.read(["a"]) == {}
    assert not folder.exists()


def test_an_object_is_a_plain_file_that_others_may_read(store: DirectoryStore, folder: Path) -> None:
    store.write([blob("a/b.html")])
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((folder / "a/b.html").stat().st_mode) == 0o666 & ~mask


def test_a_reader_never_sees_half_an_object(
    store: DirectoryStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that fails before its last step leaves the old object and nothing else."""
    store.write([blob("a", b"old")])

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError) as failure:
        store.write([blob("a", b"new")])
    assert str(failure.value) == "cannot write 'a': no space left on device"
    assert store.read(["a"]) == {"a": b"old"}
    assert [path.name for path in folder.iterdir()] == ["a"]


@pytest.mark.parametrize("durable", [True, False])
def test_only_a_durable_store_waits_for_the_disk(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, durable: bool
) -> None:
    flushed: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda file: flushed.append(os.fstat(file).st_size))
    DirectoryStore(folder, name="file:store", durable=durable).write([blob("a", b"whole")])
    assert flushed == [len(b"whole")] * durable
    assert (folder / "a").read_bytes() == b"whole"


def test_what_was_written_before_a_failure_is_told(store: DirectoryStore) -> None:
    with pytest.raises(StoreError) as failure:
        store.write([blob("a"), blob("b"), blob("a/c"), blob("d")])
    assert failure.value.done == ("a", "b")
    assert [listed.key for listed in store.list()] == ["a", "b"]


def test_a_file_that_is_still_being_written_is_not_listed(store: DirectoryStore, folder: Path) -> None:
    store.write([blob("a")])
    (folder / ".statusgen-0123").write_bytes(b"half")
    assert [listed.key for listed in store.list()] == ["a"]


def test_folders_that_are_empty_are_removed_but_never_the_stores_own(store: DirectoryStore, folder: Path) -> None:
    store.write([blob("a/b/c/d"), blob("a/e")])
    store.delete(["a/b/c/d"])
    assert sorted(path.name for path in folder.rglob("*")) == ["a", "e"]
    store.delete(["a/e"])
    assert folder.is_dir()
    assert not any(folder.iterdir())


def test_a_link_to_a_folder_is_neither_listed_nor_followed(store: DirectoryStore, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"theirs")
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    (folder / "file").symlink_to(outside / "secret")
    assert list(store.list()) == []
    for act in (
        lambda: store.read(["link/secret"]),
        lambda: store.read(["file"]),
        lambda: store.write([blob("link/new")]),
        lambda: store.write([blob("file")]),
        lambda: store.delete(["link/secret"]),
        lambda: store.list("link/"),
    ):
        with pytest.raises(StoreError, match="a symbolic link is in the way; expected plain files and folders"):
            act()
    assert [path.name for path in outside.iterdir()] == ["secret"]
    assert (outside / "secret").read_bytes() == b"theirs"


def test_the_stores_own_folder_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    DirectoryStore(tmp_path / "link", name="file:link").write([blob("a")])
    assert (tmp_path / "real/a").read_bytes() == b"body"


def test_a_file_where_a_folder_should_be_is_an_error_without_paths(store: DirectoryStore, folder: Path) -> None:
    store.write([blob("a")])
    with pytest.raises(StoreError) as failure:
        store.write([blob("a/b")])
    assert failure.value.reason == "file exists"
    assert str(folder) not in str(failure.value)


def test_an_object_where_a_folder_is_cannot_be_written(store: DirectoryStore) -> None:
    store.write([blob("a/b")])
    with pytest.raises(StoreError, match="cannot write 'a': is a directory"):
        store.write([blob("a")])
    with pytest.raises(StoreError, match="cannot read 'a': is a directory"):
        store.read(["a"])
    with pytest.raises(StoreError, match="cannot delete 'a': is a directory"):
        store.delete(["a"])
    assert [listed.key for listed in store.list()] == ["a/b"]


def test_a_folder_that_is_removed_under_a_write_is_made_again(
    store: DirectoryStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Path.mkdir
    losses = iter([True, False])

    def mkdir_and_lose(path: Path, *more: object, **named: object) -> None:
        made(path, *more, **named)
        if path == folder / "a" and next(losses, False):
            path.rmdir()

    monkeypatch.setattr(Path, "mkdir", mkdir_and_lose)
    store.write([blob("a/b")])
    assert store.read(["a/b"]) == {"a/b": b"body"}


def test_a_folder_that_is_removed_again_and_again_ends_the_write(
    store: DirectoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "mkdir", lambda *_more, **_named: None)
    with pytest.raises(StoreError, match="cannot write 'a/b': no such file or directory"):
        store.write([blob("a/b")])


@pytest.mark.parametrize("hashed", [True, False])
def test_a_listing_reads_files_only_for_whom_it_hashes_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, hashed: bool
) -> None:
    store = DirectoryStore(folder, name="file:store", digests=Digests() if hashed else None)
    store.write([blob("a", b"hello")])
    read: list[Path] = []

    def note(path: Path) -> bytes:
        read.append(path)
        return b"hello"

    monkeypatch.setattr(Path, "read_bytes", note)
    [listed] = store.list()
    assert (listed.key, listed.size, listed.etag is not None) == ("a", 5, hashed)
    assert read == [folder / "a"] * hashed
    assert listed.modified == datetime.fromtimestamp((folder / "a").stat().st_mtime, UTC)


def test_a_file_that_vanishes_during_a_listing_is_left_out(
    store: DirectoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write([blob("a"), blob("b")])
    walk = directory._walk

    def lose(*where: Any) -> Iterator[tuple[str, str]]:
        for key, path in walk(*where):
            if key == "a":
                Path(path).unlink()
            yield key, path

    monkeypatch.setattr(directory, "_walk", lose)
    assert [listed.key for listed in store.list()] == ["b"]


def test_a_refusal_without_a_number_is_still_explained(store: DirectoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> bytes:
        raise OSError("/a/path that nobody should see")

    store.write([blob("a")])
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(StoreError) as failure:
        store.read(["a"])
    assert str(failure.value) == "cannot read 'a': the file system refused"
