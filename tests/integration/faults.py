"""Servers that misbehave on purpose, on free loopback ports: what no honest server can be made to show.

A behaviour is what happens to one connection. It is over when the client goes away or the server is closed.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import re
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import cast

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Reply = Callable[[bytes], list[bytes]]
"""What comes back for a datagram."""

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK"
ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
GARBAGE = bytes(range(128, 256)) * 4 + b"\r\n\r\n"
EXTENDED_CHUNK = b"1;" + b"x" * 60_000 + b"\r\ny\r\n"
"""A chunk of one byte, behind an extension (RFC 9112 §7.1.1) that is nearly as long as a line may be."""

EMPTY_RECORDS = (b"\x16\x03\x03\x40\x00" + bytes(0x4000), b"\x16\x03\x03\x00\x04\0\0\0\0" * 8000)
"""Records of TLS, large and small, that ask for a handshake again and again (HelloRequest), which clients ignore."""


@asynccontextmanager
async def serving(
    behaviour: Behaviour, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[int]:
    """Serve a behaviour and give its port; at the end every connection is gone."""
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError, asyncio.CancelledError):
            await behaviour(reader, writer)
        writer.transport.abort()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(handle(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, host, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks)
        await server.wait_closed()


@asynccontextmanager
async def replying(reply: Reply, *, port: int = 0) -> AsyncIterator[int]:
    """Reply to datagrams, on a port that TCP may use as well, and give it."""
    loop = asyncio.get_running_loop()
    line, _ = await loop.create_datagram_endpoint(lambda: _Replies(reply), local_addr=("127.0.0.1", port))
    try:
        yield line.get_extra_info("sockname")[1]
    finally:
        line.abort()


class _Replies(asyncio.DatagramProtocol):
    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._line: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, sender: tuple[str, int]) -> None:
        assert self._line is not None
        for datagram in self._reply(data):
            self._line.sendto(datagram, sender)


async def _head(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


async def _until_gone(reader: asyncio.StreamReader) -> None:
    while await reader.read(65536):
        pass


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accept, read, and never answer."""
    await _until_gone(reader)


async def close_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accept and close in an orderly way."""


async def reset_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accept and reset."""
    _reset(writer)


async def reset_after_first_bytes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reset once something was said: within a TLS handshake, or before an HTTP answer."""
    await reader.read(1)
    _reset(writer)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close so that the other side gets RST: without lingering, what was not sent yet is thrown away."""
    line = writer.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def answer(data: bytes) -> Behaviour:
    """Answer a request with bytes, and close."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _head(reader)
        writer.write(data)
        await writer.drain()
        writer.write_eof() if writer.can_write_eof() else writer.close()
        await _until_gone(reader)

    return behave


def greet(data: bytes) -> Behaviour:
    """Say bytes before anything is asked, and then listen."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await _until_gone(reader)

    return behave


def repeat(data: bytes) -> Behaviour:
    """Say bytes before anything is asked, and again for all that is asked."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(data)
            await writer.drain()
            if not await reader.read(65536):
                return

    return behave


def drip(data: bytes, *, every: float = 0.05) -> Behaviour:
    """Answer a request one byte at a time, each well within any timeout that counts from the last."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _head(reader)
        for position in range(len(data)):
            writer.write(data[position : position + 1])
            await writer.drain()
            await asyncio.sleep(every)
        await _until_gone(reader)

    return behave


def begin_and_reset(data: bytes) -> Behaviour:
    """Begin an answer and reset in the middle of it."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _head(reader)
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(0.05)
        _reset(writer)

    return behave


async def endless_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with a body that has no end, as fast as it is read."""
    await _head(reader)
    writer.write(ENDLESS)
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


def flood(first: bytes, then: bytes) -> Behaviour:
    """Say something, whatever was asked, and then something else for ever, as fast as it is read."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(then)
            await writer.drain()
            await asyncio.sleep(0 if then else 0.1)

    return behave


async def endless_interim_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Promise an answer again and again, without haste."""
    await _head(reader)
    while True:
        writer.write(b"HTTP/1.1 102 Processing\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


async def redirect_to_itself(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Redirect to where the request came from."""
    await answer(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")(reader, writer)


def many_headers(count: int) -> bytes:
    """Return an answer with so many headers."""
    return OK.replace(b"Content-Type", b"".join(b"X-%d: y\r\n" % number for number in range(count)) + b"Content-Type")


def packed(body: bytes) -> bytes:
    """Return an answer whose body is compressed."""
    small = gzip.compress(body)
    return b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(small) + small


def bomb() -> bytes:
    """Return an answer of 64 KiB that unpacks to 64 MiB."""
    return packed(bytes(64 * 2**20))


def relay(port: int, *, until: bytes = b"\0never\0", then: Behaviour = hang) -> Behaviour:
    """Pass everything on to a real server, until the client says something; from then on behave otherwise."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, questions = await asyncio.open_connection("127.0.0.1", port)
        back = asyncio.ensure_future(_pass_on(answers, writer))
        try:
            while data := await reader.read(65536):
                if until in data:
                    await then(reader, writer)
                    return
                questions.write(data)
                await questions.drain()
        finally:
            back.cancel()
            questions.transport.abort()

    return behave


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


def postgres_refusal(text: str) -> Behaviour:
    """Speak PostgreSQL's protocol as far as to turn a login away (ErrorResponse, protocol 3.0 §55.7)."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            (length,) = struct.unpack("!I", await reader.readexactly(4))
            (code,) = struct.unpack("!I", (await reader.readexactly(length - 4))[:4])
            if code >> 16 == 3:
                break
            writer.write(b"N")  # neither TLS nor GSS
        fields = b"SFATAL\0VFATAL\0CXX000\0M" + text.encode() + b"\0\0"
        writer.write(b"E" + struct.pack("!I", len(fields) + 4) + fields)
        await writer.drain()
        await _until_gone(reader)

    return behave


def redis_answer(line: bytes) -> Behaviour:
    """Answer every command with one line."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while asked := await reader.read(65536):
            writer.write((line + b"\r\n") * len(re.findall(rb"^\*", asked, re.MULTILINE)))
            await writer.drain()

    return behave


def redis_until(word: bytes, then: Behaviour, line: bytes = b"+PONG") -> Behaviour:
    """Answer every command with one line, until one of a certain name is asked; from then on behave otherwise."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while asked := await reader.read(65536):
            if word in asked:
                await then(reader, writer)
                return
            writer.write((line + b"\r\n") * len(re.findall(rb"^\*", asked, re.MULTILINE)))
            await writer.drain()

    return behave


def postgres_message(kind: bytes, body: bytes) -> bytes:
    """Return a message of PostgreSQL's protocol (3.0, §55.7)."""
    return kind + struct.pack("!I", len(body) + 4) + body


POSTGRES_LET_IN = postgres_message(b"R", bytes(4)) + b"".join(
    postgres_message(b"S", name + b"\0" + value + b"\0")
    for name, value in ((b"client_encoding", b"UTF8"), (b"server_version", b"15.0"), (b"DateStyle", b"ISO, MDY"))
)
"""AuthenticationOk, and what a server tells of itself then."""

POSTGRES_READY = postgres_message(b"Z", b"I")


def postgres_until_asked(then: Behaviour) -> Behaviour:
    """Let anybody in, without TLS, and behave otherwise once something is asked."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (length,) = struct.unpack("!I", await reader.readexactly(4))
        await reader.readexactly(length - 4)
        writer.write(POSTGRES_LET_IN + POSTGRES_READY)
        await writer.drain()
        await reader.read(65536)
        await then(reader, writer)

    return behave


def postgres_rows(types: list[int], *rows: list[bytes | None]) -> bytes:
    """Return rows of columns `a`, `b` and so on, of types by their OIDs, without an end."""
    names = (b"abcdefghijklmnop"[place : place + 1] for place in range(len(types)))
    columns = b"".join(
        name + b"\0" + struct.pack("!IhIhih", 0, 0, oid, -1, -1, 0) for name, oid in zip(names, types, strict=False)
    )
    head = postgres_message(b"T", struct.pack("!h", len(types)) + columns)
    return head + b"".join(
        postgres_message(b"D", struct.pack("!h", len(row)) + b"".join(map(_cell, row))) for row in rows
    )


def _cell(value: bytes | None) -> bytes:
    return struct.pack("!i", -1) if value is None else struct.pack("!i", len(value)) + value


def postgres_laborious(rounds: int) -> Behaviour:
    """Ask for a password to be hashed in so many rounds (SCRAM-SHA-256, RFC 5802), and hang up on the result."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (length,) = struct.unpack("!I", await reader.readexactly(4))
        await reader.readexactly(length - 4)
        writer.write(postgres_message(b"R", struct.pack("!I", 10) + b"SCRAM-SHA-256\0\0"))
        asked = await reader.readuntil(b"r=") + await reader.read(1024)
        nonce = asked.rpartition(b"r=")[2]
        challenge = b"r=%smore,s=c2FsdA==,i=%d" % (nonce, rounds)
        writer.write(postgres_message(b"R", struct.pack("!I", 11) + challenge))
        await reader.read(1)

    return behave


def upgrading(
    then: bytes, *, headers: bytes = b"", end: bool = True, stay: bool = True, key: bytes | None = None
) -> Behaviour:
    """Grant the handshake and say some bytes; then close, or keep silent, or leave the rest to somebody else."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        given = re.search(rb"(?i)^sec-websocket-key: (.*)\r$", head, re.MULTILINE)
        assert given
        accept = base64.b64encode(hashlib.sha1((key or given[1]) + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n" + headers + b"\r\n" + then
        )
        await writer.drain()
        if end:
            writer.write_eof()
        if stay:
            await reader.read()

    return behave
