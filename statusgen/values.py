"""Values as people write them in YAML, where every scalar is a string, and the keys that every check has.

The types here are for pydantic documents: each turns a string into a value or raises `wrong(...)` with what was expected and a
hint. Documents are for reading only; what leaves them is plain data of the model.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError


def wrong(message: str, hint: str = "") -> PydanticCustomError:
    """Return the error for a value that is not what it should be; config turns it into a `Problem` at its place."""
    return PydanticCustomError("wrong_value", "{message}", {"message": message, "hint": hint})


class Document(BaseModel):
    """A mapping in a file that people write: unknown keys are errors, and nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_duration(text: object) -> timedelta:
    """Return a duration such as `500ms`, `30s`, `5m`, `1h30m` or `14d`; it must be longer than nothing."""
    found = _DURATION.findall(text) if isinstance(text, str) else []
    if not found or "".join(number + unit for number, unit in found) != text:
        raise wrong(f"expected a duration such as '500ms' or '30s', got {text!r}")
    try:
        total = sum((timedelta(**{_UNITS[unit]: float(number)}) for number, unit in found), timedelta())
    except OverflowError:
        raise wrong(f"expected a duration below a million years, got {text!r}") from None
    if not total:
        raise wrong(f"expected a duration longer than nothing, got {text!r}")
    return total


def parse_instant(text: object) -> datetime:
    """Return an instant in UTC from ISO 8601 with a zone, such as `2022-12-01T06:00-08:00` or `2022-12-01T14:00Z`."""
    example = "2022-12-01T14:00Z"
    try:
        instant = datetime.fromisoformat(text) if isinstance(text, str) else None
        if instant is not None and instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        instant = None
    if instant is None:
        raise wrong(f"expected a date and time with a zone such as '{example}', got {text!r}")
    raise wrong(
        f"expected a time with a zone, got {text!r}",
        hint="add 'Z' for UTC, or the offset of the place you mean, such as '-08:00'",
    )


def parse_count(text: object) -> int:
    """Return a whole number from 0 up."""
    if isinstance(text, str) and re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    raise wrong(f"expected a whole number, got {text!r}")


def parse_flag(text: object) -> bool:
    """Return a yes or no: `true`, `false`, `yes` or `no`."""
    words = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(text, str) and text.lower() in words:
        return words[text.lower()]
    raise wrong(f"expected 'true' or 'false', got {text!r}")


def parse_port(text: object) -> int:
    """Return a TCP port from 1 to 65535."""
    if isinstance(text, str) and re.fullmatch(r"[0-9]{1,5}", text) and 1 <= int(text) <= 65535:  # noqa: PLR2004
        return int(text)
    raise wrong(f"expected a port from 1 to 65535, got {text!r}")


def parse_slug(text: object) -> str:
    """Return an id: lower-case letters, digits and hyphens, at most 64."""
    if isinstance(text, str) and re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?", text):
        return text
    raise wrong(f"expected an id of lower-case letters, digits and hyphens, got {text!r}")


class SecretName(str):
    """The name of an environment variable that holds a secret; config collects every one with its place."""

    __slots__ = ()


def parse_secret_name(text: object) -> SecretName:
    """Return the name of an environment variable; anything else may be a secret in clear, so it is not quoted back."""
    if isinstance(text, str) and re.fullmatch(r"[A-Z][A-Z0-9_]{0,127}", text):
        return SecretName(text)
    raise wrong(
        "expected the name of an environment variable",
        hint="write the name, such as 'PG_PASSWORD', and set the variable where statusgen runs; never the secret itself",
    )


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Instant = Annotated[datetime, BeforeValidator(parse_instant)]
Count = Annotated[int, BeforeValidator(parse_count)]
Flag = Annotated[bool, BeforeValidator(parse_flag)]
Port = Annotated[int, BeforeValidator(parse_port)]
Slug = Annotated[str, BeforeValidator(parse_slug)]
Secret = Annotated[SecretName, BeforeValidator(parse_secret_name)]


class CheckDocument(Document):
    """The keys that every check has. A kind adds its own; the key with the kind's name holds the target."""

    kind: ClassVar[str]

    id: Slug | None = None
    timeout: Duration = timedelta(seconds=10)
    confirm: Count = 2
    degraded_over: Duration | None = None

    @abstractmethod
    def spec(self) -> object:
        """Return what this kind's prober takes: a frozen dataclass."""
