"""The values that make a maintenance come again: a rule of RFC 5545, the zone whose clock it follows, a day."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Set
from datetime import date
from types import MappingProxyType
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator

from statusgen.values import shape, suggest, wrong

_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_NTH_DAY = f"(?:[+-]?[1-5])?{_DAY}"
_MONTHDAY = "(?:[1-9]|[12][0-9]|3[01])"
_MONTH = "(?:[1-9]|1[0-2])"
_PARTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "FREQ": ("DAILY|WEEKLY|MONTHLY|YEARLY", "'DAILY', 'WEEKLY', 'MONTHLY' or 'YEARLY'"),
        "INTERVAL": ("[1-9][0-9]{0,2}", "a number such as '2'"),
        "COUNT": ("[1-9][0-9]{0,3}", "a number such as '12'"),
        "UNTIL": ("[0-9]{8}", "the last day, such as '20231231'"),
        "BYDAY": (f"{_NTH_DAY}(?:,{_NTH_DAY})*", "days such as 'SU', '1SU' or '-1SU'"),
        "BYMONTHDAY": (f"-?{_MONTHDAY}(?:,-?{_MONTHDAY})*", "days of the month such as '1' or '-1'"),
        "BYMONTH": (f"{_MONTH}(?:,{_MONTH})*", "months such as '3' or '3,9'"),
        "BYSETPOS": ("-?[1-9](?:,-?[1-9])*", "places such as '1' or '-1'"),
        "WKST": (_DAY, "a day such as 'MO'"),
    }
)
"""What may stand in a rule: how each part is written, and how a message says it."""

_HINTS: Mapping[str, str] = MappingProxyType(
    {
        "BYDAY": "every Sunday is 'SU', the first of a month '1SU', the last '-1SU'",
        "UNTIL": "write a day of the calendar: year, month and day, without anything in between",
    }
)
"""What to write instead, where what is expected is not enough to see it."""

_ALWAYS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})
_CHOICES: Mapping[str, Set[str]] = MappingProxyType(
    {
        "DAILY": _ALWAYS,
        "WEEKLY": _ALWAYS | {"BYDAY"},
        "MONTHLY": _ALWAYS | {"BYDAY", "BYMONTHDAY", "BYSETPOS"},
        "YEARLY": _ALWAYS | {"BYMONTH", "BYDAY", "BYMONTHDAY", "BYSETPOS"},
    }
)
"""Which parts go with which frequency: at most one occurrence a day, and no rule that searches for days for ever."""

_EXAMPLE = "'FREQ=MONTHLY;BYDAY=1SU'"


def parse_rule(text: object) -> str:
    """Return a recurrence rule in its canonical spelling, such as `FREQ=MONTHLY;BYDAY=1SU`."""
    if not isinstance(text, str) or "=" not in text:
        raise wrong(f"expected a rule such as {_EXAMPLE}, got {shape(text)}")
    parts: dict[str, str] = {}
    for part in text.upper().removeprefix("RRULE:").split(";"):
        key, _, value = part.strip().partition("=")
        if key not in _PARTS:
            near = difflib.get_close_matches(key, _PARTS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else _known(_PARTS)
            raise wrong(f"there is no part {shape(key)} in a rule", hint=hint)
        if key in parts:
            raise wrong(f"the part {key} stands twice in the rule")
        pattern, expected = _PARTS[key]
        if not re.fullmatch(pattern, value) or (key == "UNTIL" and not _is_day(value)):
            raise wrong(f"expected {expected} for {key}, got {shape(value)}", hint=_HINTS.get(key, ""))
        parts[key] = value
    return _whole(parts)


def _is_day(digits: str) -> bool:
    """Return whether the calendar has a day that is written as eight digits."""
    try:
        return bool(date.fromisoformat(digits))
    except ValueError:
        return False


def _whole(parts: Mapping[str, str]) -> str:
    """Return a rule put together again; its parts must fit each other."""
    if "FREQ" not in parts:
        raise wrong("the rule has no FREQ", hint=f"write how often, such as {_EXAMPLE}")
    often = parts["FREQ"]
    strange = next((key for key in parts if key not in _CHOICES[often]), None)
    if strange:
        raise wrong(f"the part {strange} does not go with FREQ={often}", hint=_known(_CHOICES[often]))
    if often == "WEEKLY" and re.search("[1-5]", parts.get("BYDAY", "")):
        raise wrong("a week has each day once", hint="write 'BYDAY=SU', or 'FREQ=MONTHLY' for the first Sunday")
    if "COUNT" in parts and "UNTIL" in parts:
        raise wrong("the rule has both COUNT and UNTIL", hint="keep one of them")
    return ";".join(f"{key}={value}T235959" if key == "UNTIL" else f"{key}={value}" for key, value in parts.items())


def _known(parts: Mapping[str, object] | Set[str]) -> str:
    return f"what may stand here: {', '.join(sorted(parts))}"


def parse_zone(text: object) -> ZoneInfo:
    """Return a zone of the tz database, such as `Europe/Berlin`."""
    try:
        if isinstance(text, str) and text:
            return ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        raise wrong(f"there is no time zone {shape(text)}", hint=_nearest(str(text))) from None
    raise wrong(f"expected a time zone such as 'Europe/Berlin', got {shape(text)}")


def _nearest(text: str) -> str:
    """Return the hint for a misspelt zone: the one it is like, or how zones are named."""
    spelt = {name.lower(): name for name in available_timezones()}
    near = re.search("'(.*)'", suggest(text, spelt))
    named = "zones are named by place, such as 'Europe/Berlin', or 'UTC'"
    return f"did you mean {spelt[near[1]]!r}?" if near else named


def parse_day(text: object) -> date:
    """Return a day, such as `2022-12-25`."""
    if isinstance(text, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise wrong(f"there is no day {text!r}") from None
    raise wrong(f"expected a day such as '2022-12-25', got {shape(text)}")


Rule = Annotated[str, BeforeValidator(parse_rule)]
Zone = Annotated[ZoneInfo, BeforeValidator(parse_zone)]
Day = Annotated[date, BeforeValidator(parse_day)]
