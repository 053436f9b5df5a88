"""What PgBouncer's console says, and what it amounts to, as data."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from statusgen.model.words import Outcome
from statusgen.probes.network import TargetError
from statusgen.probes.pgbouncer import PgbouncerSpec, facts_of, judge
from statusgen.probes.pgbouncer_client import Said, look
from statusgen.probes.postgres_target import PostgresAddress

CONSOLE = {"database": "pgbouncer", "cl_waiting": 9, "maxwait": 9}
LISTS = [{"list": "used_clients", "items": 3}, {"list": "pools", "items": 3}]
CONFIG = [{"key": "max_client_conn", "value": "100"}, {"key": "pool_mode", "value": "transaction"}]


class Console:
    """A connection whose console answers with what it is given."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers
        self._asked = ""

    def cursor(self, **_: object) -> Console:
        return self

    async def __aenter__(self) -> Console:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def execute(self, query: bytes) -> None:
        self._asked = query.decode().removeprefix("SHOW ").lower()

    async def fetchall(self) -> Any:
        return self._answers[self._asked]


def asked(**answers: Any) -> Said:
    console: Any = Console(**{"pools": [CONSOLE], "lists": LISTS, "config": CONFIG, **answers})
    return asyncio.run(look(console))


def test_all_pools_count_but_the_consoles_and_all_clients_but_ourselves() -> None:
    pools = [
        CONSOLE,
        {"database": "mastodon", "cl_waiting": 2, "maxwait": 1, "maxwait_us": 500_000},
        {"database": "matrix", "cl_waiting": 3, "maxwait": 4, "maxwait_us": 250_000},
    ]
    assert asked(pools=pools) == Said(waiting=5, wait=4.25, clients=2, limit=100)
    assert asked() == Said(waiting=0, wait=0.0, clients=2, limit=100)


def test_what_an_older_console_does_not_tell_is_left_out() -> None:
    pools = [{"database": "mastodon", "cl_waiting": 1, "maxwait": 2}]
    said = asked(pools=pools, lists=[], config=[])
    assert said == Said(waiting=1, wait=2.0, clients=None, limit=None)
    assert facts_of(said) == {"waiting": 1, "wait_seconds": 2.0}


@pytest.mark.parametrize(
    "answers",
    [
        {"pools": [{"name": "mastodon"}]},
        {"pools": [{"database": "mastodon", "cl_waiting": None, "maxwait": 0}]},
        {"lists": [{"name": "used_clients"}]},
        {"config": [{"key": "max_client_conn", "value": "many"}]},
    ],
)
def test_a_console_of_something_else_is_not_understood(answers: dict[str, Any]) -> None:
    with pytest.raises(TargetError, match="bad_response"):
        asked(**answers)


@pytest.mark.parametrize(
    ("waiting", "wait", "clients", "limit", "expected"),
    [
        (0, 0.0, 90, 100, (Outcome.UP, None)),
        (0, 0.0, None, None, (Outcome.UP, None)),
        (0, 0.0, 5, 0, (Outcome.UP, None)),
        (0, 0.0, 91, 100, (Outcome.DEGRADED, "connections_high")),
        (1, 0.0, 91, 100, (Outcome.DEGRADED, "clients_waiting")),
        (0, 1.5, 1, 100, (Outcome.DEGRADED, "clients_waiting")),
        (1, 30.0, 1, 100, (Outcome.DEGRADED, "clients_waiting")),
        (1, 30.5, 100, 100, (Outcome.DOWN, "clients_waiting")),
        (1, 1.5, 100, 100, (Outcome.DOWN, "too_many_connections")),
        (0, 0.0, 101, 100, (Outcome.DOWN, "too_many_connections")),
    ],
)
def test_a_pool_is_as_bad_as_what_its_clients_feel(
    waiting: int, wait: float, clients: int | None, limit: int | None, expected: tuple[Outcome, str | None]
) -> None:
    said = Said(waiting=waiting, wait=wait, clients=clients, limit=limit)
    assert judge(said, PgbouncerSpec(where=PostgresAddress(dsn_env="DSN"))) == expected
