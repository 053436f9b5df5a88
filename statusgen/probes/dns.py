"""The kind `dns`: one question to one resolver, and what its answer must be."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from statusgen.model.observation import Fact, Finding
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.probes.dns_expect import (
    ANY_ANSWER,
    Absence,
    DnsExpectation,
    Match,
    RecordType,
    Said,
    judge,
    parse_answer,
    parse_expected,
    parse_type,
)
from statusgen.probes.family import FAMILY_MISSING, FamilyMissingError, require
from statusgen.probes.network import TargetError, proven_by
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import (
    AddressFamily,
    Family,
    Pin,
    agree_on_family,
    ascii_host,
    family_of,
    is_ip,
    parse_pin,
)
from statusgen.values import CheckDocument, one_of, shape, wrong

Subnet = ipaddress.IPv4Network | ipaddress.IPv6Network

_USUAL_LENGTHS = {4: 24, 6: 56}
"""How much of a client's address resolvers tell at most (RFC 7871 §11.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsSpec:
    """One question; `resolver` None is the system's, `subnet` the network to be answered for."""

    name: str
    record: RecordType = RecordType.A
    resolver: Pin | None = None
    subnet: Subnet | None = None
    family: Family | None = None
    expect: DnsExpectation = ANY_ANSWER


def parse_name(text: object) -> str:
    """Return a name to ask for, in ASCII and without a dot at its end."""
    try:
        if isinstance(text, str) and not is_ip(text):
            return ascii_host(text).removesuffix(".")
    except ValueError:
        pass
    hint = f"write {_reverse(text)!r} with 'type: PTR'" if isinstance(text, str) and is_ip(text) else ""
    raise wrong(f"expected a name such as 'example.org', got {shape(text)}", hint=hint)


def _reverse(ip: str) -> str:
    return ipaddress.ip_address(ip.partition("%")[0]).reverse_pointer


def parse_subnet(text: object) -> Subnet:
    """Return the network of clients; of a single address as much as resolvers tell."""
    try:
        if isinstance(text, str):
            single = "/" not in text
            length = _USUAL_LENGTHS[ipaddress.ip_address(text).version] if single else None
            return ipaddress.ip_network(f"{text}/{length}" if single else text, strict=False)
    except ValueError:
        pass
    raise wrong(f"expected a network such as '198.51.100.0/24' or '2001:db8::/56', got {shape(text)}")


class DnsDocument(CheckDocument):
    """The keys of a `dns` check."""

    kind: ClassVar[str] = "dns"

    dns: Annotated[str, BeforeValidator(parse_name)] = Field(
        description="The name to ask for.", examples=["social.example.org"]
    )
    type: Annotated[RecordType, BeforeValidator(parse_type)] = Field(
        default=RecordType.A,
        description="The type of records: `A`, `AAAA`, `CAA`, `CNAME`, `MX`, `NS`, `PTR`, `SRV` or `TXT`.",
        examples=["AAAA"],
    )
    resolver: Annotated[Pin | None, BeforeValidator(parse_pin)] = Field(
        default=None,
        description="The IP address of the server to ask, with or without a port; those of the system when left out.",
        examples=["9.9.9.9", "'[2001:db8::53]:5353'"],
    )
    client_subnet: Annotated[Subnet | None, BeforeValidator(parse_subnet)] = Field(
        default=None,
        description="The network to be answered for (EDNS client subnet), where answers depend on who asks.",
        examples=["198.51.100.0/24"],
    )
    family: AddressFamily | None = Field(
        default=None,
        description="`ipv4` or `ipv6`: only resolvers of that family are asked; a place without it skips the check.",
        examples=["ipv6"],
    )
    expect: Annotated[tuple[str, ...] | Absence, BeforeValidator(parse_expected)] = Field(
        default=(),
        description="The right answers, or `nxdomain` for a name that must not exist, or `nodata` for one that must "
        "not have such records; any answer when left out.",
        examples=["[203.0.113.10, 203.0.113.11]", "nxdomain"],
    )
    match: Annotated[Match, BeforeValidator(one_of(Match))] = Field(
        default=Match.AMONG,
        description="`among`: these and no others, though not all of them; `exactly`: all of these and no others; "
        "`includes`: these, and others beside them.",
        examples=["exactly"],
    )

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if "match" in self.model_fields_set and (not self.expect or isinstance(self.expect, Absence)):
            raise wrong("'match' needs answers to be expected", hint="add 'expect: [203.0.113.10]'")
        self._expectation()
        agree_on_family(self.family, "", self.resolver, key="resolver")
        return self

    def _expectation(self) -> DnsExpectation:
        if isinstance(self.expect, Absence):
            return DnsExpectation(absent=self.expect)
        answers = frozenset(parse_answer(self.type, text) for text in self.expect)
        return DnsExpectation(answers=answers, match=self.match)

    def spec(self) -> DnsSpec:
        """Return the same as plain data."""
        return DnsSpec(
            name=self.dns,
            record=self.type,
            resolver=self.resolver,
            subnet=self.client_subnet,
            family=self.family,
            expect=self._expectation(),
        )


async def probe(spec: DnsSpec, secrets: Secrets) -> Finding:  # noqa: ARG001 - every prober is given secrets
    """Ask, by TCP again where the answer did not fit, and judge the answer.

    Phases: `query`; `connect` where TCP was needed. Facts: `rcode`, `answers` (their number), `ttl` (the lowest of the
    answer, in seconds).
    """
    try:
        from statusgen.probes.dns_client import ask, resolvers  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        return Finding(outcome=Outcome.UNKNOWN, reason="driver_missing")
    servers = _of_family(spec.family, (spec.resolver,) if spec.resolver else resolvers())
    if not servers:
        return Finding(outcome=Outcome.UNKNOWN, reason="not_measured")
    watch = Stopwatch()
    try:
        if spec.family:
            require(spec.family, [server.ip for server in servers])
        said = await ask(spec, servers, watch)
    except FamilyMissingError:
        return FAMILY_MISSING
    except TargetError as error:
        return watch.finding(Outcome.DOWN, error.reason)
    except (OSError, EOFError) as error:
        return watch.finding(Outcome.DOWN, proven_by(error))
    outcome, reason = judge(said, spec.expect)
    return watch.finding(outcome, reason, _facts(said))


def _of_family(family: Family | None, servers: tuple[Pin, ...]) -> tuple[Pin, ...]:
    return tuple(server for server in servers if family in {None, family_of(server.ip)})


def _facts(said: Said) -> dict[str, Fact]:
    facts: dict[str, Fact] = {"rcode": said.rcode, "answers": len(said.answers)}
    return facts if said.ttl is None else facts | {"ttl": said.ttl}


KIND = ProbeKind(DnsDocument, probe)
