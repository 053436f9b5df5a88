"""The body of an HTTP answer: unpacked, and bounded at every step of that."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable, Sequence

from statusgen.probes.network import TargetError

LARGEST_BODY = 1024 * 1024
"""Bytes of a body that are read, as sent and after each unpacking; one byte more and the answer is too large."""

MOST_PIECES = 16_384
"""Pieces in which a body may come: a million chunks of one byte would keep the whole run busy."""

MOST_PACKINGS = 4

_ZLIB_AND_GZIP = 47
_PACKINGS = frozenset({"gzip", "x-gzip", "deflate"})


class _Packing:
    """One of the packings that a body is wrapped in; none at all as the outermost."""

    def __init__(self, *, packed: bool) -> None:
        self._unpacker = zlib.decompressobj(_ZLIB_AND_GZIP) if packed else None
        self._size = 0

    def take(self, data: bytes) -> bytes:
        """Return what a piece unpacks to; what follows the packed data is dropped, as it would pile up unseen."""
        if self._unpacker is not None:
            ended = self._unpacker.eof
            data = b"" if ended else self._unpacker.decompress(data, LARGEST_BODY + 1 - self._size)
        self._size += len(data)
        if self._size > LARGEST_BODY:
            raise TargetError("body_too_large")
        return data


async def read_bounded(pieces: AsyncIterable[bytes], encoding: str) -> bytes:
    """Return the unpacked body, whose packings the header Content-Encoding lists in the order they were done.

    Nothing is ever unpacked beyond the bound, however little was sent. Raises `TargetError`, and `zlib.error` when it
    is not packed as it claims.
    """
    packings = [_Packing(packed=False), *(_Packing(packed=True) for _ in range(_packings(encoding)))]
    body = bytearray()
    count = 0
    async for piece in pieces:
        count += 1
        if count > MOST_PIECES:
            raise TargetError("body_too_large")
        body += _unpacked(piece, packings)
    return bytes(body)


def _unpacked(data: bytes, packings: Sequence[_Packing]) -> bytes:
    """Return a piece without its packings; none of it is left in a frame that waits for the next piece."""
    for packing in packings:
        data = packing.take(data)
    return data


def _packings(encoding: str) -> int:
    """Return how often a body is packed in a way that we know; one of another packing is left as it comes."""
    named = [name for name in encoding.lower().replace(" ", "").split(",") if name not in {"", "identity"}]
    if len(named) > MOST_PACKINGS:
        raise TargetError("bad_response")
    return len(named) if _PACKINGS.issuperset(named) else 0
