"""What means something only inside is found however it is written; what says nothing of anybody's network is not."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.publish.addresses import PRIVATE, has_private


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.5",
        "the host 192.168.0.1.",
        "172.31.255.254:5432",
        "169.254.169.254",
        "100.64.0.7",
        "10.1.2.0/24",
        "http://[fd12:3456::1]:80/",
        "FD12:3456:0::1",
        "fe80::1%eth0",
        "fec0::7",
        "::ffff:10.0.0.5",
        "::ffff:a00:5",
        "64:ff9b::a00:5",
        r"{\"body\":\"moved\n10.0.0.5\"}",
        "https%3A%2F%2F10.0.0.5%2F",
        "at fd12:3456::7: it hangs",
    ],
)
def test_an_address_of_the_inside_is_found(text: str) -> None:
    assert has_private(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "::1",
        "203.0.113.10 198.51.100.7 192.0.2.1",
        "2001:db8::1",
        "8.8.8.8 172.32.0.1 100.128.0.1 11.0.0.1",
        "version 4.10.0.3.1 of v10.1.2.3",
        "10.0.0.256 10.0.0",
        "1.10.0.0.5",
        "10.0.0.5.6",
        "the block 10.0.0.0/8, and fd00::/8",
        "fade: in; feed:12 fdab: fcab:12",
        "#fdabcd; a:fe80",
        "M10.5 3.2.1z",
    ],
)
def test_what_says_nothing_of_a_network_is_not(text: str) -> None:
    assert not has_private(text.encode())


NETWORKS = st.sampled_from(PRIVATE)


@given(NETWORKS, st.integers(1), st.sampled_from(["{}", "<p>{}</p>", "see {}, please", '"{}"']))
def test_every_private_address_is_found(network: object, number: int, around: str) -> None:
    assert isinstance(network, type(ip_network("10.0.0.0/8")) | type(ip_network("fc00::/7")))
    offset = 1 + number % (network.num_addresses - 1)
    address = network.network_address + offset
    assert isinstance(address, IPv4Address | IPv6Address)
    if str(address) != "fd00::":
        assert has_private(around.format(address).encode()), address


def test_what_is_allowed_is_not_told() -> None:
    allowed = (ip_network("192.168.0.0/24"), ip_network("fd12::/16"))
    assert not has_private(b"192.168.0.1 and fd12::1", allowed)
    assert has_private(b"192.168.0.1 and 192.168.1.1", allowed)
