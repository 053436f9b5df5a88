"""Servers in a process of their own, and how long what they send keeps our loop.

A server on the loop that is measured says nothing while a probe keeps that loop, so it cannot show that one does.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from statusgen.model.observation import Observation
from tests.conftest import ROOT
from tests.integration.observing import sweep_of

LONGEST = 0.2
"""Seconds of work after which somebody else must have had a turn. What each server here sends is good for several times
as much, all in one piece."""

_BEAT = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What a server says to whoever connects, once it is asked or at once: something, and something else for ever.

    With a certificate and its key, by TLS: each byte of the first in a record of its own.
    """

    first: bytes = b""
    then: bytes = b""
    asked: bool = True
    certificate: tuple[str, str] | None = None


@contextmanager
def talking(talk: Talk) -> Iterator[int]:
    """Serve in another process, one connection after another, and give the port."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(pickle.dumps(talk))
        process.stdin.close()
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def observe_beside(keys: Mapping[str, Any], port: int, *, timeout: float = 3) -> tuple[Observation, float]:
    """Return what one try of a check finds, and the longest that nobody else had a turn meanwhile.

    That is in seconds of work, not of time: a busy machine makes it no longer.
    """
    told = json.loads(json.dumps(keys).replace("@PORT@", str(port)))
    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        while True:
            began = time.thread_time()
            await asyncio.sleep(_BEAT)
            longest = max(longest, time.thread_time() - began)

    async def main() -> Observation:
        beating = asyncio.ensure_future(beat())
        (seen,) = await sweep_of(told, env={}, timeout=timeout)
        beating.cancel()
        return seen

    return asyncio.run(main()), longest


def _main() -> None:
    talk = pickle.load(sys.stdin.buffer)
    with socket.create_server(("127.0.0.1", 0)) as server:
        sys.stdout.write(f"{server.getsockname()[1]}\n")
        sys.stdout.flush()
        while True:
            line, _ = server.accept()
            with line, suppress(OSError):
                _say(line, talk)


def _say(line: socket.socket, talk: Talk) -> None:
    if talk.certificate:
        line.sendall(_records(line, talk))
    else:
        if talk.asked:
            line.recv(65536)
        line.sendall(talk.first)
    while talk.then:
        line.sendall(talk.then)
    while line.recv(65536):
        pass


def _records(line: socket.socket, talk: Talk) -> bytes:
    """Shake hands, and return what is to be said, encrypted: written one by one, records would not come fast enough."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*talk.certificate or ())
    arriving, leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(arriving, leaving, server_side=True)
    for step in (tls.do_handshake, lambda: tls.read(65536)):
        while True:
            try:
                step()
                break
            except ssl.SSLWantReadError:
                line.sendall(leaving.read())
                arriving.write(line.recv(65536))
    for place in range(len(talk.first)):
        tls.write(talk.first[place : place + 1])
    return leaving.read()


if __name__ == "__main__":
    _main()
