"""WebSocket over our own HTTP connection: the library knows the protocol, and does no input or output here.

So the way to a target, its phases and its faults are the same as for `http`, and no task, queue or keep-alive is left
to run beside the probe.
"""

from __future__ import annotations

import ssl
from contextlib import suppress

import httpcore
import httpx
from websockets.client import ClientProtocol
from websockets.datastructures import Headers
from websockets.exceptions import InvalidHandshake, PayloadTooBig
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from statusgen.model.reason import http_reason
from statusgen.probes.http_body import LARGEST_BODY
from statusgen.probes.http_client import Request, answering, with_defaults
from statusgen.probes.http_headers import Pairs
from statusgen.probes.network import TargetError
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.websocket import SWITCHING, WebSocketSpec

MOST = 4 * LARGEST_BODY
"""Bytes that may come before the message that is waited for."""

MOST_FRAMES = 4096
"""Frames that may come before it, of which each takes its time however small it is."""

_CHUNK = 4096
_HOST = "host"


async def converse(
    spec: WebSocketSpec, private: Pairs, *, trusted: ssl.SSLContext, watch: Stopwatch
) -> tuple[int, str | None]:
    """Return the status that answers the handshake, and why that or what follows is not as expected.

    Raises `TargetError` for what goes wrong on the way. The body of a refusal is not read: its status says it all.
    """
    protocol = ClientProtocol(
        parse_uri("ws" + str(spec.url).removeprefix("http")),
        subprotocols=[Subprotocol(spec.subprotocol)] if spec.subprotocol else None,
        state=State.OPEN,  # the handshake is HTTP, which is spoken by our own client
        max_size=LARGEST_BODY,
    )
    ours = tuple((name, value) for name, value in protocol.connect().headers.raw_items() if name.lower() != _HOST)
    headers = with_defaults(spec.headers + private + ours)
    request = Request(method="GET", url=spec.url, headers=headers, family=spec.family)
    async with answering(request, pin=spec.connect_to, trusted=trusted, watch=watch) as response:
        status = response.status_code
        if not any(status in codes for codes in spec.status):
            return status, http_reason(status)
        if status != SWITCHING:
            return status, None
        if reason := _refusal(protocol, response, spec):
            return status, reason
        return status, await Conversation(protocol, response).exchange(spec, watch)


def _refusal(protocol: ClientProtocol, response: httpx.Response, spec: WebSocketSpec) -> str | None:
    """Return why a granted handshake is none, or None when it is as RFC 6455 §4.2.2 says."""
    headers = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
    try:
        protocol.process_response(Response(response.status_code, "", headers))
    except InvalidHandshake:
        return "bad_response"
    return "wrong_header" if protocol.subprotocol != spec.subprotocol else None


class Conversation:
    """The connection once it is upgraded."""

    def __init__(self, protocol: ClientProtocol, response: httpx.Response) -> None:
        self._protocol = protocol
        self._stream: httpcore.AsyncNetworkStream = response.extensions["network_stream"]
        self._message = bytearray()
        self._heard = False
        self._frames = 0

    async def exchange(self, spec: WebSocketSpec, watch: Stopwatch) -> str | None:
        """Send a text, wait for a message that contains another, and say goodbye; return what went wrong."""
        if spec.send is not None or spec.receive is not None:
            with watch.phase("message"):
                if reason := await self._talk(spec.send, spec.receive):
                    return reason
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(CloseCode.NORMAL_CLOSURE)
            with suppress(httpcore.NetworkError):  # whoever has left already needs no goodbye
                await self._flush()
        return None

    async def _talk(self, send: str | None, receive: str | None) -> str | None:
        if send is not None:
            self._protocol.send_text(send.encode())
            await self._flush()
        return None if receive is None else await self._wait_for(receive.encode())

    async def _wait_for(self, wanted: bytes) -> str | None:
        size = 0
        while size < MOST and self._frames < MOST_FRAMES:
            data = await self._stream.read(_CHUNK)
            size += len(data)
            if not data:
                return "wrong_body" if self._heard else "connection_reset"
            self._protocol.receive_data(data)
            await self._flush()
            if any(wanted in message for message in self._messages()):
                return None
            if self._protocol.parser_exc is not None:
                raise TargetError(
                    "body_too_large" if isinstance(self._protocol.parser_exc, PayloadTooBig) else "bad_response"
                )
        return "body_too_large"

    def _messages(self) -> list[bytes]:
        """Return the messages that are complete by now."""
        complete: list[bytes] = []
        for event in self._protocol.events_received():
            self._frames += 1
            if isinstance(event, Frame) and event.opcode in {Opcode.TEXT, Opcode.BINARY, Opcode.CONT}:
                self._message += event.data
                if event.fin:
                    complete.append(bytes(self._message))
                    self._message.clear()
                    self._heard = True
        return complete

    async def _flush(self) -> None:
        """Send what the protocol has to say: our own frames, and the answers to pings and goodbyes."""
        for data in self._protocol.data_to_send():
            if data:
                await self._stream.write(data)
