"""Values as people write them in YAML, where every scalar is a string, and the keys that every check has.

The types here are for pydantic documents: each turns a string into a value or raises `wrong(...)` with what was
expected and a hint. Documents are for reading only; what leaves them is plain data of the model.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from abc import abstractmethod
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

W = TypeVar("W", bound=str)

LINE_LIMIT = 200
TEXT_LIMIT = 2000
TRIES_LIMIT = 10
QUOTE_LIMIT = 60
_USUAL = {"http": ":80", "https": ":443"}
_STANDS = "%/?#[]@:!$&'()*+,;=~"
"""Bounds of what people write: characters in a line and in a text, and how often a failed probe is tried again,
and characters of a value that a message quotes."""


def wrong(message: str, hint: str = "") -> PydanticCustomError:
    """Return the error for a value that is not what it should be; config turns it into a `Problem` at its place."""
    return PydanticCustomError("wrong_value", "{message}", {"message": message, "hint": hint})


def shape(value: object) -> str:
    """Return how a message names what was found: text is quoted and cut short, anything else named by its shape."""
    if isinstance(value, str):
        short = value if len(value) <= QUOTE_LIMIT else value[:QUOTE_LIMIT] + "…"
        return repr(short) if value else "nothing"
    return "a list" if isinstance(value, list) else "a mapping"


def slugify(text: str) -> str:
    """Return the nearest id: lower-case letters, digits and hyphens; empty when no letter can be kept."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:64].strip("-")


def suggest(word: str, known: Iterable[str]) -> str:
    """Return the hint "did you mean …?" for a misspelt word; empty when nothing known comes near it."""
    spelt = word.lower().replace(" ", "_")
    near = difflib.get_close_matches(spelt, sorted(map(str, known)), n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else ""


class Document(BaseModel):
    """A mapping in a file that people write: unknown keys are errors, and nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)")
_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_duration(text: object) -> timedelta:
    """Return a duration such as `500ms`, `30s`, `5m`, `1h30m` or `14d`; it must be longer than nothing."""
    found = _DURATION.findall(text) if isinstance(text, str) else []
    if not found or "".join(number + unit for number, unit in found) != text:
        hint = f"add a unit, such as '{text}s'" if isinstance(text, str) and re.fullmatch("[0-9]{1,9}", text) else ""
        raise wrong(f"expected a duration such as '500ms' or '30s', got {shape(text)}", hint=hint)
    try:
        total = sum((timedelta(**{_UNITS[unit]: float(number)}) for number, unit in found), timedelta())
    except OverflowError:
        raise wrong(f"expected a duration below a million years, got {shape(text)}") from None
    if not total:
        raise wrong(f"expected a duration longer than nothing, got {shape(text)}")
    return total


def parse_instant(text: object) -> datetime:
    """Return an instant in UTC from ISO 8601 with a zone, such as `2022-12-01T06:00-08:00` or `2022-12-01T14:00Z`."""
    expected = "expected a date and time with a zone such as '2022-12-01T14:00Z'"
    try:
        instant = datetime.fromisoformat(text) if isinstance(text, str) else None
        if instant is not None and instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        instant = None
    if instant is None or (isinstance(text, str) and ":" not in text):
        shaped = isinstance(text, str) and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:", text)
        hint = "check its day and its time: there is no such instant" if shaped else ""
        raise wrong(f"{expected}, got {shape(text)}", hint=hint)
    raise wrong(
        f"expected a time with a zone, got {text!r}",
        hint="add 'Z' for UTC, or the offset of the place you mean, such as '-08:00'",
    )


def parse_count(text: object) -> int:
    """Return a whole number from 0 up."""
    if isinstance(text, str) and re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    raise wrong(f"expected a whole number, got {shape(text)}")


def parse_flag(text: object) -> bool:
    """Return a yes or no: `true`, `false`, `yes` or `no`."""
    words = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(text, str) and text.lower() in words:
        return words[text.lower()]
    raise wrong(f"expected 'true' or 'false', got {shape(text)}")


def parse_port(text: object) -> int:
    """Return a TCP port from 1 to 65535."""
    if isinstance(text, str) and re.fullmatch(r"[0-9]{1,5}", text) and 1 <= int(text) <= 65535:  # noqa: PLR2004 - the greatest port
        return int(text)
    raise wrong(f"expected a port from 1 to 65535, got {shape(text)}")


def parse_slug(text: object) -> str:
    """Return an id: lower-case letters, digits and hyphens, at most 64."""
    if isinstance(text, str) and re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?", text):
        return text
    near = slugify(text) if isinstance(text, str) else ""
    raise wrong(
        f"expected an id of lower-case letters, digits and hyphens, got {shape(text)}",
        hint=f"write {near!r}" if near else "",
    )


def parse_line(text: object) -> str:
    """Return one line of text, such as a title: neither empty nor longer than 200 characters."""
    if not isinstance(text, str):
        raise wrong(f"expected text, got {shape(text)}")
    line = text.strip()
    if not line:
        raise wrong("expected text, got nothing")
    if "\n" in line:
        raise wrong("expected one line of text, got several", hint="put more into the body, or into a description")
    if len(line) > LINE_LIMIT:
        raise wrong(f"expected at most {LINE_LIMIT} characters, got {len(line)}")
    return line


def parse_text(text: object) -> str:
    """Return text that may run over several lines, at most 2,000 characters; it may be empty."""
    if not isinstance(text, str):
        raise wrong(f"expected text, got {shape(text)}")
    if len(text) > TEXT_LIMIT:
        raise wrong(f"expected at most {TEXT_LIMIT} characters, got {len(text)}")
    return text.strip()


def parse_url(text: object) -> str:
    """Return an absolute `http:` or `https:` address; it holds no credentials and no white space."""
    example = "https://status.example.org"
    if not isinstance(text, str) or not re.fullmatch(r"https?://[!-~]+", text):
        bare = isinstance(text, str) and re.fullmatch(r"[\w-]+(\.[\w-]+)+(/[!-~]*)?", text)
        hint = f"write 'https://{text}'" if bare else ""
        raise wrong(f"expected a web address such as {example!r}, got {shape(text)}", hint=hint)
    try:
        parts = urlsplit(text)
        valid = bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise wrong(f"expected a web address such as {example!r}, got {shape(text)}")
    if parts.username is not None:
        raise wrong(f"expected a web address without a user name, such as {example!r}")
    return text


def canonical_url(url: str) -> str:
    """Return a web address in the one form that all who compare addresses agree on, without a slash at its end.

    The host is in small letters, a port stands there only if it is not the usual one, and what may not stand in an
    address is written as `%` and its code.
    """
    parts = urlsplit(url)
    host = parts.netloc.lower().removesuffix(_USUAL[parts.scheme]).removesuffix(":")
    rest = url.removeprefix(f"{parts.scheme}://{parts.netloc}")
    return f"{parts.scheme}://{host}{quote(rest, safe=_STANDS)}".rstrip("/")


def one_of(words: Iterable[W]) -> Callable[[object], W]:
    """Return the parser for one of a closed list of words; a misspelt one is told what it may have meant."""
    known = {str(word): word for word in words}

    def parse(text: object) -> W:
        if isinstance(text, str) and text in known:
            return known[text]
        hint = suggest(text, known) if isinstance(text, str) else ""
        raise wrong(f"expected {either(known)}, got {shape(text)}", hint=hint)

    return parse


def either(words: Iterable[str], link: str = "or") -> str:
    """Return words, one at least, as an enumeration: `'a', 'b' or 'c'`."""
    *first, last = [repr(str(word)) for word in words]
    return f"{', '.join(first)} {link} {last}" if first else last


def at_most(limit: int) -> Callable[[object], int]:
    """Return the parser for a whole number from 0 up to a limit."""

    def parse(text: object) -> int:
        if isinstance(text, str) and re.fullmatch(r"[0-9]{1,9}", text) and int(text) <= limit:
            return int(text)
        raise wrong(f"expected a whole number from 0 to {limit}, got {shape(text)}")

    return parse


def parse_quorum(text: object) -> int:
    """Return a number of locations from 1 up."""
    if isinstance(text, str) and re.fullmatch(r"[1-9][0-9]?", text):
        return int(text)
    raise wrong(f"expected a number of locations from 1 up, got {shape(text)}")


class SecretName(str):
    """The name of an environment variable that holds a secret; config collects every one with its place."""

    __slots__ = ()


def parse_secret_name(text: object) -> SecretName:
    """Return the name of an environment variable; anything else may be a secret in clear, so it is not quoted back."""
    if isinstance(text, str) and re.fullmatch(r"[A-Z][A-Z0-9_]{0,127}", text):
        return SecretName(text)
    raise wrong(
        "expected the name of an environment variable",
        hint="write a name such as 'PG_PASSWORD', and set that variable where statusgen runs; never the secret itself",
    )


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Instant = Annotated[datetime, BeforeValidator(parse_instant)]
Count = Annotated[int, BeforeValidator(parse_count)]
Flag = Annotated[bool, BeforeValidator(parse_flag)]
Port = Annotated[int, BeforeValidator(parse_port)]
Slug = Annotated[str, BeforeValidator(parse_slug)]
Secret = Annotated[SecretName, BeforeValidator(parse_secret_name)]
Line = Annotated[str, BeforeValidator(parse_line)]
Text = Annotated[str, BeforeValidator(parse_text)]
Url = Annotated[str, BeforeValidator(parse_url)]


class CheckDocument(Document):
    """The keys that every check has. A kind adds its own; the key with the kind's name holds the target."""

    kind: ClassVar[str]

    id: Slug | None = Field(
        default=None,
        description="Its id within the component, kept in history; the kind when left out.",
        examples=["front-page"],
    )
    timeout: Duration = Field(
        default=timedelta(seconds=10),
        description="How long one try may take in all, at most `5m`; then it is down.",
        examples=["10s"],
    )
    confirm: Annotated[int, BeforeValidator(at_most(TRIES_LIMIT))] = Field(
        default=2, description="How often a failed probe is tried again before it counts, at most 10.", examples=["2"]
    )
    degraded_over: Duration | None = Field(
        default=None, description="An answer that takes longer is degraded.", examples=["800ms"]
    )
    quorum: Annotated[int | None, BeforeValidator(parse_quorum)] = Field(
        default=None,
        description="How many locations must see it down for it to be down; more than half when left out.",
        examples=["2"],
    )
    network: Slug = Field(
        default="public",
        description="The network that its target is in: only locations that reach it probe it.",
        examples=["rack"],
    )

    @abstractmethod
    def spec(self) -> object:
        """Return what this kind's prober takes: a frozen dataclass."""

    def spec_for(self, page: str) -> object:  # noqa: ARG002 - for the kinds that ask about it
        """Return the same for a project whose page is at an address; empty where the project does not say."""
        return self.spec()

    def holds(self) -> timedelta | None:
        """Return how long a report speaks, for a kind whose targets report by themselves; None for others."""
        return None
