"""Files as text: found by name, guarded against what would break silently further on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from statusgen.errors import Place, Problem

SIZE_LIMIT = 64 * 1024
"""Bytes in a file; more is a mistake, and some Markdown takes time out of all proportion."""

_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def list_files(root: Path, folder: str) -> Iterator[str]:
    """Yield the files below a folder, relative to the root, in name order; hidden ones and `_drafts` are left out."""
    yield from sorted(_files(root, folder))


def _files(root: Path, folder: str) -> Iterator[str]:
    """Yield the files below a folder, in no order. Folders that are links are not entered, nor those that are shut."""
    try:
        entries = list(os.scandir(root / folder))
    except OSError:
        return
    for entry in entries:
        if entry.name[0] in "._":
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(root, f"{folder}/{entry.name}")
        elif entry.is_file():
            yield f"{folder}/{entry.name}"


def read_source(root: Path, name: str, found: list[Problem]) -> str | None:
    """Return a file's text with LF line ends; None, and a problem in `found`, when there is no sense in reading on."""
    data = _bytes(root, name, found)
    if data is None:
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        at = _place(name, data[: error.start].decode("utf-8"))
        found.append(
            Problem(at, "", f"expected UTF-8, got the byte 0x{data[error.start]:02x}", "save the file as UTF-8")
        )
        return None
    text = _without_mark(name, text, found)
    text = _with_plain_line_ends(name, text, found)
    if match := _UNPRINTABLE.search(text):
        at = _place(name, text[: match.start()])
        found.append(Problem(at, "", f"an invisible control character, U+{ord(match[0]):04X}", "delete it"))
        return None
    return text


def _bytes(root: Path, name: str, found: list[Problem]) -> bytes | None:
    try:
        with open(f"{root}/{name}", "rb") as file:  # noqa: PTH123 - there may be thousands
            data = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        found.append(Problem(Place(name), "", f"the file cannot be read: {why}"))
        return None
    if len(data) > SIZE_LIMIT:
        found.append(Problem(Place(name), "", "the file is larger than 64 KiB", "split it, or link to what is so long"))
        return None
    return data


def _without_mark(name: str, text: str, found: list[Problem]) -> str:
    if not text.startswith("\ufeff"):
        return text
    found.append(
        Problem(Place(name, 1, 1), "", "the file starts with a byte order mark", "save it as UTF-8 without BOM")
    )
    return text[1:]


def _with_plain_line_ends(name: str, text: str, found: list[Problem]) -> str:
    if "\r" not in text:
        return text
    found.append(
        Problem(
            _place(name, text[: text.index("\r")]),
            "",
            "the line ends with CR or CRLF, as on Windows",
            "save the file with LF line ends; in Git, '* text=auto eol=lf' in .gitattributes keeps it so",
        )
    )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _place(name: str, before: str) -> Place:
    """Return the place that follows a stretch of text."""
    return Place(name, before.count("\n") + 1, len(before) - before.rfind("\n"))
