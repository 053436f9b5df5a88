"""Checks as people write them, and what reading them says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from statusgen.probes import KINDS
from statusgen.probes.redis_target import RedisAddress
from statusgen.probes.targets import HttpUrl

MINUTE = timedelta(minutes=1)
CACHE = RedisAddress(host="cache")
SITE = HttpUrl("https", "example.org", 443, "/")
HTTP = {"http": "https://example.org"}
STREAM = {"websocket": "wss://example.org"}
SOCIAL = {"mastodon": "https://example.org"}


def spec_of(keys: dict[str, Any]) -> Any:
    """Return what the prober of a check is told."""
    return document_of(keys).spec()


def document_of(keys: dict[str, Any]) -> Any:
    """Return a check as read; its first key names its kind."""
    return KINDS[next(iter(keys))].document.model_validate(keys)


def problem_of(keys: dict[str, Any]) -> tuple[str, str]:
    """Return what the one mistake says, and its hint."""
    with pytest.raises(ValidationError) as raised:
        document_of(keys)
    (error,) = raised.value.errors()
    return error["ctx"]["message"], error["ctx"]["hint"]
