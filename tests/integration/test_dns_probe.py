"""A `dns` check tells whether a server gives the right answers: a real one, and what no real one can be made to do."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from statusgen.model.observation import Observation
from statusgen.probes import dns_client
from statusgen.probes.targets import Pin
from tests.integration import faults
from tests.integration.conftest import running
from tests.integration.faults import Behaviour, Reply
from tests.integration.knot import Knot
from tests.integration.observing import UP, found, observe

pytestmark = pytest.mark.services

ANY = {"dns": "edges.example.org", "resolver": "127.0.0.1:@PORT@"}
EDGES = ["203.0.113.10", "203.0.113.11"]


@pytest.fixture(scope="module")
def _knot(services_folder: Path) -> Iterator[Knot]:
    with running(lambda: Knot(services_folder / "knot")) as server:
        yield server


@pytest.fixture
def knot(_knot: Knot) -> Iterator[Knot]:
    """A real DNS server."""
    yield _knot
    _knot.restore()


def ask(server: Knot, name: str, *, timeout: float = 5, **keys: Any) -> Observation:
    return observe({"dns": name, "resolver": f"127.0.0.1:{server.port}", **keys}, timeout=timeout)


def test_any_answer_is_up_with_its_code_its_number_and_its_lowest_lifetime(knot: Knot) -> None:
    seen = ask(knot, "www.example.org")
    assert found(seen) == UP
    assert seen.facts == {"rcode": "noerror", "answers": 2, "ttl": 60}
    assert list(seen.phases) == ["query"]


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"dns": "edges.example.org", "expect": EDGES}, None),
        ({"dns": "EDGES.example.org.", "expect": [*EDGES, "203.0.113.12"]}, None),
        ({"dns": "edges.example.org", "expect": EDGES[0]}, "wrong_answer"),
        ({"dns": "edges.example.org", "expect": EDGES[0], "match": "includes"}, None),
        ({"dns": "edges.example.org", "expect": "203.0.113.12", "match": "includes"}, "wrong_answer"),
        ({"dns": "edges.example.org", "expect": EDGES, "match": "exactly"}, None),
        ({"dns": "edges.example.org", "expect": [*EDGES, "203.0.113.12"], "match": "exactly"}, "wrong_answer"),
        ({"dns": "mail.example.org", "type": "AAAA", "expect": "2001:0db8:0::25"}, None),
        ({"dns": "www.example.org", "type": "CNAME", "expect": "Alias.example.org."}, None),
        ({"dns": "example.org", "type": "MX", "expect": "10 mail.example.org"}, None),
        ({"dns": "example.org", "type": "NS", "expect": ["ns1.example.org", "ns2.example.net"]}, None),
        ({"dns": "example.org", "type": "TXT", "expect": ["two parts", "v=spf1 -all"]}, None),
        ({"dns": "example.org", "type": "TXT", "expect": ["V=SPF1 -all"], "match": "includes"}, "wrong_answer"),
        ({"dns": "example.org", "type": "CAA", "expect": "0 issue letsencrypt.org"}, None),
        ({"dns": "_sip._tcp.example.org", "type": "SRV", "expect": "0 5 443 mail.example.org"}, None),
        ({"dns": "25.example.org", "type": "PTR", "expect": "mail.example.org"}, None),
        ({"dns": "nowhere.example.org"}, "dns_nxdomain"),
        ({"dns": "nowhere.example.org", "expect": EDGES}, "dns_nxdomain"),
        ({"dns": "nowhere.example.org", "expect": "nxdomain"}, None),
        ({"dns": "edges.example.org", "expect": "nxdomain"}, "wrong_answer"),
        ({"dns": "edges.example.org", "type": "AAAA"}, "dns_no_answer"),
        ({"dns": "edges.example.org", "type": "AAAA", "expect": "nodata"}, None),
        ({"dns": "edges.example.org", "expect": "nodata"}, "wrong_answer"),
        ({"dns": "nowhere.example.org", "expect": "nodata"}, "dns_nxdomain"),
        ({"dns": "www.broken.example"}, "dns_servfail"),
        ({"dns": "www.broken.example", "expect": "nxdomain"}, "dns_servfail"),
        ({"dns": "example.net"}, "dns_refused"),
    ],
)
def test_a_real_server_is_held_to_what_is_expected(knot: Knot, keys: dict[str, Any], reason: str | None) -> None:
    seen = observe({**keys, "resolver": f"127.0.0.1:{knot.port}"})
    assert found(seen) == ("down" if reason else "up", reason)


@pytest.mark.parametrize(
    ("subnet", "answers"),
    [
        ("198.51.100.0/24", EDGES),
        ("198.51.100.77", EDGES),
        ("192.0.2.0/24", ["203.0.113.20"]),
        ("2001:db8::/56", ["203.0.113.30"]),
    ],
)
def test_one_place_sees_what_each_network_is_answered(knot: Knot, subnet: str, answers: list[str]) -> None:
    name = "social.example.org"
    assert found(ask(knot, name, client_subnet=subnet, expect=answers, match="exactly")) == UP
    assert found(ask(knot, name, client_subnet=subnet, expect="203.0.113.99")) == ("down", "wrong_answer")


def test_an_answer_that_does_not_fit_comes_by_tcp(knot: Knot) -> None:
    seen = ask(knot, "long.example.org", type="TXT")
    assert found(seen) == UP
    assert seen.facts["answers"] == 40
    assert set(seen.phases) == {"query", "connect"}


def test_a_server_that_hangs_is_a_timeout_and_one_that_is_gone_is_refused(knot: Knot) -> None:
    knot.pause()
    assert found(ask(knot, "example.org", type="NS", timeout=1)) == ("down", "timeout")
    knot.resume()
    knot.stop()
    assert found(ask(knot, "example.org", type="NS")) == ("down", "connection_refused")


def test_the_systems_resolvers_are_asked_in_turn(knot: Knot, monkeypatch: pytest.MonkeyPatch) -> None:
    both = (Pin("127.0.0.2", 1), Pin("127.0.0.1", knot.port))
    monkeypatch.setattr(dns_client, "resolvers", lambda: both)
    assert found(observe({"dns": "edges.example.org", "expect": EDGES})) == UP
    monkeypatch.setattr(dns_client, "resolvers", lambda: both[:1])
    assert found(observe({"dns": "edges.example.org"})) == ("down", "connection_refused")
    assert found(observe({"dns": "edges.example.org", "family": "ipv6"})) == ("unknown", "not_measured")
    monkeypatch.setattr(dns_client, "resolvers", lambda: ())
    assert found(observe({"dns": "edges.example.org"})) == ("unknown", "not_measured")


ANSWER, TRUNCATED, NOT_IMPLEMENTED, UPDATE = 0x8180, 0x8380, 0x8184, 0xA880
"""Flags of a DNS message: an answer, one cut short, a code, and an operation that nobody asked for."""


def flagged(question: bytes, flags: int) -> bytes:
    """Return a question as an answer of its own, with flags and a code."""
    return question[:2] + struct.pack("!H", flags) + question[4:]


def _with_subnet_dropped(question: bytes) -> bytes:
    """Return an answer of one address that says nothing of the network: as from a server that knows no EDNS."""
    end = question.index(b"\0", 12) + 5
    head = question[:2] + struct.pack("!5H", ANSWER, 1, 1, 0, 0)
    return head + question[12:end] + b"\xc0\x0c" + struct.pack("!HHIH4B", 1, 1, 60, 4, 203, 0, 113, 10)


@pytest.mark.parametrize(
    ("reply", "outcome", "reason"),
    [
        (lambda _: [], "down", "timeout"),
        (lambda question: [question[:2] + b"garbage"], "down", "bad_response"),
        (lambda question: [question], "down", "bad_response"),
        (lambda question: [b"\0\0\0\0", b"", _with_subnet_dropped(question)], "up", None),
        (lambda question: [question[:2] + b"\xff" * 20_000], "down", "body_too_large"),
        (lambda question: [flagged(question, NOT_IMPLEMENTED)], "down", "bad_response"),
        (lambda question: [flagged(question, ANSWER).replace(b"example", b"elpmaxe")], "down", "bad_response"),
        (lambda question: [flagged(question, UPDATE)], "down", "bad_response"),
        (lambda question: [flagged(question, TRUNCATED)], "down", "connection_refused"),
    ],
    ids=[
        "silent",
        "garbage",
        "echo",
        "strays-first",
        "large",
        "not-implemented",
        "other-question",
        "another-operation",
        "truncated-without-tcp",
    ],
)
def test_whatever_a_server_answers_is_an_observation_in_time(reply: Reply, outcome: str, reason: str | None) -> None:
    seen = observe(ANY, datagrams=reply, timeout=1.5)
    assert found(seen) == (outcome, reason)


def stream(data: bytes, *, reset: bool = False) -> Behaviour:
    """Say bytes once asked, and end the connection."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(data)
        await writer.drain()
        if reset:
            await faults.reset_at_once(reader, writer)

    return behave


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (faults.hang, "timeout"),
        (faults.close_at_once, "connection_reset"),
        (faults.reset_at_once, "connection_reset"),
        (stream(b""), "connection_reset"),
        (stream(b"", reset=True), "connection_reset"),
        (faults.greet(b"\0"), "timeout"),
        (faults.greet(b"\0\4\0\0\0\0"), "bad_response"),
        (faults.greet(b"\xff\xff" + bytes(20_000)), "body_too_large"),
    ],
)
def test_a_fault_of_tcp_is_an_observation_too(behaviour: Behaviour, reason: str) -> None:
    seen = observe(ANY, datagrams=lambda question: [flagged(question, TRUNCATED)], against=behaviour, timeout=1)
    assert found(seen) == ("down", reason)


def test_an_answer_that_is_lost_is_asked_for_again() -> None:
    asked: list[bytes] = []

    def reply(question: bytes) -> list[bytes]:
        asked.append(question)
        return [_with_subnet_dropped(question)] if len(asked) > 1 else []

    assert found(observe(ANY, datagrams=reply)) == UP
    assert len(asked) == 2


def test_a_server_that_takes_no_notice_of_the_network_has_proven_nothing_of_it() -> None:
    def reply(question: bytes) -> list[bytes]:
        return [_with_subnet_dropped(question)]

    assert found(observe({**ANY, "expect": EDGES}, datagrams=reply)) == UP
    keys = {**ANY, "expect": EDGES, "client_subnet": "198.51.100.0/24"}
    assert found(observe(keys, datagrams=reply)) == ("unknown", "dns_subnet_ignored")


def test_a_flood_of_strays_ends_at_the_deadline() -> None:
    assert found(observe(ANY, datagrams=lambda _: [b"\0\0stray"] * 1000, timeout=1.5)) == ("down", "timeout")


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_a_resolver_may_have_an_ipv6_address() -> None:
    assert found(observe({"dns": "example.org", "resolver": "[::1]:1"})) == ("down", "connection_refused")


def test_the_systems_resolvers_are_read_where_the_system_has_them(tmp_path: Path) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text("search example.org\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n")
    assert dns_client.resolvers(str(file)) == (Pin("192.0.2.53"), Pin("2001:db8::53"))
    assert dns_client.resolvers(str(tmp_path / "absent")) == ()
