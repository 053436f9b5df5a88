"""Judges what the page shares with what it reports on. Pure: facts of hosts come in, findings come out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network

from statusgen.doctor.facts import Address, Host, Role
from statusgen.doctor.finding import Finding, Severity

ABOUT = "independence"

_WHAT: Mapping[Role, str] = {"page": "the page", "bucket": "the bucket", "probed": "what is probed"}
_NETWORKS = {4: 24, 6: 48}
"""The size of networks that are announced as a whole, and go as a whole (RFC 7454, section 6.1.3)."""

_NAMED = 5
"""Hosts that a finding names at most."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to share a fate: what two hosts have in common, in words for `{ours} and {theirs} …`; none if empty."""

    severity: Severity
    shared: Callable[[Host, Host], str]
    why: str
    advice: str


def judge(ours: Mapping[Role, Host], theirs: Sequence[Host]) -> tuple[Finding, ...]:
    """Return what the page and its bucket share with the hosts that are probed; the worst first."""
    found = [*_unknown([*ours.values(), *theirs])]
    known = [host for host in theirs if not host.trouble]
    for role, host in ours.items():
        if not host.trouble:
            found += _shared(role, host, known)
    asked = [host for host in ours.values() if not host.trouble]
    if asked and known and not any(one.severity in {Severity.WARNING, Severity.PROBLEM} for one in found):
        names = _listed(host.name for host in asked)
        found.append(_finding(Severity.OK, f"{names}: nothing is shared with what is probed, as far as can be seen"))
    return tuple(sorted(found, key=lambda one: -[*Severity].index(one.severity)))


def _unknown(hosts: Iterable[Host]) -> Iterator[Finding]:
    for host in hosts:
        if host.trouble:
            yield _finding(
                Severity.NOTE,
                f"{host.name} could not be looked up: {host.trouble}",
                "what it shares with others is not known",
            )


def _shared(role: Role, host: Host, theirs: Sequence[Host]) -> Iterator[Finding]:
    """Yield one finding for each way and thing shared, which names all hosts that share it."""
    told: set[str] = set()
    for rule in RULES:
        groups: dict[str, list[str]] = {}
        for other in theirs:
            if other.name not in told and (shared := rule.shared(host, other)):
                groups.setdefault(shared, []).append(other.name)
        for shared, names in groups.items():
            told |= {*names} if rule.severity is Severity.PROBLEM else set()
            yield _finding(
                rule.severity,
                f"{host.name} ({_WHAT[role]}) and {_listed(names)} {shared}",
                rule.why,
                rule.advice,
            )


def _same_host(ours: Host, theirs: Host) -> str:
    return "are the same host" if ours.name == theirs.name else ""


def _same_address(ours: Host, theirs: Host) -> str:
    both = ours.addresses & theirs.addresses
    return f"answer at {_addresses(both)}" if both else ""


def _same_network(ours: Host, theirs: Host) -> str:
    both = {_network(one) for one in ours.addresses} & {_network(one) for one in theirs.addresses}
    if not both or ours.addresses & theirs.addresses:
        return ""
    return f"lie in one network, {' and '.join(sorted(both))}"


def _same_servers(ours: Host, theirs: Host) -> str:
    both = ours.servers & theirs.servers
    if not both:
        return ""
    zone = f" of one zone, {ours.zone}" if ours.zone == theirs.zone else ""
    return f"use the same name servers{zone} ({', '.join(sorted(both))})"


def _leads_through(ours: Host, theirs: Host) -> str:
    """Return whether a name that ours leads to is theirs, or lies in their zone while ours does not."""
    through = [one for one in ours.aliases if one == theirs.name or _is_within(one, theirs.zone)]
    return f"are tied: the first leads through {through[0]}" if through and ours.zone != theirs.zone else ""


def _same_certificate(ours: Host, theirs: Host) -> str:
    return "show the same certificate" if ours.certificate and ours.certificate == theirs.certificate else ""


def _same_cdn(ours: Host, theirs: Host) -> str:
    return f"both come through {ours.cdn}" if ours.cdn and ours.cdn == theirs.cdn else ""


RULES: tuple[Rule, ...] = (
    Rule(
        Severity.PROBLEM,
        _same_host,
        "the page is served by what it reports on, and goes down with it",
        "publish to object storage that somebody else runs, under another name",
    ),
    Rule(
        Severity.PROBLEM,
        _same_address,
        "if that machine or the line to it goes, so does the page",
        "publish to object storage that somebody else runs",
    ),
    Rule(
        Severity.WARNING,
        _same_network,
        "whoever runs that network, and whatever happens to it, is common to both",
        "publish to a provider who has nothing to do with yours",
    ),
    Rule(
        Severity.WARNING,
        _same_servers,
        "if that DNS account goes, so does the page",
        "publish the bucket's own URL too, or use a domain of another registrar and other name servers",
    ),
    Rule(
        Severity.WARNING,
        _leads_through,
        "if that name goes, so does the page",
        "let the page's name lead straight to its host",
    ),
    Rule(
        Severity.WARNING,
        _same_certificate,
        "if it expires or is revoked, both are shut",
        "give the page a certificate of its own, that renews by itself",
    ),
    Rule(
        Severity.WARNING,
        _same_cdn,
        "if that network or the account there goes, so does the page",
        "publish the bucket's own URL too, or use another network for the page",
    ),
)
"""Every way to share a fate that can be seen from outside, the worst first."""


def _network(address: Address) -> str:
    return str(ip_network((address, _NETWORKS[address.version]), strict=False))


def _is_within(name: str, zone: str) -> bool:
    return bool(zone) and (name == zone or name.endswith(f".{zone}"))


def _addresses(found: Iterable[Address]) -> str:
    return ", ".join(sorted(map(str, found)))


def _listed(names: Iterable[str]) -> str:
    *all_names, last = sorted(set(names))
    if not all_names:
        return last
    if len(all_names) < _NAMED:
        return f"{', '.join(all_names)} and {last}"
    return f"{', '.join(all_names[:_NAMED])} and {len(all_names) + 1 - _NAMED} more"


def _finding(severity: Severity, title: str, why: str = "", advice: str = "") -> Finding:
    return Finding(about=ABOUT, severity=severity, title=title, why=why, advice=advice)
