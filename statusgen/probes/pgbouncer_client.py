"""What PgBouncer's admin console tells: its pools, its clients, and how many it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.rows import dict_row

from statusgen.ports import Secrets
from statusgen.probes import postgres_client
from statusgen.probes.network import TargetError
from statusgen.probes.pgbouncer import CONSOLE
from statusgen.probes.postgres_client import Connection, ask
from statusgen.probes.postgres_target import PostgresAddress

__all__ = ["MOST", "Said", "ask", "look", "parameters"]

MOST = 256 * 1024
"""Bytes that a console may say; a pool takes some 150 of them."""

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """All pools together: clients that wait, for how long the first has (seconds), clients, and how many it takes."""

    waiting: int
    wait: float
    clients: int | None
    limit: int | None


def parameters(address: PostgresAddress, secrets: Secrets) -> dict[str, str]:
    """Return libpq's parameters for the console, whatever database a connection string names."""
    return postgres_client.parameters(address, secrets) | {"dbname": CONSOLE}


async def look(connection: Connection) -> Said:
    """Ask the console, which knows no SQL, only whole answers; raises `TargetError` when they are not PgBouncer's."""
    pools, lists, config = [await _show(connection, what) for what in ("POOLS", "LISTS", "CONFIG")]
    try:
        return _read(pools, lists, config)
    except (ArithmeticError, KeyError, TypeError, ValueError):
        raise TargetError("bad_response") from None


def _read(pools: Rows, lists: Rows, config: Rows) -> Said:
    """Columns and rows grow from version to version; our own connection is not among the clients."""
    ours = [pool for pool in pools if pool["database"] != CONSOLE]
    clients = {row["list"]: row["items"] for row in lists}.get("used_clients")
    limit = {row["key"]: row["value"] for row in config}.get("max_client_conn")
    return Said(
        waiting=sum(int(pool["cl_waiting"]) for pool in ours),
        wait=max((int(pool["maxwait"]) + int(pool.get("maxwait_us", 0)) / 1_000_000 for pool in ours), default=0.0),
        clients=None if clients is None else max(int(clients) - 1, 0),
        limit=None if limit is None else int(limit),
    )


async def _show(connection: Connection, what: str) -> Rows:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(f"SHOW {what}".encode())
        return await cursor.fetchall()
