"""The way to a target, the same for every kind: names to addresses, addresses to connections, exceptions to reasons."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import TypeVar

from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.probes.family import UNREACHABLE, require
from statusgen.probes.names import look_up
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Family, Pin, family_of, is_ip
from statusgen.sweep.attention import within

PATIENCE = 2.0
"""Seconds that one of several addresses may keep silent before the next is tried; the last one has all the time."""

ALL_PATIENCE = 6.0
"""Seconds that all addresses but the last may keep silent together: of fifty, each has its turn."""

SOCKET_FAMILIES = {None: socket.AF_UNSPEC, Family.IPV4: socket.AF_INET, Family.IPV6: socket.AF_INET6}

_VERIFY_REASONS = {
    9: "tls_not_yet_valid",
    10: "tls_expired",
    2: "tls_unknown_issuer",
    18: "tls_unknown_issuer",
    19: "tls_unknown_issuer",
    20: "tls_unknown_issuer",
    21: "tls_unknown_issuer",
    62: "tls_wrong_name",
    64: "tls_wrong_name",
}
"""OpenSSL's X509_V_ERR codes, from `openssl verify`."""
_REASONS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    ((ssl.SSLEOFError, ssl.SSLZeroReturnError), "connection_reset"),
    (ssl.SSLError, "tls_failed"),
    (socket.gaierror, "name_not_resolved"),
    (ConnectionRefusedError, "connection_refused"),
    ((ConnectionError, EOFError), "connection_reset"),
    (TimeoutError, "timeout"),
)
"""In order: each is looked for before the wider ones below it."""

_UNPROVEN = frozenset({"no_permission", "secret_invalid"})

Connected = TypeVar("Connected")


class TargetError(Exception):
    """The target did not do its part; `reason` is from the closed list, and nothing else is told."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def finding_of(error: TargetError, watch: Stopwatch) -> Finding:
    """Return what a failure proves: that the target is down, unless the fault may be our own login's."""
    return watch.finding(Outcome.UNKNOWN if error.reason in _UNPROVEN else Outcome.DOWN, error.reason)


def reason_of(error: BaseException) -> str | None:
    """Return the reason that an exception stands for, or None when it does not tell of the target but of ourselves.

    Libraries wrap what really happened, with and without `from`, so the whole chain is looked at, the outermost first.
    """
    for link in _chain(error):
        if reason := _reason_of_one(link):
            return reason
    return None


def proven_by(error: OSError | EOFError) -> str:
    """Return the reason that a failure of the way there stands for; raise it again when it tells of ourselves."""
    reason = reason_of(error)
    if reason is None:
        raise error
    return reason


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def _reason_of_one(error: BaseException) -> str | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _VERIFY_REASONS.get(error.verify_code, "tls_failed")
    known = next((reason for types, reason in _REASONS if isinstance(error, types)), None)
    if known is None and isinstance(error, OSError) and error.errno in UNREACHABLE:
        return "unreachable"  # looked at last: TLS and name errors are OSErrors too, with numbers of their own
    return known


async def resolve(host: str, watch: Stopwatch, family: Family | None = None) -> tuple[str, ...]:
    """Return the host's addresses in the order the system prefers; an address stands for itself and takes no time."""
    if is_ip(host):
        if family not in {None, family_of(host)}:
            raise socket.gaierror(socket.EAI_FAMILY, "an address of the other family")
        return (host,)
    with watch.phase("resolve"):
        return await look_up(host, SOCKET_FAMILIES[family])


async def addresses_of(host: str, pin: Pin | None, watch: Stopwatch, family: Family | None = None) -> tuple[str, ...]:
    """Return where to connect for a host: the pinned address, or what its name resolves to, of one family if asked.

    Raises `FamilyMissingError` where this place lacks that family.
    """
    try:
        addresses = (pin.ip,) if pin else await resolve(host, watch, family)
    except socket.gaierror:
        if family:
            require(family)
        raise
    if family:
        require(family, addresses)
    return addresses


async def first_connected(addresses: Sequence[str], connect: Callable[[str], Awaitable[Connected]]) -> Connected:
    """Return the connection to the first address that takes one; raise the first error when none does.

    The first and not the last: an address family that this place lacks sorts last and would hide what the real
    address said.
    """
    errors: list[Exception] = []
    patience = min(PATIENCE, ALL_PATIENCE / max(len(addresses) - 1, 1))
    for position, address in enumerate(addresses, start=1):
        try:
            async with within(patience) if position < len(addresses) else nullcontext():
                return await connect(address)
        except Exception as error:
            if reason_of(error) is None:
                raise
            errors.append(error)
    raise errors[0]


async def line_to(address: str, port: int) -> socket.socket:
    """Return a socket that is connected to an address."""
    line = socket.socket(socket.AF_INET6 if family_of(address) is Family.IPV6 else socket.AF_INET, socket.SOCK_STREAM)
    try:
        line.setblocking(False)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(line, (address, port))
    except BaseException:
        line.close()
        raise
    return line


@asynccontextmanager
async def connected(
    addresses: Sequence[str], port: int, watch: Stopwatch
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect by TCP; the connection is gone at the end, without waiting for the other side."""
    with watch.phase("connect"):
        reader, writer = await first_connected(addresses, lambda address: asyncio.open_connection(address, port))
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
