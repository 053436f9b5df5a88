"""Secrets that stand in a file where the name of an environment variable belongs. They are never quoted back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from statusgen.config.nodes import Items, Node, Scalar, Table
from statusgen.errors import Place, Problem

_KEY = re.compile(
    r"(.*[_-])?(password|passwd|pwd|secret|token|authorization|cookie|credentials?|(api|access|private|secret)[_-]?key)",
    re.IGNORECASE,
)
"""Keys whose value is a secret. What stands under a key that ends in `_env` is a name."""

_VALUES = (
    # user:password@ in an address; digits before a slash are a port
    re.compile(r"[a-z][a-z0-9+.-]*://[^\s:@/?#]*:(?![0-9]+[/?#])[^\s@]+@", re.IGNORECASE),
    # password=… in a query or in libpq's keyword form
    re.compile(r"(?:^|[\s?&;])(?:[a-z]*password|passwd|secret|(?:access_)?token|api_?key)=[^\s&]+", re.IGNORECASE),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    re.compile(r"(?:Bearer|Basic) [A-Za-z0-9+/=._~-]{8,}"),
    # access keys of AWS, tokens of GitHub and of GitLab
    re.compile(r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[\w-]{20,})"),
)

HINT = "put it into an environment variable, write that variable's name under a key that ends in '_env', and replace it"


def clear_secrets(node: Node) -> tuple[Problem, ...]:
    """Return a problem for each value that is, or holds, a secret."""
    return tuple(Problem(at, key, "a secret in clear", HINT) for key, at in _secrets("", node, node.at))


def _secrets(key: str, node: Node, at: Place) -> Iterator[tuple[str, Place]]:
    match node:
        case Scalar(text=text):
            if (text and _KEY.fullmatch(key)) or any(value.search(text) for value in _VALUES):
                yield key, at
        case Items(items=items):
            for item in items:
                yield from _secrets(key, item, item.at)
        case Table(entries=entries):
            for name, entry in entries.items():
                yield from _secrets(key if key.endswith("_env") else name, entry.value, entry.value.at)
