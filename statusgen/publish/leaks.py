"""Lets nothing out that must stay in: secrets of the environment, connection strings, keys and tokens, private
addresses and the names of internal hosts.

A net below the closed list of reasons, for what people paste into an announcement and for our own mistakes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_network
from urllib.parse import urlsplit

from statusgen.model.artifact import Artifact
from statusgen.model.project import Project
from statusgen.ports import ALONE, Crew
from statusgen.publish.addresses import PRIVATE, Network, has_private
from statusgen.publish.internal_hosts import internal_hosts, is_name
from statusgen.publish.secret_forms import forms
from statusgen.publish.shapes import SHAPES, shapes_in

PRIVATE_ADDRESS = "a private address"
IN_NAME = ", in its name"
"""What is said further of a leak in the name of a file, which must not be told either."""

INTERNAL_HOST = "the name of an internal host"

ANY_ADDRESS: tuple[Network, ...] = (ip_network("0.0.0.0/0"), ip_network("::/0"))
"""All that may be allowed: for what was out already, and is only searched for secrets that were not known then."""

_LONG = 4096
_EDGE = 512
"""Bytes; a secret is shorter."""

_APART = b"\n\n"
_MARKS = bytes(byte for byte in range(256) if not (byte < 128 and chr(byte).isalnum()))  # noqa: PLR2004 - ASCII
_CODED = b"&#"
"""How a letter is written by its number."""

_NAMED = re.compile(rb"&[A-Za-z]+;")
"""How a mark is written by its name."""

_FOLD = b"\r\n "
"""Where a calendar breaks a line that goes on (RFC 5545 section 3.1)."""

_REMEMBERED = 20_000
"""Lines known to be clean; then they are forgotten, for it is those that all pages share which are met again."""


@dataclass(frozen=True, slots=True, order=True)
class Leak:
    """A file that holds what must stay in, and what that is; never the value itself."""

    path: str
    what: str


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is looked for.

    `secrets` are values by the name of their variable, `hosts` the names that mean something only inside, in lower
    case. `allowed` are networks that people publish knowingly.
    """

    secrets: Mapping[str, str] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()
    allowed: tuple[Network, ...] = ()

    @cached_property
    def needles(self) -> tuple[tuple[str, bytes], ...]:
        """Every form of every secret, and what to call it."""
        values = sorted(self.secrets.items())
        return tuple((f"the value of {name}", form) for name, value in values for form in sorted(forms(value)))

    @cached_property
    def rules(self) -> str:
        """A digest of all rules but the secrets: what was let out under the same ones need not be looked at again."""
        rows = [str(shape) for shapes in SHAPES.values() for shape in shapes]
        said = (*rows, *map(str, PRIVATE), *sorted(self.hosts), *map(str, self.allowed))
        return hashlib.blake2b("\n".join(said).encode(), digest_size=8).hexdigest()

    @cached_property
    def _hosts(self) -> tuple[tuple[bytes, re.Pattern[bytes]], ...]:
        return tuple((host.encode(), _host_pattern(host)) for host in sorted(self.hosts))

    def found_in(self, body: bytes) -> Iterator[str]:
        """Yield what must not be in a text and is; perhaps one thing twice."""
        yield from (what for what, form in self.needles if form in body)
        yield from shapes_in(body)
        if has_private(body, self.allowed):
            yield PRIVATE_ADDRESS
        if self._hosts:
            lower = body.lower()
            if any(name in lower and pattern.search(lower) for name, pattern in self._hosts):
                yield INTERNAL_HOST


def search_for(project: Project, secrets: Mapping[str, str]) -> Search:
    """Return what must not leave for a project, by what it probes and what its people publish knowingly."""
    allowed = (*project.allowed, urlsplit(project.site.url).hostname or "")
    networks = tuple(network for text in allowed if (network := _network(text)))
    names = {text.lower() for text in allowed}
    return Search(secrets=secrets, hosts=internal_hosts(project, secrets) - names, allowed=networks)


def find_leaks(artifacts: Sequence[Artifact], search: Search, crew: Crew = ALONE) -> tuple[Leak, ...]:
    """Return every leak, by path. What is kept was searched when it was drawn."""
    drawn = [artifact for artifact in artifacts if not artifact.kept]
    shared = {part: tuple(search.found_in(part)) for part in _shared(drawn)}
    quick = _Quick(search, shared)
    if not any(shared.values()) and not any(crew.each(quick.suspects, drawn)):
        return ()

    def found(artifact: Artifact) -> tuple[str, ...]:
        known = (what for part in artifact.parts for what in shared.get(part, ()))
        named = tuple(f"{what}{IN_NAME}" for what in search.found_in(artifact.path.encode()))
        return named or (*search.found_in(_own(artifact, shared)), *known)

    each = zip(drawn, crew.each(found, drawn), strict=True)
    return tuple(sorted({Leak(one.path, what) for one, leaks in each for what in leaks}))


class _Quick:
    """Looks at each line once, for most of a page is in others too. Lines are remembered only when nothing is found."""

    def __init__(self, search: Search, shared: Mapping[bytes, object]) -> None:
        self._search = search
        self._shared = shared
        self._clean: set[bytes] = set()

    def suspects(self, artifact: Artifact) -> bool:
        """Return whether something is in a file that must not be."""
        lines = set(_own(artifact, self._shared).split(b"\n")) - self._clean
        if any(True for _ in self._search.found_in(b"\n".join(lines))):
            return True
        if len(self._clean) > _REMEMBERED:
            self._clean.clear()
        self._clean |= lines
        return False


def suspicion(secrets: Mapping[str, str]) -> Callable[[bytes], bool]:
    """Return what tells of the source of a file (Markdown within JSON) whether the file could hold a secret.

    Drawing drops marks, takes escapes back and adds tags, so that only letters and digits are compared: whoever pastes
    a secret is found, however it is marked. Letters that are written by their numbers are always suspected.
    """
    needles = {_bare(form) for value in secrets.values() for form in forms(value)}

    def suspects(source: bytes) -> bool:
        text = _bare(source)
        return any(needle in text for needle in needles) or (bool(needles) and _CODED in source)

    return suspects


def _own(artifact: Artifact, shared: Mapping[bytes, object]) -> bytes:
    """Return what is searched of a file: its name, and its parts, of those that others have too only the edges."""
    body = b"".join(_edges(part) if part in shared else part for part in artifact.parts)
    if artifact.content_type.startswith("text/calendar"):
        body = body.replace(_FOLD, b"")
    return artifact.path.encode() + _APART + body


def _shared(artifacts: Iterable[Artifact]) -> set[bytes]:
    """Return the long parts of files that are made of several: each is in many of them, and searched once."""
    return {part for one in artifacts if len(one.parts) > 1 for part in one.parts if len(part) > _LONG}


def _edges(part: bytes) -> bytes:
    """Return what may be the end or the beginning of a secret together with what stands around a part."""
    return part[:_EDGE] + _APART + part[-_EDGE:]


def _bare(text: bytes) -> bytes:
    """Return the letters and digits of a text within JSON, which writes line breaks and tabs with a letter."""
    plain = _NAMED.sub(b"", text) if b"&" in text else text
    return plain.replace(rb"\n", b"").replace(rb"\t", b"").translate(None, _MARKS)


def _host_pattern(host: str) -> re.Pattern[bytes]:
    """Return how a host is told in a text; one of a single label, which may be a word, only as part of an address."""
    name = re.escape(host).encode()
    before = rb"(?:(?<![a-z0-9_-])|(?<=\\[nrt])|(?<=%[0-9a-f]{2}))"
    if is_name(host):
        return re.compile(before + name + rb"(?![a-z0-9_-]|\.[a-z0-9])")
    return re.compile(rb"(?://|@)" + name + rb"(?![a-z0-9_.-])|" + before + name + rb":[0-9]{2,5}(?![0-9])")


def _network(text: str) -> Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
