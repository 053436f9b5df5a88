"""Web servers and handshakes that are not what they seem: whatever they send, a run ends in time."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import zlib

import pytest

from statusgen.demo.services import Authority
from statusgen.probes import http_transport
from tests.integration import faults
from tests.integration.faults import Behaviour, answer
from tests.integration.observing import UP, found, observe

pytestmark = pytest.mark.services


URL = "http://127.0.0.1:@PORT@/"


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
