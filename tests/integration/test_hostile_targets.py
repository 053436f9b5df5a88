"""Whatever a target sends, it is an observation in time, and the run keeps its memory."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from statusgen.demo.services import Authority
from statusgen.probes import http_transport, network
from tests.integration import faults
from tests.integration.faults import Behaviour, answer
from tests.integration.observing import found, observe

pytestmark = pytest.mark.services

URL = "http://127.0.0.1:@PORT@/"
UP = ("up", None)
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
MIB = 2**20


def packed(encoding: str, body: bytes) -> Behaviour:
    """Answer with a body that claims to be packed so."""
    return answer(HEAD + f"Content-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


def zeros_packed_twice() -> bytes:
    """Return some 60 bytes that unpack to 64 KiB, which unpack to 64 MiB."""
    return gzip.compress(gzip.compress(bytes(64 * MIB), 9), 9)


def empty_blocks() -> bytes:
    """Return packed data that never yields a byte: a header, and blocks of nothing (RFC 1951 §3.2.4)."""
    return b"\x78\x01" + b"\x00\x00\x00\xff\xff" * 500_000


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faults.flood(HEAD + b"X-Endless: ", b"x" * 65536), "bad_response"),
        (faults.flood(HEAD, b"X-Many: y\r\n" * 1000), "bad_response"),
        (faults.flood(b"HTTP/1.1 200 ", b"OK" * 1000), "bad_response"),
        (faults.flood(b"", b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" * 1000), "bad_response"),
        (answer(HEAD + b"X-Large: " + b"x" * MIB + b"\r\nContent-Length: 2\r\n\r\nOK"), "bad_response"),
        (answer(HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nOK"), "bad_response"),
        (answer(HEAD + b"Content-Length: -2\r\n\r\nOK"), "bad_response"),
        (answer(HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nOK"), "bad_response"),
        (answer(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "bad_response"),
        (answer(b"\r\n\r\n<html>OK"), "bad_response"),
        (faults.flood(CHUNKED, b"1\r\nx\r\n" * 10_000), "body_too_large"),
        (faults.flood(CHUNKED + b"5;", b"x=y;" * 10_000), "bad_response"),
        (faults.flood(CHUNKED + b"2\r\nOK\r\n0\r\n", b"X-Trailer: y\r\n" * 1000), "bad_response"),
        (faults.flood(CHUNKED + b"f" * 15 + b"\r\n", b"x" * 65536), "body_too_large"),
        (faults.flood(CHUNKED + b"f" * 40 + b"\r\n", b"x" * 65536), "bad_response"),
        (faults.flood(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"OK"), b"x" * 65536), "body_too_large"),
        (packed("deflate", zlib.compress(bytes(64 * MIB))), "body_too_large"),
        (packed("gzip, gzip", zeros_packed_twice()), "body_too_large"),
        (packed("deflate, gzip", gzip.compress(zlib.compress(bytes(64 * MIB)))), "body_too_large"),
        (packed("deflate", empty_blocks()), "body_too_large"),
        (packed(", ".join(["gzip"] * 1000), b""), "bad_response"),
        (packed("gzip", b"\x1f\x8b" + bytes(100)), "bad_response"),
        (packed("br", b"\xff" * 100), "wrong_body"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_that_a_web_server_sends_holds_the_run_up(behaviour: Behaviour, reason: str) -> None:
    keys = {"http": URL, "expect": {"body": "OK"}}
    assert found(observe(keys, against=behaviour, timeout=5)) == ("down", reason)


def test_what_comes_beside_a_body_is_bounded_too() -> None:
    for chunks, expected in ((60, UP), (80, ("down", "body_too_large"))):
        behaviour = answer(CHUNKED + faults.EXTENDED_CHUNK * chunks + b"0\r\n\r\n")
        assert found(observe({"http": URL}, against=behaviour)) == expected


def test_what_tls_adds_to_an_answer_counts(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record of one byte is one of twenty-three on the wire."""
    monkeypatch.setattr(http_transport, "LARGEST_ANSWER", 40_000)
    keys = {"http": "https://localhost:@PORT@/", "ca_file": str(authority.file)}
    for size, expected in ((100, UP), (2000, ("down", "body_too_large"))):
        behaviour = by_single_bytes(HEAD + b"\r\n" + b"x" * size)
        assert found(observe(keys, against=behaviour, tls=server_tls(authority))) == expected
        assert found(observe({"http": URL}, against=behaviour)) == UP


def by_single_bytes(data: bytes) -> Behaviour:
    """Answer without a pause, and by TLS each byte in a record of its own."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for position in range(len(data)):
            writer.write(data[position : position + 1])
        await writer.drain()

    return behave


@pytest.mark.parametrize(
    "location",
    [
        b"http://[broken/",
        b"http://" + b"a" * 80_000,
        b"http://" + b"@" * 50_000,
        b"http://a:99999999/",
        b"http://xn--/",
        b"//\xe4\xb8/",
        b"\xff\xfe",
        b" ",
    ],
    ids=["brackets", "long", "logins", "port", "punycode", "cut-off", "no-utf-8", "blank"],
)
def test_a_redirect_to_anywhere_is_read_or_refused(location: bytes) -> None:
    redirecting = answer(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n")
    expected = {"redirect": "https://www.example.org/"}
    assert found(observe({"http": URL}, against=redirecting)) == ("down", "http_302")
    assert found(observe({"http": URL, "expect": expected}, against=redirecting)) == ("down", "wrong_redirect")
    followed = observe({"http": URL, "follow_redirects": "2"}, against=redirecting)
    assert followed.reason in {"bad_response", "redirect_loop", "name_not_resolved"}


@pytest.mark.parametrize(
    "headers",
    [
        b"Set-Cookie: a=b; expires=Thu, 01 Jan 2099 00:00:00 GMT\r\n" * 1200,
        b"Set-Cookie: a=b; expires=" + b" 1-" * 30_000 + b"\r\n",
        b'Set-Cookie: a="' + b'\\"' * 45_000 + b"\r\n",
        b"Content-Type: " + b";" * 90_000 + b"\r\n",
        b"Content-Type: text/plain; charset=" + b"=" * 90_000 + b"\r\n",
        b"Content-Encoding: " + b"," * 90_000 + b"\r\n",
        b"X-Same: y\r\n" * 9_000,
    ],
    ids=["cookies", "expires", "quotes", "types", "charset", "encodings", "same"],
)
def test_headers_of_any_shape_are_read(headers: bytes) -> None:
    assert found(observe({"http": URL}, against=answer(HEAD + headers + b"Content-Length: 2\r\n\r\nOK"))) == UP


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"ok": ' + b"9" * 100_000 + b"}",
        b'{"ok": "\xff\xfe"}',
        b'{"ok": "\\ud800"}',
        b'{"ok": NaN}',
        b"[[],[],[]," * 100_000,
    ],
    ids=["lists", "mappings", "digits", "no-utf-8", "surrogate", "nan", "many"],
)
def test_json_of_any_shape_is_read_or_refused(body: bytes) -> None:
    behaviour = answer(HEAD + b"Content-Type: application/json\r\n\r\n" + body)
    seen = observe({"http": URL, "expect": {"json": {"ok": "true"}}}, against=behaviour)
    assert found(seen) == ("down", "wrong_body")


def test_bytes_that_are_no_text_are_no_obstacle() -> None:
    odd = (
        HEAD.replace(b"OK", b"\xff\xfe")
        + b"X-Odd: \xff\xfe\xfd\r\nContent-Type: text/plain; charset=utf-16\r\n\r\n\xffOK\xfe"
    )
    assert found(observe({"http": URL}, against=answer(odd))) == UP
    expected = {"body": "OK", "headers": {"X-Odd": "ÿþý"}}
    plain = odd.replace(b"utf-16", b"utf-8")
    assert found(observe({"http": URL, "expect": expected}, against=answer(plain))) == UP


@pytest.mark.parametrize(
    "said", [b"HTTP/1.1 200 OK\r\nContent-", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"], ids=["head", "body"]
)
def test_a_reset_behind_tls_is_a_reset(authority: Authority, said: bytes) -> None:
    keys = {"http": "https://localhost:@PORT@/", "ca_file": str(authority.file)}
    seen = observe(keys, against=faults.begin_and_reset(said), tls=server_tls(authority))
    assert found(seen) == ("down", "connection_reset")


def server_tls(authority: Authority) -> ssl.SSLContext:
    certificate = authority.issue("localhost", "localhost")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.chain, certificate.key)
    return context


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faults.flood(b"", b"x" * 65536), "tls_failed"),
        (faults.flood(b"\x16\x03\x03\x00\x05", b""), "timeout"),
        (faults.greet(b"\x15\x03\x03\x00\x02\x02\x28"), "tls_failed"),
    ],
    ids=["noise", "half", "alert"],
)
@pytest.mark.parametrize("kind", ["tls", "http"])
def test_nothing_that_is_said_in_a_handshake_holds_the_run_up(kind: str, behaviour: Behaviour, reason: str) -> None:
    target = "https://127.0.0.1:@PORT@/" if kind == "http" else "127.0.0.1:@PORT@"
    assert found(observe({kind: target}, against=behaviour, timeout=1.5)) == ("down", reason)


@pytest.mark.parametrize("records", faults.EMPTY_RECORDS, ids=["full", "empty"])
@pytest.mark.parametrize(("kind", "reason"), [("tls", "timeout"), ("http", "tls_failed")])
def test_a_handshake_that_begins_again_and_again_ends(kind: str, reason: str, records: bytes) -> None:
    """Our own TLS, of `http`, counts what arrives; asyncio's gives everybody else a turn, and the deadline ends it."""
    target = "https://127.0.0.1:@PORT@/" if kind == "http" else "127.0.0.1:@PORT@"
    seen = observe({kind: target}, against=faults.flood(b"", records), timeout=1.5)
    assert (str(seen.outcome) in {"down", "unknown"}, seen.reason) == (True, reason)


def test_a_port_that_talks_without_end_is_open() -> None:
    flood = faults.flood(b"", b"x" * 65536)
    assert found(observe({"tcp": "127.0.0.1:@PORT@"}, against=flood)) == UP
    assert found(observe({"tcp": "127.0.0.1:@PORT@", "expect": "closed"}, against=flood)) == ("down", "open")


def bulk(text: bytes) -> bytes:
    """Return a text as Redis sends it."""
    return b"$%d\r\n%s\r\n" % (len(text), text)


NO_REDIS = [
    faults.flood(b"*2000000000\r\n", b":1\r\n" * 16384),
    faults.flood(b"*1000\r\n", b"*1000\r\n" * 1000),
    faults.flood(b"", b"*1\r\n" * 16384),
    faults.flood(b"*2000000000\r\n", b"*0\r\n" * 16384),
    faults.flood(b"$2000000000\r\n", b"x" * 65536),
    faults.flood(b"+", b"x" * 65536),
    faults.flood(b"*60\r\n", b"+" + b"x" * 60_000 + b"\r\n"),
    faults.greet(b":" + b"9" * 5000 + b"\r\n"),
    faults.greet(b":99999999999999999999\r\n"),
    faults.greet(b"$-7\r\n"),
    faults.greet(b"*-7\r\n"),
    faults.greet(b"*x\r\n"),
    faults.greet(b"%1\r\n+a\r\n+b\r\n"),
    faults.greet(b"\r\n"),
]
"""What is no answer to any command of Redis."""


@pytest.mark.parametrize("behaviour", NO_REDIS)
@pytest.mark.parametrize("word", [b"PING", b"INFO", b"SSCAN"], ids=["ping", "info", "members"])
def test_nothing_that_a_redis_sends_holds_the_run_up(behaviour: Behaviour, word: bytes) -> None:
    kind = "sidekiq" if word == b"SSCAN" else "redis"
    keys = {kind: {"host": "127.0.0.1", "port": "@PORT@"}}
    hostile = faults.redis_until(word, behaviour)
    assert found(observe(keys, against=hostile, timeout=5)) == ("down", "bad_response")


ODD = [
    *(b":7", b"$-1", b"*0", b"*2\r\n+a\r\n+b", b"*2\r\n:0\r\n:7", b"*1\r\n*1\r\n*0", b"*3\r\n:0\r\n*0\r\n*0"),
    bulk(b"a:1\r\n" * 60_000)[:-2],
]
"""Answers that Redis gives, but not to what the probes ask first."""


@pytest.mark.parametrize("answer", ODD, ids=lambda answer: answer[:20].decode().replace("\r\n", " "))
@pytest.mark.parametrize(("kind", "word"), [("redis", b"PING"), ("redis", b"INFO"), ("sidekiq", b"SSCAN")])
def test_an_answer_of_another_shape_is_no_answer(answer: bytes, kind: str, word: bytes) -> None:
    keys = {kind: {"host": "127.0.0.1", "port": "@PORT@"}}
    odd = faults.redis_until(word, faults.greet(answer + b"\r\n"))
    assert found(observe(keys, against=odd, timeout=5)) == ("down", "bad_response")


def test_numbers_that_are_none_are_no_answer() -> None:
    keys = {"sidekiq": {"host": "127.0.0.1", "port": "@PORT@"}}
    nobody = faults.greet(b"*2\r\n$1\r\n0\r\n*1\r\n$1\r\na\r\n" + b"*3\r\n$-1\r\n$-1\r\n$-1\r\n")
    assert found(observe(keys, against=faults.redis_until(b"SSCAN", nobody))) == ("down", "bad_response")
    wordy = faults.greet(b"*2\r\n$1\r\n0\r\n*0\r\n" + b"+many\r\n" * 50)
    assert found(observe(keys, against=faults.redis_until(b"SSCAN", wordy))) == ("down", "bad_response")
    listed = faults.greet(b"*2\r\n$1\r\n0\r\n*0\r\n" + b":0\r\n" * 10 + b"*0\r\n" * 50)
    assert found(observe(keys, against=faults.redis_until(b"SSCAN", listed))) == ("down", "bad_response")


def test_a_server_that_says_anything_of_itself_tells_numbers_alone() -> None:
    said = b"role:master\r\nconnected_clients:<b>\r\nused_memory:%s\r\nmaxmemory:1\r\nslave0:x=y\r\n" % (b"9" * 4000)
    telling = faults.redis_until(b"INFO", faults.greet(bulk(said)))
    seen = observe({"redis": {"host": "127.0.0.1", "port": "@PORT@"}, "write": "false"}, against=telling)
    assert found(seen) == UP
    assert seen.facts == {"role": "primary"}


FIVE = [25] * 5
"""Columns of text."""
ROW = faults.postgres_rows(FIVE, [b"y" * 16_000] * 5)[len(faults.postgres_rows(FIVE)) :]
NAMELESS = b"".join(faults.postgres_message(b"S", b"n%d\0\0" % number) for number in range(50_000))
TOO_MUCH = [
    faults.flood(faults.postgres_rows(FIVE), ROW),
    faults.flood(faults.postgres_rows([]), faults.postgres_message(b"D", bytes(2)) * 1000),
    faults.flood(faults.postgres_rows(FIVE) + b"D\x7f\xff\xff\xff\0\5\x7f\xff\xff\0", b"y" * 65536),
    faults.flood(b"", faults.postgres_message(b"N", b"SNOTICE\0Mhello\0\0") * 1000),
    faults.flood(b"", faults.postgres_message(b"A", bytes(4) + b"channel\0hello\0") * 1000),
    faults.flood(b"", NAMELESS),
    faults.flood(b"", faults.postgres_message(b"C", b"SELECT 1\0") * 1000),
    faults.flood(b"E\x7f\xff\xff\xff", b"x" * 65536),
]


@pytest.mark.parametrize("behaviour", TOO_MUCH)
@pytest.mark.parametrize("kind", ["postgres", "pgbouncer"])
def test_nothing_that_a_database_answers_holds_the_run_up(behaviour: Behaviour, kind: str) -> None:
    keys = {kind: {"host": "127.0.0.1", "port": "@PORT@", "sslmode": "disable"}}
    hostile = faults.postgres_until_asked(behaviour)
    assert found(observe(keys, against=hostile, timeout=5)) == ("down", "bad_response")


@pytest.mark.parametrize(
    "behaviour",
    [
        faults.flood(faults.POSTGRES_LET_IN, faults.postgres_message(b"N", b"SNOTICE\0Mhello\0\0") * 1000),
        faults.flood(faults.POSTGRES_LET_IN, NAMELESS),
        faults.flood(b"E\x7f\xff\xff\xff", b"x" * 65536),
        faults.flood(b"E", b"x" * 65536),
        faults.flood(b"R\x7f\xff\xff\xff", b"x" * 65536),
        faults.flood(b"", b"v" * 65536),
    ],
)
@pytest.mark.parametrize("sslmode", ["disable", "prefer"])
def test_nothing_that_a_database_says_at_its_door_holds_the_run_up(behaviour: Behaviour, sslmode: str) -> None:
    keys = {"postgres": {"host": "127.0.0.1", "port": "@PORT@", "sslmode": sslmode}}
    assert observe(keys, against=behaviour, timeout=5).reason in {"bad_response", "connection_reset", "tls_failed"}


@pytest.mark.parametrize(
    ("types", "row"),
    [
        ([25] * 5, [b"y"] * 5),
        ([16, 20, 23, 701], [b"f", b"1", b"1", b"0"]),
        ([16, 20, 23, 701, 20], [b"f", b"1", None, b"0", b"0"]),
        ([16, 20, 23, 701, 20], [b"f", b"1", b"one", b"0", b"0"]),
        ([16, 20, 23, 701, 20], [b"f", b"1", b"1", b"nan", b"0"]),
        ([16, 20, 23, 1114, 20], [b"f", b"1", b"1", b"9999999-99-99 99:99:99", b"0"]),
        ([16, 20, 23, 701, 1700], [b"f", b"1", b"1", b"0", b"1e9"]),
        ([], []),
    ],
)
def test_a_row_of_another_shape_is_no_answer(types: list[int], row: list[bytes]) -> None:
    rows = faults.postgres_rows(types, row) + faults.postgres_message(b"C", b"SELECT 1\0") + faults.POSTGRES_READY
    odd = faults.postgres_until_asked(faults.repeat(rows))
    for kind in ("postgres", "pgbouncer"):
        keys = {kind: {"host": "127.0.0.1", "port": "@PORT@", "sslmode": "disable"}}
        assert found(observe(keys, against=odd, timeout=5)) == ("down", "bad_response")


@pytest.fixture
def fifty(monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """The addresses, all of this machine, that the name `fifty.example` has."""
    addresses = tuple(f"127.0.1.{number}" for number in range(1, 51))

    async def look_up(host: str, family: int) -> tuple[str, ...]:
        return addresses

    monkeypatch.setattr(network, "look_up", look_up)
    return addresses


@pytest.fixture
def silent(fifty: tuple[str, ...]) -> Iterator[Callable[..., int]]:
    """Make some of the fifty keep silent on one port, as behind a firewall that drops: their queues are full."""
    with ExitStack() as stack:

        def listen(address: str, port: int) -> socket.socket:
            listener = stack.enter_context(socket.socket())
            listener.bind((address, port))
            listener.listen(0)
            return listener

        def make(addresses: tuple[str, ...], *, but: str = "") -> int:
            port = 0
            for address in addresses:
                listener = listen(address, port)
                port = listener.getsockname()[1]
                for _ in range(0 if address == but else 4):
                    waiting = stack.enter_context(socket.socket())
                    waiting.setblocking(False)
                    waiting.connect_ex((address, port))
            return port

        yield make


@pytest.mark.parametrize("kind", ["http", "tls", "tcp"])
def test_fifty_addresses_that_refuse_are_a_refusal(fifty: tuple[str, ...], kind: str) -> None:
    target = "http://fifty.example:1/" if kind == "http" else "fifty.example:1"
    assert found(observe({kind: target})) == ("down", "connection_refused")


def test_of_fifty_addresses_the_last_one_is_enough(fifty: tuple[str, ...]) -> None:
    seen = observe({"http": "http://fifty.example:@PORT@/"}, against=answer(faults.OK), host=fifty[-1])
    assert found(seen) == UP


@pytest.mark.parametrize("kind", ["redis", "sidekiq", "postgres", "pgbouncer"])
def test_of_fifty_addresses_the_last_one_is_enough_for_a_driver(fifty: tuple[str, ...], kind: str) -> None:
    where = {
        "host": "fifty.example",
        "port": "@PORT@",
        **({} if kind in {"redis", "sidekiq"} else {"sslmode": "disable"}),
    }
    hostile = faults.greet(b"\r\n" * 8)
    seen = observe({kind: where}, against=hostile, host=fifty[-1])
    assert found(seen) == ("down", "bad_response")
    assert "resolve" in seen.phases


def test_of_fifty_addresses_that_keep_silent_each_has_its_turn(
    fifty: tuple[str, ...], silent: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "ALL_PATIENCE", 0.5)
    port = silent(fifty, but=fifty[-1])
    assert found(observe({"tcp": f"fifty.example:{port}"}, timeout=10)) == UP


def test_fifty_addresses_that_keep_silent_are_a_timeout(
    fifty: tuple[str, ...], silent: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "ALL_PATIENCE", 0.5)
    port = silent(fifty)
    for keys in ({"tcp": f"fifty.example:{port}"}, {"http": f"https://fifty.example:{port}/"}):
        assert found(observe(keys, timeout=1.5)) == ("down", "timeout")
    closed = {"tcp": f"fifty.example:{port}", "expect": "closed"}
    assert found(observe(closed, timeout=2)) == UP
