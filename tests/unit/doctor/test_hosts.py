"""The hosts of a project are those that others can look up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from statusgen.doctor.hosts import host_of, own_urls, probed
from statusgen.model.project import Project, Site, StoreAddress
from statusgen.probes import KINDS
from statusgen.probes.dns import DnsSpec
from tests import factories


def project(*specs: object) -> Project:
    kinds = ("dns" if isinstance(spec, DnsSpec) else "http" for spec in specs)
    checks = [
        factories.check(f"web-{number}", kind=kind, spec=spec)
        for number, (kind, spec) in enumerate(zip(kinds, specs, strict=True))
    ]
    return factories.project(factories.group(replace(factories.component("web"), checks=tuple(checks))))


def spec(kind: str, **keys: object) -> object:
    return KINDS[kind].document.model_validate(keys).spec()


def test_hosts_that_are_probed_are_found_whatever_the_kind() -> None:
    found = probed(
        project(
            spec("http", http="https://Social.example.org/health", connect_to="198.51.100.10"),
            spec("tls", tls="social.example.org:443"),
            spec("tcp", tcp="mail.example.org:25"),
            spec("websocket", websocket="wss://streaming.example.org"),
            spec("mastodon", mastodon="https://social.example.org"),
            spec("postgres", postgres={"host": "db.internal"}),
            spec("redis", redis={"host": "10.0.0.5"}),
            spec("http", http="http://localhost:3000"),
            spec("dns", dns="ns.example.org", client_subnet="2001:db8::/32"),
            None,
        )
    )
    assert found == ("social.example.org", "mail.example.org", "streaming.example.org", "ns.example.org")


def test_addresses_count_where_anybody_can_reach_them() -> None:
    assert probed(project(spec("tcp", tcp="8.8.8.8:53"), spec("tcp", tcp="192.168.0.1:53"))) == ("8.8.8.8",)


@pytest.mark.parametrize(
    ("target", "urls"),
    [
        (StoreAddress(url="file:public"), {"page": "https://status.example.org"}),
        (
            StoreAddress(url="s3://pages/site", endpoint="https://s3.example"),
            {"page": "https://status.example.org", "bucket": "https://s3.example"},
        ),
        (
            StoreAddress(url="s3://pages", region="eu-west-1"),
            {"page": "https://status.example.org", "bucket": "https://pages.s3.eu-west-1.amazonaws.com"},
        ),
    ],
)
def test_our_own_are_the_page_and_the_bucket(target: StoreAddress, urls: dict[str, str]) -> None:
    ours = replace(factories.project(), site=Site(name="x", url="https://status.example.org"), target=target)
    assert own_urls(ours) == urls


def test_without_an_address_there_is_none_of_our_own() -> None:
    assert own_urls(replace(factories.project(), site=Site(name="x"), target=StoreAddress(url="file:public"))) == {}
    assert host_of("https://Status.Example.org:8443/x") == "status.example.org"
