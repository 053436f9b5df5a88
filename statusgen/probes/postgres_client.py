"""The wire of the kinds that speak PostgreSQL's protocol: one login, what is asked then, and what went wrong."""

from __future__ import annotations

import asyncio
import math
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
from statusgen.probes.network import TargetError
from statusgen.probes.postgres_relay import Way, relayed
from statusgen.probes.postgres_target import PostgresAddress
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Family
from statusgen.probes.threads import in_thread

MOST = 64 * 1024
"""Bytes that a server may say; an honest one needs a few thousand, with the certificates of its TLS."""

PARTING = 0.5
"""Seconds that libpq has to notice that its line was cut."""

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

_NO_WAY = "connection to server"
"""How libpq begins to tell that it could not connect."""


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
    most: int = MOST,
) -> Told:
    """Return what somebody who looks at the server is told; raises `TargetError`, and `FamilyMissingError`.

    The server may say so many bytes, from the first to the last.
    """
    async with relayed(where, watch, family, most) as (there, way):
        try:
            return await _ask(there, look, watch, way)
        except (ArithmeticError, ValueError):  # what is not of the type that it claims to be
            raise TargetError("bad_response") from None
        except psycopg.Error as error:
            if way.unused and _NO_WAY in str(error):
                raise
            reason = "secret_invalid" if way.unused else _stated(error) or _unstated(error)
            raise way.failure() or TargetError(reason) from None


async def _ask(
    where: dict[str, str], look: Callable[[Connection], Awaitable[Told]], watch: Stopwatch, way: Way
) -> Told:
    """Nothing is prepared and no startup option is sent, so that it works through PgBouncer."""
    with watch.phase("connect"):
        connection = await (_aside(where, way) if way.relayed else _logged_in(where))
    try:
        with watch.phase("query"):
            return await _uncancelled(connection, look)
    finally:
        await connection.close()


async def _aside(where: dict[str, str], way: Way) -> Connection:
    """Log in on a loop of its own: a server says how much libpq computes of a password (SCRAM), be it for hours."""
    login = asyncio.ensure_future(in_thread(lambda: asyncio.run(_logged_in(where)), lambda late: late.pgconn.finish()))
    try:
        return await asyncio.shield(login)
    except asyncio.CancelledError:
        way.cut()
        await asyncio.wait({login}, timeout=PARTING)
        if not login.cancel() and login.exception() is None:
            login.result().pgconn.finish()  # it came in the meantime
        raise


async def _logged_in(where: dict[str, str]) -> Connection:
    return await AsyncConnection.connect(make_conninfo(**where), autocommit=True, prepare_threshold=None)


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
        await asyncio.wait({asking}, timeout=PARTING)
        asking.cancelled() or asking.exception()
        raise


async def look(connection: Connection) -> Said:
    """Return what PostgreSQL says of itself."""
    return read(await (await connection.execute(_QUERY)).fetchone())


def read(row: object) -> Said:
    """Return what a row says; raises `TargetError` for one that is not of the types that the query has."""
    match row:
        case (bool(recovers), int() | None as clients, int(limit), float() | None as lag, int() | None as replicas):
            if lag is None or math.isfinite(lag):
                return Said(recovers, clients, limit, lag, replicas)
    raise TargetError("bad_response")


def _stated(error: Exception) -> str | None:
    """Return the reason that an error of the driver states, by SQLSTATE where there is one, else by its text."""
    state = getattr(error, "sqlstate", None)
    if state:
        return _BY_STATE.get(state) or _BY_STATE.get(state[:2], "query_failed")
    said = re.sub(r'"[^"]*"', '""', str(error))
    return next((reason for text, reason in _BY_TEXT if re.search(text, said)), None)


def _unstated(error: Exception) -> str:
    """Return the reason of a failure that is not the network's: turned away in another language, or no PostgreSQL."""
    return "wrong_password" if "FATAL" in str(error) else "bad_response"
