"""Redis's answers are read as far as the bound goes, and nobody waits meanwhile."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from redis.exceptions import ConnectionError as LostError
from redis.exceptions import InvalidResponse, NoPermissionError

from statusgen.probes.redis_answers import DEEPEST, TURN, Bound, BoundedParser

WIDE = Bound(2**20, 100_000)


async def read(data: bytes, bound: Bound = WIDE, *, decode: bool = True) -> Any:
    """Return what a parser makes of a stream."""
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    parser = BoundedParser(65536, bound=bound)
    parser.on_connect(SimpleNamespace(_reader=stream, encoder=SimpleNamespace(decode=bytes.decode)))
    return await parser.read_response(disable_decoding=not decode)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"+PONG\r\n", "PONG"),
        (b":-7\r\n", -7),
        (b":9223372036854775807\r\n", 2**63 - 1),
        (b"$4\r\na\r\nb\r\n", "a\r\nb"),
        (b"$0\r\n\r\n", ""),
        (b"$-1\r\n", None),
        (b"*-1\r\n", None),
        (b"*0\r\n", []),
        (b"*3\r\n:1\r\n$-1\r\n*1\r\n+a\r\n", [1, None, ["a"]]),
    ],
)
def test_every_kind_of_value_is_read(data: bytes, value: object) -> None:
    assert asyncio.run(read(data)) == value


def test_bytes_are_left_as_they_are_where_the_driver_asks_for_them() -> None:
    assert asyncio.run(read(b"*2\r\n+a\r\n$1\r\nb\r\n", decode=False)) == [b"a", b"b"]


def test_an_error_is_returned_among_other_answers_and_raised_when_it_ends_the_connection() -> None:
    first, second = asyncio.run(read(b"*2\r\n-NOPERM no\r\n:1\r\n"))
    assert (type(first), second) == (NoPermissionError, 1)
    with pytest.raises(LostError):
        asyncio.run(read(b"-ERR max number of clients reached\r\n"))


@pytest.mark.parametrize("data", [b"", b"+PO", b"+PONG\n", b"$4\r\nab", b"*2\r\n:1\r\n"])
def test_what_breaks_off_is_a_connection_that_was_lost(data: bytes) -> None:
    with pytest.raises(LostError, match="closed"):
        asyncio.run(read(data))


def test_no_answer_is_read_of_a_connection_that_is_gone() -> None:
    parser = BoundedParser(65536, bound=WIDE)
    parser.on_disconnect()
    with pytest.raises(LostError, match="closed"):
        asyncio.run(parser.read_response())


@pytest.mark.parametrize("data", [b":x\r\n", b":9223372036854775808\r\n", b"$x\r\n", b"$-2\r\n", b"*-2\r\n", b"?\r\n"])
def test_nonsense_is_no_answer(data: bytes) -> None:
    with pytest.raises(InvalidResponse):
        asyncio.run(read(data))


@pytest.mark.parametrize(
    "data", [b"$94\r\n" + b"x" * 94, b"+" + b"x" * 98, b"*4\r\n", b"*3\r\n:1\r\n*1\r\n:1\r\n:1\r\n"]
)
def test_the_bound_is_kept_before_what_is_beyond_it_has_come(data: bytes) -> None:
    bound = Bound(100, 4)
    assert asyncio.run(read(b"*3\r\n:1\r\n:1\r\n$80\r\n" + b"x" * 80 + b"\r\n", bound))
    with pytest.raises(InvalidResponse):
        asyncio.run(read(data + b"\r\n" * 100, bound))


def test_lists_within_lists_are_read_to_a_depth() -> None:
    assert asyncio.run(read(b"*1\r\n" * DEEPEST + b":1\r\n"))
    with pytest.raises(InvalidResponse):
        asyncio.run(read(b"*1\r\n" * (DEEPEST + 1) + b":1\r\n"))


def test_everybody_else_has_a_turn_while_many_values_are_read() -> None:
    many, turns = 20 * TURN, 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def main() -> None:
        counting = asyncio.ensure_future(count())
        assert len(await read(b"*%d\r\n" % many + b":1\r\n" * many)) == many
        counting.cancel()

    asyncio.run(main())
    assert turns >= 20
