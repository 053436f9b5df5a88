"""What a DNS answer must be, as people write it and as a pure judgement of an answer."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum

from statusgen.model.words import Outcome
from statusgen.probes.targets import ascii_host, is_ip
from statusgen.values import one_of, shape, wrong


class RecordType(StrEnum):
    """The types of records that can be asked for."""

    A = "A"
    AAAA = "AAAA"
    CAA = "CAA"
    CNAME = "CNAME"
    MX = "MX"
    NS = "NS"
    PTR = "PTR"
    SRV = "SRV"
    TXT = "TXT"


class Absence(StrEnum):
    """What may be expected not to be there: the name at all, or records of the type under it."""

    NXDOMAIN = "nxdomain"
    NODATA = "nodata"


class Match(StrEnum):
    """How the answers stand to those expected."""

    AMONG = "among"
    EXACTLY = "exactly"
    INCLUDES = "includes"


_EXAMPLES = {
    RecordType.A: "an IPv4 address such as '203.0.113.10'",
    RecordType.AAAA: "an IPv6 address such as '2001:db8::10'",
    RecordType.CAA: "flags, tag and value such as '0 issue letsencrypt.org'",
    RecordType.CNAME: "a name such as 'edge.example.org'",
    RecordType.MX: "a preference and a name such as '10 mail.example.org'",
    RecordType.NS: "a name such as 'ns1.example.org'",
    RecordType.PTR: "a name such as 'host.example.org'",
    RecordType.SRV: "priority, weight, port and name such as '0 5 443 sip.example.org'",
    RecordType.TXT: "a text",
}
_WITHOUT_NAME = frozenset({RecordType.A, RecordType.AAAA, RecordType.CAA, RecordType.TXT})
_NUMBERS = {RecordType.MX: 1, RecordType.SRV: 3}
"""How many numbers stand before the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a DNS server answered: `rcode` in lower case, and whether it heeded the network it was to answer for."""

    rcode: str
    answers: frozenset[str] = frozenset()
    ttl: int | None = None
    subnet_heeded: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsExpectation:
    """Which answers are right: nothing at all means any; `absent` stands alone."""

    answers: frozenset[str] = frozenset()
    match: Match = Match.AMONG
    absent: Absence | None = None


ANY_ANSWER = DnsExpectation()
"""At least one record of the type."""

_FAILURES = {"servfail": "dns_servfail", "refused": "dns_refused", "nxdomain": "dns_nxdomain"}


def judge(said: Said, expected: DnsExpectation) -> tuple[Outcome, str | None]:
    """Return the outcome of an answer and its reason.

    A server that took no notice of the network it was to answer for has proven nothing of that network.
    """
    if said.rcode not in {"noerror", "nxdomain"}:
        return Outcome.DOWN, _FAILURES.get(said.rcode, "bad_response")
    if not said.subnet_heeded:
        return Outcome.UNKNOWN, "dns_subnet_ignored"
    reason = _absent(said, expected.absent) if expected.absent else _present(said, expected)
    return (Outcome.DOWN if reason else Outcome.UP), reason


def _absent(said: Said, expected: Absence) -> str | None:
    if expected is Absence.NXDOMAIN:
        return None if said.rcode == "nxdomain" else "wrong_answer"
    if said.rcode == "nxdomain":
        return "dns_nxdomain"
    return "wrong_answer" if said.answers else None


def _present(said: Said, expected: DnsExpectation) -> str | None:
    if said.rcode == "nxdomain":
        return "dns_nxdomain"
    if not said.answers:
        return "dns_no_answer"
    if not expected.answers:
        return None
    fits = {
        Match.AMONG: said.answers <= expected.answers,
        Match.EXACTLY: said.answers == expected.answers,
        Match.INCLUDES: said.answers >= expected.answers,
    }
    return None if fits[expected.match] else "wrong_answer"


def canonical(record: RecordType, text: str) -> str:
    """Return the one form in which equal answers are equal texts; raise ValueError for what no record can hold."""
    match record:
        case RecordType.A:
            return str(ipaddress.IPv4Address(text))
        case RecordType.AAAA:
            return str(ipaddress.IPv6Address(text))
        case RecordType.TXT:
            return text
        case RecordType.CAA:
            flags, tag, value = text.replace('"', "").split(maxsplit=2)
            return f"{int(flags)} {tag.lower()} {value}"
    *numbers, name = text.split()
    if len(numbers) != _NUMBERS.get(record, 0):
        raise ValueError("not such a record")
    return " ".join([*(str(int(number)) for number in numbers), name.lower().removesuffix(".") or "."])


def parse_answer(record: RecordType, text: str) -> str:
    """Return an expected answer in its canonical form."""
    try:
        answer = canonical(record, text)
        return answer if record in _WITHOUT_NAME else _with_name(answer)
    except ValueError:
        raise wrong(f"expected {_EXAMPLES[record]} for a record of type {str(record)!r}, got {shape(text)}") from None


def _with_name(answer: str) -> str:
    """Return an answer that ends in a name; raise ValueError where that is something else."""
    *numbers, name = answer.split(" ")
    if is_ip(name):
        raise ValueError("an address is no name")
    return " ".join([*numbers, name if name == "." else ascii_host(name)])


def parse_type(text: object) -> RecordType:
    """Return a type of records, in capitals or not."""
    return one_of(RecordType)(text.upper() if isinstance(text, str) else text)


def parse_expected(value: object) -> tuple[str, ...] | Absence:
    """Return the answers as written, one or a list of them, or the word for one that must not be there."""
    if isinstance(value, str) and value in set(Absence):
        return Absence(value)
    texts = value if isinstance(value, list) else [value]
    if not texts:
        raise wrong("expected at least one answer, got an empty list", hint="write 'nodata' where there must be none")
    if not all(isinstance(text, str) and text for text in texts):
        raise wrong(f"expected answers such as '[203.0.113.10]', or 'nxdomain' or 'nodata', got {shape(value)}")
    return tuple(texts)
