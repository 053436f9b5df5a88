"""What an instance names of itself that can be asked for: an account, and an object of its media. Pure.

What a target says decides here what is asked next, so it decides no more than which account, and which object at the
instance's own address or, by https and its usual port, at the host of its media.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from statusgen.probes.http_expect import Answer
from statusgen.probes.targets import DEFAULT_PORTS, HttpUrl, is_ip

ACCOUNT = re.compile(r"@?([A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)(@.*)?")
"""The name of an account, with what may stand around it."""

_LONGEST = 2048
_UPLOADED = re.compile(r"[^?]*/(?:accounts/(?:avatars|headers)|site_uploads/files)(?:/[0-9]{3})+/[^?]+(?:\?[0-9]+)?")
"""Where Mastodon keeps what people uploaded; its own pictures, which it shows until then, prove nothing of media."""


def account(answer: Answer) -> str:
    """Return the local account that people are to turn to; nothing when the instance names none."""
    name = _at(_document(answer), "contact", "account", "acct")
    match = ACCOUNT.fullmatch(name) if isinstance(name, str) and len(name) <= _LONGEST else None
    return match[1] if match and match[0] == match[1] else ""


def media(answer: Answer, instance: HttpUrl, *, only_there: bool) -> HttpUrl | None:
    """Return an uploaded picture, the smallest first; None when the instance names none that may be asked for."""
    for text in _pictures(_document(answer)):
        try:
            url = instance.join(text) if isinstance(text, str) and len(text) <= _LONGEST else None
        except ValueError:
            continue
        if url and _UPLOADED.fullmatch(url.path) and _may_be_asked(url, instance, only_there=only_there):
            return url
    return None


def status_page(answer: Answer) -> str | None:
    """Return the page that an instance sends its people to during an outage; None when it names none."""
    named = _at(_document(answer), "configuration", "urls", "status")
    return named if isinstance(named, str) else None


def _may_be_asked(url: HttpUrl, instance: HttpUrl, *, only_there: bool) -> bool:
    if url.origin == instance.origin:
        return True
    usual = url.scheme == "https" and url.port == DEFAULT_PORTS["https"] and not is_ip(url.host)
    return usual and url.host != instance.host and not only_there


def _pictures(document: object) -> Iterator[object]:
    yield _at(document, "contact", "account", "avatar_static")
    yield _at(document, "thumbnail", "url")
    icons = _at(document, "icon")
    for icon in icons if isinstance(icons, list) else ():
        yield _at(icon, "src")
    yield _at(document, "contact", "account", "header_static")


def _at(document: Any, *keys: str) -> object:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    found: object = document
    return found


def _document(answer: Answer) -> object:
    try:
        return json.loads(answer.text)
    except (ValueError, RecursionError):
        return None
