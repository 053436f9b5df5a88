"""Names what reads announcements and draws pages, our own code and the libraries below it: what another
engine makes of the same may be different.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = (
    "babel",
    "jinja2",
    "markdown-it-py",
    "markupsafe",
    "mdit-py-plugins",
    "mdurl",
    "pydantic",
    "pyyaml",
    "tzdata",
)
"""What announcements are read and pages drawn with, besides Python itself."""

_PACKAGE = Path(__file__).parent
_OURS = ("config", "model", "render", "values.py")
"""What of us reads and draws. All else decides what is on a page, which is then part of what that is made of."""


@cache
def engine() -> str:
    """Return a name that is another one as soon as one of the files or libraries is."""
    digest = hashlib.blake2b(sys.version.encode(), digest_size=16)
    for name in LIBRARIES:
        digest.update(f"{name} {_version(name)}\n".encode())
    for path in sorted(path for part in _OURS for path in _files(_PACKAGE / part)):
        body = path.read_bytes()
        digest.update(f"{path.relative_to(_PACKAGE).as_posix()} {len(body)}\n".encode() + body)
    return digest.hexdigest()


def _files(part: Path) -> Iterable[Path]:
    return [part] if part.is_file() else part.rglob("*.py")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # as when somebody has put us together without metadata
        return ""
