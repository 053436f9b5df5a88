"""The kind `websocket`: an upgrade of the connection, granted or refused as expected, and a message if asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from statusgen.model.observation import Finding
from statusgen.model.words import Outcome
from statusgen.ports import ProbeKind, Secrets
from statusgen.probes.certificates import trust
from statusgen.probes.family import FAMILY_MISSING, FamilyMissingError, OneFamily
from statusgen.probes.http_expect import Codes, parse_codes
from statusgen.probes.http_headers import (
    HeaderName,
    HeaderValue,
    Pairs,
    is_token,
    parse_header_name,
    private_headers,
)
from statusgen.probes.network import TargetError
from statusgen.probes.stopwatch import Stopwatch
from statusgen.probes.targets import (
    Family,
    HttpUrl,
    Pin,
    WebSocketTarget,
    agree_on_family,
)
from statusgen.probes.web_keys import PrivateAuthority, WebNode
from statusgen.values import CheckDocument, Document, Secret, shape, wrong

SWITCHING = 101
UPGRADED = (range(SWITCHING, SWITCHING + 1),)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketSpec:
    """One handshake: `url` is the http or https URL that it is sent to; `status` is what may answer it."""

    url: HttpUrl
    headers: Pairs = ()
    headers_env: Pairs = ()
    subprotocol: str | None = None
    status: Codes = UPGRADED
    send: str | None = None
    receive: str | None = None
    connect_to: Pin | None = None
    family: Family | None = None
    ca_file: str | None = None


def parse_handshake_header(text: object) -> str:
    """Return a header's name that the handshake leaves to the check's author."""
    name = parse_header_name(text)
    if name.lower().startswith("sec-websocket-"):
        hint = "name it under 'subprotocol'" if name.lower().endswith("-protocol") else ""
        raise wrong(f"the header {name!r} is not for a check to set", hint=hint)
    return name


def parse_subprotocol(text: object) -> str:
    """Return the name of a subprotocol (RFC 6455 §4.1)."""
    if isinstance(text, str) and is_token(text):
        return text
    raise wrong(f"expected the name of a subprotocol such as 'mqtt', got {shape(text)}")


HandshakeHeader = Annotated[HeaderName, BeforeValidator(parse_handshake_header)]


class HandshakeDocument(Document):
    """The key `expect`."""

    status: Annotated[Codes, BeforeValidator(parse_codes)] = Field(
        default=UPGRADED,
        description="The status that answers the handshake: a code, a range or a list of them; `101`, which grants it, "
        "when left out.",
        examples=["401"],
    )


class WebSocketDocument(CheckDocument):
    """The keys of a `websocket` check."""

    kind: ClassVar[str] = "websocket"

    websocket: WebSocketTarget = Field(description="The URL to connect to.", examples=["wss://example.org/stream"])
    headers: dict[HandshakeHeader, HeaderValue] = Field(
        default_factory=dict, description="Headers to send.", examples=["{Origin: 'https://example.org'}"]
    )
    headers_env: dict[HandshakeHeader, Secret] = Field(
        default_factory=dict,
        description="Headers whose value is a secret: each with the environment variable that holds it.",
        examples=["{Authorization: STREAMING_TOKEN}"],
    )
    subprotocol: Annotated[str | None, BeforeValidator(parse_subprotocol)] = Field(
        default=None, description="The subprotocol to ask for, which must be granted.", examples=["mqtt"]
    )
    expect: HandshakeDocument = Field(
        default=HandshakeDocument(), description="What must answer the handshake.", examples=["{status: 401}"]
    )
    send: str | None = Field(default=None, description="A text to send once connected.", examples=["ping"])
    receive: str | None = Field(
        default=None, description="A text that a message contains; it is waited for.", examples=["pong"]
    )
    connect_to: WebNode = None
    family: OneFamily = None
    ca_file: PrivateAuthority = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.ca_file and self.websocket.scheme != "https":
            raise wrong("'ca_file' needs a wss URL")
        agree_on_family(self.family, self.websocket.host, self.connect_to)
        talks = next((key for key in ("send", "receive") if getattr(self, key) is not None), None)
        if talks and self.expect.status != UPGRADED:
            hint = "leave 'expect' out, or make it two checks"
            raise wrong(f"{talks!r} needs a handshake that is granted, which is status 101", hint=hint)
        return self

    def spec(self) -> WebSocketSpec:
        """Return the same as plain data."""
        return WebSocketSpec(
            url=self.websocket,
            headers=tuple(self.headers.items()),
            headers_env=tuple(self.headers_env.items()),
            subprotocol=self.subprotocol,
            status=self.expect.status,
            send=self.send,
            receive=self.receive,
            connect_to=self.connect_to,
            family=self.family,
            ca_file=self.ca_file,
        )


async def probe(spec: WebSocketSpec, secrets: Secrets) -> Finding:
    """Ask for the upgrade, see what answers, and exchange a message where told to; nothing redirects.

    Phases: `resolve`, `connect`, `tls`, `first_byte` (from the request to the end of the answer's head), `message`.
    Facts: `status`.
    """
    try:
        from statusgen.probes.websocket_client import converse  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        return Finding(outcome=Outcome.UNKNOWN, reason="driver_missing")
    private = private_headers(spec.headers_env, secrets)
    if private is None:
        return Finding(outcome=Outcome.UNKNOWN, reason="secret_invalid")
    trusted = trust(spec.ca_file, protocol="http/1.1")
    watch = Stopwatch()
    try:
        status, reason = await converse(spec, private, trusted=trusted, watch=watch)
    except FamilyMissingError:
        return FAMILY_MISSING
    except TargetError as error:
        return watch.finding(Outcome.DOWN, error.reason)
    return watch.finding(Outcome.DOWN if reason else Outcome.UP, reason, {"status": status})


KIND = ProbeKind(WebSocketDocument, probe)
