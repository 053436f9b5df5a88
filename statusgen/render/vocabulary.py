"""What templates can say besides the page's data: the functions that a theme's author may call.

The docstrings of the functions here are that author's reference.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from statusgen.model.announcement import Announcement, Maintenance
from statusgen.model.artifact import Artifact
from statusgen.model.components import CheckView, ComponentView, GroupView, PlaceView
from statusgen.model.measured import DayBar, DaySpeed, Outage, PlaceSpeed, Uptime
from statusgen.model.page import Page
from statusgen.model.told import IncidentView, MaintenanceView, PostView, SeriesView
from statusgen.model.words import MaintenancePhase, Status
from statusgen.render import bars, chart, diary, editions, links, markdown, portable, sentence, stories, troubles, words
from statusgen.render.patterns import direction_of, name_of
from statusgen.render.stories import Story
from statusgen.render.templates import TemplateMistakeError
from statusgen.render.tongue import Tongue, capital
from statusgen.render.troubles import Trouble

_MOST_NAMED = 6
"""Components that an announcement names one by one where it is told among others."""

_GIST, _ENOUGH = 200, 1000
"""Characters of a text in a preview, and of Markdown that hold so much of it."""


def for_page(
    page: Page, say: Tongue, *, here: str, near: datetime | None, files: Mapping[str, Artifact]
) -> dict[str, Callable[..., Any]]:
    """Return the functions by the names that templates call them by, for the page at `here`."""
    desk = _Vocabulary(page, say, here, near, files)
    return {**{name: getattr(desk, name) for name in FUNCTIONS}, "_": desk.gettext}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A page in another language: its tag, the language's name for itself, the link there, and its public address."""

    tag: str
    name: str
    link: str
    address: str


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    page: Page
    say: Tongue
    here: str
    near: datetime | None
    files: Mapping[str, Artifact]

    def gettext(self, message: str, /, **facts: object) -> Markup:
        """A message of the theme in the language of the page, with its facts; `_` for short.

        The message is HTML as it stands; what is filled in is escaped.
        """
        return self._filled(self.say(message), facts)

    def ngettext(self, one: str, other: str, number: int, /, **facts: object) -> Markup:
        """The same of a message that depends on a number, which is `n` among its facts."""
        return self._filled(self.say.form(one, other, number), {"n": number, **facts})

    def pgettext(self, context: str, message: str, /, **facts: object) -> Markup:
        """The same of a message whose English text means something else elsewhere."""
        return self._filled(self.say.within(context, message), facts)

    def headline(self) -> str:
        """The one sentence that says how things are, such as `Media is down`."""
        return sentence.headline(self.page, self.say)

    def aside(self) -> str:
        """What the headline leaves out: since when and why; empty when it says it all."""
        return sentence.aside(self.page, self.say)

    def note(self, component: ComponentView) -> str:
        """What stands below a component that is not simply operational; else empty."""
        return sentence.note(component, self.page, self.say, near=self.near)

    def tally(self, group: GroupView) -> str:
        """A group's state in words, such as `2 of 8 down`."""
        return sentence.tally(group, self.say)

    def label(self, status: Status) -> str:
        """A status in words, such as `partly down`."""
        return self.say.label(status)

    def phase(self, phase: Any) -> str:
        """A phase in words, such as `In progress`."""
        return self.say.phase(phase)

    def phase_within(self, phase: Any) -> str:
        """A phase in words, for the middle of a line, such as `in progress`."""
        return self.say.phase_within(phase)

    def mark(self, incident: IncidentView) -> Status:
        """The status whose shape stands beside an incident: `operational` once it is resolved, else by its impact."""
        return words.IMPACT_MARKS[incident.source.impact] if incident.open else Status.OPERATIONAL

    def forgotten(self, incident: IncidentView) -> str:
        """Why an open incident seems to be over, in a sentence; empty when it does not."""
        return sentence.forgotten(incident, self.near, self.say)

    def named(self, affects: Mapping[str, Status]) -> str:
        """What is said of components in words, in their order on the page: `Web (degraded), Media (operational)`."""
        names = self.page.names.items()
        return self.say.row([self._stands(name, affects[key]) for key, name in names if key in affects])

    def affected(self, view: IncidentView | MaintenanceView) -> str:
        """What an announcement names in words: `Web (degraded), Media (operational)`."""
        return self.say.row([self._stands(one.name, one.status) for one in view.affected])

    def briefly(self, view: IncidentView | MaintenanceView) -> str:
        """What an announcement names, counted where that is more than six: `Web (down), 12 components (degraded)`."""
        if len(view.affected) <= _MOST_NAMED:
            return self.affected(view)
        told: dict[Status, list[str]] = {}
        for one in view.affected:
            told.setdefault(one.status, []).append(one.name)
        return self.say.row([self._stands(self._counted(names), status) for status, names in told.items()])

    def _counted(self, names: Sequence[str]) -> str:
        return names[0] if len(names) == 1 else self.say.many("{n} component", "{n} components", len(names))

    def _stands(self, name: str, status: Status) -> str:
        return self.say("{name} ({state})", name=name, state=self.say.label(status))

    def impact(self, impact: Any) -> str:
        """An impact in words."""
        return self.say(words.IMPACTS[impact])

    def reason(self, reason: str) -> str:
        """A reason from the closed list in words, such as `the connection was refused`."""
        return self.say.reason(reason)

    def asked(self, component: ComponentView) -> str:
        """How a component is asked, in words: `a page is fetched and its certificate is looked at`."""
        kinds = dict.fromkeys(check.kind for check in component.checks)
        return self.say.join([self.say(words.KINDS.get(kind, kind)) for kind in kinds])

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

    def standing(self, component: ComponentView) -> str:
        """How a component stands in one sentence, such as `Web is operational`."""
        return sentence.standing(component, self.say)

    def lasting(self, component: ComponentView) -> str:
        """Since when and why it stands so, in words that do not change while nothing happens; may be empty."""
        return sentence.lasting(component, self.page, self.say)

    def sight(self, check: CheckView) -> str:
        """From how many places trouble is seen, such as `seen from 1 of 3 places`; empty when it is not."""
        return sentence.sight(check, self.say)

    def says(self, place: PlaceView) -> str:
        """What a place says of a check in words, such as `down`, `offline itself` or `not measured here`."""
        return sentence.says(place, self.say)

    def beginning(self, at: datetime) -> Markup:
        """When something began that lasts, as `when`; of the first day of the window that it may be earlier."""
        known = not sentence.is_before_window(at, self.page)
        return self.when(at) if known else Markup("{}").format(sentence.beginning(at, self.page, self.say))

    def troubles(self, component: ComponentView) -> tuple[Trouble, ...]:
        """The outages of a component by episode, newest first."""
        return troubles.troubles(self.page, component.id, self.say)

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

    def contents(self, month: diary.Month) -> str:
        """What a month tells, in words: `2 incidents, 1 maintenance`."""
        return month.contents(self.say)

    def bars(self, days: tuple[DayBar, ...]) -> Markup:
        """Days as a drawing with its story in words, oldest first."""
        return bars.draw(days, self.say, running=None if self.near else self.page.published.date())

    def speed_scale(self, component: ComponentView) -> float:
        """The latency in milliseconds at the upper end of the scale of a component's charts."""
        return chart.top(component.speeds)

    def speed_chart(self, place: PlaceSpeed, component: ComponentView, top_ms: float) -> Markup:
        """How fast a component answered from a place, as a drawing over the days of its bars without today."""
        first, days = component.bars[0].day, len(component.bars) - 1
        return chart.draw(place, self.say, first=first, days=days, top_ms=top_ms)

    def speed_words(self, place: PlaceSpeed) -> str:
        """The same in a sentence."""
        return chart.describe(place, self.say)

    def speed_table(self, component: ComponentView) -> tuple[tuple[date, tuple[DaySpeed | None, ...]], ...]:
        """The same as a table: each day, newest first, with what every place saw; None where there was no answer."""
        return chart.table(component.speeds)

    def milliseconds(self, length: float) -> str:
        """A latency in words: `120 ms`."""
        return self.say.milliseconds(length)

    def days_of(self, group: GroupView) -> tuple[DayBar, ...]:
        """The days of a group, each that of its worst component; for `bars`."""
        return bars.merge(group)

    def stories(self, outages: tuple[Outage, ...]) -> tuple[Story, ...]:
        """Outages as stories: what began together is one."""
        return stories.stories(outages)

    def story(self, story: Story, near: date | None = None) -> str:
        """A story in one sentence; `near` is an instant whose day and year need not be repeated."""
        return stories.sentence(story, self.page.names, self.say, near or self.near)

    def story_details(self, story: Story, near: date | None = None) -> tuple[str, ...]:
        """A sentence for each component of a story that has several."""
        return stories.details(story, self.page.names, self.say, near or self.near)

    def prose(self, text: str, source: Announcement, level: int, part: str = links.TEXT) -> Markup:
        """Markdown that people wrote, as HTML whose outermost heading has the given level.

        `part` tells the ids within it from those of other parts: that of an update is `update-2`.
        """
        own = self.here == links.path_of(source)
        return markdown.to_html(
            text,
            self.say,
            resolve=self._resolver(source),
            level=level,
            prefix=links.prefix(part, None if own else source),
            pictures=source.pictures,
        )

    def gist(self, view: IncidentView | MaintenanceView | PostView | SeriesView) -> str:
        """How an announcement stands and how its newest text begins: what a preview of a link to it shows."""
        updates = view.updates if isinstance(view, IncidentView | MaintenanceView) else ()
        newest = next((one.body for one in reversed(updates) if one.body), view.source.body)
        text = " ".join(markdown.to_text(newest[:_ENOUGH], self.say).split())
        beginning = portable.excerpt(text, _GIST)
        if not isinstance(view, IncidentView | MaintenanceView):
            return beginning
        phase = self.say.phase(view.phase)
        return self.say("{what}: {why}", what=phase, why=beginning) if beginning else phase

    def spoken(self, language: str = "") -> Markup:
        """The attributes of an element whose text is in a language (`lang`, `dir`); none for that of the page."""
        tag = language or self.page.site.tongue
        if tag == self.say.tag:
            return Markup()
        way = direction_of(tag)
        turned = Markup(' dir="{}"').format(way) if way != self.say.direction else Markup()
        return Markup(' lang="{}"').format(tag) + turned

    def remark(self, language: str) -> str:
        """That a text is there in another language only, as a sentence; empty when it is in the page's."""
        return editions.remark(self.page, language, self.say)

    def languages(self) -> tuple[Edition, ...]:
        """This page in the other languages of the site."""
        site = self.page.site
        return tuple(self._edition(tag) for tag in site.tongues if tag != site.tongue)

    def _edition(self, tag: str) -> Edition:
        site = self.page.site
        there = replace(self.page, site=replace(site, branch="" if tag == site.language else tag))
        if self.here == links.NOT_FOUND:
            link, path = links.home(there), links.FRONT
        else:
            link, path = links.relative(links.in_site(there, self.here), links.in_site(self.page, self.here)), self.here
        return Edition(tag=tag, name=name_of(tag), link=link, address=links.absolute(there, path))

    def address(self) -> str:
        """The public address of this page, whole; only for a site that knows its own."""
        return links.absolute(self.page, self.here)

    def link(self, target: str) -> str:
        """The relative link from this page to a file of the site."""
        return links.link(self.page, target, self.here)

    def link_to(self, source: Announcement) -> str:
        """The relative link to an announcement's page."""
        return links.relative(links.path_of(source), self.here)

    def link_to_event(self, view: MaintenanceView) -> str:
        """The relative link to a maintenance for one's calendar; empty if it is over, or the site has no address."""
        there = links.host(self.page) and (view.active or view.phase is MaintenancePhase.SCHEDULED)
        return links.relative(links.event_path(view.source), self.here) if there else ""

    def link_to_series(self, source: Maintenance) -> str:
        """The relative link to the page of the series that a maintenance is of; empty when it is of none."""
        return links.relative(links.series_path(source), self.here) if source.series else ""

    def address_of(self, source: Announcement) -> str:
        """The public address of an announcement's page, whole; only for a site that knows its own."""
        return links.absolute(self.page, links.path_of(source))

    def link_to_component(self, key: str) -> str:
        """The relative link to a component's page; empty when it has none, since nobody measures it."""
        measured = any(component.id == key and not component.manual for component in self.page.components)
        return links.relative(links.component_path(key), self.here) if measured else ""

    def component(self, key: str) -> ComponentView:
        """The component of an id."""
        return next(component for component in self.page.components if component.id == key)

    def link_to_year(self, year: int) -> str:
        """The relative link to the history of a year."""
        return links.relative(links.year_path(year), self.here)

    def link_to_month(self, day: Any) -> str:
        """The relative link to the history of a day's month."""
        return links.relative(links.month_path(day), self.here)

    def home(self) -> str:
        """The front page's address for a file that is served at any depth."""
        return links.home(self.page)

    def logo(self) -> str:
        """The team's logo, as an address that holds the image itself; empty when there is none."""
        found = self.page.site.logo
        return f"data:{found.content_type};base64,{b64encode(found.body).decode('ascii')}" if found else ""

    def asset(self, name: str) -> str:
        """The relative link to a file of the theme's `assets/` folder, under its published name."""
        if name not in self.files:
            raise TemplateMistakeError(f"there is no file 'assets/{name}' in the theme")
        return links.link(self.page, self.files[name].path, self.here)

    def _filled(self, message: str, facts: Mapping[str, object]) -> Markup:
        """Return a message with its facts escaped: in a fraction of the time of `Markup.format_map`."""
        if not facts:
            return _trusted(message)
        told = message.format_map({name: escape(fact) for name, fact in self.say.apart(facts).items()})
        return Markup(told)  # noqa: S704  the message is the theme's, what is filled in is escaped

    def _resolver(self, source: Announcement) -> markdown.Resolve:
        return lambda href: links.link(self.page, links.target_of(href, links.path_of(source)), self.here)


@lru_cache(maxsize=1024)
def _trusted(message: str) -> Markup:
    return Markup(message)  # noqa: S704  written by the theme's authors and translators


FUNCTIONS = tuple(
    name for name in vars(_Vocabulary) if not name.startswith("_") and callable(getattr(_Vocabulary, name))
)
"""The names of the functions, in the order of the reference."""
