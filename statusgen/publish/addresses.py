"""Addresses that mean something only inside: private ones (RFC 1918, RFC 4193), shared ones of carriers and overlay
networks (RFC 6598), and those of one link (RFC 3927, RFC 4291), also within IPv6 addresses that carry IPv4.

Those of the own machine (`127.0.0.1`, `::1`) and those that are kept for documentation (RFC 5737, RFC 3849) say nothing
of anybody's network. Neither do the names of whole blocks, such as `10.0.0.0`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

PRIVATE: tuple[Network, ...] = tuple(
    map(
        ip_network,
        (
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "169.254.0.0/16",
            "100.64.0.0/10",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
        ),
    )
)
"""The networks, by the registries of special addresses at IANA."""

_NAT64 = ip_network("64:ff9b::/96")
_BLOCKS = frozenset(network.network_address for network in PRIVATE) | {ip_address("fd00::")}

_MARK_4 = re.compile(rb"\.\d{1,3}\.\d{1,3}\.\d")
_MARK_6 = re.compile(rb"f[cdef][0-9a-f]{2}:")
_MARK_6_UPPER = re.compile(rb"F[CDEF][0-9A-F]{2}:")
_BEFORE = rb"(?:(?<![A-Za-z0-9.])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
_IPV4 = re.compile(_BEFORE + rb"(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d)")
_IPV6 = re.compile(
    rb"(?:(?<![A-Za-z0-9:.])|(?<=\\[nrt]))(?=[0-9A-Fa-f]*:)[0-9A-Fa-f:]+(?:(?<=:)(?:\d{1,3}\.){3}\d{1,3})?"
)


def has_private(body: bytes, allowed: Sequence[Network] = ()) -> bool:
    """Return whether a body holds a private address that is in none of the allowed networks."""
    return any(not any(_inside(one, network) for network in allowed) for one in _private(body))


def _private(body: bytes) -> Iterator[IPv4Address | IPv6Address]:
    found: list[bytes] = []
    if _MARK_4.search(body):
        found += _IPV4.findall(body)
    if _MARK_6.search(body) or _MARK_6_UPPER.search(body):
        found += (text.rstrip(b":") if not text.endswith(b"::") else text for text in _IPV6.findall(body))
    for text in found:
        address = _address(text.decode())
        if address and address not in _BLOCKS and any(_inside(address, network) for network in PRIVATE):
            yield address


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address, of one that carries IPv4 that; None for what is none."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _inside(address: IPv4Address | IPv6Address, network: Network) -> bool:
    return address.version == network.version and address in network
