"""The kind `tls`: a handshake, and the certificate that it shows."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from statusgen.clock import SystemClock
from statusgen.model.observation import Fact, Finding
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.probes.certificates import distrust, expiry, trust
from statusgen.probes.family import FAMILY_MISSING, FamilyMissingError, OneFamily
from statusgen.probes.network import addresses_of, connected, proven_by
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import (
    ConnectTo,
    Family,
    File,
    Host,
    HostPort,
    Pin,
    agree_on_family,
    parse_host_port,
)
from statusgen.sweep.attention import within
from statusgen.values import CheckDocument, Duration

DEFAULT_PORT = 443
SECOND_LOOK = 2.0
"""Seconds for looking at a certificate that was found wrong: knowing when it expired is worth no more."""


LONGEST_HANDSHAKE = 3600.0
"""Seconds; longer than any check's timeout, so that the deadline is the caller's and not asyncio's 60 seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsSpec:
    """One handshake: `server_name` is what is asked for and what the certificate must be for."""

    target: HostPort
    server_name: str
    degraded_before_expiry: timedelta = timedelta(days=14)
    connect_to: Pin | None = None
    family: Family | None = None
    ca_file: str | None = None


class TlsDocument(CheckDocument):
    """The keys of a `tls` check."""

    kind: ClassVar[str] = "tls"

    tls: Annotated[HostPort, BeforeValidator(partial(parse_host_port, default=DEFAULT_PORT))] = Field(
        description="The host, and the port unless it is 443.", examples=["example.org:443"]
    )
    degraded_before_expiry: Duration = Field(
        default=timedelta(days=14), description="Degraded when the certificate ends within this.", examples=["7d"]
    )
    server_name: Host | None = Field(
        default=None,
        description="The name to ask for, which the certificate must be for; the host when left out.",
        examples=["example.org"],
    )
    connect_to: ConnectTo | None = Field(
        default=None,
        description="The IP address of the node to ask, with or without a port; the name stays.",
        examples=["203.0.113.10"],
    )
    ca_file: File | None = Field(
        default=None,
        description="The private authority (PEM) that issued the certificate; the public ones when left out.",
        examples=["ca.pem"],
    )
    family: OneFamily = None

    @model_validator(mode="after")
    def _address_is_of_the_family(self) -> Self:
        agree_on_family(self.family, self.tls.host, self.connect_to)
        return self

    def spec(self) -> TlsSpec:
        """Return the same as plain data."""
        return TlsSpec(
            target=self.tls,
            server_name=self.server_name or self.tls.host,
            degraded_before_expiry=self.degraded_before_expiry,
            connect_to=self.connect_to,
            family=self.family,
            ca_file=self.ca_file,
        )


async def probe(spec: TlsSpec, secrets: Secrets) -> Finding:  # noqa: ARG001 - every prober is given secrets
    """Shake hands, verify name and chain, and say when the certificate ends, also when it is refused.

    Phases: `resolve`, `connect`, `tls`. Facts: `expires` (ISO 8601, UTC), `days_left` (whole days, rounded down, below
    0 once expired).
    """
    trusted = trust(spec.ca_file)
    watch = Stopwatch()
    try:
        addresses = await addresses_of(spec.target.host, spec.connect_to, watch, spec.family)
        ends = await _handshake(spec, addresses, trusted, watch)
    except FamilyMissingError:
        return FAMILY_MISSING
    except OSError as error:
        finding = watch.finding(Outcome.DOWN, proven_by(error))
        if not isinstance(error, ssl.SSLCertVerificationError):
            return finding
        return replace(finding, facts=_facts(await _second_look(spec, addresses)))
    left = ends - SystemClock().now() if ends else None
    soon = left is not None and left < spec.degraded_before_expiry
    return watch.finding(Outcome.DEGRADED if soon else Outcome.UP, "tls_expires_soon" if soon else None, _facts(ends))


async def _handshake(
    spec: TlsSpec, addresses: tuple[str, ...], context: ssl.SSLContext, watch: Stopwatch
) -> datetime | None:
    """Return when the certificate ends, of a connection that the context accepts."""
    async with connected(addresses, spec.target.port_at(spec.connect_to), watch) as (_, writer):
        with watch.phase("tls"):
            await writer.start_tls(context, server_hostname=spec.server_name, ssl_handshake_timeout=LONGEST_HANDSHAKE)
        return expiry(writer)


async def _second_look(spec: TlsSpec, addresses: tuple[str, ...]) -> datetime | None:
    """Return when a refused certificate ends; None when the target does not show it again."""
    try:
        async with within(SECOND_LOOK):
            return await _handshake(spec, addresses, distrust(), Stopwatch())
    except OSError:
        return None


def _facts(ends: datetime | None) -> dict[str, Fact]:
    if ends is None:
        return {}
    left = ends - SystemClock().now()
    return {"expires": ends.isoformat().replace("+00:00", "Z"), "days_left": left // timedelta(days=1)}


KIND = ProbeKind(TlsDocument, probe)
