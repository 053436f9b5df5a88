"""The wire of the kinds that speak PostgreSQL's protocol: one login, what is asked then, and what went wrong."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from statusgen.ports import Secrets
from statusgen.probes.certificates import PUBLIC_AUTHORITIES
from statusgen.probes.network import TargetError, addresses_of, connected, reason_of, resolve
from statusgen.probes.postgres_target import DEFAULT_PORT, PostgresAddress
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Family, ascii_host

Connection = AsyncConnection[Any]
Told = TypeVar("Told")

_QUERY = """
SELECT pg_is_in_recovery(),
       (SELECT CASE WHEN count(*) = count(backend_type)
                    THEN count(*) FILTER (WHERE backend_type = 'client backend') END
          FROM pg_stat_activity),
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
           - coalesce(current_setting('reserved_connections', true), '0')::int,
       CASE WHEN NOT pg_is_in_recovery() THEN NULL
            WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
                 AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0
            ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END::float8,
       (SELECT CASE WHEN count(*) = count(state) THEN count(*) FILTER (WHERE state = 'streaming') END
          FROM pg_stat_replication)
"""
"""Role, clients, how many there may be, lag in seconds, replicas that stream.

Without the role pg_monitor, what other users do is NULL, which is unknown and not 0. A replica that has replayed all it
received lags by 0, however long ago the last write was, but only while something feeds it.
"""

_BY_STATE = {
    "28": "wrong_password",
    "3D": "wrong_database",
    "53300": "too_many_connections",
    "57P01": "connection_reset",
    "57P02": "connection_reset",
    "57P03": "starting",
    "42501": "no_permission",
}
"""SQLSTATE or its class, from PostgreSQL's appendix A."""

_BY_TEXT = (
    (r"authentication failed|no pg_hba\.conf entry|no password supplied", "wrong_password"),
    (r'role "" (does not exist|is not permitted)', "wrong_password"),
    (r'database "" does not exist|no such database', "wrong_database"),
    (r"too many (clients|connections)|connection slots are reserved|no more connections", "too_many_connections"),
    (r"is starting up|is shutting down|not (yet |currently )?accepting connections|in recovery mode", "starting"),
    (r"permission denied|FATAL: +not allowed", "no_permission"),
    (r"unsupported startup parameter", "secret_invalid"),
    (r"closed the connection|could not (receive|send) data|[Cc]onnection reset|EOF detected", "connection_reset"),
    (r"invalid response|invalid message|expected authentication", "bad_response"),
    (r"does not match host name", "tls_wrong_name"),
    (r"SSL|certificate", "tls_failed"),
)
"""What an error of the login says in English, without what it quotes: libpq hands over no SQLSTATE for these."""


@dataclass(frozen=True, slots=True)
class Said:
    """The row that the query returns; None is what the login may not see or what does not apply."""

    in_recovery: bool
    clients: int | None
    limit: int
    lag: float | None
    replicas: int | None


def parameters(address: PostgresAddress, secrets: Secrets) -> dict[str, str]:
    """Return libpq's parameters; raises `TargetError` for a connection string that is none."""
    given = dict(address.options)
    if address.dsn_env is not None:
        given = _read(secrets.get(address.dsn_env))
    if address.password_env is not None:
        given["password"] = secrets.get(address.password_env)
    if given.get("sslmode", "").startswith("verify-") and "sslrootcert" not in given:
        given["sslrootcert"] = PUBLIC_AUTHORITIES
    return {"application_name": "statusgen"} | given


def _read(text: str) -> dict[str, str]:
    """Return the parts of a connection string; the driver's own error would quote it."""
    try:
        return {name: str(value) for name, value in conninfo_to_dict(text).items()}
    except psycopg.ProgrammingError:
        raise TargetError("secret_invalid") from None


async def ask(
    where: dict[str, str],
    look: Callable[[Connection], Awaitable[Told]],
    watch: Stopwatch,
    family: Family | None = None,
) -> Told:
    """Return what somebody who looks at the server is told; raises `TargetError`, and `FamilyMissingError`."""
    if family:
        with watch.phase("connect"):
            where |= await _addresses(where, family)
    try:
        return await _ask(where, look, watch)
    except psycopg.Error as error:
        raise TargetError(_stated(error) or await _way_there(where) or _unstated(error)) from None


async def _addresses(where: dict[str, str], family: Family) -> dict[str, str]:
    """Return the parameters that lead to addresses of one family, of which the driver has no notion.

    A connection string can name several hosts, and need not name any: a socket in the file system is of no family.
    """
    hosts = where.get("hostaddr", where.get("host", "")).split(",")
    names = where.get("host", ",".join(hosts)).split(",")
    ports = where.get("port", str(DEFAULT_PORT)).split(",")
    found: list[tuple[str, str, str]] = []
    try:
        for name, host, port in zip(names, hosts, ports * len(hosts) if len(ports) == 1 else ports, strict=True):
            ips = await addresses_of(ascii_host(host), None, Stopwatch(), family)
            found += ((name, ip, port) for ip in ips)
    except socket.gaierror:
        raise TargetError("name_not_resolved") from None
    except ValueError:
        raise TargetError("secret_invalid") from None
    return {key: ",".join(one[part] for one in found) for part, key in enumerate(("host", "hostaddr", "port"))}


async def _ask(where: dict[str, str], look: Callable[[Connection], Awaitable[Told]], watch: Stopwatch) -> Told:
    """Nothing is prepared and no startup option is sent, so that it works through PgBouncer."""
    with watch.phase("connect"):
        connection = await AsyncConnection.connect(make_conninfo(**where), autocommit=True, prepare_threshold=None)
    try:
        with watch.phase("query"):
            return await _uncancelled(connection, look)
    finally:
        await connection.close()


async def _uncancelled(connection: Connection, look: Callable[[Connection], Awaitable[Told]]) -> Told:
    """Look in a task of its own, which a cancellation ends by cutting the line.

    The driver answers a cancellation by asking the server to stop, and waits for that; a server that hangs would hold
    the probe long after its deadline.
    """
    asking = asyncio.ensure_future(look(connection))
    try:
        return await asyncio.shield(asking)
    except asyncio.CancelledError:
        with suppress(OSError), socket.fromfd(connection.pgconn.socket, socket.AF_INET, socket.SOCK_STREAM) as line:
            line.shutdown(socket.SHUT_RDWR)
        await asyncio.wait({asking}, timeout=1)
        asking.cancelled() or asking.exception()
        raise


async def look(connection: Connection) -> Said:
    """Return what PostgreSQL says of itself."""
    row = await (await connection.execute(_QUERY)).fetchone()
    return Said(*(row or ()))


def _stated(error: Exception) -> str | None:
    """Return the reason that an error of the driver states, by SQLSTATE where there is one, else by its text."""
    state = getattr(error, "sqlstate", None)
    if state:
        return _BY_STATE.get(state) or _BY_STATE.get(state[:2], "query_failed")
    said = re.sub(r'"[^"]*"', '""', str(error))
    return next((reason for text, reason in _BY_TEXT if re.search(text, said)), None)


async def _way_there(where: dict[str, str]) -> str | None:
    """Return why there is no connection, or None when there is one: the driver's words do not tell reliably."""
    host, port = where.get("hostaddr", where.get("host", "")).split(",")[0], where.get("port", "").split(",")[0]
    if not host or host.startswith("/"):
        return None
    watch = Stopwatch()
    try:
        async with connected(await resolve(host, watch), int(port or DEFAULT_PORT), watch):
            return None
    except OSError as error:
        return reason_of(error)


def _unstated(error: Exception) -> str:
    """Return the reason of a failure that is not the network's: turned away in another language, or no PostgreSQL."""
    return "wrong_password" if "FATAL" in str(error) else "bad_response"
