"""Reads what a Redis server answers, within bounds.

The driver's own parsers believe every length that they are told, keep all that comes, and let nobody else have a turn
while it comes: `*2000000000`, sent by a server that is broken or taken over, costs gigabytes and minutes.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from redis._parsers import BaseParser
from redis.exceptions import ConnectionError as LostError
from redis.exceptions import InvalidResponse

KIB = 1024

DEEPEST = 8
"""Lists within lists that are read; what a probe asks for has three."""

TURN = 256
"""Values after which everybody else has a turn: reading so many takes less than a millisecond."""

WIDEST = 2**63
"""What no integer of the protocol reaches: it has 64 bits and a sign."""

_LOST = "Connection closed by server."
"""The driver's words."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How much is read on one connection: bytes, and values, of which a list counts as one more than it holds."""

    size: int
    values: int


class BoundedParser(BaseParser):
    """A parser of RESP 2 for the driver's connections; more than its bound is `InvalidResponse`, as is nonsense."""

    def __init__(self, socket_read_size: int, *, bound: Bound) -> None:  # noqa: ARG002 - the driver's signature
        self._stream: asyncio.StreamReader | None = None
        self._decode: Any = None
        self._size, self._values = bound.size, bound.values

    def on_connect(self, connection: Any) -> None:
        """Read from a connection that was made."""
        self._stream = connection._reader  # noqa: SLF001 - as the driver's own parsers do
        self._decode = connection.encoder.decode

    def on_disconnect(self) -> None:
        """Read no more."""
        self._stream = None

    async def can_read(self) -> bool:
        """Say that nothing came unasked: what did is read as an answer, and proves what listens there."""
        return False

    can_read_destructive = can_read

    async def read_response(self, disable_decoding: bool = False) -> Any:
        """Return the next answer; an error that the server tells is returned, too."""
        if self._stream is None:
            raise LostError(_LOST)
        try:
            return await self._value(self._stream, text=not disable_decoding, depth=0)
        except EOFError:
            raise LostError(_LOST) from None
        except ValueError:
            raise InvalidResponse("not RESP") from None

    async def _value(self, stream: asyncio.StreamReader, *, text: bool, depth: int) -> Any:
        await self._count_one()
        head = await self._line(stream)
        kind, rest = head[:1], head[1:]
        if kind == b"*":
            return await self._list(stream, int(rest), text=text, depth=depth + 1)
        if kind == b"-":
            return self._told(rest)
        if kind == b":":
            return _whole(rest)
        if kind not in {b"+", b"$"}:
            raise InvalidResponse("no such kind of value")
        value = rest if kind == b"+" else await self._bytes(stream, int(rest))
        return self._decode(value) if text and value is not None else value

    async def _list(self, stream: asyncio.StreamReader, length: int, *, text: bool, depth: int) -> list[Any] | None:
        if length == -1:
            return None
        if not 0 <= length <= self._values or depth > DEEPEST:
            raise InvalidResponse("a list beyond the bound")
        return [await self._value(stream, text=text, depth=depth) for _ in range(length)]

    def _told(self, said: bytes) -> Exception:
        parse: Any = self.parse_error
        error: Exception = parse(said.decode(errors="replace"))
        if isinstance(error, LostError):
            raise error
        return error

    async def _line(self, stream: asyncio.StreamReader) -> bytes:
        """Return a line without its end; the stream reads none of more than 64 KiB."""
        data = await stream.readline()
        self._spend(len(data))
        if not data.endswith(b"\r\n"):
            raise EOFError
        return data[:-2]

    async def _bytes(self, stream: asyncio.StreamReader, length: int) -> bytes | None:
        if length == -1:
            return None
        if length < 0:
            raise InvalidResponse("a length below zero")
        self._spend(length + 2)
        return (await stream.readexactly(length + 2))[:-2]

    def _spend(self, size: int) -> None:
        """Count bytes, before they are waited for where their number is told."""
        self._size -= size
        if self._size < 0:
            raise InvalidResponse("more bytes than the bound")

    async def _count_one(self) -> None:
        self._values -= 1
        if self._values < 0:
            raise InvalidResponse("more values than the bound")
        if not self._values % TURN:
            await asyncio.sleep(0)


def _whole(digits: bytes) -> int:
    number = int(digits)
    if not -WIDEST <= number < WIDEST:
        raise InvalidResponse("an integer of more than 64 bits")
    return number
