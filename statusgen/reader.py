"""Asks for files as any reader would, through the public address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx

from statusgen import __version__
from statusgen.ports import Reply

PATIENCE = 10.0
"""Seconds for a connection, and for each piece of an answer."""

MOST_BYTES = 4 * 1024 * 1024
"""Of one answer; no file of a site that is asked for is larger."""

_AT_ONCE = 8


class WebReader:
    """A reader with a connection to the internet, and no memory: nothing is cached on this side."""

    def get(self, urls: Sequence[str]) -> Mapping[str, Reply]:
        """Return what is answered to each address, redirects followed."""
        headers = {"User-Agent": f"statusgen/{__version__}"}
        with (
            httpx.Client(timeout=PATIENCE, follow_redirects=True, headers=headers) as client,
            ThreadPoolExecutor(_AT_ONCE) as pool,
        ):
            return dict(zip(urls, pool.map(lambda url: _get(client, url), urls), strict=True))


def _get(client: httpx.Client, url: str) -> Reply:
    try:
        with client.stream("GET", url) as answer:
            body = b""
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > MOST_BYTES:
                    return Reply(trouble="the answer does not end")
    except httpx.TimeoutException:
        return Reply(trouble=f"no answer within {PATIENCE:.0f} s")
    except httpx.HTTPError as error:
        return Reply(trouble=_reason(error))
    age = answer.headers.get("Age", "")
    return Reply(
        status=answer.status_code,
        body=body,
        content_type=answer.headers.get("Content-Type", ""),
        cache_control=answer.headers.get("Cache-Control", ""),
        age=int(age) if age.isdecimal() else None,
        encoding=answer.headers.get("Content-Encoding", ""),
    )


def _reason(error: httpx.HTTPError) -> str:
    """Return what went wrong, in words of ours: a library's may quote what it was sent."""
    told = str(error).lower()
    if "certificate" in told:
        return "the certificate is not valid for this address"
    if "name or service" in told or "nodename" in told or "temporary failure in name" in told:
        return "the name is not in the DNS"
    if isinstance(error, httpx.TooManyRedirects):
        return "the redirects do not end"
    if isinstance(error, httpx.ConnectError):
        return "the connection was refused, or nothing is there"
    return "the answer broke off, or is no HTTP"
