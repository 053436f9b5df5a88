"""Secrets that stand in a file where the name of an environment variable belongs. They are never quoted back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from statusgen.config.decode import key_of
from statusgen.config.nodes import Items, Node, Scalar, Step
from statusgen.errors import Problem

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
    re.compile(r"(?:Bearer|Basic) (?=\S*[0-9=])[A-Za-z0-9+/=._~-]{8,}"),
    # access keys of AWS, tokens of GitHub and of GitLab
    re.compile(r"\b(?:A[KS]IA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[\w-]{20,})"),
)

_ACCESS_KEY = re.compile(r"(?=(?:[A-Z]*[0-9]){2})[A-Z0-9]{20}")
"""An access key where the name of a variable belongs: of AWS's length and letters, as most providers make them."""

_MESSAGE = "a secret stands here in clear"
_THEN = "set that variable where statusgen runs, and change the secret: it has been written down"


def clear_secrets(node: Node) -> Iterator[Problem]:
    """Yield a problem for each value that is, or holds, a secret."""
    yield from _within(node, ())


def _within(node: Node, path: tuple[Step, ...]) -> Iterator[Problem]:
    if isinstance(node, Scalar):
        if node.text and _is_secret(node.text, path):
            yield Problem(node.at, key_of("", path), _MESSAGE, f"{_instead(path)}, {_THEN}")
    elif isinstance(node, Items):
        for index, item in enumerate(node.items):
            yield from _within(item, (*path, index))
    else:
        for key, entry in node.entries.items():
            yield from _within(entry.value, (*path, key))


def _is_secret(text: str, path: tuple[Step, ...]) -> bool:
    keys = [step for step in path if isinstance(step, str)]
    named = bool(keys) and _KEY.fullmatch(keys[-1]) and not any(key.endswith("_env") for key in keys)
    if keys and keys[-1].endswith("_env") and _ACCESS_KEY.fullmatch(text):
        return True
    return bool(named) or any(value.search(text) for value in _VALUES)


def _instead(path: tuple[Step, ...]) -> str:
    """Return what to write: the same key for a variable's name where the key tells that its value is a secret."""
    if path[-2:-1] == ("headers",):
        return f"write 'headers_env: {{{path[-1]}: NAME}}'"
    if path and _KEY.fullmatch(str(path[-1])):
        return f"write '{path[-1]}_env: NAME'"
    return "take it out, write a variable's name under a key that ends in '_env'"
