"""asyncio's own connections in the shape that httpcore asks for.

httpcore comes with connections by anyio. Its bookkeeping for other event loops costs more than the probe's own work.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

LONGEST_HANDSHAKE = 3600.0
"""Seconds; longer than any check's timeout, so that the deadline is the caller's and not asyncio's 60 seconds."""


class Stream(httpcore.AsyncNetworkStream):
    """One connection; without a time limit of its own, since `sweep` has one for the whole try."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109 - httpcore's
        with _as(httpcore.ReadError):
            return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - as above
        with _as(httpcore.WriteError):
            self._writer.write(buffer)
            await self._writer.drain()

    async def aclose(self) -> None:
        self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - as above
    ) -> httpcore.AsyncNetworkStream:
        with _as(httpcore.ConnectError):
            await self._writer.start_tls(
                ssl_context, server_hostname=server_hostname, ssl_handshake_timeout=LONGEST_HANDSHAKE
            )
        return self

    def get_extra_info(self, info: str) -> Any:
        return self._writer.get_extra_info(info)


class Backend(httpcore.AsyncNetworkBackend):
    """Makes connections."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - as above
        local_address: str | None = None,  # noqa: ARG002 - as above
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - as above
    ) -> httpcore.AsyncNetworkStream:
        with _as(httpcore.ConnectError):
            return Stream(*await asyncio.open_connection(host, port))


@contextmanager
def _as(wanted: type[httpcore.NetworkError]) -> Iterator[None]:
    """Raise what the system says in httpcore's words; what it was stays its cause."""
    try:
        yield
    except OSError as error:
        raise wanted from error
