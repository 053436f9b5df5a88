"""Texts, figures, days and times as a language writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup, escape

from statusgen.model.components import ComponentView
from statusgen.model.measured import Uptime
from statusgen.render import sentence, words
from statusgen.render.tongue import capital
from statusgen.render.vocabulary.base import Base


@dataclass(frozen=True, slots=True)
class Times(Base):
    """The functions that write texts together, figures, days and times."""

    def capital(self, text: str) -> str:
        """The text with its first letter in upper case."""
        return capital(text)

    def join(self, texts: list[str]) -> str:
        """The texts as one reads them out: `A, B and C`."""
        return self.say.join(texts)

    def row(self, texts: list[str]) -> Markup:
        """The texts with commas between them: `A, B`."""
        return Markup.escape(self.say.row(["", ""])).join(texts)

    def stop(self, text: str) -> Markup:
        """The text as a sentence with its full stop."""
        return self._filled(self.say("{sentence}."), {"sentence": text})

    def uptime(self, component: ComponentView) -> str:
        """A component's uptime, rounded down, such as `99.94 %`; always shown beside `coverage`."""
        return self.say.uptime(component.uptime)

    def coverage(self, component: ComponentView) -> str:
        """What the uptime speaks of: `of 90 days`, `of the 96 % measured`, `not measured yet`."""
        return self.say.coverage(component.uptime)

    def whole(self) -> str:
        """All of it as a percentage: `100 %`."""
        return self.say.percent(timedelta(1), timedelta(1))

    def figure(self, uptime: Uptime) -> str:
        """An uptime, rounded down, such as `99.94 %`; always shown beside `basis`."""
        return self.say.uptime(uptime)

    def basis(self, uptime: Uptime) -> str:
        """What an uptime speaks of: `of 90 days`, `of the 96 % measured`, `not measured yet`."""
        return self.say.coverage(uptime)

    def exactly(self, length: timedelta) -> str:
        """A length of time in words to the second: `1 hour 3 seconds`."""
        return self.say.exactly(length)

    def span(self, length: timedelta) -> str:
        """A length of time in words: `5 minutes`."""
        return self.say.duration(length)

    def duration(self, start: datetime, end: datetime) -> str:
        """The time between two instants in words: `42 minutes`."""
        return self.say.duration(end - start)

    def when(self, at: datetime) -> Markup:
        """An instant as a `<time>` element in UTC; the script adds the reader's own time."""
        return Markup(f'<time datetime="{words.stamp(at)}">{escape(self.say.instant(at, self.near))}</time>')  # noqa: S704

    def moment(self, at: datetime) -> Markup:
        """The same within a sentence, with the article that some languages put before it."""
        return self._filled(self.say.moment_form(at, self.near), {"when": self.when(at)})

    def dated(self, at: datetime) -> Markup:
        """The same with its day, for what may be read on another one."""
        time = Markup('<time datetime="{}">{}</time>').format(words.stamp(at), self.say.instant(at))
        return self._filled(self.say.moment_form(at), {"when": time})

    def window(self, start: datetime, end: datetime) -> Markup:
        """A stretch of time as a `<time>` element in UTC; the script adds the reader's own times."""
        text = self.say.window(start, end, self.near)
        return Markup('<time datetime="{}" data-until="{}">{}</time>').format(
            words.stamp(start), words.stamp(end), text
        )

    def beginning(self, at: datetime) -> Markup:
        """When something began that lasts, as `when`; of the first day of the window that it may be earlier."""
        known = not sentence.is_before_window(at, self.page)
        return self.when(at) if known else Markup("{}").format(sentence.beginning(at, self.page, self.say))

    def day(self, at: Any) -> str:
        """A day with its year: `1 December 2022`."""
        return self.say.full_day(at)

    def short_day(self, at: Any) -> str:
        """A day without its year: `1 December`."""
        return self.say.short_day(at)

    def days_between(self, first: Any, last: Any) -> str:
        """A stretch of days: `1–9 December`."""
        return self.say.days_between(first, last)

    def weekday(self, at: Any) -> str:
        """The day of the week: `Thursday`."""
        return self.say.weekday(at)

    def month(self, at: Any) -> str:
        """The month of a day: `December 2022`."""
        return self.say.month(at)

    def short_month(self, at: Any) -> str:
        """The month of a day in brief: `Dec`."""
        return self.say.short_month(at)

    def milliseconds(self, length: float) -> str:
        """A latency in words: `120 ms`."""
        return self.say.milliseconds(length)
