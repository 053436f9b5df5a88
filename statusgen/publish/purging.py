"""What to tell a CDN so that it forgets what changed, in the form that each of them takes. Pure.

A form is one line in one table. Their documentation: developers.cloudflare.com/api (Purge Cached Content: at most 30
files in a request), www.fastly.com/documentation/reference/api/purging (purge all), docs.bunny.net (Purge Pull Zone).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from statusgen.model.project import PurgeForm
from statusgen.publish.plan import FRONT_PAGE, Plan

Json = Mapping[str, object]

MOST_REQUESTS = 10
"""In one run; what takes more is told as a whole, where that can be said."""

_CLOUDFLARE_FILES = 30


@dataclass(frozen=True, slots=True)
class Form:
    """How a CDN is told: the header for the token, what stands before the token there, and the bodies."""

    header: str
    scheme: str
    bodies: Callable[[Sequence[str]], Sequence[Json | None]]


def _plain(urls: Sequence[str]) -> Sequence[Json]:
    return [{"purge": list(urls)}]


def _cloudflare(urls: Sequence[str]) -> Sequence[Json]:
    bodies = [{"files": urls[at : at + _CLOUDFLARE_FILES]} for at in range(0, len(urls), _CLOUDFLARE_FILES)]
    return bodies if len(bodies) <= MOST_REQUESTS else [{"purge_everything": True}]


def _everything(_urls: Sequence[str]) -> Sequence[None]:
    return [None]


FORMS: Mapping[PurgeForm, Form] = {
    PurgeForm.PLAIN: Form("Authorization", "Bearer ", _plain),
    PurgeForm.CLOUDFLARE: Form("Authorization", "Bearer ", _cloudflare),
    PurgeForm.FASTLY: Form("Fastly-Key", "", _everything),
    PurgeForm.BUNNY: Form("AccessKey", "", _everything),
}
"""`plain` is for a webhook of your own; Fastly and bunny.net are told to forget all."""


@dataclass(frozen=True, slots=True)
class Told:
    """One request: its headers, of which one may hold a token, and its body."""

    headers: Mapping[str, str]
    body: bytes


def changed(plan: Plan, site_url: str) -> tuple[str, ...]:
    """Return the addresses of what was sent and deleted; for the front page also the one that readers type."""
    paths = [*(upload.artifact.path for upload in plan.uploads), *plan.deletions]
    front = [f"{site_url}/"] if FRONT_PAGE in paths else []
    return (*front, *(f"{site_url}/{path}" for path in paths))


def requests(form: Form, urls: Sequence[str], token: str) -> tuple[Told, ...]:
    """Return what to send; nothing when nothing changed. Without a token there is no header for it."""
    if not urls:
        return ()
    headers = {"Content-Type": "application/json", **({form.header: f"{form.scheme}{token}"} if token else {})}
    bodies = (b"" if body is None else json.dumps(body, separators=(",", ":")).encode() for body in form.bodies(urls))
    return tuple(Told(headers, body) for body in bodies)
