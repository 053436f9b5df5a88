"""What can be made again is kept where the machine says, for its owner alone, and never in the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from statusgen import cache
from statusgen.cache import Signature

VARIABLES = ("STATUSGEN_CACHE", "CACHE_DIRECTORY", "XDG_CACHE_HOME")
SECOND = 1_000_000_000


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/nova")


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({}, "/home/nova/.cache/statusgen"),
        ({"XDG_CACHE_HOME": "/var/tmp/x"}, "/var/tmp/x/statusgen"),
        ({"XDG_CACHE_HOME": ""}, "/home/nova/.cache/statusgen"),
        ({"XDG_CACHE_HOME": "relative"}, "/home/nova/.cache/statusgen"),
        ({"CACHE_DIRECTORY": "/var/cache/a:/var/cache/b", "XDG_CACHE_HOME": "/x"}, "/var/cache/a"),
        ({"STATUSGEN_CACHE": "/srv/cache", "CACHE_DIRECTORY": "/var/cache/a"}, "/srv/cache"),
    ],
)
def test_the_folder_is_where_the_machine_says(
    environment: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = cache.folder_for(tmp_path)
    assert found is not None
    assert str(found.parent) == folder
    assert found == cache.folder_for(tmp_path / "." / "x" / "..")
    assert found != cache.folder_for(tmp_path / "other")


def test_a_relative_folder_counts_from_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STATUSGEN_CACHE", ".cache/statusgen")
    found = cache.folder_for(tmp_path)
    assert found is not None
    assert found.parent == tmp_path / ".cache/statusgen"


def test_there_may_be_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert cache.folder_for(tmp_path) is None
    monkeypatch.setenv("STATUSGEN_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert cache.folder_for(tmp_path) is None


def test_what_is_kept_is_for_its_owner_alone_and_in_one_piece(tmp_path: Path) -> None:
    path = tmp_path / "deep/folder/file"
    assert cache.load(path) is None
    cache.keep(path, b"one")
    cache.keep(path, b"two")
    assert cache.load(path) == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["file"]


def test_where_nothing_can_be_kept_nothing_is_and_nobody_minds(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache.keep(tmp_path / "file/below", b"lost")
    assert cache.load(tmp_path / "file/below") is None
    assert cache.instant(tmp_path / "file") == 0
    (tmp_path / "folder/kept").mkdir(parents=True)
    cache.keep(tmp_path / "folder/kept", b"lost")
    assert [one.name for one in (tmp_path / "folder").iterdir()] == ["kept"], "nothing is left of what failed"


def test_the_instant_is_that_of_the_file_system(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    first = cache.instant(folder)
    other = tmp_path / "other"
    other.write_text("now")
    assert first <= other.stat().st_mtime_ns <= cache.instant(folder)


def test_a_signature_changes_with_the_content_and_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("one")
    before = path.stat()
    assert cache.signature(path.stat()) == cache.signature(before)
    path.write_text("two")
    os.utime(path, ns=(before.st_mtime_ns, before.st_mtime_ns))
    other = tmp_path / "b"
    other.write_text("one")
    assert len({cache.signature(one.stat())[1:] for one in (path, other)} | {cache.signature(before)[1:]}) == 3


@pytest.mark.parametrize(
    ("written", "changed", "settled"), [(0, 0, True), (9, 0, False), (0, 9, False), (8, 8, False), (7, 7, True)]
)
def test_only_what_has_lain_there_for_two_seconds_is_settled(written: int, changed: int, settled: bool) -> None:
    assert cache.is_settled(Signature(written * SECOND, changed * SECOND, 1, 1), 10 * SECOND) is settled
    assert not cache.is_settled(Signature(written * SECOND, changed * SECOND, 1, 1), 0)
