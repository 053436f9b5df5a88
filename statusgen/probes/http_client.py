"""HTTP/1.1 by httpcore over a fresh connection for each exchange, pinned to an address and bounded in size.

Nothing is shared between probes and nothing is taken from the environment: no proxy, no netrc, no cookies, no kept
connection whose certificate was checked for another name.
"""

from __future__ import annotations

import ssl
import zlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpcore

from statusgen import __version__
from statusgen.probes.http_body import read_bounded
from statusgen.probes.http_expect import Answer
from statusgen.probes.network import TargetError, addresses_of, first_connected, reason_of
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.streams import Backend
from statusgen.probes.targets import Family, HttpUrl, Pin

if TYPE_CHECKING:
    from statusgen.probes.http import HttpSpec
    from statusgen.probes.http_headers import Pairs

LARGEST_HEADS = 256 * 1024
"""Bytes that may come before the answer's own head is complete: of it, and of interim answers before it."""

with suppress(ImportError):
    import_module("anyio._backends._asyncio")  # which its locks would load within the first probe, as if that were slow

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOVED = frozenset({301, 302})
_SEE_OTHER = 303
_WITH_LENGTH = frozenset({"POST", "PUT", "PATCH"})
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


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the pinned address instead of asking the DNS, and times the way there.

    The URL, the Host header, the name sent in the handshake and the one that the certificate is checked for stay real.
    """

    def __init__(self, pin: Pin | None, family: Family | None, watch: Stopwatch) -> None:
        self._pin = pin
        self._family = family
        self._watch = watch
        self._inner = Backend()
        self._heard = 0
        self._ended = False
        self.has_head = False

    @property
    def cut_off(self) -> bool:
        """Whether the other side ended the connection before its first byte or within the body.

        Some bytes that never made up a head are not that: they are something else than HTTP.
        """
        return self._ended and (self.has_head or not self._heard)

    def count(self, data: bytes) -> None:
        """Note what was read from the connection; nothing means that it ended."""
        self._heard += len(data)
        self._ended = not data
        if not self.has_head and self._heard > LARGEST_HEADS:
            raise httpcore.RemoteProtocolError("too much before the head of an answer")

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return the connection."""
        addresses = await addresses_of(host, self._pin, self._watch, self._family)
        to_port = self._pin.port or port if self._pin else port

        async def connect(address: str) -> httpcore.AsyncNetworkStream:
            return await self._inner.connect_tcp(address, to_port, timeout, local_address, socket_options)

        with self._watch.phase("connect"):
            return _Stream(await first_connected(addresses, connect), self)

    async def start_tls(self, stream: httpcore.AsyncNetworkStream, **options: Any) -> httpcore.AsyncNetworkStream:
        """Return the connection after its handshake."""
        with self._watch.phase("tls"):
            try:
                return _Stream(await stream.start_tls(**options), self)
            except BaseException as error:
                # The library leaves the connection open when it is cancelled here.
                await stream.aclose()
                self._ended = reason_of(error) is None
                raise


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that tells its backend about the handshake, and when the other side ended it."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, backend: PinnedBackend) -> None:
        self._inner = inner
        self._backend = backend

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as above
        data = await self._inner.read(max_bytes, timeout)
        self._backend.count(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as above
    ) -> httpcore.AsyncNetworkStream:
        return await self._backend.start_tls(
            self._inner, ssl_context=ssl_context, server_hostname=server_hostname, timeout=timeout
        )

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


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
        headers = _joined(response.headers)
        with watch.phase("transfer"):
            body = await read_bounded(response.aiter_stream(), headers.get("content-encoding", ""))
    return Answer(url=request.url, status=response.status, headers=headers, body=body)


@asynccontextmanager
async def answering(
    request: Request, *, pin: Pin | None, trusted: ssl.SSLContext, watch: Stopwatch
) -> AsyncIterator[httpcore.Response]:
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
) -> AsyncIterator[httpcore.Response]:
    url, began, known = request.url, watch.elapsed_ms, watch.phases_ms
    target = httpcore.URL(scheme=url.scheme, host=url.host, port=url.port, target=url.path)
    asked = httpcore.Request(request.method, target, headers=_sent(request), content=request.body)
    connection = httpcore.AsyncHTTPConnection(target.origin, ssl_context=trusted, network_backend=backend)
    try:
        response = await connection.handle_async_request(asked)
        backend.has_head = True
        watch.add("first_byte", watch.elapsed_ms - began - (watch.phases_ms - known))
        yield response
    finally:
        await connection.aclose()


def _sent(request: Request) -> Pairs:
    """Return every header that is sent."""
    body = request.body or b""
    length = (("Content-Length", str(len(body))),) if body or request.method in _WITH_LENGTH else ()
    return (("Host", request.url.authority), *request.headers, *length)


def _joined(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by lower-case name; those that came more than once in one line (RFC 9110 §5.3)."""
    values: dict[str, list[str]] = {}
    for name, value in raw:
        values.setdefault(name.decode("ascii").lower(), []).append(value.decode("latin-1"))
    return {name: ", ".join(texts) for name, texts in values.items()}
