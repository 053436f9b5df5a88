"""Lets nothing out that must stay in: secrets of the environment, connection strings with a password, keys and tokens.

A net below the closed list of reasons, for what people paste into an announcement and for our own mistakes.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from statusgen.errors import PublishError
from statusgen.model.artifact import Artifact

SHORTEST = 8
"""Characters a secret needs to be searched for: a shorter one would be found in ordinary words, and stop the page."""


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


def find_leaks(artifacts: Iterable[Artifact], secrets: Mapping[str, str]) -> tuple[Leak, ...]:
    """Return every leak, by path; `secrets` are values by the name of their environment variable."""
    needles = [(f"the value of {name}", form) for name, value in sorted(secrets.items()) for form in _forms(value)]
    return tuple(sorted({Leak(artifact.path, what) for artifact in artifacts for what in _leaks(artifact, needles)}))


def refuse_leaks(artifacts: Iterable[Artifact], secrets: Mapping[str, str]) -> None:
    """Raise `PublishError` when anything would leak, naming file and kind."""
    if leaks := find_leaks(artifacts, secrets):
        found = "\n".join(f"    {leak.path}: holds {leak.what}" for leak in leaks)
        hint = "take it out of the announcement or the theme, and change that secret if it was ever committed"
        raise PublishError(f"nothing was published, because secrets would leave:\n{found}\n    hint: {hint}")


def _leaks(artifact: Artifact, needles: Sequence[tuple[str, bytes]]) -> Iterable[str]:
    """Yield what must not be in this file and is."""
    for what, form in needles:
        if form in artifact.body:
            yield what
    for what, shape in SHAPES.items():
        if shape.is_in(artifact.body):
            yield what


def _forms(value: str) -> set[bytes]:
    """Return how a value may be written in HTML, JSON or an address; nothing for one too short to search for."""
    if len(value) < SHORTEST:
        return set()
    written = {
        value,
        html.escape(value),
        html.escape(value, quote=False),
        json.dumps(value)[1:-1],
        quote(value, safe=""),
    }
    return {form.encode(errors="surrogateescape") for form in written}
