"""A small streaming server, like Mastodon's: it lets in over WebSocket whoever has the token, and refuses all others.

Run as `python -m statusgen.demo.streaming PORT` with `DEMO_STREAMING_TOKEN` set. It listens on loopback.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from statusgen.demo.services import HOST

SUBPROTOCOL = Subprotocol("demo")


def answer(connection: ServerConnection, request: Request) -> Response | None:
    """Return what refuses a request or is not WebSocket at all; None lets it in."""
    if urlsplit(request.path).path == "/api/v1/streaming/health":
        health = connection.respond(HTTPStatus.OK, "OK")
        health.headers["Cache-Control"] = "private, no-store"
        return health
    if request.headers.get("Authorization") != f"Bearer {os.environ['DEMO_STREAMING_TOKEN']}":
        return connection.respond(HTTPStatus.UNAUTHORIZED, json.dumps({"error": "Missing access token"}))
    return None


async def stream(connection: ServerConnection) -> None:
    """Send back whatever comes in, as an event."""
    try:
        async for message in connection:
            await connection.send(json.dumps({"stream": ["user"], "event": "update", "payload": str(message)}))
    except ConnectionClosed:
        return


def choose(connection: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:  # noqa: ARG001 - as asked
    """Return the subprotocol where a client offers it; one that offers others, or none, is let in without."""
    return SUBPROTOCOL if SUBPROTOCOL in offered else None


async def main(port: int) -> None:
    """Serve until the process ends."""
    async with serve(
        stream, HOST, port, process_request=answer, select_subprotocol=choose, server_header=None
    ) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
