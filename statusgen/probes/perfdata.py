"""The performance data of plugins: numbers with a name, behind a bar in what they print.

The form is that of the Monitoring Plugins' development guidelines: `'label'=value[unit];[warn];[crit];[min];[max]`.
"""

from __future__ import annotations

import math
import re

from statusgen.model.observation import Fact

MOST_NUMBERS = 10
LONGEST_NAME = 40
"""How many numbers are kept of a plugin, and characters of their names."""

_ITEM = re.compile(
    r"""(?:^|(?<=\s))
        (?: '(?P<quoted>(?:[^'=]|''){1,64})' | (?P<plain>[^\s'=]{1,64}) )
        = (?P<number>-?[0-9]{1,18}(?:\.[0-9]{1,18})?(?:e[+-]?[0-9]{1,3})?) [a-z%]{0,8} (?=[;\s]|$)""",
    re.VERBOSE | re.IGNORECASE,
)


def perfdata(output: str) -> dict[str, Fact]:
    """Return the numbers by name, those that come first; names are letters, digits and underscores."""
    first, _, rest = output.partition("\n")
    text = f"{first.partition('|')[2]}\n{rest.partition('|')[2]}"
    found: dict[str, Fact] = {}
    for item in _ITEM.finditer(text):
        name, number = _name(item["quoted"] or item["plain"]), _number(item["number"])
        if number is not None and len(found) < MOST_NUMBERS:
            found.setdefault(name, number)
    return found


def _name(label: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", label)[:LONGEST_NAME].strip("_") or "value"


def _number(text: str) -> int | float | None:
    """Return the number that a text is; None when it is too great to be written down."""
    if text.removeprefix("-").isdecimal():
        return int(text)
    number = float(text)
    return number if math.isfinite(number) else None
