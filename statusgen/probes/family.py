"""Whether this place has a kind of addresses at all: IPv4 or IPv6."""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.probes.targets import AddressFamily, Family, family_of

OneFamily = Annotated[
    AddressFamily | None,
    Field(
        description="`ipv4` or `ipv6`: only addresses of that family are tried; a place without it skips the check.",
        examples=["ipv6"],
    ),
]
"""The key of every kind that connects."""

FAMILY_MISSING = Finding(outcome=Outcome.SKIPPED, reason="family_missing")
"""What is found where a check's family is missing."""

UNREACHABLE = frozenset(
    {
        errno.ENETUNREACH,
        errno.EHOSTUNREACH,
        errno.ENETDOWN,
        errno.EHOSTDOWN,
        errno.EADDRNOTAVAIL,
        errno.EAFNOSUPPORT,
        errno.EACCES,
        errno.EPERM,
    }
)
"""The numbers of errors which say that there is no way."""

_ELSEWHERE = {Family.IPV4: "192.0.2.1", Family.IPV6: "2001:db8::1"}
"""Addresses somewhere in the world that belong to nobody: those for documentation (RFC 5737, RFC 3849)."""

_DISCARD = 9


class FamilyMissingError(Exception):
    """This place has no way to addresses of the family that a check asks for; the target had no say in that."""


def require(family: Family, addresses: Sequence[str] = ()) -> None:
    """Raise `FamilyMissingError` when there is a way neither to the target's addresses nor to any other of the family.

    One way is enough: what cannot be reached although others can is the target's fault, and a place that has only
    itself (`::1`) can still measure that.
    """
    if not any(has_way(address) for address in (*addresses, _ELSEWHERE[family])):
        raise FamilyMissingError


def has_way(address: str) -> bool:
    """Return whether this machine would send to an address, and from one that an answer finds back to.

    Connecting a datagram socket asks the routing table and sends nothing. A source that is good for the local link
    only, where the other end lies beyond, is what a machine picks that has no address of its own.
    """
    kind = socket.AF_INET6 if family_of(address) is Family.IPV6 else socket.AF_INET
    try:
        with socket.socket(kind, socket.SOCK_DGRAM) as line:
            line.connect((address, _DISCARD))
            source = ipaddress.ip_address(line.getsockname()[0])
    except OSError as error:
        return error.errno not in UNREACHABLE
    return not source.is_link_local or ipaddress.ip_address(address).is_link_local
