"""The kind `http`: one request, and what its answer must be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from statusgen.model.observation import Fact, Finding
from statusgen.model.words import Outcome
from statusgen.ports import Secrets
from statusgen.probes.certificates import trust
from statusgen.probes.http_expect import ANSWERED, Answer, Expectation, ExpectDocument, judge
from statusgen.probes.network import TargetError
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import ConnectTo, File, HttpUrl, Pin, UrlTarget
from statusgen.values import CheckDocument, Secret, at_most, shape, wrong

Pairs = tuple[tuple[str, str], ...]
"""Headers: names with their values, or with the environment variables that hold them."""

_VALUE = re.compile(r"(?:[!-~]+(?:[ \t]+[!-~]+)*)?")
MOST_REDIRECTS = 20

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OURS = frozenset({"host", "connection", "content-length", "transfer-encoding", "te", "upgrade", "trailer"})
_CACHE_HEADERS = ("x-cached", "x-cache", "cf-cache-status", "x-cache-status")
_CACHED = re.compile(r"\b(?:HIT|STALE|UPDATING)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSpec:
    """One request: `headers_env` maps header names to environment variables; `redirects` is how many are followed."""

    url: HttpUrl
    method: str = "GET"
    headers: Pairs = ()
    headers_env: Pairs = ()
    body: str | None = None
    expect: Expectation = ANSWERED
    redirects: int = 0
    connect_to: Pin | None = None
    ca_file: str | None = None


def parse_method(text: object) -> str:
    """Return an HTTP method in upper case."""
    if isinstance(text, str) and re.fullmatch(r"[A-Za-z]{1,20}", text) and text.upper() != "CONNECT":
        return text.upper()
    raise wrong(f"expected a method such as 'GET' or 'POST', got {shape(text)}")


def parse_header_name(text: object) -> str:
    """Return a header's name that is for the check's author to set."""
    if not isinstance(text, str) or not _TOKEN.fullmatch(text):
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


class HttpDocument(CheckDocument):
    """The keys of an `http` check."""

    kind: ClassVar[str] = "http"

    http: UrlTarget = Field(description="The URL to ask.", examples=["https://example.org/health"])
    method: Annotated[str, BeforeValidator(parse_method)] = Field(
        default="GET", description="The method of the request.", examples=["HEAD"]
    )
    headers: dict[HeaderName, HeaderValue] = Field(
        default_factory=dict, description="Headers to send.", examples=["{Accept-Language: de}"]
    )
    headers_env: dict[HeaderName, Secret] = Field(
        default_factory=dict,
        description="Headers whose value is a secret: each with the environment variable that holds it. They are sent "
        "to the target only, never along a redirect to another server.",
        examples=["{Authorization: MASTODON_TOKEN}"],
    )
    body: str | None = Field(default=None, description="The body of the request, in UTF-8.", examples=["'{}'"])
    expect: ExpectDocument = Field(
        default=ExpectDocument(), description="What the answer must be.", examples=["{status: 200, body: OK}"]
    )
    follow_redirects: Annotated[int, BeforeValidator(at_most(MOST_REDIRECTS))] = Field(
        default=0, description="How many redirects to follow; one more is a loop.", examples=["3"]
    )
    connect_to: ConnectTo | None = Field(
        default=None,
        description="The IP address of the node to ask, with or without a port; Host, SNI and certificate stay those "
        "of the URL.",
        examples=["203.0.113.10", "'[2001:db8::1]:8443'"],
    )
    ca_file: File | None = Field(
        default=None,
        description="The private authority (PEM) that issued its certificate; the public ones when left out.",
        examples=["ca.pem"],
    )

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.follow_redirects and self.expect.redirect is not None:
            raise wrong("a redirect can be expected or followed, not both", hint="leave 'follow_redirects' out")
        if self.ca_file and self.http.scheme != "https":
            raise wrong("'ca_file' needs an https URL")
        return self

    def spec(self) -> HttpSpec:
        """Return the same as plain data."""
        return HttpSpec(
            url=self.http,
            method=self.method,
            headers=tuple(self.headers.items()),
            headers_env=tuple(self.headers_env.items()),
            body=self.body,
            expect=self.expect.expectation(),
            redirects=self.follow_redirects,
            connect_to=self.connect_to,
            ca_file=self.ca_file,
        )


async def probe(spec: HttpSpec, secrets: Secrets) -> Finding:
    """Send the request, follow redirects where told to, and judge the answer.

    Phases: `resolve`, `connect`, `tls`, `first_byte` (from the request to the end of the answer's head), `transfer`.
    Facts: `status`; `cached` when a cache says that it answered in the origin's place.
    """
    from statusgen.probes.http_client import fetch  # noqa: PLC0415 - slow to import

    private = tuple((name, secrets.get(variable).strip()) for name, variable in spec.headers_env)
    if not all(_VALUE.fullmatch(value) for _, value in private):
        return Finding(outcome=Outcome.UNKNOWN, reason="secret_invalid")
    trusted = trust(spec.ca_file, protocol="http/1.1")
    watch = Stopwatch()
    try:
        answer = await fetch(spec, private, trusted=trusted, watch=watch)
    except TargetError as error:
        return watch.finding(Outcome.DOWN, error.reason)
    reason = judge(answer, spec.expect)
    return watch.finding(Outcome.DOWN if reason else Outcome.UP, reason, _facts(answer))


def _facts(answer: Answer) -> dict[str, Fact]:
    caches = (answer.headers.get(name, "") for name in _CACHE_HEADERS)
    cached: dict[str, Fact] = {"cached": True} if any(_CACHED.search(text) for text in caches) else {}
    return {"status": answer.status} | cached
