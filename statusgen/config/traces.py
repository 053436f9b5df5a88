"""Where in a project's files stands what must not get onto the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from statusgen.config.source import list_files
from statusgen.errors import Place
from statusgen.publish.leaks import INTERNAL_HOST, PRIVATE_ADDRESS, Search

_SETTINGS = "statusgen.yaml"
_WRITTEN = ("content", "themes")
_INSIDE = frozenset({INTERNAL_HOST, PRIVATE_ADDRESS})
"""What has its place in checks and settings, which no reader sees."""

_MOST_BYTES = 1024 * 1024


def traces(root: Path, search: Search, *, everything: bool = True) -> Iterator[tuple[Place, str]]:
    """Yield each line that holds something that must not leave, and what that is; never the value.

    `everything` includes checks and settings, of which only secrets are told: hosts and their addresses belong there.
    """
    for folder in _WRITTEN:
        for name in list_files(root, folder):
            yield from _in_file(root, name, search)
    if everything:
        for name in (_SETTINGS, *list_files(root, "checks")):
            yield from (found for found in _in_file(root, name, search) if found[1] not in _INSIDE)


def _in_file(root: Path, name: str, search: Search) -> Iterator[tuple[Place, str]]:
    try:
        with (root / name).open("rb") as file:
            body = file.read(_MOST_BYTES)
    except OSError:
        return
    if not any(True for _ in search.found_in(body)):
        return
    for number, line in enumerate(body.split(b"\n"), start=1):
        for what in sorted(set(search.found_in(line))):
            yield Place(name, number, 1), what
