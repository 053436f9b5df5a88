"""The keys of checks of the DNS: what they become, and which answers a record can hold."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from statusgen.probes.dns import DnsSpec
from statusgen.probes.dns_expect import DnsExpectation, Match, RecordType
from statusgen.probes.targets import Family, Pin
from tests.unit.probes.documents import problem_of, spec_of


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
