"""The keys of each kind: what they become, their defaults, and what a mistake in them says."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from pydantic import ValidationError

from statusgen.probes import KINDS
from statusgen.probes.command import CommandSpec
from statusgen.probes.dns import DnsSpec
from statusgen.probes.dns_expect import DnsExpectation, Match, RecordType
from statusgen.probes.http import HttpSpec
from statusgen.probes.http_expect import Expectation
from statusgen.probes.mastodon import MastodonSpec
from statusgen.probes.mastodon_parts import Part
from statusgen.probes.pgbouncer import PgbouncerSpec
from statusgen.probes.postgres import PostgresSpec
from statusgen.probes.postgres_target import PostgresAddress
from statusgen.probes.prometheus import PrometheusSpec
from statusgen.probes.prometheus_values import Limits
from statusgen.probes.redis import RedisSpec
from statusgen.probes.redis_target import RedisAddress
from statusgen.probes.sidekiq import Queue, SidekiqSpec
from statusgen.probes.targets import Family, HostPort, HttpUrl, Pin, Role
from statusgen.probes.tcp import TcpSpec
from statusgen.probes.tls import TlsSpec
from statusgen.probes.websocket import WebSocketSpec

MINUTE = timedelta(minutes=1)
CACHE = RedisAddress(host="cache")
SITE = HttpUrl("https", "example.org", 443, "/")


def spec_of(keys: dict[str, Any]) -> Any:
    return document_of(keys).spec()


def document_of(keys: dict[str, Any]) -> Any:
    return KINDS[next(iter(keys))].document.model_validate(keys)


def problem_of(keys: dict[str, Any]) -> tuple[str, str]:
    """Return what the one mistake says, and its hint."""
    with pytest.raises(ValidationError) as raised:
        document_of(keys)
    (error,) = raised.value.errors()
    return error["ctx"]["message"], error["ctx"]["hint"]


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


def test_every_key_of_http_reaches_its_spec() -> None:
    keys = {
        "http": "https://example.org/",
        "method": "post",
        "headers": {"Accept": "text/html"},
        "headers_env": {"Authorization": "TOKEN"},
        "body": "{}",
        "expect": {
            "status": ["200", "300-302"],
            "body": "OK",
            "body_regex": "O.",
            "json": {"$.a[0]": "1"},
            "headers": {"Content-Type": "json"},
            "uncached": "true",
        },
        "follow_redirects": "3",
        "connect_to": "203.0.113.10",
        "ca_file": "ca.pem",
    }
    assert spec_of(keys) == HttpSpec(
        url=SITE,
        method="POST",
        headers=(("Accept", "text/html"),),
        headers_env=(("Authorization", "TOKEN"),),
        body="{}",
        expect=Expectation(
            status=(range(200, 201), range(300, 303)),
            body="OK",
            body_regex=re.compile("O."),
            json=((("a", 0), "1"),),
            headers=(("content-type", "json"),),
            uncached=True,
        ),
        redirects=3,
        connect_to=Pin("203.0.113.10"),
        ca_file="ca.pem",
    )


def test_every_key_of_the_other_kinds_reaches_its_spec() -> None:
    keys: dict[str, Any] = {
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
    keys = {
        "redis": {
            "host": "cache",
            "port": "6380",
            "db": "2",
            "username": "watcher",
            "password_env": "REDIS_PASSWORD",
            "tls": "yes",
            "ca_file": "ca.pem",
        },
        "role": "primary",
        "write": "no",
        "degraded_over_memory": "80%",
        "replicas": "1",
    }
    where = RedisAddress(
        host="cache",
        port=6380,
        db=2,
        username="watcher",
        password_env="REDIS_PASSWORD",
        tls=True,
        ca_file="ca.pem",
    )
    assert spec_of(keys) == RedisSpec(
        where=where,
        role=Role.PRIMARY,
        write=False,
        degraded_over_memory=0.8,
        replicas=1,
    )
    keys = {
        "sidekiq": keys["redis"],
        "namespace": "mastodon",
        "queues": {"default": {"degraded_over": "1m", "down_over": "5m", "degraded_over_length": "100"}},
        "degraded_over_retries": "1000",
        "degraded_over_dead": "200",
    }
    assert spec_of(keys) == SidekiqSpec(
        where=where,
        namespace="mastodon",
        queues=(Queue(name="default", degraded_over=MINUTE, down_over=5 * MINUTE, degraded_over_length=100),),
        degraded_over_retries=1000,
        degraded_over_dead=200,
    )


def test_a_list_of_queues_is_short_for_queues_of_which_nothing_special_is_expected() -> None:
    listed = spec_of({"sidekiq": {"host": "cache"}, "queues": ["default", "pull"]})
    assert listed == spec_of({"sidekiq": {"host": "cache"}, "queues": {"default": {}, "pull": {}}})


@pytest.mark.parametrize(
    ("keys", "degraded", "down"),
    [
        ({}, 10 * MINUTE, 150 * MINUTE),
        ({"degraded_over": "1m"}, MINUTE, 15 * MINUTE),
        ({"down_over": "1h"}, 10 * MINUTE, 60 * MINUTE),
        ({"down_over": "1m"}, MINUTE, MINUTE),
    ],
)
def test_the_wait_that_is_left_out_gives_way_to_the_other(
    keys: dict[str, str], degraded: timedelta, down: timedelta
) -> None:
    (queue,) = document_of({"sidekiq": {"host": "cache"}, "queues": {"pull": keys}}).spec().queues
    assert (queue.degraded_over, queue.down_over) == (degraded, down)


def test_every_key_of_websocket_reaches_its_spec() -> None:
    keys = {
        "websocket": "ws://example.org/stream?a=b",
        "headers": {"Origin": "https://example.org"},
        "headers_env": {"Authorization": "TOKEN"},
        "subprotocol": "mqtt",
        "send": "ping",
        "receive": "pong",
        "connect_to": "203.0.113.10:8080",
        "family": "ipv4",
    }
    assert spec_of(keys) == WebSocketSpec(
        url=HttpUrl("http", "example.org", 80, "/stream?a=b"),
        headers=(("Origin", "https://example.org"),),
        headers_env=(("Authorization", "TOKEN"),),
        subprotocol="mqtt",
        send="ping",
        receive="pong",
        connect_to=Pin("203.0.113.10", 8080),
        family=Family.IPV4,
    )
    refused = {"websocket": "wss://example.org", "expect": {"status": ["401", "403"]}, "ca_file": "ca.pem"}
    assert spec_of(refused) == WebSocketSpec(url=SITE, status=(range(401, 402), range(403, 404)), ca_file="ca.pem")


def test_every_key_of_mastodon_reaches_its_spec() -> None:
    keys = {
        "mastodon": "https://example.org",
        "account": "admin",
        "media": "https://media.example.org/a.png",
        "streaming": "https://streaming.example.org",
        "domain": "Example.com",
        "status_page": "https://status.example.org",
        "token_env": "TOKEN",
        "allow_cached": "true",
        "family": "ipv6",
        "ca_file": "ca.pem",
    }
    assert spec_of(keys) == MastodonSpec(
        url=SITE,
        parts=tuple(Part),
        domain="example.com",
        patience=timedelta(seconds=9.5),
        whole=True,
        account="admin",
        streaming=HttpUrl("https", "streaming.example.org", 443, "/"),
        media=HttpUrl("https", "media.example.org", 443, "/a.png"),
        status_page="https://status.example.org",
        token_env="TOKEN",
        allow_cached=True,
        family=Family.IPV6,
        ca_file="ca.pem",
    )


@pytest.mark.parametrize(
    ("keys", "parts", "sought"),
    [
        ({}, {"web", "streaming", "instance", "nodeinfo"}, {"lookup", "webfinger", "media"}),
        ({"account": "admin"}, {"web", "streaming", "lookup", "instance", "webfinger", "nodeinfo"}, {"media"}),
        ({"media": "/a.png"}, {"web", "streaming", "instance", "nodeinfo", "media"}, {"lookup", "webfinger"}),
        ({"part": "web"}, {"web", "instance"}, set()),
        ({"part": "streaming"}, {"streaming"}, set()),
        ({"part": "lookup", "account": "admin"}, {"lookup"}, set()),
        ({"part": "media", "media": "/a.png", "connect_to": "192.0.2.1"}, {"media"}, set()),
    ],
)
def test_a_mastodon_is_asked_for_the_parts_that_are_told_enough_of_and_itself_about_the_others(
    keys: dict[str, str], parts: set[str], sought: set[str]
) -> None:
    spec = spec_of({"mastodon": "https://example.org", **keys})
    assert isinstance(spec, MastodonSpec)
    assert (set(spec.parts), set(spec.sought)) == (parts, sought)
    assert spec.patience == timedelta(seconds=9.5 if len(parts) > 1 else 10)


def test_every_key_of_dns_reaches_its_spec() -> None:
    keys = {
        "dns": "bücher.example",
        "type": "aaaa",
        "resolver": "[2001:db8::53]:5353",
        "client_subnet": "198.51.100.77",
        "expect": ["2001:0db8::1", "2001:db8::2"],
        "match": "exactly",
    }
    assert spec_of(keys) == DnsSpec(
        name="xn--bcher-kva.example",
        record=RecordType.AAAA,
        resolver=Pin("2001:db8::53", 5353),
        subnet=ip_network("198.51.100.0/24"),
        expect=DnsExpectation(answers=frozenset({"2001:db8::1", "2001:db8::2"}), match=Match.EXACTLY),
    )


def test_every_key_of_prometheus_reaches_its_spec() -> None:
    keys = {
        "prometheus": "https://example.org/prom/",
        "query": 'up{job="a"} + 1',
        "degraded_above": "80%",
        "down_above": "1e3",
        "degraded_below": "-1.5",
        "down_below": "-2",
        "headers_env": {"Authorization": "TOKEN"},
        "connect_to": "203.0.113.10",
        "family": "ipv4",
        "ca_file": "ca.pem",
        "timeout": "20s",
    }
    path = "/prom/api/v1/query?query=up%7Bjob%3D%22a%22%7D%20%2B%201"
    assert spec_of(keys) == PrometheusSpec(
        request=HttpSpec(
            url=HttpUrl("https", "example.org", 443, path),
            headers=(("Accept", "application/json"),),
            headers_env=(("Authorization", "TOKEN"),),
            connect_to=Pin("203.0.113.10"),
            family=Family.IPV4,
            ca_file="ca.pem",
        ),
        limits=Limits(degraded_above=0.8, down_above=1000, degraded_below=-1.5, down_below=-2),
        patience=timedelta(seconds=18),
    )


def test_every_key_of_command_reaches_its_spec() -> None:
    keys = {"command": ["plugins/check.py", "-w", ""], "env": ["SNMP_COMMUNITY"]}
    assert spec_of(keys) == CommandSpec(command=("plugins/check.py", "-w", ""), env=("SNMP_COMMUNITY",))


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


@pytest.mark.parametrize("kind", ["postgres", "pgbouncer", "redis", "sidekiq"])
def test_a_family_reaches_the_spec_of_what_logs_in(kind: str) -> None:
    for target in ({"host": "example.org"}, {"host": "2001:db8::1"}, {LOGIN_ENV[kind]: "SECRET"}):
        assert spec_of({kind: target, "family": "ipv6"}).family is Family.IPV6
    message, _ = problem_of({kind: {"host": "203.0.113.10"}, "family": "ipv6"})
    assert message == "the target is '203.0.113.10', which is not of the family 'ipv6'"


LOGIN_ENV = {"postgres": "dsn_env", "pgbouncer": "dsn_env", "redis": "url_env", "sidekiq": "url_env"}
"""The key that holds a whole address as a secret."""


def test_a_family_chooses_among_the_resolvers() -> None:
    assert spec_of({"dns": "example.org", "family": "ipv4"}).family is Family.IPV4
    message, _ = problem_of({"dns": "example.org", "family": "ipv4", "resolver": "2001:db8::53"})
    assert message == "'resolver' is '2001:db8::53', which is not of the family 'ipv4'"


@pytest.mark.parametrize(
    ("record", "text", "canonical"),
    [
        ("A", "203.0.113.10", "203.0.113.10"),
        ("AAAA", "2001:DB8:0:0::1", "2001:db8::1"),
        ("CNAME", "Edge.Example.org.", "edge.example.org"),
        ("MX", "010  mail.example.org", "10 mail.example.org"),
        ("MX", "0 .", "0 ."),
        ("SRV", "0 5 443 sip.example.org.", "0 5 443 sip.example.org"),
        ("TXT", "V=spf1  -all", "V=spf1  -all"),
        ("CAA", '0 Issue "letsencrypt.org"', "0 issue letsencrypt.org"),
    ],
)
def test_equal_answers_of_the_dns_are_equal_texts(record: str, text: str, canonical: str) -> None:
    expected = spec_of({"dns": "example.org", "type": record, "expect": text}).expect
    assert expected == DnsExpectation(answers=frozenset({canonical}))


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ("A", "2001:db8::1"),
        ("AAAA", "203.0.113.10"),
        ("CNAME", "203.0.113.10"),
        ("NS", "a b"),
        ("MX", "mail"),
        ("MX", "ten mail"),
        ("SRV", "0 443 sip"),
        ("CAA", "issue"),
        ("PTR", "-"),
    ],
)
def test_an_answer_that_no_such_record_can_hold_is_a_mistake(record: str, text: str) -> None:
    message, _ = problem_of({"dns": "example.org", "type": record, "expect": text})
    assert message.startswith("expected ")
    assert message.endswith(f"for a record of type {record!r}, got {text!r}")


def test_a_closed_port_keeps_silent_for_half_of_the_timeout_at_most() -> None:
    keys = {"tcp": "example.org:22", "expect": "closed"}
    assert document_of(keys).spec().silence == timedelta(seconds=3)
    assert document_of({**keys, "timeout": "2s"}).spec().silence == timedelta(seconds=1)


def test_a_server_that_must_refuse_keeps_silent_for_half_of_the_timeout_at_most() -> None:
    keys = {"redis": {"host": "cache", "tls": "true"}, "expect": "refused"}
    assert document_of(keys).spec().refused is True
    assert document_of(keys).spec().silence == timedelta(seconds=3)
    assert document_of({**keys, "timeout": "2s"}).spec().silence == timedelta(seconds=1)


def test_a_replica_is_not_written_to() -> None:
    assert document_of({"redis": {"host": "cache"}, "role": "replica"}).spec().write is False
    assert document_of({"redis": {"host": "cache"}, "role": "primary"}).spec().write is True


def test_an_expected_redirect_asks_for_a_status_of_one() -> None:
    expected = document_of({"http": "http://example.org", "expect": {"redirect": "/a"}}).spec().expect
    assert expected.status == (range(300, 400),)
    exact = {"redirect": "/a", "status": "301"}
    assert document_of({"http": "http://example.org", "expect": exact}).spec().expect.status == (range(301, 302),)


HTTP = {"http": "https://example.org"}
STREAM = {"websocket": "wss://example.org"}
SOCIAL = {"mastodon": "https://example.org"}


@pytest.mark.parametrize(
    ("keys", "message", "hint"),
    [
        ({**HTTP, "method": "CONNECT"}, "expected a method such as 'GET' or 'POST', got 'CONNECT'", ""),
        ({**HTTP, "method": "G T"}, "expected a method such as 'GET' or 'POST', got 'G T'", ""),
        (
            {**HTTP, "headers": {"Bad Name": "x"}},
            "expected the name of a header such as 'Accept-Language', got 'Bad Name'",
            "",
        ),
        (
            {**HTTP, "headers": {"Host": "other.example"}},
            "the header 'Host' is not for a check to set",
            "it follows from the URL; 'connect_to' reaches one node",
        ),
        (
            {**HTTP, "headers_env": {"Content-Length": "NAME"}},
            "the header 'Content-Length' is not for a check to set",
            "",
        ),
        ({**HTTP, "headers": {"X": "a\nb"}}, "expected one line of text for a header, got 'a\\nb'", ""),
        ({**HTTP, "headers": {"X": " a"}}, "expected one line of text for a header, got ' a'", ""),
        ({**HTTP, "follow_redirects": "21"}, "expected a whole number from 0 to 20, got '21'", ""),
        (
            {**HTTP, "follow_redirects": "1", "expect": {"redirect": "/a"}},
            "a redirect can be expected or followed, not both",
            "leave 'follow_redirects' out",
        ),
        ({"http": "http://example.org", "ca_file": "ca.pem"}, "'ca_file' needs an https URL", ""),
        (
            {**HTTP, "expect": {"redirect": "/a", "status": "200"}},
            "expected a status from 300 to 399 beside 'redirect'",
            "leave 'status' out",
        ),
        *(
            (
                {**HTTP, "expect": {"status": status}},
                f"expected a status such as '200', a range such as '200-299' or a list of them, got {named}",
                "",
            )
            for status, named in [
                ("2xx", "'2xx'"),
                ("600", "'600'"),
                ("299-200", "'299-200'"),
                ([], "a list"),
                (["200", "x"], "a list"),
                ({"a": "b"}, "a mapping"),
            ]
        ),
        (
            {**HTTP, "expect": {"body_regex": "(a"}},
            "expected a regular expression, got '(a': missing ), unterminated subpattern at position 0",
            "",
        ),
        ({**HTTP, "expect": {"body_regex": ["a"]}}, "expected a regular expression, got a list", ""),
        (
            {**HTTP, "expect": {"json": "status"}},
            "expected paths and their values such as '{status: UP}', got 'status'",
            "",
        ),
        (
            {**HTTP, "expect": {"json": {"a": ["1"]}}},
            "expected a single value for 'a', got a list",
            "go down to it with a path such as '$.list[0].name'",
        ),
        *(
            (
                {**HTTP, "expect": {"json": {path: "1"}}},
                f"expected a JSON path such as '$.queues[0].name', got {path!r}",
                "",
            )
            for path in ("$", "a..b", "a[x]", "a[0]b", "$a", "a b", "a[1")
        ),
        (
            {**HTTP, "expect": {"headers": {"Content-Type": ["html"]}}},
            "expected header names and texts such as '{Content-Type: text/html}', got a mapping",
            "",
        ),
        *(
            (
                {"websocket": url},
                f"expected a URL such as 'wss://example.org/api/v1/streaming', got {named}",
                hint,
            )
            for url, named, hint in [
                ("https://example.org/a", "'https://example.org/a'", "write 'wss://example.org/a'"),
                ("wss:/example.org", "'wss:/example.org'", ""),
                ("wss://exa mple.org", "'wss://exa mple.org'", ""),
                (["wss://example.org"], "a list", ""),
            ]
        ),
        (
            {"websocket": "wss://a:hunter2@example.org"},
            "expected a URL without user and password",
            "put the secret into a variable and name it: 'headers_env: {Authorization: NAME}'",
        ),
        (
            {**STREAM, "headers": {"Sec-WebSocket-Protocol": "a"}},
            "the header 'Sec-WebSocket-Protocol' is not for a check to set",
            "name it under 'subprotocol'",
        ),
        (
            {**STREAM, "headers_env": {"Sec-WebSocket-Key": "KEY"}},
            "the header 'Sec-WebSocket-Key' is not for a check to set",
            "",
        ),
        ({**STREAM, "subprotocol": "a b"}, "expected the name of a subprotocol such as 'mqtt', got 'a b'", ""),
        ({"websocket": "ws://example.org", "ca_file": "ca.pem"}, "'ca_file' needs a wss URL", ""),
        (
            {**STREAM, "receive": "pong", "expect": {"status": "401"}},
            "'receive' needs a handshake that is granted, which is status 101",
            "leave 'expect' out, or make it two checks",
        ),
        (
            {"mastodon": "https://example.org/about"},
            "expected a URL without a path, got 'https://example.org/about'",
            "write 'https://example.org'",
        ),
        ({"mastodon": "example.org"}, "expected a URL such as 'https://example.org/health', got 'example.org'", ""),
        (
            {**SOCIAL, "part": "stream"},
            "expected 'web', 'streaming', 'lookup', 'instance', 'webfinger', 'nodeinfo' or 'media', got 'stream'",
            "did you mean 'streaming'?",
        ),
        ({**SOCIAL, "part": "lookup"}, "the part 'lookup' needs 'account'", "add 'account: admin'"),
        (
            {**SOCIAL, "part": "media"},
            "the part 'media' needs 'media'",
            "add 'media: /system/site_uploads/files/000/000/001/@1x/probe.png'",
        ),
        (
            {**SOCIAL, "part": "web", "account": "admin"},
            "'account' says nothing of the part 'web'",
            "leave it out",
        ),
        *(
            (
                {**SOCIAL, "account": account},
                f"expected the name of a local account such as 'admin', got {account!r}",
                hint,
            )
            for account, hint in [("@admin@example.org", "write 'admin'"), ("@admin", "write 'admin'"), ("a b", "")]
        ),
        *(
            (
                {**SOCIAL, "media": media},
                f"expected a path such as '/system/picture.png' or a URL, got {named}",
                "",
            )
            for media, named in [("picture.png", "'picture.png'"), ("//a/b.png", "'//a/b.png'"), (["/a"], "a list")]
        ),
        ({"mastodon": "http://example.org", "ca_file": "ca.pem"}, "'ca_file' needs an https URL", ""),
        (
            {**SOCIAL, "connect_to": "192.0.2.1", "media": "https://media.example.org/a.png"},
            "'connect_to' is for the host of 'mastodon', and 'media' is on another",
            "make it a check of its own: 'mastodon: https://media.example.org' and 'part: media'",
        ),
        (
            {"tcp": "example.org:22", "expect": "close"},
            "expected 'open' or 'closed', got 'close'",
            "did you mean 'closed'?",
        ),
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
        ({"redis": {"db": "1"}}, "expected 'host' or 'url_env'", "add 'host: redis.example.org'"),
        (
            {"redis": {"url_env": "URL", "tls": "true"}},
            "'url_env' stands alone, got 'tls' too",
            "say the same within the URL",
        ),
        (
            {"redis": {"host": "cache", "username": "a"}},
            "'username' needs 'password_env'",
            "add 'password_env: REDIS_PASSWORD'",
        ),
        (
            {"redis": {"host": "cache"}, "role": "replica", "write": "true"},
            "a replica takes no writes",
            "leave 'write' out",
        ),
        *(
            (
                {**keys, "expect": "refused"},
                f"a server that must refuse is asked without a login, so {named} has no meaning",
                "",
            )
            for keys, named in [
                ({"redis": {"host": "cache", "password_env": "PASSWORD"}}, "'password_env'"),
                ({"redis": {"url_env": "REDIS_URL"}}, "'url_env'"),
                ({"redis": {"host": "cache"}, "role": "primary"}, "'role'"),
                ({"redis": {"host": "cache"}, "write": "false"}, "'write'"),
            ]
        ),
        ({"sidekiq": {"db": "1"}}, "expected 'host' or 'url_env'", "add 'host: redis.example.org'"),
        *(
            (
                {"sidekiq": {"host": "cache"}, "queues": queues},
                f"expected names of queues such as '[default, push]', got {named}",
                "",
            )
            for queues, named in [("default", "'default'"), ([], "a list"), ({}, "a mapping"), ("", "nothing")]
        ),
        *(
            (
                {"sidekiq": {"host": "cache"}, "queues": queues},
                f"expected a name of letters, digits, '_', '-', '.' and ':', got {named}",
                "",
            )
            for queues, named in [(["a b"], "'a b'"), ([["a"]], "a list"), ({"é": {}}, "'é'"), ([""], "nothing")]
        ),
        (
            {"sidekiq": {"host": "cache"}, "namespace": "a b"},
            "expected a name of letters, digits, '_', '-', '.' and ':', got 'a b'",
            "",
        ),
        (
            {"sidekiq": {"host": "cache"}, "queues": ["default", "pull", "default"]},
            "the queue 'default' is named twice",
            "delete one of them",
        ),
        (
            {"sidekiq": {"host": "cache"}, "queues": [f"queue{number}" for number in range(21)]},
            "expected at most 20 queues, got 21",
            "make it several checks",
        ),
        (
            {"sidekiq": {"host": "cache"}, "queues": {"default": {"degraded_over": "2m", "down_over": "1m"}}},
            "'degraded_over' is longer than 'down_over', so the queue would never be degraded",
            "",
        ),
    ],
)
def test_a_mistake_says_what_was_expected(keys: dict[str, Any], message: str, hint: str) -> None:
    assert problem_of(keys) == (message, hint)


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
