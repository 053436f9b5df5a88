"""Rendered files, and the order in which they may be sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Stage(IntEnum):
    """When an artifact is sent: a later stage may refer to an earlier one, never the other way round."""

    ASSET = 1
    PAGE = 2
    FEED = 3
    FRONT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """One file of the site with its headers.

    `path` has no slash at either end. `parts` are its bytes in pieces, so that thousands of pages hold the style and
    the script that are the same in all of them once. `timely`: its bytes carry the time of the run. `fingerprint` is a
    digest of all that it is made of, where that is known. `kept`: the target holds it as it would be drawn from that;
    it was not, and has no parts.
    """

    path: str
    parts: tuple[bytes, ...]
    content_type: str
    cache_control: str
    stage: Stage = Stage.PAGE
    timely: bool = False
    fingerprint: str = ""
    kept: bool = False

    @property
    def body(self) -> bytes:
        """Its bytes as they are sent."""
        return b"".join(self.parts)

    @property
    def size(self) -> int:
        """The number of its bytes."""
        return sum(map(len, self.parts))
