"""Which names belong to the inside is told by what checks point at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import Any

import pytest

from statusgen.model.project import Link
from statusgen.probes.postgres_target import PostgresAddress
from statusgen.probes.redis_target import RedisAddress
from statusgen.probes.targets import HostPort, Pin, split_url
from statusgen.publish.internal_hosts import internal_hosts
from statusgen.publish.leaks import search_for
from tests.factories import check, component, group, project, site


@dataclass(frozen=True)
class Spec:
    """Something that a check points at."""

    target: Any
    connect_to: Pin | None = None


def hosts(kind: str, target: Any, **secrets: str) -> set[str]:
    of = replace(component("web"), checks=(check(kind=kind, spec=Spec(target)),))
    return set(internal_hosts(project(group(of)), secrets))


@pytest.mark.parametrize(
    ("target", "inside"),
    [
        (HostPort("db.internal", 5432), {"db.internal"}),
        (HostPort("Box.LAN", 22), {"box.lan"}),
        (HostPort("web", 80), {"web"}),
        (HostPort("redis.prod.svc.cluster.local", 80), {"redis.prod.svc.cluster.local"}),
        (HostPort("localhost", 80), set()),
        (HostPort("10.0.0.5", 80), set()),
        (ip_network("2001:db8::/32"), set()),
        (HostPort("203.0.113.5", 80), set()),
        (split_url("https://hachyderm.io/health"), set()),
        (split_url("http://grafana.home.arpa:3000/"), {"grafana.home.arpa"}),
        (("check_pgsql", "-H", "db2.internal", "-u", "http://node1:9100/metrics"), {"db2.internal", "node1"}),
        ({"host": "rack.local", "of": b"bytes", "n": 7}, {"rack.local"}),
        ("http://[broken", set()),
        ("unix://,db.lan:80", {"db.lan"}),
    ],
)
def test_a_host_is_internal_by_its_name(target: Any, inside: set[str]) -> None:
    assert hosts("tcp", target) == inside


@pytest.mark.parametrize(
    ("kind", "target", "inside"),
    [
        ("redis", RedisAddress(host="cache.example.org"), {"cache.example.org"}),
        ("redis", RedisAddress(host="127.0.0.1"), set()),
        ("redis", RedisAddress(host="localhost"), set()),
        ("redis", RedisAddress(host="198.18.0.1"), set()),
        ("redis", RedisAddress(host="1.2.3.4"), {"1.2.3.4"}),
        ("sidekiq", RedisAddress(url_env="URL"), {"queue.example.org"}),
        (
            "postgres",
            PostgresAddress(options=(("host", "a.example.org,b.example.org"),)),
            {"a.example.org", "b.example.org"},
        ),
        ("postgres", PostgresAddress(options=(("host", "/run/postgresql"),)), set()),
        ("postgres", PostgresAddress(dsn_env="DSN"), {"one.example.org", "two.example.org"}),
        ("pgbouncer", PostgresAddress(dsn_env="WORDS"), {"three.example.org"}),
        ("pgbouncer", PostgresAddress(dsn_env="UNSET"), set()),
    ],
)
def test_whatever_a_database_is_reached_by_is(kind: str, target: Any, inside: set[str]) -> None:
    given = {
        "URL": "rediss://:word@queue.example.org:6379/0",
        "DSN": "postgresql://me:word@one.example.org:5432,two.example.org/db",
        "WORDS": "host='three.example.org' dbname=db",
    }
    assert hosts(kind, target, **given) == inside


def test_what_the_public_visits_itself_is_not() -> None:
    of = replace(
        component("web"),
        checks=(
            check("a", kind="redis", spec=RedisAddress(host="hachyderm.io")),
            check("b", kind="http", spec=Spec(split_url("https://hachyderm.io/"))),
            check("c", kind="tcp", spec=Spec(HostPort("status.lan", 80))),
            check("d", kind="tcp", spec=Spec(HostPort("wiki.lan", 80))),
            check("e", kind="tcp", spec=Spec(HostPort("db.lan", 80))),
            check("f", kind="tcp", spec=Spec(HostPort("known.lan", 80))),
        ),
    )
    inside = project(
        group(of), of=replace(site(), url="http://status.lan", links=(Link(name="W", url="https://wiki.lan/"),))
    )
    assert internal_hosts(inside, {}) == {"db.lan", "known.lan"}
    search = search_for(replace(inside, allowed=("known.lan", "10.0.0.0/8")), {})
    assert search.hosts == {"db.lan"}
    assert [str(network) for network in search.allowed] == ["10.0.0.0/8"]


def test_a_page_at_a_private_address_may_tell_it() -> None:
    [network] = search_for(project(of=replace(site(), url="http://192.168.1.5:8000")), {}).allowed
    assert str(network) == "192.168.1.5/32"
