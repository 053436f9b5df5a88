"""A listing of a folder tells the same whether digests are remembered or made, and reads only what has changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statusgen import cache
from statusgen.ports import Blob
from statusgen.stores.digests import Digests
from statusgen.stores.directory import DirectoryStore

LATER = 1 << 62


class Remembering:
    """A folder listed with a memory and without, and how many of its files were read for the former."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.memory = path / "site", path / "memory"
        self.read: list[str] = []
        read_bytes = Path.read_bytes

        def note(file: Path) -> bytes:
            if file.is_relative_to(self.folder):
                self.read.append(file.name)
            return read_bytes(file)

        monkeypatch.setattr(Path, "read_bytes", note)
        monkeypatch.setattr(cache, "instant", lambda _: LATER)
        self.plain = DirectoryStore(self.folder, name="file:site", digests=Digests())
        self.plain.write([Blob(key=key, body=key.encode()) for key in ("a", "b/c", "b/d")])

    @property
    def kept(self) -> Path:
        return next(self.memory.glob("listing-*.json"))

    def list(self, prefix: str = "", after: str = "") -> list[str]:
        """List with the memory; hold it against a listing without, and return which files were read."""
        store = DirectoryStore(self.folder, name="file:site", digests=Digests.of_folder(self.folder, self.memory))
        self.read.clear()
        found = store.list(prefix, after)
        read = sorted(self.read)
        assert found == self.plain.list(prefix, after)
        return read


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Remembering:
    return Remembering(tmp_path, monkeypatch)


def test_what_has_not_changed_is_not_read_again(site: Remembering) -> None:
    assert site.list() == ["a", "c", "d"]
    assert site.list() == []
    (site.folder / "a").write_bytes(b"b")
    (site.folder / "b/d").unlink()
    (site.folder / "e").write_bytes(b"e")
    assert site.list() == ["a", "e"]
    assert site.list() == []


def test_a_change_that_keeps_size_and_time_is_seen(site: Remembering) -> None:
    site.list()
    path = site.folder / "a"
    before = path.stat()
    path.write_bytes(b"x")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert site.list() == ["a"]


def test_what_has_just_been_written_is_read_until_it_has_lain_there(
    site: Remembering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "instant", lambda _: (site.folder / "a").stat().st_ctime_ns + 1_000_000_000)
    assert site.list() == site.list() == ["a", "c", "d"]
    monkeypatch.setattr(cache, "instant", lambda _: LATER)
    assert (site.list(), site.list()) == (["a", "c", "d"], [])


def test_part_of_a_listing_uses_what_is_kept_and_leaves_it(site: Remembering) -> None:
    site.list()
    before = site.kept.read_bytes()
    assert site.list("b/") == site.list("", "a") == []
    (site.folder / "b/c").write_bytes(b"changed")
    assert site.list("b/") == ["c"]
    assert site.kept.read_bytes() == before


def test_a_name_that_is_no_text_is_remembered_like_any_other(site: Remembering) -> None:
    name = os.fsdecode(b"\xff")  # as an old archive leaves it
    (site.folder / name).write_bytes(b"x")
    assert site.list() == ["a", "c", "d", name]
    assert site.list() == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b"[" * 100_000, b'{"a":[1]}', b'{"a":7}', b'{"a":[1,2,3,"x"]}']
)
def test_a_memory_that_cannot_be_understood_is_none(site: Remembering, body: bytes) -> None:
    site.list()
    site.kept.write_bytes(body)
    assert site.list() == ["a", "c", "d"]
    assert site.list() == []


def test_without_a_memory_each_is_read_each_time(site: Remembering) -> None:
    site.read.clear()
    site.plain.list()
    site.plain.list()
    assert sorted(site.read) == ["a", "a", "c", "c", "d", "d"]
    assert not site.memory.exists()


changes = st.tuples(st.sampled_from("axy"), st.none() | st.binary(max_size=2))


@settings(max_examples=30)
@given(st.lists(st.lists(changes, max_size=4), max_size=5))
def test_remembering_shows_in_no_listing(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, bytes | None]]]
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        site = Remembering(tmp_path_factory.mktemp("store"), monkeypatch)
        for some in rounds:
            for name, body in some:
                if body is None:
                    (site.folder / name).unlink(missing_ok=True)
                else:
                    (site.folder / name).write_bytes(body)
            site.list()
