"""Headers that a check sends: as people write them, and those whose values are secrets."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator

from statusgen.ports import Secrets
from statusgen.values import shape, wrong

Pairs = tuple[tuple[str, str], ...]
"""Headers: names with their values, or with the environment variables that hold them."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"(?:[!-~]+(?:[ \t]+[!-~]+)*)?")
_OURS = frozenset({"host", "connection", "content-length", "transfer-encoding", "te", "upgrade", "trailer"})


def is_token(text: object) -> bool:
    """Return whether it is a word that HTTP allows for a name (RFC 9110 §5.6.2)."""
    return isinstance(text, str) and _TOKEN.fullmatch(text) is not None


def parse_header_name(text: object) -> str:
    """Return a header's name that is for the check's author to set."""
    if not isinstance(text, str) or not is_token(text):
        raise wrong(f"expected the name of a header such as 'Accept-Language', got {shape(text)}")
    if text.lower() in _OURS:
        hint = "it follows from the URL; 'connect_to' reaches one node" if text.lower() == "host" else ""
        raise wrong(f"the header {text!r} is not for a check to set", hint=hint)
    return text


def parse_header_value(text: object) -> str:
    """Return a header's value: one line."""
    if isinstance(text, str) and _VALUE.fullmatch(text):
        return text
    raise wrong(f"expected one line of text for a header, got {shape(text)}")


HeaderName = Annotated[str, BeforeValidator(parse_header_name)]
HeaderValue = Annotated[str, BeforeValidator(parse_header_value)]


def private_headers(named: Pairs, secrets: Secrets, *, before: str = "") -> Pairs | None:
    """Return headers with the secrets that their variables hold, after a word such as `Bearer `.

    None when one of them cannot be a header's value. White space around a secret is dropped: files end with a line
    break.
    """
    pairs = tuple((name, before + secrets.get(variable).strip()) for name, variable in named)
    return pairs if all(_VALUE.fullmatch(value) for _, value in pairs) else None
