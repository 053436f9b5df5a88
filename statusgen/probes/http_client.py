"""HTTP/1.1 through a fresh httpx client for each exchange, pinned to an address and bounded in size.

Nothing is shared between probes and nothing is taken from the environment: no proxy, no netrc, no cookies, no kept
connection whose certificate was checked for another name.
"""

from __future__ import annotations

import ssl
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import httpcore
import httpx

from statusgen import __version__
from statusgen.probes.http_body import read_bounded
from statusgen.probes.http_expect import Answer
from statusgen.probes.http_transport import PinnedBackend, PinnedTransport
from statusgen.probes.network import TargetError, reason_of
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Family, HttpUrl, Pin

if TYPE_CHECKING:
    from statusgen.probes.http import HttpSpec
    from statusgen.probes.http_headers import Pairs

with suppress(ImportError):
    import_module("anyio._backends._asyncio")  # which httpcore would load within the first probe, as if that were slow

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOVED = frozenset({301, 302})
_SEE_OTHER = 303
_DEFAULT_HEADERS = (
    ("User-Agent", f"statusgen/{__version__}"),
    ("Accept", "*/*"),
    ("Accept-Encoding", "identity"),
    ("Cache-Control", "no-cache"),
    ("Connection", "close"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request; `headers` do not name the host, which follows from the URL."""

    method: str
    url: HttpUrl
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    family: Family | None = None


async def fetch(spec: HttpSpec, private: Pairs, *, trusted: ssl.SSLContext, watch: Stopwatch) -> Answer:
    """Return the first answer that does not redirect, or that is not to be followed; raises `TargetError`.

    `private` headers go to the target's own origin only.
    """
    method, url, body = spec.method, spec.url, spec.body
    for _ in range(spec.redirects + 1):
        request = Request(
            method=method,
            url=url,
            headers=with_defaults(spec.headers + (private if url.origin == spec.url.origin else ())),
            body=None if body is None else body.encode(),
            family=spec.family,
        )
        answer = await exchange(
            request, pin=pin_for(url, pin=spec.connect_to, target=spec.url), trusted=trusted, watch=watch
        )
        if not spec.redirects or answer.status not in _REDIRECTS or "location" not in answer.headers:
            return answer
        try:
            url = url.join(answer.headers["location"])
        except ValueError:
            raise TargetError("bad_response") from None
        if answer.status == _SEE_OTHER or (answer.status in _MOVED and method == "POST"):
            method, body = "GET", None
    raise TargetError("redirect_loop")


def pin_for(url: HttpUrl, *, pin: Pin | None, target: HttpUrl) -> Pin | None:
    """Return where to connect: the pinned address holds for the target's host only, its port for its origin only."""
    if pin is None or url.host != target.host:
        return None
    return pin if url.origin == target.origin else Pin(pin.ip)


def with_defaults(given: Pairs) -> Pairs:
    """Return the headers to send: those given, and our own where none is given."""
    names = {name.lower() for name, _ in given}
    return given + tuple(pair for pair in _DEFAULT_HEADERS if pair[0].lower() not in names)


async def exchange(request: Request, *, pin: Pin | None, trusted: ssl.SSLContext, watch: Stopwatch) -> Answer:
    """Send one request and return its whole answer; raises `TargetError`."""
    async with answering(request, pin=pin, trusted=trusted, watch=watch) as response:
        headers = _joined(response.headers.raw)
        with watch.phase("transfer"):
            body = await read_bounded(response.aiter_raw(), headers.get("content-encoding", ""))
    return Answer(url=request.url, status=response.status_code, headers=headers, body=body)


@asynccontextmanager
async def answering(
    request: Request, *, pin: Pin | None, trusted: ssl.SSLContext, watch: Stopwatch
) -> AsyncIterator[httpx.Response]:
    """Send one request and give the head of its answer, with all that follows still to be read.

    Raises `TargetError`, also for what goes wrong while the answer is read. What is no fault of the target (no file
    descriptor left) is raised as it is.
    """
    backend = PinnedBackend(pin, request.family, watch)
    try:
        async with _answering(request, backend, trusted, watch) as response:
            yield response
    except (httpcore.RemoteProtocolError, httpcore.UnsupportedProtocol, zlib.error) as error:
        raise TargetError("connection_reset" if backend.cut_off else "bad_response") from error
    except (httpcore.NetworkError, httpcore.TimeoutException, OSError) as error:
        reason = reason_of(error) or ("connection_reset" if backend.cut_off else None)
        if reason is None:
            raise
        raise TargetError(reason) from error


@asynccontextmanager
async def _answering(
    request: Request, backend: PinnedBackend, trusted: ssl.SSLContext, watch: Stopwatch
) -> AsyncIterator[httpx.Response]:
    with watch.only_phases():
        asked = _as_httpx(request)
        transport = PinnedTransport(backend, trusted)
        client = httpx.AsyncClient(transport=transport, trust_env=False, timeout=None)  # noqa: S113 - `sweep` has one
    async with client:
        with watch.only_phases():
            response = await client.send(asked, stream=True)
            backend.has_head = True
            backend.upgraded = response.status_code == httpx.codes.SWITCHING_PROTOCOLS
        async with aclosing(response):
            yield response


def _as_httpx(request: Request) -> httpx.Request:
    """Return the same as the library says it; nothing is added that `request` does not say."""
    url = request.url
    return httpx.Request(
        request.method,
        httpx.URL(scheme=url.scheme, host=url.host, port=url.port, raw_path=url.path.encode("ascii")),
        headers=[("Host", url.authority), *request.headers],
        content=request.body,
    )


def _joined(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by lower-case name; those that came more than once in one line (RFC 9110 §5.3)."""
    values: dict[str, list[str]] = {}
    for name, value in raw:
        values.setdefault(name.decode("ascii").lower(), []).append(value.decode("latin-1"))
    return {name: ", ".join(texts) for name, texts in values.items()}
