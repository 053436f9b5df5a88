"""Checks as people write them, wherever they stand: the key that names a kind says what to probe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from statusgen.config.decode import decode, fields, secret_uses
from statusgen.config.nodes import Node, Table, plain
from statusgen.config.reading import Reading
from statusgen.errors import Place
from statusgen.model.project import Check
from statusgen.ports import ProbeKind
from statusgen.values import CheckDocument, either, shape, suggest

LONGEST_TIMEOUT = timedelta(minutes=5)
OF_PROBES = ("timeout", "confirm", "degraded_over", "network")
"""Keys that say how to probe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenCheck:
    """A check that is not named in full yet: its own id or else its kind, and where it stands."""

    name: str
    kind: str
    at: Place
    document: CheckDocument

    def named(self, check_id: str, component: str, *, page: str) -> Check:
        """Return the check under its full id, in a project whose page is at an address."""
        return Check(
            id=check_id,
            component=component,
            kind=self.kind,
            spec=self.document.spec_for(page),
            timeout=self.document.timeout,
            confirm=self.document.confirm,
            degraded_over=self.document.degraded_over,
            quorum=self.document.quorum,
            network=self.document.network,
            holds=self.document.holds(),
        )


def read_check(node: Node, reading: Reading, subject: str) -> WrittenCheck | None:
    """Return a check as written; None, and a problem in `reading`, when it is wrong."""
    if not isinstance(node, Table):
        hint = f"say what it is, such as '{next(iter(reading.kinds))}: …'"
        reading.wrong(node.at, subject, f"expected a check, got {shape(plain(node))}", hint)
        return None
    kind = _kind(node, reading, subject)
    if kind is None:
        return None
    document = decode(node, kind.document, reading.found, subject=subject, root=reading.root)
    if document is None:
        return None
    reading.secrets.extend(secret_uses(document, node))
    _check_times(node, document, reading, subject)
    _check_network(node, document, reading, subject)
    _check_passive(node, document, reading, subject)
    return WrittenCheck(name=document.id or kind.name, kind=kind.name, at=node.at, document=document)


def _kind(node: Table, reading: Reading, subject: str) -> ProbeKind | None:
    """Return the one kind that a check names; another kind's name may still be a key of that kind."""
    named = [key for key in node.entries if key in reading.kinds]
    for name in named:
        if set(named) - {name} <= fields(reading.kinds[name].document).keys():
            return reading.kinds[name]
    if named:
        at = node.entries[named[1]].at
        reading.wrong(at, subject, f"a check is of one kind, got {named[0]!r} and {named[1]!r}", "make it two checks")
        return None
    for key, entry in node.entries.items():
        if hint := suggest(key, reading.kinds):
            reading.wrong(entry.at, f"{subject}.{key}", "unknown kind of check", hint)
            return None
    kinds = either(sorted(reading.kinds))
    reading.wrong(node.at, subject, "the check does not say what to probe", f"add a key that names its kind: {kinds}")
    return None


def _check_times(node: Table, document: CheckDocument, reading: Reading, subject: str) -> None:
    if document.timeout > LONGEST_TIMEOUT:
        at = node.entries["timeout"].value_at
        reading.wrong(at, f"{subject}.timeout", f"expected at most '5m', got {shape(plain(node)['timeout'])}")
    if document.degraded_over is not None and document.degraded_over >= document.timeout:
        at = node.entries["degraded_over"].value_at
        message = f"{shape(plain(node)['degraded_over'])} is never exceeded: the probe is given up before"
        reading.wrong(
            at, f"{subject}.degraded_over", message, "make it shorter than 'timeout', which is '10s' if unset"
        )


def _check_network(node: Table, document: CheckDocument, reading: Reading, subject: str) -> None:
    if "network" not in node.entries:
        return
    at = node.entries["network"].value_at
    if subject != "check":
        reading.wrong(at, f"{subject}.network", "a control is probed by its own location alone", "delete it")
    elif reading.networks and document.network not in reading.networks:
        hint = suggest(document.network, reading.networks) or "name it under 'reaches' of a location in statusgen.yaml"
        reading.wrong(at, f"{subject}.network", f"no location reaches {document.network!r}", hint)


def _check_passive(node: Table, document: CheckDocument, reading: Reading, subject: str) -> None:
    """Note what a check says that nobody probes."""
    if document.holds() is None:
        return
    if subject != "check":
        message = f"a location cannot wait for a {document.kind} to learn whether it is online"
        reading.wrong(node.at, subject, message, "name something that it can ask, such as 'tcp: one.one.one.one:443'")
    for key in OF_PROBES:
        if key in node.entries:
            at = node.entries[key].at
            reading.wrong(at, f"{subject}.{key}", f"a {document.kind} is never probed, it reports", "delete it")
