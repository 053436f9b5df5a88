"""Writing announcements: a new file never replaces another, and an update is one write at the end of its file.

Two people who add to a file at the same time both get their lines in; what somebody has open in an editor is for the
editor to merge.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import BinaryIO, Literal

if sys.platform != "win32":
    import fcntl

FOLDERS = {"incident": "incidents", "maintenance": "maintenance", "post": "posts"}
"""The folder below `content/` for each kind of announcement."""


def create(root: Path, name: str, text: str) -> None:
    """Write a new file, whole or not at all; raises `FileExistsError` when there is one of that name already."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, "xb", text.encode())


def add(root: Path, name: str, text: str) -> None:
    """Add text at the end of a file, in one write, whole or not at all."""
    _write(root / name, "ab", text.encode())


def take_back(root: Path, name: str, text: str, *, created: bool) -> bool:
    """Remove text that was added at the end of a file; return False when something else has been added since.

    A file that was `created` for that text goes with it.
    """
    return _remove(root / name, text.encode(), created=created)


def _write(path: Path, mode: Literal["xb", "ab"], data: bytes) -> None:
    """Write to the disk; what got there before it failed is removed again."""
    done, safe = None, False
    try:
        with path.open(mode, buffering=0) as file, _alone(file):
            done = 0
            done = file.write(data)
            os.fsync(file.fileno())
            safe = done == len(data)
    finally:
        if done is not None and not safe:
            _remove(path, data[:done], created=mode == "xb")
    if not safe:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def _alone(file: BinaryIO | FileIO) -> Iterator[None]:
    """Keep others who add to a file or take something back waiting; where the system cannot, it is left to luck."""
    if sys.platform != "win32":
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
    yield  # closing the file lets go


def _remove(path: Path, end: bytes, *, created: bool) -> bool:
    """Remove the end of a file, and one that was created for it when nothing else is in it."""
    with path.open("r+b") as file, _alone(file):
        body = file.read()
        if not body.endswith(end):
            return False
        file.truncate(len(body) - len(end))
    if created and len(body) == len(end):
        path.unlink()
    return True


def announcements(root: Path) -> Sequence[str]:
    """Return the files of incidents and maintenance, in name order: what may be updated.

    Translations may not, nor what is no announcement: what is hidden, drafts below `_drafts`, and a README.
    """
    folders = (root / "content" / FOLDERS[kind] for kind in ("incident", "maintenance"))
    found = (path.relative_to(root) for folder in folders for path in folder.rglob("*.md") if "." not in path.stem)
    return sorted(path.as_posix() for path in found if path.name != "README.md" and not _is_hidden(path))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts)


def find(root: Path, wanted: str) -> Sequence[str]:
    """Return the announcements that are meant: by their path, else by their name, else by a part of it.

    A path counts from the project's folder or, as a shell completes it, from where one is.
    """
    names = announcements(root)
    here = Path(os.path.relpath(Path(wanted).resolve(), root.resolve())).as_posix()
    for path in (wanted, here):
        if path in names:
            return [path]
    slug = wanted.removesuffix(".md").lower()
    exact = [name for name in names if Path(name).stem == slug]
    return exact or [name for name in names if slug and slug in Path(name).stem]
