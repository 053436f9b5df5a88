"""The keys of checks of PostgreSQL and of PgBouncer: what they become, and what a mistake in them says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from statusgen.probes.pgbouncer import PgbouncerSpec
from statusgen.probes.postgres import PostgresSpec
from statusgen.probes.postgres_target import PostgresAddress
from statusgen.probes.targets import Role
from tests.unit.probes.documents import MINUTE, problem_of, spec_of


def test_every_key_of_postgres_reaches_its_spec() -> None:
    keys = {
        "postgres": {
            "host": "db",
            "port": "6432",
            "database": "mastodon",
            "user": "watcher",
            "password_env": "PG_PASSWORD",
            "sslmode": "verify-ca",
            "ca_file": "ca.pem",
        },
        "role": "replica",
        "degraded_over_connections": "80%",
        "degraded_over_lag": "1s",
        "down_over_lag": "2s",
        "replicas": "2",
    }
    assert spec_of(keys) == PostgresSpec(
        where=PostgresAddress(
            options=(
                ("host", "db"),
                ("port", "6432"),
                ("dbname", "mastodon"),
                ("user", "watcher"),
                ("sslmode", "verify-ca"),
                ("sslrootcert", "ca.pem"),
            ),
            password_env="PG_PASSWORD",
        ),
        role=Role.REPLICA,
        degraded_over_connections=0.8,
        degraded_over_lag=timedelta(seconds=1),
        down_over_lag=timedelta(seconds=2),
        replicas=2,
    )


def test_every_key_of_pgbouncer_reaches_its_spec() -> None:
    keys = {
        "pgbouncer": {"dsn_env": "DSN"},
        "degraded_over_waiting": "5",
        "degraded_over_wait": "2s",
        "down_over_wait": "1m",
        "degraded_over_connections": "80%",
    }
    assert spec_of(keys) == PgbouncerSpec(
        where=PostgresAddress(dsn_env="DSN"),
        degraded_over_waiting=5,
        degraded_over_wait=timedelta(seconds=2),
        down_over_wait=MINUTE,
        degraded_over_connections=0.8,
    )


@pytest.mark.parametrize(
    ("keys", "message", "hint"),
    [
        ({"postgres": {"user": "a"}}, "expected 'host' or 'dsn_env'", "add 'host: db.example.org'"),
        (
            {"postgres": {"dsn_env": "DSN", "host": "db"}},
            "'dsn_env' stands alone, got 'host' too",
            "say the same within the connection string",
        ),
        (
            {"postgres": {"host": "db", "sslmode": "verify"}},
            "expected 'disable', 'allow', 'prefer', 'require', 'verify-ca' or 'verify-full', got 'verify'",
            "did you mean 'verify-ca'?",
        ),
        (
            {"postgres": {"host": "db"}, "degraded_over_lag": "2m"},
            "'degraded_over_lag' is longer than 'down_over_lag', so nothing would ever be degraded",
            "",
        ),
        ({"pgbouncer": {"user": "a"}}, "expected 'host' or 'dsn_env'", "add 'host: db.example.org'"),
        (
            {"pgbouncer": {"host": "db"}, "degraded_over_wait": "1m"},
            "'degraded_over_wait' is longer than 'down_over_wait', so nothing would ever be degraded",
            "",
        ),
    ],
)
def test_a_mistake_says_what_was_expected(keys: dict[str, Any], message: str, hint: str) -> None:
    assert problem_of(keys) == (message, hint)
