"""What can be learned of one place for objects by trying it, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from statusgen.model.providers import Condition

TYPE = "text/calendar; charset=utf-8"
"""What is sent as `Content-Type` of the object that tries a bucket: a kind that servers guess wrong."""
CACHE = "public, max-age=47"
"""What is sent as its `Cache-Control`."""

PlaceRole = Literal["site", "state"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody without a key got: a status, 0 when nothing answered, and the headers that matter."""

    status: int = 0
    content_type: str = ""
    cache_control: str = ""
    allow_origin: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What one place did when it was tried.

    `trouble` says why it could not be tried to the end, `refused` that the place itself said no. `stored_type` and
    `stored_cache` are the headers that the object kept. `public` is the object as
    anybody got it through the public address, `own` from the bucket itself, `page` the front page
    by its name, `top` by the bare address, `listing` a listing. `left` is the key of an object that could not be
    taken away again.
    """

    name: str
    role: PlaceRole
    provider: str = ""
    trouble: str = ""
    refused: bool = False
    if_none_match: Condition = Condition.UNPROVEN
    if_match: Condition = Condition.UNPROVEN
    stored_type: str = ""
    stored_cache: str = ""
    public: Answer = field(default_factory=Answer)
    own: Answer = field(default_factory=Answer)
    page: Answer = field(default_factory=Answer)
    top: Answer = field(default_factory=Answer)
    listing: Answer = field(default_factory=Answer)
    left: str = ""
