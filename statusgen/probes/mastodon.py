"""The kind `mastodon`: what an instance needs, asked from its one address, as a whole or part by part."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.probes.certificates import trust
from statusgen.probes.family import OneFamily
from statusgen.probes.http_headers import private_headers
from statusgen.probes.mastodon_named import ACCOUNT
from statusgen.probes.mastodon_parts import Part
from statusgen.probes.targets import (
    BaseUrl,
    Family,
    Host,
    HttpUrl,
    Pin,
    agree_on_family,
    parse_url,
)
from statusgen.probes.web_keys import PrivateAuthority, WebNode
from statusgen.values import CheckDocument, Flag, Secret, Url, one_of, shape, wrong

SHARE_OF_ONE = 0.95
"""How much of the check's timeout each of several parts has, so that one which hangs can still be named."""

_KEYS = {
    Part.WEB: ("domain", "status_page", "token_env"),
    Part.STREAMING: ("streaming",),
    Part.LOOKUP: ("account", "token_env"),
    Part.INSTANCE: ("domain", "status_page", "token_env"),
    Part.WEBFINGER: ("account", "domain"),
    Part.NODEINFO: (),
    Part.MEDIA: ("media",),
}
"""The keys that say more of a part."""
_NEEDED = ("account", "media")
"""Those of them without which a part cannot be asked; of a whole instance, it is asked for them itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MastodonSpec:
    """The parts to ask, which are those of a `whole` instance or of one check's own part.

    `patience` is what each of them has, `media` the object itself. Those `sought` are asked for what
    the instance names.
    """

    url: HttpUrl
    parts: tuple[Part, ...]
    domain: str
    patience: timedelta
    whole: bool = False
    sought: tuple[Part, ...] = ()
    account: str = ""
    streaming: HttpUrl | None = None
    media: HttpUrl | None = None
    status_page: str | None = None
    token_env: str | None = None
    allow_cached: bool = False
    connect_to: Pin | None = None
    family: Family | None = None
    ca_file: str | None = None


def parse_account(text: object) -> str:
    """Return the name of a local account."""
    match = ACCOUNT.fullmatch(text) if isinstance(text, str) else None
    if match and match[0] == match[1]:
        return match[1]
    raise wrong(
        f"expected the name of a local account such as 'admin', got {shape(text)}",
        hint=f"write {match[1]!r}" if match else "",
    )


def parse_media(text: object) -> str:
    """Return where a media object is: a path on the instance, or a whole URL."""
    if isinstance(text, str) and re.fullmatch(r"/(?!/)\S*", text):
        return text
    if isinstance(text, str) and "://" in text:
        return str(parse_url(text))
    raise wrong(f"expected a path such as '/system/picture.png' or a URL, got {shape(text)}")


class MastodonDocument(CheckDocument):
    """The keys of a `mastodon` check."""

    kind: ClassVar[str] = "mastodon"

    mastodon: BaseUrl = Field(description="The URL of the instance, without a path.", examples=["https://example.org"])
    part: Annotated[Part | None, BeforeValidator(one_of(Part))] = Field(
        default=None,
        description="The one part to ask; left out: every part, judged together.",
        examples=["streaming"],
    )
    account: Annotated[str | None, BeforeValidator(parse_account)] = Field(
        default=None,
        description="A local account, for `lookup` and `webfinger`; of a whole instance, that which it names as its "
        "contact when left out.",
        examples=["admin"],
    )
    media: Annotated[str | None, BeforeValidator(parse_media)] = Field(
        default=None,
        description="A small picture, for `media`: its path, or its URL where another host serves media; of a whole "
        "instance, one that it names of itself when left out.",
        examples=["/system/site_uploads/files/000/000/001/@1x/probe.png"],
    )
    streaming: BaseUrl | None = Field(
        default=None,
        description="The URL of the streaming server where it has a host of its own.",
        examples=["https://streaming.example.org"],
    )
    domain: Host | None = Field(
        default=None,
        description="What the instance calls itself (`LOCAL_DOMAIN`); the host of `mastodon` when left out.",
        examples=["example.org"],
    )
    status_page: Url | None = Field(
        default=None,
        description="The address of this status page, the `url` of `site` when left out: tells whether the instance "
        "links to it.",
        examples=["https://status.example.org"],
    )
    token_env: Secret | None = Field(
        default=None,
        description="The environment variable that holds an access token with the scope `read`, for an instance that "
        "answers only those who are logged in. It is sent to `lookup` and `instance` alone.",
        examples=["MASTODON_TOKEN"],
    )
    allow_cached: Flag = Field(
        default=False,
        description="Take an answer from a cache as good, though it does not prove the origin.",
        examples=["true"],
    )
    connect_to: WebNode = None
    family: OneFamily = None
    ca_file: PrivateAuthority = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.part:
            self._fits(self.part)
        if self.ca_file and self.mastodon.scheme != "https":
            raise wrong("'ca_file' needs an https URL")
        agree_on_family(self.family, self.mastodon.host, self.connect_to)
        if self.connect_to:
            elsewhere = (("streaming", self.streaming), ("media", self._media()))
            for key, url in elsewhere:
                if url and url.host != self.mastodon.host:
                    hint = f"make it a check of its own: 'mastodon: {url.scheme}://{url.authority}' and 'part: {key}'"
                    raise wrong(f"'connect_to' is for the host of 'mastodon', and {key!r} is on another", hint=hint)
        return self

    def _fits(self, part: Part) -> None:
        """Raise unless the keys are those that say more of the part."""
        told = {key for keys in _KEYS.values() for key in keys} & self.model_fields_set
        for key in _NEEDED:
            if key in _KEYS[part] and key not in told:
                example = MastodonDocument.model_fields[key].examples or []
                raise wrong(f"the part {str(part)!r} needs {key!r}", hint=f"add '{key}: {example[0]}'")
        if beside := sorted(told - set(_KEYS[part])):
            raise wrong(f"{beside[0]!r} says nothing of the part {str(part)!r}", hint="leave it out")

    def _media(self) -> HttpUrl | None:
        return self.mastodon.join(self.media) if self.media else None

    def _parts(self) -> tuple[Part, ...]:
        """Return the parts to ask; the page behind `/health` could be anybody's, so `web` never stands alone."""
        if self.part is None:
            return tuple(part for part in Part if all(getattr(self, key) for key in _NEEDED if key in _KEYS[part]))
        return (self.part, Part.INSTANCE) if self.part is Part.WEB else (self.part,)

    def spec(self) -> MastodonSpec:
        """Return the same as plain data."""
        parts = self._parts()
        return MastodonSpec(
            url=self.mastodon,
            parts=parts,
            domain=self.domain or self.mastodon.host,
            patience=self.timeout * SHARE_OF_ONE if len(parts) > 1 else self.timeout,
            whole=self.part is None,
            sought=() if self.part else tuple(part for part in Part if part not in parts),
            account=self.account or "",
            streaming=self.streaming,
            media=self._media(),
            status_page=self.status_page,
            token_env=self.token_env,
            allow_cached=self.allow_cached,
            connect_to=self.connect_to,
            family=self.family,
            ca_file=self.ca_file,
        )

    def spec_for(self, page: str) -> MastodonSpec:
        """Return the same for a project: where its people are to be sent, unless said otherwise."""
        spec = self.spec()
        return spec if spec.status_page or not page else replace(spec, status_page=page)


async def probe(spec: MastodonSpec, secrets: Secrets) -> Finding:
    """Ask every part at the same time, past every cache; the worst of them decides. Nothing redirects.

    Latency and phases (`resolve`, `connect`, `tls`, `first_byte`, `transfer`) are those of the slowest part.
    Facts: `status` where there is one part, `failed` (the parts that are not up) where there are several, `left_out`
    (those that could not be asked because the instance does not name what for); `cached`; `status_page_named`.
    """
    from statusgen.probes.mastodon_client import ask, verdict  # noqa: PLC0415 - slow to import

    named = (("Authorization", spec.token_env),) if spec.token_env else ()
    private = private_headers(named, secrets, before="Bearer ")
    if private is None:
        return Finding(outcome=Outcome.UNKNOWN, reason="secret_invalid")
    return verdict(await ask(spec, private, trusted=trust(spec.ca_file, protocol="http/1.1")), spec)


KIND = ProbeKind(MastodonDocument, probe)
