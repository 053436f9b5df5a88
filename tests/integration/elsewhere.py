"""How long a probe keeps our loop, and servers in a process of their own that try to make it.

A server on the loop that is measured says nothing while a probe keeps that loop, so what it sends cannot show that.
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
    """What a server says to whoever connects: at once, and again for ever.

    With a certificate and its key it says it once, when it is asked, by TLS, each byte in a record of its own.
    """

    said: bytes
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


def observe_beside(
    keys: Mapping[str, Any], port: int, *, env: Mapping[str, str] | None = None, timeout: float
) -> tuple[Observation, float]:
    """Return what one try of a check finds, and the longest that nobody else had a turn meanwhile."""
    return asyncio.run(observed_beside(keys, port, env=env, timeout=timeout))


async def observed_beside(
    keys: Mapping[str, Any],
    port: int,
    *,
    env: Mapping[str, str] | None = None,
    timeout: float,  # noqa: ASYNC109 - the check's own
) -> tuple[Observation, float]:
    """Return the same on a loop on which the server may be, too.

    How long is in seconds of work, not of time: a busy machine makes it no longer. What a probe does for the first time
    in a process is left out.
    """

    async def seen_at(port: int) -> Observation:
        told = json.loads(json.dumps(keys).replace("@PORT@", str(port)))
        (seen,) = await sweep_of(told, env=env or {}, timeout=timeout)
        return seen

    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        while True:
            began = time.thread_time()
            await asyncio.sleep(_BEAT)
            longest = max(longest, time.thread_time() - began)

    await seen_at(1)
    beating = asyncio.ensure_future(beat())
    seen = await seen_at(port)
    beating.cancel()
    return seen, longest


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
        line.sendall(_records(line, talk.said, talk.certificate))
        while line.recv(65536):
            pass
    while True:
        line.sendall(talk.said)


def _records(line: socket.socket, said: bytes, certificate: tuple[str, str]) -> bytes:
    """Shake hands, and return what is to be said, encrypted: written one by one, records would not come fast enough."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
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
    for place in range(len(said)):
        tls.write(said[place : place + 1])
    return leaving.read()


if __name__ == "__main__":
    _main()
