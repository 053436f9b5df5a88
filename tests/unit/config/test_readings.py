"""What is remembered of a file is what reading it again would give, and nothing that lies in a cache can do harm."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statusgen import cache
from statusgen.config import Readings, load, readings
from statusgen.errors import ProjectError
from statusgen.model.announcement import Announcement
from statusgen.probes import KINDS
from tests.pictures import png
from tests.unit.config.conftest import CHECKS, SETTINGS

T = TypeVar("T")
R = TypeVar("R")

INCIDENT = """\
---
title: {title}
started: 2022-11-23T17:41Z
impact: minor
affects: [web]
aliases: [before-{title}]
---
We are looking.

## 2022-11-23T18:00Z resolved
It is over.
"""
MAINTENANCE = """\
---
title: {title}
announced: 2022-11-20T10:00Z
starts: 2022-12-01T06:00Z
ends: 2022-12-01T10:00Z
{more}---
The database moves.
"""
POST = "---\ntitle: {title}\npublished: 2022-11-25T10:00Z\npinned: true\n---\nThank you.\n"


class Counting:
    """A crew that counts what it reads."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def each(self, work: Callable[[T], R], things: Sequence[T]) -> Sequence[R]:
        self.read += [thing[0] for thing in things]  # type: ignore[index]  # a file by its name
        return [work(thing) for thing in things]


class Folder:
    """A project whose files lie there for as long as it takes, and a cache beside it."""

    def __init__(self, path: Path, engine: str = "1.0") -> None:
        self.root, self.kept, self.engine = path / "project", path / "cache", engine
        self.clock = 1_000
        self.write("statusgen.yaml", SETTINGS)
        self.write("checks/web.yaml", CHECKS)

    def write(self, name: str, text: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def load(self, *, remembering: bool = True) -> tuple[Sequence[Announcement] | Sequence[str], list[str]]:
        """Return the announcements, or what is wrong, and which files were read."""
        crew = Counting()
        remembered = Readings(self.kept, self.engine) if remembering else Readings()
        try:
            return load(self.root, kinds=KINDS, crew=crew, readings=remembered).announcements, crew.read
        except ProjectError as error:
            return [str(one) for one in error.problems], crew.read


@pytest.fixture(autouse=True)
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every file have lain there for an hour."""
    monkeypatch.setattr(cache, "instant", lambda _: 1 << 62)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path)
    made.write("content/incidents/one.md", INCIDENT.format(title="one"))
    made.write("content/incidents/two.md", INCIDENT.format(title="two"))
    made.write("content/maintenance/move.md", MAINTENANCE.format(title="Move", more=""))
    made.write("content/posts/thanks.md", POST.format(title="Thanks"))
    return made


ALL = ["content/incidents/one.md", "content/incidents/two.md", "content/maintenance/move.md", "content/posts/thanks.md"]


def test_what_has_not_changed_is_not_read_again_and_is_the_same(folder: Folder) -> None:
    first, read = folder.load()
    assert read == ALL
    assert len(first) == 4
    assert folder.load() == (first, [])
    assert folder.load(remembering=False) == (first, ALL)


def test_what_was_changed_added_renamed_or_deleted_is_seen(folder: Folder) -> None:
    folder.load()
    folder.write(ALL[0], INCIDENT.format(title="uno"))
    folder.write("content/incidents/three.md", INCIDENT.format(title="three"))
    (folder.root / ALL[1]).rename(folder.root / "content/incidents/zwei.md")
    (folder.root / ALL[3]).unlink()
    found, read = folder.load()
    assert read == [ALL[0], "content/incidents/three.md", "content/incidents/zwei.md"]
    assert [one.title for one in found] == ["uno", "three", "two", "Move"]  # type: ignore[union-attr]
    assert folder.load() == (found, [])


def test_a_change_that_keeps_size_and_time_is_seen(folder: Folder) -> None:
    folder.load()
    path = folder.root / ALL[0]
    before = path.stat()
    path.write_text(INCIDENT.format(title="uno"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert folder.load()[1] == [ALL[0]]


def test_what_was_only_touched_is_known_by_its_content(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = folder.load()
    for name in ALL:
        os.utime(folder.root / name, (1, 1))
    looked: list[str] = []
    digest = readings._digest
    monkeypatch.setattr(readings, "_digest", lambda root, name: looked.append(name) or digest(root, name))
    assert folder.load() == (first, [])
    assert {*looked} == {*ALL}
    looked.clear()
    assert folder.load() == (first, [])
    assert looked == [], "from then on by its new signature"


def test_what_has_just_been_written_is_not_known_by_its_signature(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = (folder.root / ALL[0]).stat().st_ctime_ns
    monkeypatch.setattr(cache, "instant", lambda _: newest + 1_000_000_000)
    first, _ = folder.load()
    assert folder.load() == (first, ALL)
    monkeypatch.setattr(cache, "instant", lambda _: 1 << 62)
    folder.load()
    os.utime(folder.root / ALL[0], (1, 1))
    monkeypatch.setattr(cache, "instant", lambda _: newest + 1_000_000_000)
    assert folder.load() == (first, []), "its content is the same"
    assert folder.load() == (first, [])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("statusgen.yaml", "site: {name: Hachyderm, url: https://status.example.org}\n"),
        ("statusgen.yaml", "site: {name: Hachyderm, language: de}\n"),
        ("checks/web.yaml", CHECKS + "  - {id: queues, name: Queues}\n"),
    ],
)
def test_when_anything_that_reading_depends_on_changes_all_are_read(folder: Folder, name: str, text: str) -> None:
    folder.load()
    folder.write(name, text)
    assert folder.load()[1] == ALL
    folder.engine = "1.1"
    assert folder.load()[1] == ALL
    assert folder.load()[1] == []


def test_what_is_wrong_is_told_each_time_and_what_has_more_behind_it_is_read_each_time(folder: Folder) -> None:
    folder.write("content/posts/picture.md", POST.format(title="Picture") + "\n![The rack](rack.png)\n")
    folder.write("content/posts/rack.png", png(2, 2))
    folder.write(
        "content/maintenance/again.md", MAINTENANCE.format(title="Again", more="repeats: FREQ=WEEKLY\nzone: UTC\n")
    )
    found, _ = folder.load()
    assert folder.load() == (found, ["content/maintenance/again.md", "content/posts/picture.md"])
    folder.write("content/posts/wrong.md", "no front matter")
    told, _ = folder.load()
    assert "content/posts/wrong.md:1:1" in str(told[0])
    again, read = folder.load()
    assert again == told
    assert "content/posts/wrong.md" in read


def test_translations_are_put_to_what_is_remembered(folder: Folder) -> None:
    folder.write("statusgen.yaml", "site: {name: Hachyderm, languages: [de]}\n")
    folder.load()
    folder.write("content/posts/thanks.de.md", "---\ntitle: Danke\n---\nDanke euch.\n")
    found, read = folder.load()
    assert read == []
    assert found[-1].translations["de"].title == "Danke"  # type: ignore[union-attr]
    assert (found, ALL) == folder.load(remembering=False)


def test_heaps_are_put_together_and_do_not_grow_in_number(folder: Folder) -> None:
    for number in range(450):
        folder.write(f"content/incidents/old-{number:03d}.md", INCIDENT.format(title=f"old-{number}"))
    folder.load()
    for number in range(30):
        folder.write(f"content/incidents/new-{number}.md", INCIDENT.format(title=f"new-{number}"))
        assert folder.load()[1] == [f"content/incidents/new-{number}.md"]
    heaps = pickle.loads((folder.kept / "content.pickle").read_bytes())[1]
    assert len(heaps) <= 4
    assert folder.load()[1] == []
    for number in range(440):
        (folder.root / f"content/incidents/old-{number:03d}.md").unlink()
    folder.write("content/incidents/last.md", INCIDENT.format(title="last"))
    folder.load()
    assert len(pickle.loads((folder.kept / "content.pickle").read_bytes())[1]) == 1


class Hostile:
    """Makes a file when it is unpickled by what trusts it."""

    def __init__(self, witness: Path) -> None:
        self.witness = witness

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.witness,)


def hostile(heap: tuple[Any, ...], one: Hostile) -> Iterator[object]:
    """Yield what may lie where a heap should."""
    names, signatures, digests, body = heap
    yield one
    for wrong in ([one] * len(names), [1] * len(names), [], 7):
        yield names, signatures, digests, pickle.dumps(wrong)
    yield names, signatures, digests, body[:-9]
    yield names, signatures, digests, "text"
    yield names[:-1], signatures, digests, body
    yield [[]] * len(names), signatures, digests, body
    yield names, signatures
    yield 7


def test_whatever_lies_in_the_cache_does_no_harm(folder: Folder, tmp_path: Path) -> None:
    found, _ = folder.load()
    path = folder.kept / "content.pickle"
    good = path.read_bytes()
    key, heaps = pickle.loads(good)
    one = Hostile(tmp_path / "was-here")
    kept = [
        b"",
        b"\x80",
        good[:100],
        good[:-1],
        pickle.dumps(one),
        pickle.dumps((key,)),
        pickle.dumps((key, 7)),
        pickle.dumps((key, one)),
        pickle.dumps({key: heaps}),
    ]
    kept += [pickle.dumps((key, [heap])) for heap in hostile(heaps[0], one)]
    for body in kept:
        path.write_bytes(body)
        assert folder.load() == (found, ALL), body[:60]
    assert not one.witness.exists()
    pickle.loads(pickle.dumps(one))
    assert one.witness.exists(), "it would have been seen"


def test_without_a_place_nothing_is_kept(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = folder.load(remembering=False)
    assert not folder.kept.exists()
    monkeypatch.setattr(cache, "instant", lambda _: 0)
    assert folder.load() == folder.load() == (found, ALL)
    assert not folder.kept.exists()


NAMES = ["incidents/a", "incidents/b", "maintenance/a", "posts/a", "posts/a.de"]
TEXTS = [
    INCIDENT.format(title="one"),
    INCIDENT.format(title="two"),
    MAINTENANCE.format(title="Move", more=""),
    MAINTENANCE.format(title="Move", more="repeats: FREQ=WEEKLY\nzone: UTC\n"),
    POST.format(title="Thanks"),
    "---\ntitle: Danke\n---\nDanke.\n",
    "broken",
]
edits = st.tuples(st.sampled_from(NAMES), st.none() | st.sampled_from(TEXTS))


@settings(max_examples=40)
@given(st.lists(st.lists(edits, max_size=4), max_size=5))
def test_remembering_shows_in_nothing(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, str | None]]]
) -> None:
    folder = Folder(tmp_path_factory.mktemp("project"))
    folder.write("statusgen.yaml", "site: {name: Hachyderm, languages: [de]}\n")
    for some in rounds:
        for name, text in some:
            path = folder.root / f"content/{name}.md"
            if text is None:
                path.unlink(missing_ok=True)
            else:
                folder.write(f"content/{name}.md", text)
        assert folder.load()[0] == folder.load(remembering=False)[0]
