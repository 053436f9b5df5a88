"""A target that answers in exactly 100 ms, or never: over HTTP and TLS, in a process of its own.

`/hang` takes the request and says nothing. Everything else is answered 100 ms after its last byte has
come; epoll's timers, which are good to a millisecond, would make 101 of it.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

DELAY = 0.1
"""Seconds until the answer."""

_RESOLUTION = 0.0015
"""Seconds that the loop's own timers come late by at most; so long before it is due, an answer is looked after."""

NAME = "localhost"
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n\r\nOK\n"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the server listens on loopback, and the authority that its certificate is from."""

    http: int
    https: int
    ca_file: Path

    def url(self, scheme: str, path: str) -> str:
        """Return the address of a path."""
        return f"{scheme}://{NAME}:{self.https if scheme == 'https' else self.http}{path}"


class _Patient(asyncio.Protocol):
    """One connection: one request, one answer."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._heard = b""

    def data_received(self, data: bytes) -> None:
        self._heard += data
        if self._heard.endswith(b"\r\n\r\n") and b" /hang" not in self._heard[:20]:
            loop = asyncio.get_running_loop()
            self._due = loop.time() + DELAY
            loop.call_at(self._due - _RESOLUTION, self._answer)

    def _answer(self) -> None:
        loop = asyncio.get_running_loop()
        if loop.time() < self._due:
            loop.call_soon(self._answer)
        elif not self._transport.is_closing():
            self._transport.write(_ANSWER)
            self._transport.close()


@contextmanager
def serving(folder: Path, *, command: Sequence[str] = ()) -> Iterator[Ports]:
    """Run the server, below `command` (such as `taskset -c 1`), and end it afterwards."""
    argv = [*command, sys.executable, "-m", "tests.benchmarks.server", str(folder)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            http, https = json.loads(process.stdout.readline())
            yield Ports(http=http, https=https, ca_file=folder / "ca.pem")
        finally:
            process.terminate()


async def _serve(folder: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(NAME).configure_cert(context)
    context.num_tickets = 0  # no client here resumes a session, and two tickets take as long as the handshake
    loop = asyncio.get_running_loop()
    plain = await loop.create_server(_Patient, "127.0.0.1", 0, backlog=5000)
    secure = await loop.create_server(_Patient, "127.0.0.1", 0, backlog=5000, ssl=context)
    print(json.dumps([server.sockets[0].getsockname()[1] for server in (plain, secure)]), flush=True)
    await asyncio.gather(plain.serve_forever(), secure.serve_forever())


if __name__ == "__main__":
    try:
        asyncio.run(_serve(Path(sys.argv[1])))
    except KeyboardInterrupt:
        sys.exit()
