"""A body is bounded as it is sent, at each unpacking and in its pieces."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Iterable

import pytest

from statusgen.probes.http_body import LARGEST_BODY, MOST_PIECES, read_bounded
from statusgen.probes.network import TargetError


def read(pieces: Iterable[bytes], encoding: str = "") -> bytes:
    async def coming() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return asyncio.run(read_bounded(coming(), encoding))


def reason(pieces: Iterable[bytes], encoding: str = "") -> str:
    with pytest.raises(TargetError) as raised:
        read(pieces, encoding)
    return raised.value.reason


PACKED = gzip.compress(b"OK", mtime=0)


@pytest.mark.parametrize(
    ("encoding", "sent"),
    [
        ("", b"OK"),
        ("identity", b"OK"),
        ("gzip", PACKED),
        ("X-GZIP", PACKED),
        ("deflate", zlib.compress(b"OK")),
        ("gzip, deflate", zlib.compress(PACKED)),
        ("gzip,gzip, identity ,gzip,gzip", gzip.compress(gzip.compress(gzip.compress(PACKED)))),
    ],
    ids=["none", "identity", "gzip", "x-gzip", "deflate", "both", "many"],
)
def test_what_is_packed_is_unpacked_layer_by_layer(encoding: str, sent: bytes) -> None:
    assert read([sent], encoding) == b"OK"
    assert read([sent[:1], sent[1:]], encoding) == b"OK"


@pytest.mark.parametrize("encoding", ["br", "gzip, br", "zstd"])
def test_what_cannot_be_unpacked_is_left_as_it_is(encoding: str) -> None:
    assert read([b"packed"], encoding) == b"packed"


def test_what_is_not_packed_as_it_claims_is_told() -> None:
    with pytest.raises(zlib.error):
        read([b"OK"], "gzip")


def test_a_body_up_to_the_bound_is_whole() -> None:
    assert len(read([bytes(LARGEST_BODY)])) == LARGEST_BODY
    assert len(read([gzip.compress(bytes(LARGEST_BODY))], "gzip")) == LARGEST_BODY


@pytest.mark.parametrize(
    ("pieces", "encoding"),
    [
        ([bytes(LARGEST_BODY), b"x"], ""),
        ([gzip.compress(bytes(LARGEST_BODY + 1))], "gzip"),
        ([gzip.compress(gzip.compress(bytes(2**26), 9), 9)], "gzip, gzip"),
        ([zlib.compress(gzip.compress(bytes(2**26), 9), 9)], "gzip, deflate"),
        ([PACKED, *[bytes(65536)] * 17], "gzip"),
        ([b"x"] * (MOST_PIECES + 1), ""),
    ],
    ids=["plain", "bomb", "nested", "mixed", "behind-the-end", "crumbs"],
)
def test_one_byte_or_one_piece_more_is_too_large(pieces: list[bytes], encoding: str) -> None:
    assert reason(pieces, encoding) == "body_too_large"


def test_what_follows_the_packed_data_is_dropped() -> None:
    assert read([PACKED + b"trailing", b"more"], "gzip") == b"OK"


def test_packings_without_end_are_not_understood() -> None:
    assert reason([b""], ", ".join(["gzip"] * 5)) == "bad_response"
