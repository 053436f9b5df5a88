"""What the page shares with what it reports on is told by rule, with why it matters and what to do."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import pytest

from statusgen.doctor.facts import Host
from statusgen.doctor.finding import Severity
from statusgen.doctor.independence import judge

PROVIDER = frozenset({"ns1.provider.example", "ns2.provider.example"})
HOME = frozenset({"ns1.home.example"})


def host(name: str, *addresses: str, **more: Any) -> Host:
    return Host(name=name, addresses=frozenset(map(ip_address, addresses)), **more)


PAGE = host(
    "status.elsewhere.example",
    "198.51.100.7",
    "2001:db8:1::7",
    zone="elsewhere.example",
    servers=PROVIDER,
    certificate="aa",
    cdn="Fastly",
)
WEB = host(
    "social.example.org",
    "203.0.113.10",
    "2001:db8:2::10",
    zone="example.org",
    servers=HOME,
    certificate="bb",
    cdn="Cloudflare",
)
"""They share nothing."""


def with_(one: Host, **more: Any) -> Host:
    fields = {name: getattr(one, name) for name in Host.__slots__}
    return Host(**{**fields, **more})


def told(ours: Host, *theirs: Host) -> list[tuple[str, str]]:
    return [(str(one.severity), one.title) for one in judge({"page": ours}, theirs)]


def test_what_shares_nothing_is_well() -> None:
    [(severity, title)] = told(PAGE, WEB)
    assert severity == "ok"
    assert title == "status.elsewhere.example: nothing is shared with what is probed, as far as can be seen"


@pytest.mark.parametrize(
    ("ours", "theirs", "severity", "title"),
    [
        (
            with_(PAGE, name=WEB.name),
            WEB,
            "problem",
            "social.example.org (the page) and social.example.org are the same host",
        ),
        (
            with_(PAGE, addresses=WEB.addresses),
            WEB,
            "problem",
            "status.elsewhere.example (the page) and social.example.org answer at 2001:db8:2::10, 203.0.113.10",
        ),
        (
            with_(PAGE, addresses=frozenset({ip_address("203.0.113.250")})),
            WEB,
            "warning",
            "status.elsewhere.example (the page) and social.example.org lie in one network, 203.0.113.0/24",
        ),
        (
            with_(PAGE, addresses=frozenset({ip_address("2001:db8:2:ffff::1")})),
            WEB,
            "warning",
            "status.elsewhere.example (the page) and social.example.org lie in one network, 2001:db8:2::/48",
        ),
        (
            with_(PAGE, servers=PROVIDER | HOME),
            WEB,
            "warning",
            "status.elsewhere.example (the page) and social.example.org use the same name servers (ns1.home.example)",
        ),
        (
            with_(PAGE, zone="example.org", servers=HOME),
            WEB,
            "warning",
            (
                "status.elsewhere.example (the page) and social.example.org use the same name servers of one zone, "
                "example.org (ns1.home.example)"
            ),
        ),
        (
            with_(PAGE, aliases=("pages.example.org", "bucket.provider.example")),
            WEB,
            "warning",
            (
                "status.elsewhere.example (the page) and social.example.org are tied: the first leads through "
                "pages.example.org"
            ),
        ),
        (
            with_(PAGE, certificate="bb"),
            WEB,
            "warning",
            "status.elsewhere.example (the page) and social.example.org show the same certificate",
        ),
        (
            with_(PAGE, cdn="Cloudflare"),
            WEB,
            "warning",
            "status.elsewhere.example (the page) and social.example.org both come through Cloudflare",
        ),
    ],
)
def test_a_fate_that_is_shared_is_told(ours: Host, theirs: Host, severity: str, title: str) -> None:
    assert told(ours, theirs) == [(severity, title)]
    [found] = judge({"page": ours}, [theirs])
    assert found.why
    assert found.advice


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (with_(PAGE, addresses=frozenset({ip_address("203.0.114.10")})), WEB),
        (with_(PAGE, addresses=frozenset({ip_address("2001:db8:3::10")})), WEB),
        (with_(PAGE, aliases=("notexample.org",)), WEB),
        (with_(PAGE, certificate="", cdn=""), with_(WEB, certificate="", cdn="")),
        (with_(PAGE, zone="", servers=frozenset()), with_(WEB, zone="", servers=frozenset())),
    ],
)
def test_what_only_looks_alike_is_not(ours: Host, theirs: Host) -> None:
    assert [severity for severity, _ in told(ours, theirs)] == ["ok"]


def test_hosts_that_share_the_same_are_named_together_and_a_problem_is_told_once() -> None:
    edges = [with_(WEB, name=f"edge{number}.example.org") for number in range(9)]
    ours = with_(PAGE, servers=HOME)
    [(_, title)] = told(ours, *edges)
    assert title == (
        "status.elsewhere.example (the page) and edge0.example.org, edge1.example.org, edge2.example.org, "
        "edge3.example.org, edge4.example.org and 4 more use the same name servers (ns1.home.example)"
    )
    assert [severity for severity, _ in told(with_(WEB, name="other.example.org"), WEB)] == ["problem"]


def test_what_cannot_be_looked_up_is_told_and_is_not_well() -> None:
    lost = Host(name="social.example.org", trouble="there is no such name")
    [found] = judge({"page": PAGE}, [lost])
    assert found.severity is Severity.NOTE
    assert found.title == "social.example.org could not be looked up: there is no such name"
    assert [one.severity for one in judge({"page": with_(PAGE, trouble="lost")}, [WEB])] == [Severity.NOTE]


def test_the_worst_comes_first_and_the_bucket_is_asked_for_as_well() -> None:
    found = judge(
        {"page": with_(PAGE, servers=HOME), "bucket": with_(PAGE, name="s3.example", addresses=WEB.addresses)},
        [WEB, Host(name="lost.example.org", trouble="there is no such name")],
    )
    assert [one.severity for one in found] == [Severity.PROBLEM, Severity.WARNING, Severity.NOTE]
    assert found[0].title.startswith("s3.example (the bucket) and social.example.org answer at ")
