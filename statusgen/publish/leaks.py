"""Lets nothing out that must stay in: secrets of the environment, connection strings with a password, keys and tokens.

A net below the closed list of reasons, for what people paste into an announcement and for our own mistakes.
"""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from statusgen.errors import PublishError
from statusgen.model.artifact import Artifact
from statusgen.ports import ALONE, Crew

SHORTEST = 8
"""Characters a secret needs to be searched for: a shorter one would be found in ordinary words, and stop the page."""


_LONG = 4096
_EDGE = 512
"""Bytes; a secret is shorter."""

_APART = b"\n\n"
_MARKS = bytes(byte for byte in range(256) if not (byte < 128 and chr(byte).isalnum()))  # noqa: PLR2004 - ASCII
_FOR_ADDRESSES = bytes.maketrans(b"+/", b"-_")
_CODED = b"&#"
"""How a letter is written by its number."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a secret looks like. It holds one of the `marks`, which are found in a tenth of the time."""

    marks: tuple[bytes, ...]
    pattern: re.Pattern[bytes]

    def is_in(self, body: bytes) -> bool:
        """Return whether something in a file looks so."""
        return any(mark in body for mark in self.marks) and self.pattern.search(body) is not None


SHAPES: Mapping[str, Shape] = {
    "a connection string with a password": Shape(
        (b"://",), re.compile(rb"://[^\s/:@<>\"']*:[^\s/@<>\"']+@[A-Za-z0-9\[]")
    ),
    "a private key": Shape((b"-----BEGIN ",), re.compile(rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----")),
    "an AWS access key": Shape((b"AKIA", b"ASIA"), re.compile(rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    "a GitHub token": Shape(
        (b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"github_pat_"),
        re.compile(rb"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40})"),
    ),
    "a GitLab token": Shape((b"glpat-",), re.compile(rb"\bglpat-[A-Za-z0-9_-]{20}")),
    "a Slack token": Shape((b"xox",), re.compile(rb"\bxox[abposr]-[A-Za-z0-9-]{10}")),
}
"""What a secret looks like when nobody told us about it; the words name it in the error."""


@dataclass(frozen=True, slots=True, order=True)
class Leak:
    """A file that holds what must stay in, and what that is; never the value itself."""

    path: str
    what: str


def find_leaks(artifacts: Sequence[Artifact], secrets: Mapping[str, str], crew: Crew = ALONE) -> tuple[Leak, ...]:
    """Return every leak, by path; `secrets` are values by the name of their environment variable.

    What is kept was searched when it was drawn.
    """
    drawn = [artifact for artifact in artifacts if not artifact.kept]
    needles = [(f"the value of {name}", form) for name, value in sorted(secrets.items()) for form in _forms(value)]
    shared = {part: tuple(_leaks(part, needles)) for part in _shared(drawn)}

    def search(artifact: Artifact) -> tuple[str, ...]:
        own = b"".join(_edges(part) if part in shared else part for part in artifact.parts)
        known = (what for part in artifact.parts for what in shared.get(part, ()))
        return (*_leaks(own, needles), *known)

    found = crew.each(search, drawn)
    return tuple(sorted({Leak(one.path, what) for one, leaks in zip(drawn, found, strict=True) for what in leaks}))


def suspicion(secrets: Mapping[str, str]) -> Callable[[bytes], bool]:
    """Return what tells of the source of a file (Markdown within JSON) whether the file could hold a secret.

    Drawing drops marks, takes escapes back and adds tags, so that only letters and digits are compared: whoever pastes
    a secret is found, however it is marked. Letters that are written by their numbers are always suspected.
    """
    needles = {_bare(form) for value in secrets.values() for form in _forms(value)}

    def suspects(source: bytes) -> bool:
        text = _bare(source)
        return any(needle in text for needle in needles) or (bool(needles) and _CODED in source)

    return suspects


def refuse_leaks(artifacts: Sequence[Artifact], secrets: Mapping[str, str], crew: Crew = ALONE) -> None:
    """Raise `PublishError` when anything would leak, naming file and kind."""
    if leaks := find_leaks(artifacts, secrets, crew):
        found = "\n".join(f"    {leak.path}: holds {leak.what}" for leak in leaks)
        hint = "take it out of the announcement or the theme, and change that secret if it was ever committed"
        raise PublishError(f"nothing was published, because secrets would leave:\n{found}\n    hint: {hint}")


def _shared(artifacts: Iterable[Artifact]) -> set[bytes]:
    """Return the long parts of files that are made of several: each is in many of them, and searched once."""
    return {part for one in artifacts if len(one.parts) > 1 for part in one.parts if len(part) > _LONG}


def _edges(part: bytes) -> bytes:
    """Return what may be the end or the beginning of a secret together with what stands around a part."""
    return part[:_EDGE] + _APART + part[-_EDGE:]


def _bare(text: bytes) -> bytes:
    """Return the letters and digits of a text within JSON, which writes line breaks and tabs with a letter."""
    return text.replace(rb"\n", b"").replace(rb"\t", b"").translate(None, _MARKS)


def _leaks(body: bytes, needles: Sequence[tuple[str, bytes]]) -> Iterable[str]:
    """Yield what must not be in this file and is."""
    for what, form in needles:
        if form in body:
            yield what
    for what, shape in SHAPES.items():
        if shape.is_in(body):
            yield what


def _forms(value: str) -> set[bytes]:
    """Return how a value may be written in HTML, JSON, an address or Base64; nothing for one that is too short."""
    if len(value) < SHORTEST:
        return set()
    written = {
        value,
        html.escape(value),
        html.escape(value, quote=False),
        json.dumps(value)[1:-1],
        quote(value, safe=""),
    }
    forms = {form.encode(errors="surrogateescape") for form in written}
    return forms | {form for form in _in_base64(value.encode(errors="surrogateescape")) if len(form) >= SHORTEST}


def _in_base64(value: bytes) -> Iterator[bytes]:
    """Yield what is certain of a value within Base64 (RFC 4648, both alphabets), wherever in the whole it begins.

    Three bytes are four characters, so that it looks otherwise after one byte or two; what it shares a character with
    at either end is left out.
    """
    for before in range(3):
        whole = b64encode(bytes(before) + value)
        first, last = -(-before * 8 // 6), (before + len(value)) * 8 // 6
        yield whole[first:last]
        yield whole[first:last].translate(_FOR_ADDRESSES)
