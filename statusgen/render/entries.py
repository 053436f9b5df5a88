"""The entries of the feeds: one for each thing said, and one each for the begin and the end of a measured outage.

Ids are permanent and carry no address of a page, so that neither a rebuild nor a move of pages tells anything twice.
An entry is written only when a feed has room for it: a site may have thousands of announcements.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import nlargest
from operator import attrgetter

from markupsafe import Markup

from statusgen.model.announcement import Announcement, Incident, Maintenance
from statusgen.model.page import Page
from statusgen.model.told import IncidentView, MaintenanceView, PostView
from statusgen.model.words import IncidentPhase, MaintenancePhase
from statusgen.render import editions, links, markdown, portable, stories, words
from statusgen.render.patterns import direction_of
from statusgen.render.stories import Story
from statusgen.render.tellings import Telling, last_told, tellings
from statusgen.render.tongue import Tongue

REMEMBERED = timedelta(days=60)
"""How long measured outages stay in a feed.

Less than the window that is measured: at its edge outages drop out one by one, and what is left of a story would look
like another one.
"""

_ENOUGH = 8_000

_OVER = frozenset({IncidentPhase.RESOLVED, IncidentPhase.POSTMORTEM, MaintenancePhase.COMPLETED})
"""Phases in which nothing is affected any more, so that nothing may read as if it were."""

Written = IncidentView | MaintenanceView


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed.

    `link` is absolute. `html` is for reading and fit for any reader, `text` the same without marks, cut if long.
    `updated` is when it last changed, which is later than `at` only where one entry tells a whole story.
    """

    id: str
    at: datetime
    updated: datetime
    title: str
    link: str
    category: str
    author: str
    html: Markup
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that is not written yet: what it takes to know whether a feed has room for it.

    `place` is its place among what was said of the same announcement: of one instant, what was said last is newest.
    """

    updated: datetime
    id: str
    write: Callable[[], Entry]
    place: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """An incident or a maintenance, when something was last said of it, and the ids of all components it ever named."""

    view: Written
    last: datetime
    components: frozenset[str]

    @property
    def tellings(self) -> tuple[Telling, ...]:
        """All that was said of it, oldest first; worked out when a feed asks, for most are too old for any."""
        return tellings(self.view)


def tell(page: Page) -> tuple[Told, ...]:
    """Return every incident and every maintenance, for all feeds."""
    views: tuple[Written, ...] = (*page.incidents, *page.maintenance)
    return tuple(Told(view, last_told(view), frozenset(one.id for one in view.affected)) for view in views)


def newest(told: Sequence[Told], most: int) -> Sequence[Told]:
    """Return those of which something was said lately: all that can be in a feed of so many entries."""
    oldest = nlargest(most, (one.last for one in told))[most - 1 :]
    return [one for one in told if one.last >= oldest[0]] if oldest else told


def everything(page: Page, told: Iterable[Told], say: Tongue) -> Iterator[Draft]:
    """Yield whatever happens: all that people say, and the measured outages that are news."""
    yield from announced(page, say, told)
    for view in page.posts:
        source = view.source
        name = tag(page, source.published.year, f"post/{links.first_name(source)}")
        yield Draft(source.published, name, partial(_post, page, say, view, name))
    for story in stories.stories(stories.unexpected(page.outages), attrgetter("told")):
        yield from _measured(page, say, story, "outage")


def announced(page: Page, say: Tongue, told: Iterable[Told]) -> Iterator[Draft]:
    """Yield what people say of incidents and maintenance."""
    for one in told:
        for place, telling in enumerate(one.tellings):
            name = _name(page, one.view.source, telling.key)
            yield Draft(telling.at, name, partial(_telling, page, say, one.view, telling, name), place)


def of_component(page: Page, key: str, told: Iterable[Told], say: Tongue) -> Iterator[Draft]:
    """Yield what concerns one component: what people say of it, and its own outages, also those others explain."""
    yield from announced(page, say, (one for one in told if key in one.components))
    own = (one for one in page.outages if one.component == key and not one.foretold)
    for story in stories.stories(own, lambda outage: outage.overran or outage.start):
        yield from _measured(page, say, story, f"outage/{key}")


def tag(page: Page, year: int, name: str) -> str:
    """Return a permanent id by RFC 4151, such as `tag:status.example.org,2022:incident/db/update/2`.

    In a further language it ends in `;lang=de`; in the first one it does not say which that is.
    """
    language = f";lang={page.site.branch}" if page.site.branch else ""
    return f"tag:{_authority(page)},{year:04d}:{name}{language}"


def _authority(page: Page) -> str:
    """Return the host as RFC 4151 wants it, which knows neither underscores nor the colons of an IP address."""
    return re.sub("[^a-z0-9.-]", "-", links.host(page))


def facts(view: Written, telling: Telling, say: Tongue) -> Iterator[str]:
    """Yield what holds for a thing said: the window that stood with it, and what people said of components then."""
    if telling.was:
        yield say("It was to be {window}.", window=say.window(*telling.was))
    if telling.plan and telling.was:
        yield say("New window: {window}.", window=say.window(*telling.plan))
    elif telling.plan:
        yield say("Window: {window}.", window=say.window(*telling.plan))
    told = telling.affects
    named = [
        say("{name} ({state})", name=one.name, state=say.label(told[one.id])) for one in view.affected if one.id in told
    ]
    if named and telling.phase is MaintenancePhase.CANCELLED:
        yield say("It was to affect {names}.", names=say.join(named))
    elif named and telling.phase in _OVER:
        yield say("It affected {names}.", names=say.join(named))
    elif named:
        yield say("Affects {names}.", names=say.join(named))


def began(source: Announcement) -> datetime:
    """Return the first instant of an announcement, whose year is in its ids."""
    if isinstance(source, Incident):
        return source.started
    return source.announced if isinstance(source, Maintenance) else source.published


def name_of(source: Announcement) -> str:
    """Return an announcement's title, or its kind when nothing in the title can be read."""
    return portable.clean(source.title).strip() or source.kind


def author(page: Page, source: Announcement, say: Tongue) -> str:
    """Return who signs an announcement: its authors, or else the site."""
    return say.join(source.authors) if source.authors else page.site.name


def prose(page: Page, source: Announcement, body: str, say: Tongue, part: str = "", *, language: str = "") -> Markup:
    """Return Markdown as HTML that is fit for any reader: its links are absolute, to its own headings too.

    `part` is the fragment of the update that it is, if it is one. In another language than the page's, it says so.
    """
    home = links.absolute(page, links.path_of(source))

    def resolve(href: str) -> str:
        return links.absolute(page, links.target_of(href, links.path_of(source)))

    prefix = links.prefix(part or links.TEXT)
    html = markdown.to_html(body, say, resolve=resolve, prefix=prefix, home=home, pictures=source.pictures)
    fit = portable.fit(html, home)
    if not language:
        return fit
    marked = Markup('<div lang="{}" dir="{}">\n{}\n</div>').format(language, direction_of(language), fit)
    said = editions.remark(page, language, say)
    return paragraphs([said]) + Markup("\n") + marked if said else marked


def told(page: Page, source: Announcement, telling: Telling, say: Tongue) -> Markup:
    """Return a thing said as HTML that is fit for any reader, each part of it under its own place on the page."""
    own = telling.text(say).removeprefix(telling.above).strip()
    above = [prose(page, source, telling.above, say, language=source.language)] if telling.above else []
    return Markup("\n").join([*above, prose(page, source, own, say, telling.fragment, language=telling.language)])


def paragraphs(lines: Iterable[str]) -> Markup:
    """Return each line as a paragraph."""
    return Markup("\n").join(Markup("<p>{}</p>").format(line) for line in lines)


def _name(page: Page, source: Announcement, key: str) -> str:
    parts = (source.kind, links.first_name(source), key)
    return tag(page, began(source).year, "/".join(part for part in parts if part))


def _telling(page: Page, say: Tongue, view: Written, telling: Telling, name: str) -> Entry:
    source = view.source
    path = links.path_of(source) + (f"#{telling.fragment}" if telling.fragment else "")
    known = tuple(facts(view, telling, say))
    phase = say(words.RESCHEDULED) if telling.moved else say.phase(telling.phase)
    return _entry(
        page,
        say,
        source,
        name,
        at=telling.at,
        title=f"[{phase}] {name_of(source)}",
        path=path,
        html=Markup("\n").join((told(page, source, telling, say), paragraphs(known))),
        text="\n\n".join(part for part in (_beginning(telling.text(say), say), *known) if part),
    )


def _post(page: Page, say: Tongue, view: PostView, name: str) -> Entry:
    source = view.source
    return _entry(
        page,
        say,
        source,
        name,
        at=source.published,
        title=name_of(source),
        path=links.path_of(source),
        html=prose(page, source, source.body, say, language=source.language),
        text=_beginning(source.body, say),
    )


def _entry(
    page: Page,
    say: Tongue,
    source: Announcement,
    name: str,
    *,
    at: datetime,
    title: str,
    path: str,
    html: Markup,
    text: str,
) -> Entry:
    link = links.absolute(page, path)
    return Entry(
        id=name,
        at=at,
        updated=at,
        title=title,
        link=link,
        category=source.kind,
        author=author(page, source, say),
        html=portable.within(html, link, text, say).strip() or paragraphs([title]),
        text=portable.excerpt(text).strip() or title,
    )


def _beginning(body: str, say: Tongue) -> str:
    """Return the text of as much Markdown as a feed could show of it, which is less work than all of it."""
    return markdown.to_text(body[:_ENOUGH], say)


def _measured(page: Page, say: Tongue, story: Story, name: str) -> Iterator[Draft]:
    if story.told < words.midnight(page.published) - REMEMBERED:
        return
    told = story.told.astimezone(UTC)
    key = tag(page, told.year, f"{name}/{told:%Y%m%dT%H%M%SZ}")
    yield Draft(story.told, key, partial(_began, page, say, story, key))
    if story.end is not None and story.over:
        yield Draft(story.end, f"{key}/end", partial(_ended, page, say, story, f"{key}/end", story.end))


def _began(page: Page, say: Tongue, story: Story, name: str) -> Entry:
    names = [page.names.get(episode.component, episode.component) for episode in story.episodes]
    text = say("Our checks found {names} down since {when}.", names=say.join(names), when=say.moment(story.start))
    title = say("[Down] {what}", what=stories.subject(story, page.names, say))
    return _outage(page, story, name, at=story.told, title=title, text=text)


def _ended(page: Page, say: Tongue, story: Story, name: str, end: datetime) -> Entry:
    lines = stories.details(story, page.names, say) or (stories.sentence(story, page.names, say),)
    title = say("[Back] {what}", what=stories.subject(story, page.names, say))
    return _outage(page, story, name, at=end, title=title, text="\n".join(map(say.stop, lines)))


def _outage(page: Page, story: Story, name: str, *, at: datetime, title: str, text: str) -> Entry:
    return Entry(
        id=name,
        at=at,
        updated=at,
        title=title,
        link=links.absolute(page, _where(page, story)),
        category="outage",
        author=page.site.name,
        html=Markup("<p>{}</p>").format(Markup("<br>").join(text.splitlines())),
        text=text,
    )


def _where(page: Page, story: Story) -> str:
    """Return the place that tells of outages: what people wrote of them, or else their day in the history."""
    if written := stories.told_by(story, page.incidents):
        return links.path_of(written.source)
    day = story.start.astimezone(UTC).date()
    told = any(story.day == day and not story.quiet for story in page.history)
    return f"{links.month_path(day)}#{day}" if told else links.HISTORY
