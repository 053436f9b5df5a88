"""What can be learned of a host from outside, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Literal

Address = IPv4Address | IPv6Address
Role = Literal["page", "bucket", "probed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """What is known of one host.

    `aliases` is the chain of CNAMEs it leads to. `zone` is the zone of the DNS that its name lies in, `servers` the
    names of that zone's servers, both without the last dot. `certificate` is the digest of the certificate that it
    shows, `cdn` the network that its answer says it came through, `clock` what its answer says the time is, and
    `asked` the time at that moment here. `trouble` says why the DNS told nothing; then all else is empty.
    """

    name: str
    aliases: tuple[str, ...] = ()
    addresses: frozenset[Address] = frozenset()
    zone: str = ""
    servers: frozenset[str] = frozenset()
    certificate: str = ""
    cdn: str = ""
    clock: datetime | None = None
    asked: datetime | None = None
    trouble: str = ""
