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

    `path` has no slash at either end. `timely`: its bytes carry the time of the run.
    """

    path: str
    body: bytes
    content_type: str
    cache_control: str
    stage: Stage = Stage.PAGE
    timely: bool = False
