"""How a language writes days and lists, by CLDR's data: taken apart once, so that a thousand dates cost little.

Babel itself parses a pattern for every date that it writes. English without a region is that of Britain, whose days
come before their months. Digits are always `0` to `9`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import tokenize_pattern

ENGLISH = "en"
_BRITISH = "en_GB"
_MONTHS = {"M": "{month}", "L": "{standalone}"}
_NUMBERS = {"d": "{day}", "M": "{0.month}", "L": "{0.month}", "y": "{0.year}"}
_FIRST = {"fr": "1er"}
"""What the first day of a month is called where it is not a number as the others are; CLDR does not know of it."""

_LIKE_Y = re.compile("h?[ií](?![aeo])", re.IGNORECASE)
"""How a word begins that in Spanish has `e` before it, not `y`, unless it goes on as a diphthong: `hielo`, `ion`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """How one language writes days and lists; each pattern is filled by `str.format`.

    `first` is the number of the first day of a month. `softened`: `y` becomes `e` before what sounds like it.
    """

    first: str
    full: str
    short: str
    month: str
    together: tuple[str, str]
    apart: tuple[str, str]
    joined: str
    months: tuple[str, ...]
    standalone: tuple[str, ...]
    brief: tuple[str, ...]
    weekdays: tuple[str, ...]
    lists: Mapping[str, str]
    softened: bool
    decimal: str
    rtl: bool

    def write(self, pattern: str, day: date) -> str:
        """Return a day by a pattern."""
        at = day.month - 1
        number = self.first if day.day == 1 else day.day
        months = {"month": self.months[at], "standalone": self.standalone[at], "brief": self.brief[at]}
        return pattern.format(day, day=number, **months)

    def between(self, first: date, last: date) -> str:
        """Return a stretch of days of one month or several."""
        start, end = self.together if (first.year, first.month) == (last.year, last.month) else self.apart
        return self.write(start, first) + self.write(end, last)

    def listed(self, texts: Sequence[str]) -> str:
        """Return texts as one reads them out."""
        if len(texts) == 1:
            return texts[0]
        if len(texts) == 2:  # noqa: PLR2004  CLDR has a pattern of its own for two
            return self._ended("2", *texts)
        *most, last = texts
        said = self.lists["start"].format(*most[:2]) if len(most) > 1 else most[0]
        for text in most[2:]:
            said = self.lists["middle"].format(said, text)
        return self._ended("end", said, last)

    def _ended(self, pattern: str, said: str, last: str) -> str:
        known = self.lists[pattern]
        return (known.replace(" y ", " e ") if self.softened and _LIKE_Y.match(last) else known).format(said, last)


def locale_of(tag: str) -> Locale:
    """Return the locale of a language tag such as `de-AT`: its own, that of its language, or that of English."""
    for known in (_BRITISH if tag == ENGLISH else tag.replace("-", "_"), tag.partition("-")[0]):
        try:
            return Locale.parse(known)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(_BRITISH)


@lru_cache(maxsize=64)
def name_of(tag: str) -> str:
    """Return what a language calls itself: `Deutsch`; the tag of one that nobody knows."""
    try:
        found = Locale.parse(tag.replace("-", "_")).display_name
    except (UnknownLocaleError, ValueError):
        found = None
    return capital(found) if found else tag


def capital(text: str) -> str:
    """Return the text with its first letter in upper case and the rest as it is."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=64)
def patterns_of(tag: str) -> Patterns:
    """Return how a language writes, by its tag."""
    locale = locale_of(tag)
    intervals = locale.interval_formats
    spans = intervals["MMMMd" if "MMMMd" in intervals else "MMMd"]
    return Patterns(
        first=_FIRST.get(locale.language, "1"),
        full=_pattern(locale.date_formats["long"].pattern),
        short=_pattern(locale.datetime_skeletons["MMMMd"].pattern),
        month=_pattern(locale.datetime_skeletons["yMMMM"].pattern),
        together=_span(spans["d"], ""),
        apart=_span(spans["M"], " "),
        joined=str(locale.datetime_formats["medium"]),
        months=tuple(locale.months["format"]["wide"][number] for number in range(1, 13)),
        standalone=tuple(locale.months["stand-alone"]["wide"][number] for number in range(1, 13)),
        brief=tuple(locale.months["format"]["abbreviated"][number] for number in range(1, 13)),
        weekdays=tuple(locale.days["format"]["wide"][number] for number in range(7)),
        lists={name: locale.list_patterns["standard"][name] for name in ("2", "start", "middle", "end")},
        softened=locale.language == "es",
        decimal=locale.number_symbols["latn"]["decimal"],
        rtl=locale.text_direction == "rtl",
    )


def direction_of(tag: str) -> str:
    """Return which way a language is written: `ltr` or `rtl`."""
    return "rtl" if patterns_of(tag).rtl else "ltr"


def _span(parts: Sequence[str], space: str) -> tuple[str, str]:
    """Return both ends of a stretch; `space` is what stands for a thin one, which not every version of CLDR has."""
    start, end = (_pattern(part.replace("\N{THIN SPACE}", space)) for part in parts)
    return start, end


def _pattern(pattern: str) -> str:
    return "".join(_pieces(pattern))


def _pieces(pattern: str) -> Iterator[str]:
    """Yield a pattern of CLDR, token by token, as one for `str.format`; months are written out."""
    for _, token in tokenize_pattern(pattern):
        if isinstance(token, str):
            yield token
        elif token[0] in _MONTHS and int(token[1]) > 2:  # noqa: PLR2004  two digits at most are a number
            yield _MONTHS[str(token[0])]
        else:
            yield _NUMBERS[str(token[0])]
