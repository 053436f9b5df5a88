"""What an httpx client's requests travel over: one connection to a pinned address, timed, counted and never kept.

httpx offers no place for a network backend, so `PinnedTransport` stands where its own transport would. Below it are
httpcore, which knows HTTP/1.1 and which httpx itself stands on, and asyncio's connections. Errors are httpcore's.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, cast

import httpcore
import httpx

from statusgen.probes.http_body import LARGEST_BODY
from statusgen.probes.network import TargetError, addresses_of, first_connected, reason_of
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.streams import Backend, Stream
from statusgen.probes.targets import Family, Pin

LARGEST_HEADS = 128 * 1024
"""Bytes that may come before the answer's own head is complete: of it, and of interim answers before it."""

LARGEST_ANSWER = LARGEST_HEADS + 4 * LARGEST_BODY
"""Bytes that may come altogether: what stands around a body, such as extensions of its chunks, is no part of that."""


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the pinned address instead of asking the DNS, and times the way there.

    The URL, the Host header, the name sent in the handshake and the one that the certificate is checked for stay real.
    """

    def __init__(self, pin: Pin | None, family: Family | None, watch: Stopwatch) -> None:
        self._pin = pin
        self._family = family
        self._watch = watch
        self._inner = Backend()
        self._line: Stream | None = None
        self._heard = 0
        self._ended = False
        self.has_head = False
        self.upgraded = False
        """Whether it is HTTP no longer, so that somebody else counts."""

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
        too_much = self._line is not None and self._line.arrived > LARGEST_ANSWER
        if not self.has_head and (too_much or self._heard > LARGEST_HEADS):
            raise httpcore.RemoteProtocolError("too much before the head of an answer")
        if too_much and not self.upgraded:
            raise TargetError("body_too_large")

    def waiting(self) -> AbstractContextManager[None]:
        """Count the time within to the first byte, until the head of the answer is there."""
        return nullcontext() if self.has_head else self._watch.phase("first_byte")

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

        async def connect(address: str) -> Stream:
            return await self._inner.connect_tcp(address, to_port, timeout, local_address, socket_options)

        with self._watch.phase("connect"):
            self._line = await first_connected(addresses, connect)
        self._line.waiting = self.waiting
        return _Stream(self._line, self)

    async def start_tls(self, stream: Stream, **options: Any) -> httpcore.AsyncNetworkStream:
        """Return the connection after its handshake, of which our own arithmetic is no part of the target's time."""
        stream.waiting = partial(self._watch.phase, "tls")
        try:
            return _Stream(await stream.start_tls(**options), self)
        except BaseException as error:
            # The library leaves the connection open when it is cancelled here.
            await stream.aclose()
            self._ended = reason_of(error) is None
            raise
        finally:
            stream.waiting = self.waiting


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that tells its backend about the handshake, what was read, and when the other side ended it."""

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
        plain = cast(Stream, self._inner)  # there is no TLS within TLS
        return await self._backend.start_tls(
            plain, ssl_context=ssl_context, server_hostname=server_hostname, timeout=timeout
        )

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class PinnedTransport(httpx.AsyncBaseTransport):
    """Carries the one request of a client over one connection, which a pinned backend makes."""

    def __init__(self, backend: PinnedBackend, trusted: ssl.SSLContext) -> None:
        self._backend = backend
        self._trusted = trusted
        self._connection: httpcore.AsyncHTTPConnection | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return the answer's head, with a body still to be read."""
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        asked = httpcore.Request(
            request.method, target, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        self._connection = httpcore.AsyncHTTPConnection(
            target.origin, ssl_context=self._trusted, network_backend=self._backend
        )
        answer = await self._connection.handle_async_request(asked)
        return _Final(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    async def aclose(self) -> None:
        """Close what is open."""
        if self._connection:
            await self._connection.aclose()


class _Final(httpx.Response):
    """An answer that httpx looks no further into: it would make a request of any Location, and fail over some."""

    @property
    def has_redirect_location(self) -> bool:
        return False


class _Body(httpx.AsyncByteStream):
    """The body of an answer, as it comes from the connection."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in cast(AsyncIterable[bytes], self._answer.stream):
            yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()
