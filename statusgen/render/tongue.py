"""One language that the site speaks: its messages, and how it writes numbers, days, times and lengths of time.

Called with a message it gives the translation, and fills in the facts by their names: `say("{name} is down", name=…)`.
Times are in UTC, by a clock of 24 hours; every figure is rounded towards the worse. Nothing here knows of HTML: the
same words go to pages, feeds and JSON.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, reduce

from statusgen.model.catalogue import Catalogue, Plural, key, msgs
from statusgen.model.measured import Uptime
from statusgen.model.reason import describe
from statusgen.model.theme import Theme
from statusgen.model.words import Phase, Status
from statusgen.render import bidi
from statusgen.render.patterns import ENGLISH, Patterns, capital, patterns_of
from statusgen.render.words import LABELS, PHASES, PHASES_WITHIN

__all__ = ["PLAIN", "SHORT", "Tongue", "capital", "clock", "is_english", "tongue_of"]

SHORT = timedelta(minutes=5)
"""How long an outage is told to the second for; of a longer one, seconds would be noise."""

DAYS = msgs("{n} day", "{n} days")
HOURS = msgs("{n} hour", "{n} hours")
MINUTES = msgs("{n} minute", "{n} minutes")
SECONDS = msgs("{n} second", "{n} seconds")

_FINE_MS, _SECOND_MS = 10, 1000
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Tongue:
    """A language by its tag. English without messages speaks the messages themselves."""

    tag: str
    messages: Mapping[str, tuple[str, ...]]
    plural: Callable[[int], int]
    patterns: Patterns

    @property
    def direction(self) -> str:
        """Which way it is written: `ltr` or `rtl`."""
        return "rtl" if self.patterns.rtl else "ltr"

    def __call__(self, message: str, /, **facts: object) -> str:
        """Return a message with its facts."""
        found = self.messages.get(message)
        text = found[0] if found else message
        return text.format_map(self.apart(facts)) if facts else text

    def many(self, one: str, other: str, number: int, /, **facts: object) -> str:
        """Return a message that depends on a number, which is `n` among its facts."""
        return self.form(one, other, number).format(n=number, **self.apart(facts))

    def form(self, one: str, other: str, number: int) -> str:
        """Return the form of a message that a number asks for, with its facts yet to be filled in."""
        found = self.messages.get(one)
        return found[self.plural(number)] if found else one if number == 1 else other

    def counted(self, forms: Plural, number: int, /, **facts: object) -> str:
        """Return the same of a message that stands in a table."""
        return self.many(forms.one, forms.other, number, **facts)

    def within(self, context: str, message: str, /, **facts: object) -> str:
        """Return a message whose English text means something else elsewhere."""
        found = self.messages.get(key(message, context))
        text = found[0] if found else message
        return text.format_map(self.apart(facts)) if facts else text

    def apart(self, facts: Mapping[str, object]) -> Mapping[str, object]:
        """Return the facts of a message so that, from right to left, a Latin one does not turn what is around it."""
        return bidi.apart(facts) if self.patterns.rtl else facts

    def _each(self, texts: Sequence[str]) -> Sequence[str]:
        return [bidi.isolated(text) for text in texts] if self.patterns.rtl else texts

    def stop(self, sentence: str) -> str:
        """Return a sentence with its full stop."""
        return self("{sentence}.", sentence=sentence)

    def clauses(self, texts: Sequence[str]) -> str:
        """Return clauses as one sentence: `A; B`."""
        return self.within("between clauses", "; ").join(texts)

    def row(self, texts: Sequence[str]) -> str:
        """Return the members of a list, however many: `A, B`."""
        return self.within("between members of a list", ", ").join(self._each(texts))

    def join(self, texts: Sequence[str]) -> str:
        """Return texts as one reads them out: `A`, `A and B`, `A, B and C`."""
        return self.patterns.listed(self._each(texts))

    def label(self, status: Status) -> str:
        """Return a status in words."""
        return self(LABELS[status])

    def phase(self, phase: Phase) -> str:
        """Return a phase in words."""
        return self(PHASES[phase])

    def phase_within(self, phase: Phase) -> str:
        """Return a phase in words, for the middle of a line."""
        return self(PHASES_WITHIN[phase])

    def reason(self, reason: str) -> str:
        """Return a reason from the closed list in words."""
        return describe(reason, self)

    def because(self, text: str, reason: str | None) -> str:
        """Return what was found and, where it is known, why: `down since 18:02 UTC: no answer in time`."""
        return self("{what}: {why}", what=text, why=self.reason(reason)) if reason else text

    def called_off(self, title: str) -> str:
        """Return the title of what will not happen: `Cancelled: A new Redis`."""
        return self("Cancelled: {title}", title=title)

    def duration(self, length: timedelta) -> str:
        """Return a length of time, its two largest units, rounded down: `3 days 2 hours`, `42 minutes`."""
        return self._lengths(_parts(length, 2))

    def roughly(self, length: timedelta) -> str:
        """Return a length of time by its largest unit alone, rounded down: `89 days`, `4 hours`."""
        return self._lengths(_parts(length, 1))

    def exactly(self, length: timedelta) -> str:
        """Return a length of time to the second, rounded down: `1 hour 3 seconds`."""
        days, rest = divmod(length, _DAY)
        hours, rest = divmod(rest, _HOUR)
        minutes, rest = divmod(rest, _MINUTE)
        parts = ((DAYS, days), (HOURS, hours), (MINUTES, minutes), (SECONDS, rest.seconds))
        return self._lengths([part for part in parts if part[1]])

    def lasted(self, length: timedelta) -> str:
        """Return how long an outage lasted, to the second if it was short: `1 minute 35 seconds`, `42 minutes`."""
        return self.exactly(length) if length < SHORT else self.duration(length)

    def _lengths(self, parts: Sequence[tuple[Plural, int]]) -> str:
        said = [self.counted(unit, number) for unit, number in parts]
        if not said:
            return self("less than a second")
        return reduce(lambda longer, shorter: self("{longer} {shorter}", longer=longer, shorter=shorter), said)

    def full_day(self, day: date) -> str:
        """Return a day with its year: `1 December 2022`."""
        return self.patterns.write(self.patterns.full, day)

    def short_day(self, day: date) -> str:
        """Return a day without its year: `1 December`."""
        return self.patterns.write(self.patterns.short, day)

    def weekday(self, day: date) -> str:
        """Return the day of the week: `Thursday`."""
        return self.patterns.weekdays[day.weekday()]

    def month(self, day: date) -> str:
        """Return the month of a day: `December 2022`."""
        return self.patterns.write(self.patterns.month, day)

    def short_month(self, day: date) -> str:
        """Return the month of a day in brief, without its year: `Dec`."""
        return self.patterns.brief[day.month - 1]

    def days_between(self, first: date, last: date) -> str:
        """Return a stretch of days: `9 December`, `1–9 December`, `28 November – 9 December`."""
        return self.short_day(first) if first == last else self.patterns.between(first, last)

    def instant(self, at: datetime, near: date | None = None) -> str:
        """Return a day and time; of what it shares with `near`, the day (with its year) or the year is left out."""
        return self._zoned(self._bare(at.astimezone(UTC), near))

    def moment(self, at: datetime, near: date | None = None) -> str:
        """Return an instant as it stands within a sentence: with the article that some languages put before it."""
        return self.moment_form(at, near).format(when=self.instant(at, near))

    def moment_form(self, at: datetime, near: date | None = None) -> str:
        """Return what an instant is set into within a sentence, yet to be filled in: `{when}`."""
        if _is_of_day(at.astimezone(UTC), near):
            return self.within("a time within a sentence", "{when}")
        return self.within("a day and time within a sentence", "{when}")

    def window(self, start: datetime, end: datetime, near: date | None = None) -> str:
        """Return a stretch of time: `14:00–18:00 UTC`, with the days it needs."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if start.date() == end.date():
            return self._zoned(f"{self._bare(start, near)}–{end:%H:%M}")
        return f"{self.instant(start, near)} – {self.instant(end, near)}"

    def _zoned(self, time: str) -> str:
        """Return a time with its zone; from right to left, Latin names beside it are kept out of its numbers."""
        return f"{bidi.MARK}{time} UTC{bidi.MARK}" if self.patterns.rtl else f"{time} UTC"

    def _bare(self, at: datetime, near: date | None) -> str:
        """Return a day and time without the zone, which is always the same."""
        if _is_of_day(at, near):
            return f"{at:%H:%M}"
        day = _day(near)
        known = day is not None and at.year == day.year
        return self.patterns.joined.format(f"{at:%H:%M}", self.short_day(at) if known else self.full_day(at))

    def milliseconds(self, length: float) -> str:
        """Return a latency in words: `4.2 ms`, `120 ms`, `2.1 s`."""
        if length < _SECOND_MS:
            return self("{number}\u202fms", number=self._number(f"{length:.{int(length < _FINE_MS)}f}"))
        return self("{number}\u202fs", number=self._number(f"{length / _SECOND_MS:.1f}"))

    def percent(self, part: timedelta, whole: timedelta, places: int = 2) -> str:
        """Return a share as a percentage rounded down, so that `100 %` is all of it; `whole` must be longer than 0."""
        scale = 10**places
        units = part * 100 * scale // whole if part < whole else 100 * scale
        number = f"{units // scale}.{units % scale:0{places}d}".rstrip("0").rstrip(".") if places else str(units)
        return self("{number}\u202f%", number=self._number(number))

    def uptime(self, figure: Uptime) -> str:
        """Return the uptime figure, rounded down; `–` when nothing was measured. It must stand beside `coverage`."""
        return self.percent(figure.up + figure.degraded, figure.measured) if figure.measured else "–"

    def coverage(self, figure: Uptime) -> str:
        """Return what the uptime figure speaks of: `of 90 days`, `of the 96 % measured`, `not measured yet`."""
        owed = figure.period - figure.maintenance
        if not figure.measured:
            return self("all maintenance") if figure.maintenance and not owed else self("not measured yet")
        if figure.measured >= owed:
            return self("of {length}", length=self.roughly(owed))
        if figure.measured * 100 < owed:
            return self("of the less than {share} measured", share=self.percent(_MINUTE, _MINUTE * 100))
        return self("of the {share} measured", share=self.percent(figure.measured, owed, 0))

    def _number(self, text: str) -> str:
        return text.replace(".", self.patterns.decimal)


def tongue_of(theme: Theme, tag: str) -> Tongue:
    """Return the language of a tag as a theme speaks it; English where the theme does not know it."""
    found = theme.catalogues.get(tag)
    known = tag if found or is_english(tag) else ENGLISH
    return _tongue(known, found or Catalogue())


def is_english(tag: str) -> bool:
    """Return whether a language needs no messages besides the program's own."""
    return tag.partition("-")[0] == ENGLISH


def _day(near: date | None) -> date | None:
    return near.astimezone(UTC).date() if isinstance(near, datetime) else near


def _is_of_day(at: datetime, near: date | None) -> bool:
    return at.date() == _day(near)


def clock(at: datetime) -> str:
    """Return the time of day: `19:25 UTC`."""
    return f"{at.astimezone(UTC):%H:%M} UTC"


@lru_cache(maxsize=16)
def _plural(expression: str) -> Callable[[int], int]:
    return gettext.c2py(expression)


def _tongue(tag: str, catalogue: Catalogue) -> Tongue:
    return Tongue(tag, catalogue.messages, _plural(catalogue.plural), patterns_of(tag))


def _parts(length: timedelta, most: int) -> list[tuple[Plural, int]]:
    """Return so many of the largest units of a length of time, those that are 0 left out."""
    if length < _MINUTE:
        return [(SECONDS, max(int(length.total_seconds()), 1))]
    days, rest = divmod(length, _DAY)
    hours, rest = divmod(rest, _HOUR)
    parts = ((DAYS, days), (HOURS, hours), (MINUTES, rest // _MINUTE))
    first = next(index for index, (_, number) in enumerate(parts) if number)
    return [part for part in parts[first : first + most] if part[1]]


PLAIN = _tongue(ENGLISH, Catalogue())
"""English as it is written in the code: what operators read."""
