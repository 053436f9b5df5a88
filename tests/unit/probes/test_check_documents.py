"""The keys of any kind: what is enough, which addresses are meant, and that no secret is quoted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from statusgen.probes.command import CommandSpec
from statusgen.probes.dns import DnsSpec
from statusgen.probes.http import HttpSpec
from statusgen.probes.mastodon import MastodonSpec
from statusgen.probes.mastodon_parts import Part
from statusgen.probes.pgbouncer import PgbouncerSpec
from statusgen.probes.postgres import PostgresSpec
from statusgen.probes.postgres_target import PostgresAddress
from statusgen.probes.redis import RedisSpec
from statusgen.probes.redis_target import RedisAddress
from statusgen.probes.sidekiq import Queue, SidekiqSpec
from statusgen.probes.targets import Family, HostPort, Pin
from statusgen.probes.tcp import TcpSpec
from statusgen.probes.tls import TlsSpec
from statusgen.probes.websocket import WebSocketSpec
from tests.unit.probes.documents import CACHE, HTTP, MINUTE, SITE, SOCIAL, STREAM, document_of, problem_of, spec_of


@pytest.mark.parametrize(
    ("keys", "spec"),
    [
        ({"http": "https://example.org"}, HttpSpec(url=SITE)),
        ({"tls": "example.org"}, TlsSpec(target=HostPort("example.org", 443), server_name="example.org")),
        ({"tcp": "example.org:22"}, TcpSpec(target=HostPort("example.org", 22))),
        ({"websocket": "wss://example.org"}, WebSocketSpec(url=SITE)),
        (
            {"mastodon": "https://example.org"},
            MastodonSpec(
                url=SITE,
                parts=(Part.WEB, Part.STREAMING, Part.INSTANCE, Part.NODEINFO),
                domain="example.org",
                patience=timedelta(seconds=9.5),
                whole=True,
                sought=(Part.LOOKUP, Part.WEBFINGER, Part.MEDIA),
            ),
        ),
        ({"dns": "Example.org."}, DnsSpec(name="example.org")),
        ({"command": ["check_disk"]}, CommandSpec(command=("check_disk",))),
        (
            {"postgres": {"host": "db"}},
            PostgresSpec(
                where=PostgresAddress(
                    options=(
                        ("host", "db"),
                        ("port", "5432"),
                        ("dbname", "postgres"),
                        ("user", "statusgen"),
                        ("sslmode", "prefer"),
                    )
                )
            ),
        ),
        ({"postgres": {"dsn_env": "DSN"}}, PostgresSpec(where=PostgresAddress(dsn_env="DSN"))),
        (
            {"pgbouncer": {"host": "db"}},
            PgbouncerSpec(
                where=PostgresAddress(
                    options=(
                        ("host", "db"),
                        ("port", "6432"),
                        ("dbname", "pgbouncer"),
                        ("user", "statusgen"),
                        ("sslmode", "prefer"),
                    )
                )
            ),
        ),
        ({"pgbouncer": {"dsn_env": "DSN"}}, PgbouncerSpec(where=PostgresAddress(dsn_env="DSN"))),
        ({"redis": {"host": "cache"}}, RedisSpec(where=CACHE)),
        (
            {"redis": {"url_env": "REDIS_URL", "ca_file": "ca.pem"}},
            RedisSpec(where=RedisAddress(url_env="REDIS_URL", ca_file="ca.pem")),
        ),
        (
            {"sidekiq": {"host": "cache"}},
            SidekiqSpec(
                where=CACHE,
                queues=(
                    Queue(name="default"),
                    Queue(name="push"),
                    Queue(name="ingress"),
                    Queue(name="mailers", degraded_over=10 * MINUTE, down_over=150 * MINUTE),
                    Queue(name="pull", degraded_over=10 * MINUTE, down_over=150 * MINUTE),
                    Queue(name="scheduler", degraded_over=15 * MINUTE, down_over=225 * MINUTE),
                ),
            ),
        ),
    ],
)
def test_a_target_alone_is_enough(keys: dict[str, Any], spec: object) -> None:
    assert spec_of(keys) == spec


def test_every_key_of_tls_reaches_its_spec() -> None:
    keys = {
        "tls": "192.0.2.1:8443",
        "server_name": "example.org",
        "degraded_before_expiry": "7d",
        "connect_to": "192.0.2.2",
        "ca_file": "ca.pem",
    }
    assert spec_of(keys) == TlsSpec(
        target=HostPort("192.0.2.1", 8443),
        server_name="example.org",
        degraded_before_expiry=timedelta(days=7),
        connect_to=Pin("192.0.2.2"),
        ca_file="ca.pem",
    )


def test_every_key_of_command_reaches_its_spec() -> None:
    keys = {"command": ["plugins/check.py", "-w", ""], "env": ["SNMP_COMMUNITY"]}
    assert spec_of(keys) == CommandSpec(command=("plugins/check.py", "-w", ""), env=("SNMP_COMMUNITY",))


def test_a_closed_port_keeps_silent_for_half_of_the_timeout_at_most() -> None:
    keys = {"tcp": "example.org:22", "expect": "closed"}
    assert document_of(keys).spec().silence == timedelta(seconds=3)
    assert document_of({**keys, "timeout": "2s"}).spec().silence == timedelta(seconds=1)


def test_a_mistake_in_what_is_expected_of_a_port_says_what_may_be() -> None:
    expected = ("expected 'open' or 'closed', got 'close'", "did you mean 'closed'?")
    assert problem_of({"tcp": "example.org:22", "expect": "close"}) == expected


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("http", "https://example.org"),
        ("tls", "example.org:443"),
        ("tcp", "example.org:443"),
        ("websocket", "wss://example.org"),
        ("mastodon", "https://example.org"),
    ],
)
def test_a_family_reaches_the_spec_of_what_connects(kind: str, target: str) -> None:
    assert spec_of({kind: target, "family": "ipv6"}).family is Family.IPV6
    pinned = {kind: target, "family": "ipv6", "connect_to": "2001:db8::1"}
    assert spec_of(pinned).connect_to == Pin("2001:db8::1")


LOGIN_ENV = {"postgres": "dsn_env", "pgbouncer": "dsn_env", "redis": "url_env", "sidekiq": "url_env"}
"""The key that holds a whole address as a secret."""


@pytest.mark.parametrize("kind", ["postgres", "pgbouncer", "redis", "sidekiq"])
def test_a_family_reaches_the_spec_of_what_logs_in(kind: str) -> None:
    for target in ({"host": "example.org"}, {"host": "2001:db8::1"}, {LOGIN_ENV[kind]: "SECRET"}):
        assert spec_of({kind: target, "family": "ipv6"}).family is Family.IPV6
    message, _ = problem_of({kind: {"host": "203.0.113.10"}, "family": "ipv6"})
    assert message == "the target is '203.0.113.10', which is not of the family 'ipv6'"


@pytest.mark.parametrize(
    ("keys", "secret"),
    [
        ({**HTTP, "headers_env": {"Authorization": "Bearer s3cret"}}, "s3cret"),
        ({**STREAM, "headers_env": {"Authorization": "Bearer s3cret"}}, "s3cret"),
        ({**SOCIAL, "token_env": "s3cret"}, "s3cret"),
        ({"postgres": {"dsn_env": "postgres://a:s3cret@db"}}, "s3cret"),
        ({"postgres": {"host": "db", "password_env": "s3cret"}}, "s3cret"),
        ({"redis": {"url_env": "redis://:s3cret@db"}}, "s3cret"),
        ({"sidekiq": {"host": "cache", "password_env": "s3cret"}}, "s3cret"),
    ],
)
def test_a_secret_where_a_name_belongs_is_not_quoted_back(keys: dict[str, Any], secret: str) -> None:
    message, hint = problem_of(keys)
    assert message == "expected the name of an environment variable"
    assert secret not in message + hint
