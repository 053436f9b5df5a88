"""The kind `tcp`: a port that takes connections, or one that must never do so."""

from __future__ import annotations

import asyncio
import errno
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.probes.family import FAMILY_MISSING, FamilyMissingError, OneFamily
from statusgen.probes.network import addresses_of, connected, proven_by
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import ConnectTo, Family, HostPort, Pin, Target, agree_on_family
from statusgen.sweep.attention import within
from statusgen.values import CheckDocument, one_of

SILENCE = timedelta(seconds=3)
"""How long a port that must be closed has to keep silent, at most; never more than half of the check's timeout."""

_SHUT = frozenset({"connection_refused", "connection_reset", "timeout"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TcpSpec:
    """One port; `silence` is for one that must be closed: after so long without an answer it is."""

    target: HostPort
    closed: bool = False
    silence: timedelta = SILENCE
    connect_to: Pin | None = None
    family: Family | None = None


class Expected(StrEnum):
    """Whether a port takes connections."""

    OPEN = "open"
    CLOSED = "closed"


class TcpDocument(CheckDocument):
    """The keys of a `tcp` check."""

    kind: ClassVar[str] = "tcp"

    tcp: Target = Field(description="The host and the port.", examples=["example.org:22"])
    expect: Annotated[Expected, BeforeValidator(one_of(Expected))] = Field(
        default=Expected.OPEN,
        description="`open`, or `closed` for what must never be reachable from here.",
        examples=["closed"],
    )
    connect_to: ConnectTo | None = Field(
        default=None,
        description="The IP address of the node to ask, with or without a port.",
        examples=["203.0.113.10"],
    )
    family: OneFamily = None

    @model_validator(mode="after")
    def _address_is_of_the_family(self) -> Self:
        agree_on_family(self.family, self.tcp.host, self.connect_to)
        return self

    def spec(self) -> TcpSpec:
        """Return the same as plain data."""
        return TcpSpec(
            target=self.tcp,
            closed=self.expect is Expected.CLOSED,
            silence=min(SILENCE, self.timeout / 2),
            connect_to=self.connect_to,
            family=self.family,
        )


async def probe(spec: TcpSpec, secrets: Secrets) -> Finding:  # noqa: ARG001 - every prober is given secrets
    """Connect, or see that nobody can.

    Phases: `resolve`, `connect`. An open port proves that something listens, not that it works.
    """
    watch = Stopwatch()
    port = spec.target.port_at(spec.connect_to)
    try:
        addresses = await addresses_of(spec.target.host, spec.connect_to, watch, spec.family)
        if spec.closed:
            return await _closed(addresses, port, spec.silence)
        async with connected(addresses, port, watch):
            return watch.finding(Outcome.UP)
    except FamilyMissingError:
        return FAMILY_MISSING
    except OSError as error:
        return watch.finding(Outcome.UNKNOWN if spec.closed else Outcome.DOWN, proven_by(error))


async def _closed(addresses: tuple[str, ...], port: int, silence: timedelta) -> Finding:
    """Return `up` when no address takes a connection; how long that took says nothing, so it is left out.

    A place from which there is no way to an address has proven nothing: unless another one is open, that is unknown.
    """
    reasons = await asyncio.gather(*(_shut_by(address, port, silence) for address in addresses))
    if None in reasons:
        return Finding(outcome=Outcome.DOWN, reason="open")
    unproven = next((reason for reason in reasons if reason not in _SHUT), None)
    return Finding(outcome=Outcome.UNKNOWN if unproven else Outcome.UP, reason=unproven)


async def _shut_by(address: str, port: int, silence: timedelta) -> str | None:
    """Return why there is no connection to an address; None when there is one.

    "Host unreachable" is what a firewall that rejects answers; a place without any way there says "network".
    """
    try:
        async with within(silence.total_seconds()), connected((address,), port, Stopwatch()):
            return None
    except OSError as error:
        return "connection_refused" if error.errno == errno.EHOSTUNREACH else proven_by(error)


KIND = ProbeKind(TcpDocument, probe)
