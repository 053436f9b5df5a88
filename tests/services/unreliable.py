"""What lies between a client and a server on a bad day: some requests fail before they arrive, some after."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random

from statusgen.demo.services import HOST

_REFUSED = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Unreliable:
    """Passes requests on to a server; of every hundred, `lost` never arrive and of `unanswered` the answer is lost.

    The client is told of a failure of the server, or finds its connection closed, by turns of a seeded chance.
    """

    def __init__(self, port: int, *, seed: int, lost: int = 6, unanswered: int = 6) -> None:
        self._server = port
        self._random = Random(seed)
        self._lost = lost
        self._unanswered = unanswered
        self.failures = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one request on, and its answer back."""
        with suppress(OSError, EOFError):
            request = await _request(reader, writer)
            chance = self._random.randrange(100)
            answer = b"" if chance < self._lost else await self._ask(request)
            if chance < self._lost + self._unanswered:
                self.failures += 1
                answer = self._random.choice([b"", _REFUSED])
            writer.write(answer)
            await writer.drain()
        writer.close()

    async def _ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(HOST, self._server)
        try:
            writer.write(request)
            return await reader.read()
        finally:
            writer.close()


async def _request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """Return a whole request, as the only one of its connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    if re.search(rb"\r\nexpect: *100-continue\r\n", head, re.IGNORECASE):
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)\r\n", head, re.IGNORECASE)
    body = await reader.readexactly(int(length[1])) if length else b""
    kept = re.sub(rb"\r\n(?:expect|connection):[^\r]*(?=\r\n)", b"", head, flags=re.IGNORECASE)
    return kept.removesuffix(b"\r\n") + b"Connection: close\r\n\r\n" + body


@contextmanager
def unreliable(port: int, *, seed: int) -> Iterator[tuple[int, Unreliable]]:
    """Run it before a server, in a thread of its own; give its port and itself."""
    between = Unreliable(port, seed=seed)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(between.serve, HOST, 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1], between
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    """Take no more connections, and leave none."""
    server.close()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
