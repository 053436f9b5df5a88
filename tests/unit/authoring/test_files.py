"""What is written never takes anything away from what others wrote."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from statusgen.authoring import add, announcements, create, find, take_back


def test_a_new_file_never_replaces_another(tmp_path: Path) -> None:
    create(tmp_path, "content/posts/a.md", "one\n")
    with pytest.raises(FileExistsError):
        create(tmp_path, "content/posts/a.md", "two\n")
    assert (tmp_path / "content/posts/a.md").read_bytes() == b"one\n"


def test_many_people_add_to_a_file_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    create(tmp_path, "a.md", "begin\n")
    pieces = [f"\n## {number}\n{'x' * 2000}\n" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda piece: add(tmp_path, "a.md", piece), pieces))
    text = (tmp_path / "a.md").read_text()
    assert text.startswith("begin\n")
    assert all(text.count(piece) == 1 for piece in pieces)
    assert len(text) == len("begin\n") + sum(map(len, pieces))


def test_what_was_added_is_taken_back_unless_somebody_wrote_below_it(tmp_path: Path) -> None:
    create(tmp_path, "a.md", "begin\n")
    add(tmp_path, "a.md", "more ä\n")
    assert take_back(tmp_path, "a.md", "more ä\n", created=False)
    assert (tmp_path / "a.md").read_text() == "begin\n"
    add(tmp_path, "a.md", "more\n")
    add(tmp_path, "a.md", "others\n")
    assert not take_back(tmp_path, "a.md", "more\n", created=False)
    assert (tmp_path / "a.md").read_text() == "begin\nmore\nothers\n"


def test_what_others_add_while_something_is_taken_back_is_not_lost(tmp_path: Path) -> None:
    create(tmp_path, "a.md", "begin\n" * 20000)

    def write(number: int) -> None:
        for piece in (f"{number}.{time}\n" for time in range(60)):
            add(tmp_path, "a.md", piece)
            if number % 2:
                take_back(tmp_path, "a.md", piece, created=False)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    said = (tmp_path / "a.md").read_text().split("\n")
    assert all(f"{number}.{time}" in said for number in (0, 2) for time in range(60))


def test_an_empty_file_that_somebody_else_made_stays(tmp_path: Path) -> None:
    create(tmp_path, "a.md", "")
    add(tmp_path, "a.md", "all\n")
    assert take_back(tmp_path, "a.md", "all\n", created=False)
    assert (tmp_path / "a.md").read_text() == ""


def test_a_new_file_that_is_taken_back_is_gone(tmp_path: Path) -> None:
    create(tmp_path, "a.md", "all\n")
    assert take_back(tmp_path, "a.md", "all\n", created=True)
    assert not (tmp_path / "a.md").exists()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("2022-12-01-pictures", ["content/incidents/2022-12-01-pictures.md"]),
        ("content/incidents/2022-12-01-pictures.md", ["content/incidents/2022-12-01-pictures.md"]),
        ("Disk", ["content/maintenance/2022-12-02-disk.md"]),
        ("2022-12", ["content/incidents/2022-12-01-pictures.md", "content/maintenance/2022-12-02-disk.md"]),
        ("thanks", []),
        ("", []),
    ],
)
def test_an_announcement_is_found_by_its_name_or_a_part_of_it(wanted: str, found: list[str], tmp_path: Path) -> None:
    for name in ("incidents/2022-12-01-pictures.md", "maintenance/2022-12-02-disk.md", "posts/thanks.md"):
        create(tmp_path, f"content/{name}", "")
    assert find(tmp_path, wanted) == found


def test_what_is_no_announcement_is_never_meant(tmp_path: Path) -> None:
    for name in ("README", "_drafts/disk", ".hidden/disk", "_disk", "db.de", "2022/disk"):
        create(tmp_path, f"content/incidents/{name}.md", "")
    assert announcements(tmp_path) == ["content/incidents/2022/disk.md"]


def test_a_path_means_its_file_whatever_else_has_that_name(tmp_path: Path) -> None:
    for name in ("content/incidents/db.md", "content/maintenance/db.md"):
        create(tmp_path, name, "")
    assert find(tmp_path, "content/maintenance/db.md") == ["content/maintenance/db.md"]
    assert find(tmp_path, "db") == ["content/incidents/db.md", "content/maintenance/db.md"]
    assert announcements(tmp_path) == ["content/incidents/db.md", "content/maintenance/db.md"]


@pytest.mark.parametrize("before", [None, "begin\n"])
def test_what_does_not_fit_on_the_disk_leaves_nothing_behind(
    before: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if before:
        create(tmp_path, "a.md", before)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        (add if before else create)(tmp_path, "a.md", "more\n")
    assert [path.read_text() for path in tmp_path.iterdir()] == ([before] if before else [])
