"""Connections in the shape that httpcore asks for: plain sockets, on asyncio's loop.

httpcore comes with connections by anyio, whose bookkeeping for other event loops costs more than the probe's own work.
asyncio's TLS sets 256 KiB aside for each connection, which a thousand targets that hang would hold together.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any, TypeVar

import httpcore

from statusgen.probes.network import line_to

_CHUNK = 16 * 1024
"""Bytes that are read at a time: of the smallest chunks or records, ten thousand fit into 64 KiB, and what was read is
taken apart without a turn for anybody else."""
_MOST = 256 * 1024
"""Bytes that may arrive before a handshake is over, or before they have told anything: records that say nothing can go
on for ever, and the loop does not turn while more of them is there."""
_ENDED = (ssl.SSLZeroReturnError, ssl.SSLEOFError)

T = TypeVar("T")


class Stream(httpcore.AsyncNetworkStream):
    """One connection; without a time limit of its own, since `sweep` has one for the whole try.

    `waiting` is entered for as long as the other side is waited for, and `arrived` counts the bytes that it sent.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.waiting: Callable[[], AbstractContextManager[None]] = nullcontext
        self.arrived = 0
        self._connection = connection
        self._loop = asyncio.get_running_loop()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109 - httpcore's
        with self.waiting(), _as(httpcore.ReadError):
            data = await self._loop.sock_recv(self._connection, min(max_bytes, _CHUNK))
        self.arrived += len(data)
        await asyncio.sleep(0)  # what is there already is read without a turn for anybody else
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - as above
        with self.waiting(), _as(httpcore.WriteError):
            await self._loop.sock_sendall(self._connection, buffer)

    async def aclose(self) -> None:
        self._connection.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - as above
    ) -> httpcore.AsyncNetworkStream:
        secure = TlsStream(self, ssl_context, server_hostname)
        await secure.shake_hands()
        return secure

    def get_extra_info(self, info: str) -> Any:
        return self._connection if info == "socket" else None


class TlsStream(httpcore.AsyncNetworkStream):
    """TLS over a connection. One side at a time: a probe never reads while it writes."""

    def __init__(self, inner: Stream, context: ssl.SSLContext, server_hostname: str | None) -> None:
        self._inner = inner
        self._arriving, self._leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._arriving, self._leaving, server_hostname=server_hostname)

    async def shake_hands(self) -> None:
        """Agree on keys and verify the other side."""
        with _as(httpcore.ConnectError):
            await self._do(self._tls.do_handshake)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109 - as above
        with _as(httpcore.ReadError):
            try:
                return await self._do(lambda: self._tls.read(max_bytes))
            except _ENDED:  # many servers end without saying so; whether the answer is whole is for HTTP to tell
                return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - as above
        with _as(httpcore.WriteError):
            await self._do(lambda: self._tls.write(buffer))

    async def aclose(self) -> None:
        await self._inner.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._tls if info == "ssl_object" else self._inner.get_extra_info(info)

    async def _do(self, step: Callable[[], T]) -> T:
        """Take a step, and bring what it needs from the other side."""
        arrived = 0
        while True:
            try:
                done = step()
            except ssl.SSLWantReadError:
                await self._send()
                data = await self._inner.read(_CHUNK)
                arrived += len(data)
                if arrived > _MOST:
                    raise ssl.SSLError("nothing but records that say nothing") from None
                self._arriving.write(data) if data else self._arriving.write_eof()
            except ssl.SSLError:
                with suppress(httpcore.NetworkError):  # why we give up is told to a server that still listens
                    await self._send()
                raise
            else:
                await self._send()
                return done

    async def _send(self) -> None:
        if data := self._leaving.read():
            await self._inner.write(data)


class Backend(httpcore.AsyncNetworkBackend):
    """Makes connections."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - as above
        local_address: str | None = None,  # noqa: ARG002 - as above
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - as above
    ) -> Stream:
        with _as(httpcore.ConnectError):
            return Stream(await line_to(host, port))


@contextmanager
def _as(wanted: type[httpcore.NetworkError]) -> Iterator[None]:
    """Raise what the system says in httpcore's words; what it was stays its cause."""
    try:
        yield
    except OSError as error:
        raise wanted from error
