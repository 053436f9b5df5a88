"""What can be made again, kept on this machine between runs so that it need not be.

Nothing depends on it: what is missing, damaged or not to be written is as if it had never been. Files are told to be
the same by what the system says of them, and only when they have lain there for a while: within the time that a file
system's clock cannot tell apart, one may have been written again.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

VARIABLE = "STATUSGEN_CACHE"
"""Names the folder; empty for none."""

_SYSTEMD = "CACHE_DIRECTORY"
_USUAL = "XDG_CACHE_HOME"
_STAMP = "now"
_SETTLED_NS = 2_000_000_000
"""Nanoseconds that a file lies there unchanged before it is known by its signature; FAT counts by two seconds."""


class Signature(NamedTuple):
    """What changes when a file does: nanoseconds of its last writing and of its last change, its bytes, its number."""

    written: int
    changed: int
    size: int
    number: int


def signature(found: os.stat_result) -> Signature:
    """Return the signature of a file from what the system says of it."""
    return Signature(found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


def is_settled(one: Signature, begun: int) -> bool:
    """Return whether a file that had this signature at an instant cannot be changed from then on and keep it."""
    return max(one.written, one.changed) < begun - _SETTLED_NS


def instant(folder: Path) -> int:
    """Return the present instant in nanoseconds by the file system's own clock; 0 when it keeps nothing there."""
    stamp = folder / _STAMP
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stamp.write_bytes(b"")
        return stamp.stat().st_mtime_ns
    return 0


def folder_for(root: Path) -> Path | None:
    """Return where to keep things for the project in a folder; None where there is no place for them."""
    if VARIABLE in os.environ:
        given = os.environ[VARIABLE]
        return Path(given).absolute() / _name(root) if given else None
    for name, below in ((_SYSTEMD, ""), (_USUAL, "statusgen")):
        given = os.environ.get(name, "").partition(":")[0]
        if Path(given).is_absolute():  # all else is to be ignored, by the XDG Base Directory Specification
            return Path(given) / below / _name(root)
    with suppress(RuntimeError):  # nobody knows where home is
        return Path.home() / ".cache" / "statusgen" / _name(root)
    return None


def load(path: Path) -> bytes | None:
    """Return what is kept in a file."""
    with suppress(OSError):
        return path.read_bytes()
    return None


def keep(path: Path, body: bytes) -> None:
    """Keep something in a file, for its owner alone, in one piece or not at all."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            partial.touch(mode=0o600, exist_ok=False)
            partial.write_bytes(body)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def _name(root: Path) -> str:
    return hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
