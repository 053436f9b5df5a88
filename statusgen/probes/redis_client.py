"""The wire of the kinds that ask a Redis server: one connection, few commands, and what went wrong with them."""

from __future__ import annotations

import inspect
import socket
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from redis.asyncio import Redis
from redis.asyncio.connection import Connection as DriversConnection
from redis.asyncio.connection import SSLConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import InvalidResponse, NoPermissionError, RedisError

from statusgen.ports import Secrets
from statusgen.probes.certificates import PUBLIC_AUTHORITIES
from statusgen.probes.network import TargetError, addresses_of, first_connected, line_to, reason_of
from statusgen.probes.redis_answers import KIB, WIDEST, Bound, BoundedParser
from statusgen.probes.redis_target import DEFAULT_PORT, RedisAddress
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Family, ascii_host

Said = Mapping[str, Any]
"""What INFO tells, by field."""

OF_ITSELF = Bound(256 * KIB, 1024)
"""What a server may say of itself, on one connection; an honest one needs a thirtieth of it."""

_BY_CLASS = {
    "AuthenticationError": "wrong_password",
    "AuthenticationWrongNumberOfArgsError": "wrong_password",
    "NoPermissionError": "no_permission",
    "ReadOnlyError": "read_only",
    "OutOfMemoryError": "memory_high",
    "BusyLoadingError": "starting",
    "MasterDownError": "replication_lag",
    "InvalidResponse": "bad_response",
}
"""The driver's classes for the first word of an error, by which Redis tells errors apart."""

_BY_TEXT = (
    ("MISCONF", "save_failed"),
    ("running in protected mode", "wrong_password"),
    ("NOREPLICAS", "read_only"),
    ("MASTERDOWN", "replication_lag"),
    ("max number of clients", "too_many_connections"),
    ("DB index is out of range", "wrong_database"),
    ("Connection closed by server", "connection_reset"),
)
"""Errors that the driver, or an older one, has no class for."""

_NAMELESS: Mapping[str, Any] = (
    {"driver_info": None}
    if "driver_info" in inspect.signature(Redis.__init__).parameters
    else {"lib_name": None, "lib_version": None}
)
"""Keeps the driver, older or newer, from introducing itself: a login that may not do so fills the server's ACL log."""


class Server:
    """A server that one is logged in to."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        callbacks: Any = client.response_callbacks
        read = callbacks["INFO"]
        callbacks["INFO"] = lambda text, **options: read(_short(text), **options)

    async def ping(self) -> None:
        """Have it answer."""
        with _understood():
            answered = await self._client.ping()
        if answered is not True:
            raise TargetError("bad_response")

    async def info(self, section: str | None = None) -> Said:
        """Return what it says of itself, or of one thing; nothing when the login may not ask."""
        try:
            with _understood():
                told = dict(await self._client.info(section))
        except NoPermissionError:
            return {}
        return {name: value for name, value in told.items() if not isinstance(value, int) or abs(value) < WIDEST}

    async def write(self, key: str, life: timedelta) -> None:
        """Write a key that does not exist yet and vanishes by itself."""
        with _understood():
            await self._client.set(key, "1", px=life, nx=True)

    async def members(self, key: str, limit: int) -> Sequence[str]:
        """Return members of a set: all of them, or as many as the limit says and a few more."""
        found: set[str] = set()
        cursor, begun = 0, False
        while (cursor or not begun) and len(found) <= limit:
            begun = True
            with _understood():
                cursor, some = await self._client.sscan(key, cursor, count=limit)
                found.update(map(str, some))
        return sorted(found)

    async def ask(self, *commands: tuple[str | int, ...]) -> Sequence[Any]:
        """Return the answers to several commands, sent at once."""
        async with self._client.pipeline(transaction=False) as together:
            for command in commands:
                together.execute_command(*command)
            with _understood():
                return list(await together.execute())


@contextmanager
def _understood() -> Iterator[None]:
    """Take what the driver makes nothing of, such as a text where it expects a list, for what it is: no answer."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        raise TargetError("bad_response") from None


def _short(text: object) -> str:
    """Return what a server says of itself, unless the driver would take too long over it."""
    if isinstance(text, str) and len(text) <= OF_ITSELF.size:
        return text
    raise InvalidResponse("not what INFO tells")


@asynccontextmanager
async def conversation(
    where: Mapping[str, Any], watch: Stopwatch, family: Family | None = None, bound: Bound = OF_ITSELF
) -> AsyncIterator[Server]:
    """Talk with the server; whatever goes wrong within is raised as `TargetError`.

    One connection, and no second try: `sweep` tries again, and counts it. Raises `FamilyMissingError` where this place
    lacks the family.
    """
    client = Redis(
        **where,
        **_NAMELESS,
        protocol=2,
        single_connection_client=True,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=None,
        socket_connect_timeout=None,
        decode_responses=True,
        encoding_errors="replace",
    )
    pool = client.connection_pool
    pool.connection_class = _LedByTls if issubclass(pool.connection_class, SSLConnection) else _Led
    pool.connection_kwargs["parser_class"] = partial(BoundedParser, bound=bound)
    try:
        pool.connection_kwargs["addresses"] = await addresses_of(where["host"], None, watch, family)
        yield Server(client)
    except (RedisError, OSError) as error:
        raise TargetError(_reason(error)) from None
    finally:
        await client.aclose()


class _Led(DriversConnection):
    """A connection to the first of some addresses that takes one; the driver would resolve the name by itself."""

    def __init__(self, *, addresses: Sequence[str], **options: Any) -> None:
        super().__init__(**options)
        self._addresses = addresses
        self._line: socket.socket | None = None

    async def _connect(self) -> None:
        self._line = await first_connected(self._addresses, lambda address: line_to(address, self.port))
        connect: Any = super()._connect
        await connect()

    def _connection_arguments(self) -> Mapping[str, Any]:
        """Return what `open_connection` is called with; certificates are held against the name as ever."""
        tls = super()._connection_arguments().get("ssl")
        return {"sock": self._line, **({"ssl": tls, "server_hostname": self.host} if tls else {})}


class _LedByTls(_Led, SSLConnection):
    """The same by TLS."""


def parameters(address: RedisAddress, secrets: Secrets) -> dict[str, Any]:
    """Return the driver's parameters; raises `TargetError`, which does not quote it, for a URL that is none."""
    if address.url_env is not None:
        return _read(secrets.get(address.url_env), address.ca_file)
    password = secrets.get(address.password_env) if address.password_env else None
    login = {"username": address.username, "password": password}
    where = {"host": address.host, "port": address.port, "db": address.db, **login}
    return where | (_tls(address.ca_file) if address.tls else {})


def _read(text: str, ca_file: str | None) -> dict[str, Any]:
    try:
        url = urlsplit(text)
        host, port, db = ascii_host(url.hostname or ""), url.port or DEFAULT_PORT, int(url.path.strip("/") or 0)
    except ValueError:
        raise TargetError("secret_invalid") from None
    if url.scheme not in {"redis", "rediss"}:
        raise TargetError("secret_invalid")
    login = {"username": unquote(url.username or "") or None, "password": unquote(url.password or "") or None}
    where = {"host": host, "port": port, "db": db, **login}
    return where | (_tls(ca_file) if url.scheme == "rediss" else {})


def _tls(ca_file: str | None) -> dict[str, Any]:
    return {
        "ssl": True,
        "ssl_ca_certs": ca_file or PUBLIC_AUTHORITIES,
        "ssl_cert_reqs": "required",
        "ssl_check_hostname": True,
    }


def _reason(error: Exception) -> str:
    """Return the reason for what the driver raised."""
    for ancestor in type(error).__mro__:
        if reason := _BY_CLASS.get(ancestor.__name__):
            return reason
    text = str(error)
    stated = next((reason for words, reason in _BY_TEXT if words in text), None)
    return stated or reason_of(error) or "query_failed"
