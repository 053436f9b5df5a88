"""A `websocket` check finds what a streaming server really does, through nginx with TLS as readers reach it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpcore
import httpx
import pytest
from websockets.client import ClientProtocol
from websockets.protocol import State
from websockets.uri import parse_uri

from statusgen.demo.instance import Streaming
from statusgen.demo.services import Authority, Nginx
from statusgen.probes import family
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import HttpUrl
from statusgen.probes.websocket import WebSocketSpec
from statusgen.probes.websocket_client import Conversation
from tests.integration import faults
from tests.integration.faults import Behaviour, answer, upgrading
from tests.integration.observing import UP, found, observe

pytestmark = pytest.mark.services

PLAIN = "ws://127.0.0.1:@PORT@/api/v1/streaming"
TOKEN = {"TOKEN": f"Bearer {Streaming.token}"}
LOGGED_IN = {"headers_env": {"Authorization": "TOKEN"}}

EDGE = """
server {{
    listen 127.0.0.1:@PORT@ ssl;
    server_name social.example;
    ssl_certificate {chain};
    ssl_certificate_key {key};
    location / {{
        proxy_pass http://127.0.0.1:{streaming};
        proxy_http_version 1.1;
        proxy_set_header Host $host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection upgrade;
    }}
    location /not-passed-on {{ default_type text/plain; return 200 "OK"; }}
}}
"""


@pytest.fixture
def edge(streaming: Streaming, nginx: Callable[[str], Nginx], authority: Authority) -> dict[str, Any]:
    """Return the keys of a check that reaches the streaming server through an edge node."""
    certificate = authority.issue("social", "social.example")
    server = nginx(EDGE.format(chain=certificate.chain, key=certificate.key, streaming=streaming.port))
    return {
        "websocket": "wss://social.example/api/v1/streaming",
        "connect_to": f"127.0.0.1:{server.port}",
        "ca_file": str(authority.file),
    }


def test_a_handshake_that_is_granted_is_up_with_phases_and_status(edge: dict[str, Any]) -> None:
    seen = observe({**edge, **LOGGED_IN}, env=TOKEN)
    assert found(seen) == UP
    assert list(seen.phases) == ["connect", "tls", "first_byte"]
    assert seen.facts == {"status": 101}


def test_a_refusal_proves_the_process_where_it_is_expected(edge: dict[str, Any]) -> None:
    assert found(observe(edge)) == ("down", "http_401")
    seen = observe({**edge, "expect": {"status": "401"}})
    assert found(seen) == UP
    assert seen.facts == {"status": 401}
    lets_all_in = observe({**edge, **LOGGED_IN, "expect": {"status": "401"}}, env=TOKEN)
    assert found(lets_all_in) == ("down", "http_101")
    assert found(observe({**edge, **LOGGED_IN, "expect": {"status": ["101", "401"]}}, env=TOKEN)) == UP


def test_a_server_that_takes_it_for_a_page_is_down(edge: dict[str, Any]) -> None:
    seen = observe({**edge, "websocket": "wss://social.example/not-passed-on"})
    assert found(seen) == ("down", "http_200")


def test_an_edge_without_the_process_behind_it_is_down(edge: dict[str, Any], streaming: Streaming) -> None:
    keys = {**edge, "expect": {"status": "401"}}
    streaming.pause()
    assert found(observe(keys, timeout=0.5)) == ("down", "timeout")
    streaming.stop()
    assert found(observe(keys)) == ("down", "http_502")
    streaming.start()
    assert found(observe(keys)) == UP


def test_a_message_is_sent_and_the_answer_waited_for(edge: dict[str, Any]) -> None:
    keys = {**edge, **LOGGED_IN, "send": "hello", "receive": '"payload": "hello"'}
    seen = observe(keys, env=TOKEN)
    assert found(seen) == UP
    assert list(seen.phases) == ["connect", "tls", "first_byte", "message"]
    assert found(observe({**keys, "receive": "goodbye"}, env=TOKEN, timeout=0.5)) == ("down", "timeout")
    assert found(observe({**edge, **LOGGED_IN, "receive": ""}, env=TOKEN, timeout=0.5)) == ("down", "timeout")
    assert found(observe({**edge, **LOGGED_IN, "send": "hello"}, env=TOKEN)) == UP


def test_a_subprotocol_must_be_granted(edge: dict[str, Any]) -> None:
    assert found(observe({**edge, **LOGGED_IN, "subprotocol": "demo"}, env=TOKEN)) == UP
    assert found(observe({**edge, **LOGGED_IN, "subprotocol": "mqtt"}, env=TOKEN)) == ("down", "wrong_header")


def test_a_place_without_the_family_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {"websocket": "ws://localhost:@PORT@/", "family": "ipv4"}
    assert found(observe(keys, against=upgrading(b""))) == UP
    monkeypatch.setattr(family, "has_way", lambda _: False)
    assert found(observe(keys, against=upgrading(b""))) == ("skipped", "family_missing")


def test_a_secret_that_cannot_be_a_header_is_unknown_and_never_told() -> None:
    seen = observe({"websocket": PLAIN, **LOGGED_IN}, against=faults.hang, env={"TOKEN": "two\nlines-of-secret"})
    assert found(seen) == ("unknown", "secret_invalid")


def frame(payload: bytes, *, first: int = 0x81) -> bytes:
    """Return a short frame, a whole text unless its first byte says otherwise (RFC 6455 §5.2)."""
    return bytes([first, len(payload)]) + payload


HUGE = bytes([0x82, 127]) + (2**40).to_bytes(8, "big")
"""The head of a frame of a terabyte."""


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faults.hang, "timeout"),
        (faults.close_at_once, "connection_reset"),
        (faults.reset_at_once, "connection_reset"),
        (faults.reset_after_first_bytes, "connection_reset"),
        (faults.begin_and_reset(b"HTTP/1.1 101 Switching"), "connection_reset"),
        (answer(faults.GARBAGE), "bad_response"),
        (answer(faults.OK), "http_200"),
        (answer(b"HTTP/1.1 301 Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"), "http_301"),
        (answer(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"), "bad_response"),
        (upgrading(b"", key=b"of another handshake"), "bad_response"),
        (upgrading(b"", headers=b"Sec-WebSocket-Protocol: odd\r\n"), "bad_response"),
        (upgrading(b"", headers=b"Sec-WebSocket-Extensions: permessage-deflate\r\n"), "bad_response"),
        (upgrading(b"", end=False), "timeout"),
        (upgrading(b""), "connection_reset"),
        (upgrading(frame(b"pin")), "wrong_body"),
        (upgrading(frame(b"\x03\xe9bye", first=0x88)), "connection_reset"),
        (upgrading(frame(b"x", first=0xF1)), "bad_response"),
        (upgrading(HUGE), "body_too_large"),
        (upgrading(frame(b"x" * 100, first=0x02) + frame(b"x" * 100, first=0x00) * 11_000), "body_too_large"),
        (upgrading((b"\x82\x7e\xea\x60" + b"x" * 60_000) * 80, end=False), "body_too_large"),
        (upgrading(frame(b"no") * 5_000, end=False), "body_too_large"),
        (upgrading(frame(b"", first=0x89) * 5_000, end=False), "body_too_large"),
        (upgrading(frame(b"are you there?", first=0x89) + frame(b"a pong"), end=False), None),
        (upgrading(frame(b"a po", first=0x01) + frame(b"ng", first=0x80), end=False), None),
        (upgrading(frame(b"a pong") + frame(b"\x03\xe8", first=0x88)), None),
    ],
)
def test_whatever_a_server_does_is_an_observation_in_time(behaviour: Behaviour, reason: str | None) -> None:
    seen = observe({"websocket": PLAIN, "receive": "pong"}, against=behaviour, timeout=3)
    assert found(seen) == ("down" if reason else "up", reason)


async def only_after_a_pong(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Grant the handshake, ask whether somebody is there, and answer nobody else."""
    await upgrading(frame(b"are you there?", first=0x89), end=False, stay=False)(reader, writer)
    pong = await reader.readexactly(20)
    if pong[0] == 0x8A:
        writer.write(frame(b"a pong"))
        await writer.drain()
    await reader.read()


def test_a_ping_is_answered_while_a_message_is_waited_for() -> None:
    assert found(observe({"websocket": PLAIN, "receive": "pong"}, against=only_after_a_pong)) == UP


def test_who_leaves_before_our_goodbye_has_done_its_part() -> None:
    class Gone:
        async def write(self, *_: object) -> None:
            raise httpcore.WriteError

    async def leave() -> str | None:
        protocol = ClientProtocol(parse_uri("ws://example.org/"), state=State.OPEN)
        conversation = Conversation(protocol, httpx.Response(101, extensions={"network_stream": Gone()}))
        return await conversation.exchange(WebSocketSpec(url=HttpUrl("http", "example.org", 80, "/")), Stopwatch())

    assert asyncio.run(leave()) is None


def test_a_refusal_with_an_endless_body_is_told_at_once() -> None:
    endless = faults.begin_and_reset(b"HTTP/1.1 401 Unauthorized\r\n\r\n" + b"x" * 2**22)
    assert found(observe({"websocket": PLAIN, "expect": {"status": "401"}}, against=endless)) == UP


def test_a_certificate_for_another_name_is_down(edge: dict[str, Any]) -> None:
    seen = observe({**edge, "websocket": "wss://other.example/api/v1/streaming"})
    assert found(seen) == ("down", "tls_wrong_name")
