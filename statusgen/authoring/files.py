"""Writing announcements: a new file never replaces another, and an update is one write at the end of its file.

Two people who add to a file at the same time both get their lines in; what somebody has open in an editor is for the
editor to merge.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

FOLDERS = {"incident": "incidents", "maintenance": "maintenance", "post": "posts"}
"""The folder below `content/` for each kind of announcement."""


def create(root: Path, name: str, text: str) -> None:
    """Write a new file; raises `FileExistsError` when there is one of that name already."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def add(root: Path, name: str, text: str) -> None:
    """Add text at the end of a file, in one write."""
    descriptor = os.open(root / name, os.O_WRONLY | os.O_APPEND)
    try:
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def take_back(root: Path, name: str, text: str) -> bool:
    """Remove text that was added at the end of a file; return False when something else has been added since."""
    path, added = root / name, text.encode()
    with path.open("r+b") as file:
        body = file.read()
        if not body.endswith(added):
            return False
        file.truncate(len(body) - len(added))
    if len(body) == len(added):
        path.unlink()
    return True


def find(root: Path, wanted: str) -> Sequence[str]:
    """Return the announcements whose name is what is wanted, or else those whose name contains it, in name order.

    `wanted` may be a slug, a part of one, or the path of a file.
    """
    kinds = ("incident", "maintenance")
    names = sorted(
        path.relative_to(root).as_posix() for kind in kinds for path in (root / "content" / FOLDERS[kind]).rglob("*.md")
    )
    slug = wanted.removesuffix(".md").rpartition("/")[2].lower()
    exact = [name for name in names if Path(name).stem == slug]
    return exact or [name for name in names if slug and slug in Path(name).stem]
