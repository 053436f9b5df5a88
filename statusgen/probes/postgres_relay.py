"""The way to servers that libpq talks with: through a relay of this process, which counts what comes back.

libpq keeps whatever it is sent, and so does the driver; neither has a bound. TLS stays between libpq and the server: it
is led to the relay by `hostaddr`, and holds certificates against `host` as ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from statusgen.probes.network import TargetError, addresses_of, first_connected, reason_of
from statusgen.probes.postgres_target import DEFAULT_PORT
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Family, ascii_host

FAREWELL = 1.0
"""Seconds that libpq's last word may take on its way to a server; without it, servers note a broken connection."""

_CHUNK = 16 * 1024
_HIGHEST_PORT = 65535
_HERE = "127.0.0.1"

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Way:
    """What became of the way to the servers of one try, and how much may still come back."""

    def __init__(self, most: int, watch: Stopwatch) -> None:
        self._left = most
        self._watch = watch
        self.unused = False
        """Whether there are relays, and libpq came to none: the fault is ours, or in what it was told."""
        self.relayed = False
        """Whether some server is not this machine's own."""
        self._reached = False
        self._clients: list[asyncio.StreamWriter] = []
        self._failures: list[Exception] = []

    def failure(self) -> TargetError | None:
        """Return what to raise when no server was reached, or one said too much; None when it is libpq's to tell."""
        if self._left < 0:
            return TargetError("bad_response")
        if self._reached or not self._failures:
            return None
        reason = reason_of(self._failures[0])
        if reason is None:
            raise self._failures[0]
        return TargetError(reason)

    def cut(self) -> None:
        """End every connection at once, which is all that libpq listens to."""
        for client in self._clients:
            client.transport.abort()

    async def addresses(self, host: str, family: Family | None) -> Sequence[str]:
        """Return where a server is; nothing when its name does not tell, which is remembered."""
        try:
            return await addresses_of(host, None, self._watch, family)
        except OSError as error:
            self._failures.append(error)
            return ()

    async def reach(self, addresses: Sequence[str], port: int, client: asyncio.StreamWriter) -> Streams | None:
        """Return a connection to the server for a client; None when there is none, which is remembered."""
        self.unused = False
        self._clients.append(client)
        if not addresses:
            return None
        try:
            line = await first_connected(addresses, lambda ip: asyncio.open_connection(ip, port, limit=_CHUNK))
        except OSError as error:
            self._failures.append(error)
            return None
        self._reached = True
        return line

    def takes(self, data: bytes) -> bool:
        """Count what came back; whether it may be passed on."""
        self._left -= len(data)
        return self._left >= 0


@asynccontextmanager
async def relayed(
    where: Mapping[str, str], watch: Stopwatch, family: Family | None, most: int
) -> AsyncIterator[tuple[dict[str, str], Way]]:
    """Give the parameters that lead to the same servers through relays, and what becomes of the way there.

    All servers together may say so many bytes. Sockets in the file system are this machine's own, and of no family:
    libpq goes to them itself.
    """
    way = Way(most, watch)
    async with AsyncExitStack() as relays:
        found: list[tuple[str, str, str]] = []
        for name, host, port in _servers(where):
            if not host or host[0] in "/@":
                if family:
                    raise TargetError("secret_invalid")
                found.append((name, "", port))
            else:
                addresses = await way.addresses(host, family)
                here = await relays.enter_async_context(_relay(way, addresses, int(port or DEFAULT_PORT)))
                found.append((name, _HERE, str(here)))
                way.unused = way.relayed = True
        through = {key: ",".join(one[part] for one in found) for part, key in enumerate(("host", "hostaddr", "port"))}
        yield {**where, **{key: value for key, value in through.items() if value.strip(",")}}, way


def _servers(where: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield name, host and port of each server that a connection string names; raises `TargetError` for nonsense."""
    hosts = where.get("hostaddr", where.get("host", "")).split(",")
    names = where.get("host", ",".join(hosts)).split(",")
    ports = where.get("port", "").split(",")
    try:
        several = ports * len(hosts) if len(ports) == 1 else ports
        servers = [(name, host, _port(port)) for name, host, port in zip(names, hosts, several, strict=True)]
        yield from ((name, host if host.isascii() else ascii_host(host), port) for name, host, port in servers)
    except ValueError:
        raise TargetError("secret_invalid") from None


def _port(text: str) -> str:
    if text and not 0 < int(text) <= _HIGHEST_PORT:
        raise ValueError("no port")
    return text


@asynccontextmanager
async def _relay(way: Way, addresses: Sequence[str], port: int) -> AsyncIterator[int]:
    """Take connections for a server, and give the port where; what is said last still gets there."""
    passing: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(_pass_on((reader, writer), way, addresses, port))
        passing.add(task)
        task.add_done_callback(passing.discard)

    server = await asyncio.start_server(accept, _HERE, 0, limit=_CHUNK)
    farewell = FAREWELL
    try:
        yield server.sockets[0].getsockname()[1]
    except asyncio.CancelledError:
        farewell = 0.0
        raise
    finally:
        server.close()
        left = tuple(passing)
        if left:
            await asyncio.wait(left, timeout=farewell)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _pass_on(client: Streams, way: Way, addresses: Sequence[str], port: int) -> None:
    """Pass everything on in both directions, until either side is done."""
    server = await way.reach(addresses, port, client[1])
    if server is None:
        client[1].transport.abort()
        return
    asked = asyncio.ensure_future(_copy(client[0], server[1]))
    told = asyncio.ensure_future(_copy(server[0], client[1], way))
    try:
        await asyncio.wait({asked, told}, return_when=asyncio.FIRST_COMPLETED)
        for _, writer in (client, server):
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for _, writer in (client, server)), return_exceptions=True)
    finally:
        for one in (asked, told):
            one.cancel()
        for _, writer in (client, server):
            writer.transport.abort()


async def _copy(source: asyncio.StreamReader, to: asyncio.StreamWriter, way: Way | None = None) -> None:
    """Copy until the source ends; what breaks off, or is too much, is cut off on the other side too."""
    try:
        while data := await source.read(_CHUNK):
            if way and not way.takes(data):
                to.transport.abort()
                return
            to.write(data)
            await to.drain()
    except OSError:
        to.transport.abort()
