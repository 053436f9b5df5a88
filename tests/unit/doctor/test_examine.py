"""The whole examination, with what the network says given: all parts are heard, and `enforce` refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest

from statusgen.doctor.examine import enforce, examine
from statusgen.doctor.facts import Host
from statusgen.errors import PublishError
from statusgen.model.artifact import Artifact
from statusgen.model.project import Project, Site, StoreAddress
from statusgen.probes import KINDS
from tests import factories

NOW = datetime(2022, 12, 1, 12, tzinfo=UTC)
CHECK = factories.check("web-http", spec=KINDS["http"].document.model_validate({"http": "https://web.example"}).spec())
PROJECT = replace(
    factories.project(factories.group(replace(factories.component("web"), checks=(CHECK,)))),
    site=Site(name="x", url="https://status.example"),
    target=StoreAddress(url="s3://pages", endpoint="https://s3.example"),
)
OURS, THEIRS = frozenset({ip_address("198.51.100.7")}), frozenset({ip_address("203.0.113.7")})
PAGE = Artifact(
    path="index.html",
    parts=(b"<img src=https://web.example/logo.png>",),
    content_type="text/html; charset=utf-8",
    cache_control="no-cache",
)


class Network:
    """Answers as it is told, and notes what it was asked."""

    def __init__(self, **shared: object) -> None:
        self.shared = shared
        self.asked: tuple[list[str], list[str]] = ([], [])

    def __call__(self, urls: Sequence[str], names: Sequence[str]) -> Mapping[str, Host]:
        self.asked = ([*urls], [*names])
        return {
            "status.example": Host(name="status.example", addresses=OURS, zone="status.example"),
            "s3.example": Host(
                name="s3.example", addresses=OURS, zone="s3.example", clock=NOW, asked=NOW + timedelta(hours=1)
            ),
            "web.example": replace(Host(name="web.example", addresses=THEIRS, zone="web.example"), **self.shared),
        }


def titles(project: Project, network: Network, *artifacts: Artifact) -> list[str]:
    return [one.title for one in examine(project, artifacts, network)]


def test_every_part_is_heard() -> None:
    network = Network()
    assert titles(PROJECT, network, PAGE) == [
        "s3.example and status.example: nothing is shared with what is probed, as far as can be seen",
        "index.html loads something from web.example, which is probed",
        "our clock is 3600 s ahead of that of s3.example",
    ]
    assert network.asked == (["https://status.example", "https://s3.example"], ["web.example"])


def test_without_a_bucket_there_is_no_clock() -> None:
    assert titles(replace(PROJECT, target=StoreAddress(url="file:public")), Network()) == [
        "status.example: nothing is shared with what is probed, as far as can be seen"
    ]


def test_without_an_address_nothing_is_asked() -> None:
    network = Network()
    nowhere = replace(PROJECT, site=Site(name="x"), target=StoreAddress(url="file:public"))
    assert titles(nowhere, network) == ["the site has no address: the target is a folder, and 'site.url' is not set"]
    assert network.asked == ([], [])


def test_enforce_refuses_what_is_shared_and_opens_nothing() -> None:
    network = Network(addresses=OURS)
    with pytest.raises(PublishError) as told:
        enforce(PROJECT, network)
    assert str(told.value) == (
        "nothing was sent, for the page is not independent, and 'independence: enforce' asks for that:\n"
        "    status.example (the page) and web.example answer at 198.51.100.7\n"
        "    s3.example (the bucket) and web.example answer at 198.51.100.7\n"
        "    hint: `statusgen doctor` says what to do about each; 'independence: tell' publishes nevertheless"
    )
    assert network.asked == ([], ["status.example", "s3.example", "web.example"])


def test_enforce_stops_nothing_for_what_cannot_be_looked_up() -> None:
    enforce(PROJECT, Network(addresses=OURS, trouble="the DNS did not answer in time"))
    enforce(PROJECT, Network())
