"""A shaky line to a server: now and then a request fails, before the server has it or after it has done the work.

To the client it is all the same: a connection that ends, or what a server says that is broken or busy.
"""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from enum import Enum
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from statusgen.demo.services import HOST

PATIENCE = 10.0
"""Seconds that the server may take."""
PAUSE = 0.5
"""Seconds that a slow answer rests in its middle."""
REFUSALS = {500: "InternalError", 503: "SlowDown"}
"""What a server answers that cannot or will not, with the code that goes with it."""


class Fate(Enum):
    """What becomes of a request that fails."""

    LOST = "it never arrives, and the connection ends"
    TORN = "half of it arrives, and the connection ends"
    REFUSED = "it never arrives, and the client is told that the server failed"
    UNANSWERED = "it is done, and the connection ends"
    CUT = "it is done, and the connection ends within the answer"
    RESET = "it is done, and the connection is reset within the answer"
    SLOW = "it is done, and the answer rests in its middle"
    DENIED = "it is done, and the client is told that the server failed"


class Line(ThreadingHTTPServer):
    """Carries requests to a server on this machine; so large a share of them fails, and it counts how."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, *, share: float, seed: int) -> None:
        super().__init__((HOST, 0), _Carrier)
        self.behind = port
        self.fates: Counter[Fate] = Counter()
        self._share = share
        self._chance = random.Random(seed)
        self._turn = threading.Lock()

    def fate(self) -> Fate | None:
        """Return what becomes of the next request; None when it passes."""
        with self._turn:
            if self._chance.random() >= self._share:
                return None
            fate = self._chance.choice(list(Fate))
            self.fates[fate] += 1
            return fate

    def refusal(self) -> int:
        """Return a status with which a server refuses."""
        with self._turn:
            return self._chance.choice(list(REFUSALS))


@contextmanager
def shaky_line(port: int, *, share: float, seed: int) -> Iterator[Line]:
    """Run a line to a server, in threads of its own."""
    with Line(port, share=share, seed=seed) as line:
        thread = threading.Thread(target=line.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield line
        finally:
            line.shutdown()
            thread.join()


class _Carrier(BaseHTTPRequestHandler):
    """Carries the requests of one connection."""

    protocol_version = "HTTP/1.1"
    server: Line

    def handle(self) -> None:
        """Carry requests for as long as the client, who may be killed, is there."""
        with suppress(OSError):
            super().handle()

    def do_GET(self) -> None:
        """Carry one request."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fate = self.server.fate()
        if fate is Fate.REFUSED:
            self._refuse()
        elif fate is Fate.LOST:
            self.close_connection = True
        else:
            self._carry(body, fate)

    do_PUT = do_POST = do_DELETE = do_HEAD = do_GET  # noqa: N815 - the names that the base class looks for

    def _carry(self, body: bytes, fate: Fate | None) -> None:
        with closing(HTTPConnection(HOST, self.server.behind, timeout=PATIENCE)) as server:
            try:
                answer = self._ask(server, body[: len(body) // 2] if fate is Fate.TORN else body, fate)
                said = answer.read() if answer else b""
            except (OSError, HTTPException):  # the server is busier than this test allows for
                answer = None
        if answer is None or fate is Fate.UNANSWERED:
            self.close_connection = True
        elif fate is Fate.DENIED:
            self._refuse()
        else:
            self._answer(answer.status, dict(answer.getheaders()), said, fate)

    def _ask(self, server: HTTPConnection, body: bytes, fate: Fate | None) -> HTTPResponse | None:
        """Send a request as it came and return the answer; None when it was torn."""
        server.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in {"expect", "connection"}:
                server.putheader(name, value)
        server.endheaders(body)
        return None if fate is Fate.TORN else server.getresponse()

    def _refuse(self) -> None:
        status = self.server.refusal()
        said = f"<Error><Code>{REFUSALS[status]}</Code><Message>try again</Message></Error>"
        self._answer(status, {"Content-Type": "application/xml"}, said.encode())

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes, fate: Fate | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in {"connection", "content-length", "transfer-encoding"}:
                self.send_header(name, value)
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        half = len(body) // 2
        self.wfile.write(body[:half])
        if fate is Fate.SLOW:
            time.sleep(PAUSE)
        if fate is Fate.RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if fate in {Fate.CUT, Fate.RESET}:
            self.close_connection = True
        else:
            self.wfile.write(body[half:])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Say nothing."""
