"""What a Mastodon is asked, part by part, and what each answer must be: pure judgements of answers.

`/health` is a constant that answers to any host name, and several of the others are kept in caches for days. So each is
asked under a query that no cache has seen, and what came out of a cache all the same proves nothing of the origin.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any
from urllib.parse import quote

from statusgen.model.reason import http_reason
from statusgen.model.words import Outcome
from statusgen.probes.http_cache import UNPROVEN
from statusgen.probes.http_expect import OK, Answer
from statusgen.probes.targets import HttpUrl


class Told:
    """An answer, and the JSON object that it holds: read once, not before it is asked for, and kept no longer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    @cached_property
    def document(self) -> dict[str, Any]:
        """The object; an empty one when the answer holds none."""
        try:
            document = json.loads(self.answer.text)
        except (ValueError, RecursionError):
            return {}
        return document if isinstance(document, dict) else {}


Judge = Callable[[Told], str | None]
"""Returns why an answer is not what it must be, or None when it is."""

UNSEEN = "_statusgen"
"""The name of the query that makes every request one of its own."""

_UNAUTHORIZED = 401
_TOO_MANY = 429
_MEDIA = ("image/", "video/", "audio/")
_PROVES_NOTHING = frozenset({"login_required", "rate_limited"})


class Part(StrEnum):
    """A part of an instance that can be asked by itself."""

    WEB = "web"
    STREAMING = "streaming"
    LOOKUP = "lookup"
    INSTANCE = "instance"
    WEBFINGER = "webfinger"
    NODEINFO = "nodeinfo"
    MEDIA = "media"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request and the judgement of its answer; a `closed` one may be answered to logged-in people only."""

    part: Part
    url: HttpUrl
    judge: Judge
    closed: bool = False

    def reason(self, told: Told, *, with_token: bool) -> str | None:
        """Return why an answer is not what it must be, or None when it is."""
        status = told.answer.status
        if status == _TOO_MANY:
            return "rate_limited"
        if status == _UNAUTHORIZED and self.closed and not with_token and "error" in told.document:
            return "login_required"
        if status not in OK[0]:
            return http_reason(status)
        return self.judge(told)


def outcome_for(reason: str | None) -> Outcome:
    """Return what a reason makes of a part: being turned away by a rule proves nothing, neither good nor bad."""
    if reason is None:
        return Outcome.UP
    if reason == UNPROVEN:
        return Outcome.DEGRADED
    return Outcome.UNKNOWN if reason in _PROVES_NOTHING else Outcome.DOWN


def question(part: Part, *, base: HttpUrl, domain: str, account: str) -> Question:
    """Return what is asked of a part; `base` is where the part is, for media the object itself."""
    name = quote(account, safe="")
    handle = f"acct:{account}@{domain}"
    paths: dict[Part, tuple[str, Judge]] = {
        Part.WEB: ("/health", is_healthy),
        Part.STREAMING: ("/api/v1/streaming/health", is_healthy),
        Part.LOOKUP: (f"/api/v1/accounts/lookup?acct={name}", lambda told: says(told, "acct", account)),
        Part.INSTANCE: ("/api/v2/instance", lambda told: is_instance(told, domain)),
        Part.WEBFINGER: (
            f"/.well-known/webfinger?resource={quote(handle, safe='')}",
            lambda told: says(told, "subject", handle),
        ),
        Part.NODEINFO: ("/nodeinfo/2.0", describes_software),
        Part.MEDIA: (base.path, is_media),
    }
    path, judge = paths[part]
    return Question(part=part, url=base.join(path), judge=judge, closed=part in {Part.LOOKUP, Part.INSTANCE})


def unseen(url: HttpUrl, token: str) -> HttpUrl:
    """Return the URL with a query that no cache has an answer for."""
    return url.join(f"{url.path}{'&' if '?' in url.path else '?'}{UNSEEN}={token}")


def is_healthy(told: Told) -> str | None:
    """Judge the constant `OK`, or the JSON with a status `UP` that Mastodon's handbook speaks of."""
    return None if told.answer.text.strip() == "OK" else says(told, "status", "UP")


def is_instance(told: Told, domain: str) -> str | None:
    """Judge whose instance it is that answers."""
    named = told.document.get("domain")
    if not isinstance(named, str):
        return "wrong_body"
    return None if named.casefold() == domain.casefold() else "wrong_instance"


def says(told: Told, key: str, wanted: str) -> str | None:
    """Judge one text at the top of a JSON answer; names of accounts and hosts do not tell capitals apart."""
    named = told.document.get(key)
    return None if isinstance(named, str) and named.casefold() == wanted.casefold() else "wrong_body"


def describes_software(told: Told) -> str | None:
    """Judge a nodeinfo document."""
    software = told.document.get("software")
    return None if isinstance(software, dict) and isinstance(software.get("name"), str) else "wrong_body"


def is_media(told: Told) -> str | None:
    """Judge a picture, a video or a sound."""
    if not told.answer.headers.get("content-type", "").lower().startswith(_MEDIA):
        return "wrong_header"
    return None if told.answer.body else "wrong_body"
