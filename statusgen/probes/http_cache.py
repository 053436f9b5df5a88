"""Whether a cache answered in the origin's place, as the headers of an answer tell.

nginx, as Mastodon ships its configuration, goes on answering from its cache while the origin is dead, and so do most
content networks. Such an answer proves that the edge is there and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

UNPROVEN = "origin_unproven"

_TELLING = ("x-cached", "x-cache", "x-cache-status", "x-proxy-cache", "cf-cache-status")
_FROM_CACHE = re.compile(r"(?<![A-Z])(?<!REFRESH_)(?:HIT|STALE|UPDATING)(?![A-Z_])", re.IGNORECASE)
_REVALIDATED = re.compile(r"(?<![A-Z])(?:REVALIDATED|REFRESH_?HIT)(?![A-Z_])", re.IGNORECASE)
_HIT = re.compile(r";\s*hit\s*(?:[;,]|$)", re.IGNORECASE)


def from_cache(headers: Mapping[str, str]) -> bool:
    """Return whether an answer came out of a cache, by its headers in lower case.

    A cache's word for it counts (nginx's and Cloudflare's `HIT`, `STALE`, `UPDATING`, and RFC 9211), and so does an
    `Age` above 0. One that asked the origin first, and was told that nothing has changed, has proven the origin.
    """
    told = [headers[name] for name in _TELLING if name in headers]
    if any(_FROM_CACHE.search(text) for text in told) or _HIT.search(headers.get("cache-status", "")):
        return True
    aged = any(int(age) for age in re.findall(r"[0-9]{1,10}", headers.get("age", "")))
    return aged and not any(_REVALIDATED.search(text) for text in told)
