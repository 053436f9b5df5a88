"""An observation as one line of JSON, and back.

A line is canonical: keys sorted, no spaces, UTF-8 as it is, instants in UTC with `Z`, what says nothing left out. So
equal observations are equal lines. A reader takes lines that hold more than it knows; lines are kept and moved as they
were written, so nothing of them is lost before a reader comes that knows more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NoReturn, TypeGuard

from statusgen.model.observation import Fact, Observation
from statusgen.model.words import Outcome

LONGEST_TEXT = 500
"""Characters in any text of an observation."""
LARGEST_NUMBER = 1e300
"""The greatest number taken, on either side of zero."""
LONGEST_HOLD = timedelta(days=31)
"""The longest time that an observation may claim to speak, so that no lie outlives its location for long."""

_MICROSECOND = 1e-6
_OUTCOMES = {str(outcome): outcome for outcome in Outcome}
_REASON = re.compile(r"(?:[a-z0-9_]{1,32}:)?[a-z0-9_]{1,64}")


def encode(observation: Observation) -> str:
    """Return the canonical line; raise `ValueError` for a number that is not finite."""
    said: dict[str, object] = {
        "at": encode_instant(observation.at),
        "check": observation.check,
        "location": observation.location,
        "outcome": str(observation.outcome),
        "run": observation.run,
        "tries": observation.tries,
    }
    optional = {
        "facts": dict(observation.facts),
        "holds_s": None if observation.holds is None else observation.holds.total_seconds(),
        "latency_ms": observation.latency_ms,
        "phases": dict(observation.phases),
        "reason": observation.reason,
    }
    return dump(said | {name: value for name, value in optional.items() if value not in (None, {})})


def decode(line: str) -> Observation:
    """Return the observation of a line.

    Raises `ValueError` when it is not one: not JSON, a key missing, a value of the wrong type, an unknown outcome, a
    text that is too long or cannot be printed. A fact or phase that cannot be shown and a hold beyond all reason are
    left out: the outcome matters more.
    """
    said = document(line)
    return Observation(
        check=_text(said, "check"),
        location=_text(said, "location"),
        run=_text(said, "run"),
        at=instant(said),
        outcome=_outcome(said.get("outcome")),
        reason=_reason(said.get("reason")),
        latency_ms=None if said.get("latency_ms") is None else _number(said["latency_ms"]),
        tries=_tries(said.get("tries", 1)),
        phases={name: ms for name, ms in _mapping(said, "phases").items() if _is_plain(name) and _is_number(ms)},
        facts={name: value for name, value in _mapping(said, "facts").items() if _is_plain(name) and _is_fact(value)},
        holds=_hold(said.get("holds_s")),
    )


def document(line: str) -> Mapping[str, object]:
    """Return the mapping that a line is; raise `ValueError` when it is not one."""
    try:
        said = _decoder.decode(line)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(said, dict):
        raise ValueError("expected a mapping")  # noqa: TRY004 - whatever a line holds, it is a value that is wrong
    return said


def instant(said: Mapping[str, object]) -> datetime:
    """Return the instant of an observation, in UTC."""
    return decode_instant(_text(said, "at"))


def encode_instant(at: datetime) -> str:
    """Return an instant as `2022-12-01T06:00:00Z`, with microseconds only when there are any."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def decode_instant(text: str) -> datetime:
    """Return an instant in UTC; raise `ValueError` when it has no zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"expected an instant with a zone, got {text!r}")
    if at.tzinfo is UTC:
        return at
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"expected an instant of this age, got {text!r}") from error


def dump(value: object) -> str:
    """Return a value as canonical JSON; raise `ValueError` for a number that is not finite."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"expected a finite number, got {constant!r}")


_decoder = json.JSONDecoder(parse_constant=_refuse)


def _text(said: Mapping[str, object], name: str) -> str:
    text = said.get(name)
    if _is_plain(text) and text:
        return text
    raise ValueError(f"expected a printable text of up to {LONGEST_TEXT} characters under {name!r}")


def _outcome(value: object) -> Outcome:
    if isinstance(value, str) and (outcome := _OUTCOMES.get(value)):
        return outcome
    raise ValueError("expected an outcome")


def _reason(value: object) -> str | None:
    if value is None or (isinstance(value, str) and _REASON.fullmatch(value)):
        return value
    raise ValueError(
        "expected a reason of lower-case letters, digits and underscores, or one behind a part and a colon"
    )


def _number(value: object) -> float:
    if _is_number(value):
        return value
    raise ValueError(f"expected a number up to {LARGEST_NUMBER}")


def _hold(value: object) -> timedelta | None:
    """Return how long an observation says that it speaks; None when it says nothing of sense."""
    seconds = value if _is_number(value) else 0
    sensible = _MICROSECOND <= seconds <= LONGEST_HOLD.total_seconds()
    return timedelta(seconds=seconds) if sensible else None


def _tries(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise ValueError("expected a number of tries from 1 up")


def _is_plain(value: object) -> TypeGuard[str]:
    """Return whether a value is a text that fits into any document."""
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and value.isprintable()


def _is_number(value: object) -> TypeGuard[float]:
    kind = type(value)
    return (kind is float or kind is int) and -LARGEST_NUMBER <= value <= LARGEST_NUMBER  # type: ignore[operator]


def _is_fact(value: object) -> TypeGuard[Fact]:
    return isinstance(value, bool) or _is_number(value) or _is_plain(value)


def _mapping(said: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = said.get(name, {})
    if not isinstance(value, dict):
        raise ValueError(f"expected a mapping under {name!r}")  # noqa: TRY004 - see `document`
    return value
