"""What an instance names of itself that can be asked for: an account, and an object of its media. Pure.

What a target says decides here what is asked next, so it decides no more than which account, and which object at the
instance's own address or, by https and its usual port, at the host of its media.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from statusgen.probes.targets import DEFAULT_PORTS, HttpUrl, is_ip

ACCOUNT = re.compile(r"@?([A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)(@.*)?")
"""The name of an account, with what may stand around it."""

_LONGEST = 2048
_UPLOADED = re.compile(r"[^?]*/(?:accounts/(?:avatars|headers)|site_uploads/files)(?:/[0-9]{3})+/[^?]+(?:\?[0-9]+)?")
"""Where Mastodon keeps what people uploaded; its own pictures, which it shows until then, prove nothing of media."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An account, an object of media, and the page that people are sent to during an outage; each where it is named."""

    account: str
    media: HttpUrl | None
    status_page: str | None


def named_in(document: object, instance: HttpUrl, *, only_there: bool) -> Named:
    """Return what an instance names in what it tells of itself."""
    return Named(
        account=_account(document),
        media=_media(document, instance, only_there=only_there),
        status_page=_status_page(document),
    )


def _account(document: object) -> str:
    """Return the local account that people are to turn to."""
    name = _at(document, "contact", "account", "acct")
    match = ACCOUNT.fullmatch(name) if isinstance(name, str) and len(name) <= _LONGEST else None
    return match[1] if match and match[0] == match[1] else ""


def _media(document: object, instance: HttpUrl, *, only_there: bool) -> HttpUrl | None:
    """Return an uploaded picture that may be asked for, the smallest first."""
    for text in _pictures(document):
        try:
            url = instance.join(text) if isinstance(text, str) and len(text) <= _LONGEST else None
        except ValueError:
            continue
        if url and _UPLOADED.fullmatch(url.path) and _may_be_asked(url, instance, only_there=only_there):
            return url
    return None


def _status_page(document: object) -> str | None:
    named = _at(document, "configuration", "urls", "status")
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
