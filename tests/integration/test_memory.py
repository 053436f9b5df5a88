"""The memory of a run is bounded by what the reference says, however much its targets send."""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
import zlib
from collections.abc import Mapping

import pytest

from tests.conftest import ROOT
from tests.integration import faults
from tests.integration.faults import Behaviour, serving

pytestmark = pytest.mark.services

MIB = 2**20
PROBES = 50
EACH = 3 * MIB // 2
JUDGED = 64 * MIB
"""What an answer takes at most while it is read, and one of all while it is judged: see docs/reference/checks.md."""

HEAD = b"HTTP/1.1 200 OK\r\n"
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"
FITS = bytes(MIB - 1)

PROBE = """
import json, pathlib, re, sys
from tests.integration.observing import observe_at_once

def peak():
    # Not what `getrusage` says: that begins with what the parent took.
    return int(re.search("VmHWM:\\s+([0-9]+) kB", pathlib.Path("/proc/self/status").read_text())[1]) * 1024

keys, port, number = sys.argv[1:]
observe_at_once(json.loads(keys.replace("@PORT@", "1")), 1)
before = peak()
seen = observe_at_once(json.loads(keys.replace("@PORT@", port)), int(number), timeout=4)
print(json.dumps([sorted({one.reason for one in seen}), peak() - before]))
"""


def held_open(data: bytes) -> Behaviour:
    """Answer with all but the end of a body, so that everyone who waits for it holds what came, all at once."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await faults.hang(reader, writer)

    return behave


def packed(encoding: str, body: bytes) -> bytes:
    """Return an answer whose body claims to be packed so, and one byte longer than it is."""
    return HEAD + f"Content-Encoding: {encoding}\r\nContent-Length: {len(body) + 1}\r\n\r\n".encode() + body


HTTP = {"http": "http://127.0.0.1:@PORT@/", "expect": {"json": {"a": "b"}}}


def grown(behaviour: Behaviour, keys: Mapping[str, object] = HTTP) -> tuple[list[str], int]:
    """Return the reasons that fifty probes at once found, and by how many bytes their process grew meanwhile."""

    async def main() -> bytes:
        async with serving(behaviour) as port:
            command = [sys.executable, "-c", PROBE, json.dumps(keys), str(port), str(PROBES)]
            process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
            said, _ = await process.communicate()
            return said

    reasons, size = json.loads(asyncio.run(main()))
    return reasons, size


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (held_open(HEAD + f"Content-Length: {MIB}\r\n\r\n".encode() + FITS), "timeout"),
        (held_open(packed("gzip, deflate", zlib.compress(gzip.compress(FITS)))), "timeout"),
        (held_open(packed("gzip", gzip.compress(FITS)[:-8])), "timeout"),
        (faults.answer(HEAD + b"\r\n" + b"[" + b"[]," * (MIB // 3 - 10) + b"0]"), "wrong_body"),
        (faults.answer(HEAD + b"\r\n" + "\N{SLIGHTLY SMILING FACE}".encode() + b"x" * (MIB - 10)), "wrong_body"),
        (held_open(HEAD + b"X-Large: " + b"x" * 90_000), "timeout"),
        (faults.answer(packed("gzip", gzip.compress(bytes(64 * MIB)))), "body_too_large"),
        (faults.answer(packed("gzip, gzip", gzip.compress(gzip.compress(bytes(64 * MIB))))), "body_too_large"),
        (faults.endless_body, "body_too_large"),
        (faults.flood(EARLY, EARLY * 100), "bad_response"),
    ],
    ids=[
        *("plain", "nested", "unended"),
        *("json", "wide"),
        *("head", "bomb", "nested-bomb", "endless", "interim"),
    ],
)
def test_fifty_hostile_answers_at_once_take_what_the_reference_says(behaviour: Behaviour, reason: str) -> None:
    reasons, size = grown(behaviour)
    assert reasons == [reason]
    assert size < PROBES * EACH + JUDGED


BEGUN = b"\x02\x7f" + (MIB - 10).to_bytes(8, "big") + b"x" * (MIB - 10)
"""A message of WebSocket (RFC 6455 §5.2) of which all but the end has come."""


def test_fifty_messages_that_do_not_end_take_what_the_reference_says() -> None:
    keys = {"websocket": "ws://127.0.0.1:@PORT@/", "receive": "pong"}
    reasons, size = grown(faults.upgrading(BEGUN, end=False), keys)
    assert reasons == ["timeout"]
    assert size < PROBES * 3 * MIB + JUDGED


SERVER = {"host": "127.0.0.1", "port": "@PORT@"}
DATABASE = {**SERVER, "sslmode": "disable"}
WIDE = "\N{SLIGHTLY SMILING FACE}".encode() + b"x" * (2 * MIB - 100)
EMPTY_ROW = faults.postgres_message(b"D", bytes(2))


def redis_holds(word: bytes, data: bytes) -> Behaviour:
    """Answer as Redis until something is asked, and then with data that does not end."""
    return faults.redis_until(word, faults.greet(data))


@pytest.mark.parametrize(
    ("kind", "behaviour", "reasons", "each"),
    [
        ("redis", redis_holds(b"INFO", b"*1000\r\n" + b"*0\r\n" * 999), ["timeout"], MIB),
        ("redis", redis_holds(b"INFO", b"$260000\r\n" + b"x" * 260_000), ["timeout"], MIB),
        ("redis", faults.redis_until(b"INFO", faults.flood(b"$2000000000\r\n", b"x" * 65536)), ["bad_response"], MIB),
        (
            "redis",
            faults.redis_until(b"INFO", faults.flood(b"*2000000000\r\n", b":1\r\n" * 9999)),
            ["bad_response"],
            MIB,
        ),
        (
            "sidekiq",
            redis_holds(b"SSCAN", b"*65000\r\n" + b"*1\r\n$16\r\n0123456789abcdef\r\n" * 30_000),
            ["timeout"],
            12 * MIB,
        ),
        ("sidekiq", redis_holds(b"SSCAN", b"*2\r\n$%d\r\n" % len(WIDE) + WIDE + b"\r\n"), ["timeout"], 12 * MIB),
        (
            "sidekiq",
            faults.redis_until(b"SSCAN", faults.flood(b"*2\r\n:0\r\n", b"*0\r\n" * 9999)),
            ["bad_response"],
            12 * MIB,
        ),
        (
            "postgres",
            faults.postgres_until_asked(faults.flood(faults.postgres_rows([]), EMPTY_ROW * 999)),
            ["bad_response"],
            MIB,
        ),
        (
            "postgres",
            faults.postgres_until_asked(faults.greet(faults.postgres_rows([]) + EMPTY_ROW * 8_500)),
            ["timeout"],
            MIB,
        ),
        (
            "pgbouncer",
            faults.postgres_until_asked(faults.flood(faults.postgres_rows([]), EMPTY_ROW * 999)),
            ["bad_response"],
            2 * MIB,
        ),
        (
            "pgbouncer",
            faults.postgres_until_asked(faults.greet(faults.postgres_rows([]) + EMPTY_ROW * 35_000)),
            ["timeout"],
            2 * MIB,
        ),
        (
            "pgbouncer",
            faults.postgres_until_asked(faults.flood(b"D\x7f\xff\xff\xff", b"x" * 65536)),
            ["bad_response"],
            2 * MIB,
        ),
    ],
)
def test_fifty_hostile_servers_at_once_take_what_the_reference_says(
    kind: str, behaviour: Behaviour, reasons: list[str], each: int
) -> None:
    found, size = grown(behaviour, {kind: DATABASE if kind in {"postgres", "pgbouncer"} else SERVER})
    assert found == reasons
    assert size < PROBES * each
