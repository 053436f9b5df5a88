"""The `redis` kind's side of the wire: one connection, four commands, and what went wrong with them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoPermissionError, RedisError

from statusgen.ports import Secrets
from statusgen.probes.certificates import PUBLIC_AUTHORITIES
from statusgen.probes.network import TargetError, reason_of

if TYPE_CHECKING:
    from statusgen.probes.redis import RedisSpec

Said = Mapping[str, Any]
"""What INFO tells, by field."""

_DEFAULT_PORT = 6379

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
    ("NOREPLICAS", "read_only"),
    ("max number of clients", "too_many_connections"),
    ("DB index is out of range", "wrong_database"),
    ("Connection closed by server", "connection_reset"),
)
"""Errors that the driver has no class for."""


class Server:
    """A server that one is logged in to."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def ping(self) -> None:
        """Have it answer."""
        await self._client.ping()

    async def info(self) -> Said:
        """Return what it says of itself; nothing when the login may not ask."""
        try:
            return dict(await self._client.info())
        except NoPermissionError:
            return {}

    async def write(self, key: str, life: timedelta) -> None:
        """Write a key that does not exist yet and vanishes by itself."""
        await self._client.set(key, "1", px=life, nx=True)


@asynccontextmanager
async def conversation(where: Mapping[str, Any]) -> AsyncIterator[Server]:
    """Talk with the server; whatever goes wrong within is raised as `TargetError`.

    One connection, and no second try: `sweep` tries again, and counts it.
    """
    client = Redis(
        **where,
        protocol=2,
        single_connection_client=True,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=None,
        socket_connect_timeout=None,
        decode_responses=True,
        encoding_errors="replace",
    )
    try:
        yield Server(client)
    except (RedisError, OSError) as error:
        raise TargetError(_reason(error)) from None
    finally:
        await client.aclose()


def parameters(spec: RedisSpec, secrets: Secrets) -> dict[str, Any]:
    """Return the driver's parameters; raises ValueError, which does not quote it, for a URL that is none."""
    if spec.url_env is not None:
        return _read(secrets.get(spec.url_env), spec.ca_file)
    password = secrets.get(spec.password_env) if spec.password_env else None
    where = {"host": spec.host, "port": spec.port, "db": spec.db, "username": spec.username, "password": password}
    return where | (_tls(spec.ca_file) if spec.tls else {})


def _read(text: str, ca_file: str | None) -> dict[str, Any]:
    try:
        url = urlsplit(text)
        port, db = url.port or _DEFAULT_PORT, int(url.path.strip("/") or 0)
    except ValueError:
        raise ValueError from None
    if url.scheme not in {"redis", "rediss"} or not url.hostname:
        raise ValueError
    login = {"username": unquote(url.username or "") or None, "password": unquote(url.password or "") or None}
    where = {"host": url.hostname, "port": port, "db": db, **login}
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
