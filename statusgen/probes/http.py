"""The kind `http`: one request, and what its answer must be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from statusgen.model.observation import Fact, Finding
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.probes.certificates import trust
from statusgen.probes.family import FAMILY_MISSING, FamilyMissingError, OneFamily
from statusgen.probes.http_cache import UNPROVEN, from_cache
from statusgen.probes.http_expect import ANSWERED, Answer, Expectation, ExpectDocument, judge
from statusgen.probes.http_headers import HeaderName, HeaderValue, Pairs, private_headers
from statusgen.probes.network import TargetError
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import Family, HttpUrl, Pin, UrlTarget, agree_on_family
from statusgen.probes.web_keys import PrivateAuthority, WebNode
from statusgen.values import CheckDocument, Secret, at_most, shape, wrong

MOST_REDIRECTS = 20


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
    family: Family | None = None
    ca_file: str | None = None


def parse_method(text: object) -> str:
    """Return an HTTP method in upper case."""
    if isinstance(text, str) and re.fullmatch(r"[A-Za-z]{1,20}", text) and text.upper() != "CONNECT":
        return text.upper()
    raise wrong(f"expected a method such as 'GET' or 'POST', got {shape(text)}")


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
    connect_to: WebNode = None
    family: OneFamily = None
    ca_file: PrivateAuthority = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.follow_redirects and self.expect.redirect is not None:
            raise wrong("a redirect can be expected or followed, not both", hint="leave 'follow_redirects' out")
        if self.ca_file and self.http.scheme != "https":
            raise wrong("'ca_file' needs an https URL")
        agree_on_family(self.family, self.http.host, self.connect_to)
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
            family=self.family,
            ca_file=self.ca_file,
        )


async def probe(spec: HttpSpec, secrets: Secrets) -> Finding:
    """Send the request, follow redirects where told to, and judge the answer.

    Phases: `resolve`, `connect`, `tls`, `first_byte` (from the request to the end of the answer's head), `transfer`.
    Facts: `status`; `cached` when a cache says that it answered in the origin's place.
    """
    from statusgen.probes.http_client import fetch  # noqa: PLC0415 - slow to import

    private = private_headers(spec.headers_env, secrets)
    if private is None:
        return Finding(outcome=Outcome.UNKNOWN, reason="secret_invalid")
    trusted = trust(spec.ca_file, protocol="http/1.1")
    watch = Stopwatch()
    try:
        answer = await fetch(spec, private, trusted=trusted, watch=watch)
    except FamilyMissingError:
        return FAMILY_MISSING
    except TargetError as error:
        return watch.finding(Outcome.DOWN, error.reason)
    reason = judge(answer, spec.expect)
    return watch.finding(outcome_for(reason), reason, _facts(answer))


def outcome_for(reason: str | None) -> Outcome:
    """Return what an answer's reason makes of its target: an edge that answers for an unproven origin is not down."""
    if reason is None:
        return Outcome.UP
    return Outcome.DEGRADED if reason == UNPROVEN else Outcome.DOWN


def _facts(answer: Answer) -> dict[str, Fact]:
    cached: dict[str, Fact] = {"cached": True} if from_cache(answer.headers) else {}
    return {"status": answer.status} | cached


KIND = ProbeKind(HttpDocument, probe)
