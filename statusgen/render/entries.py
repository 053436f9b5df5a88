"""The entries of the feeds: one for each thing said, and one each for the begin and the end of a measured outage.

Ids are permanent and carry no address of a page, so that neither a rebuild nor a move of pages tells anything twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from markupsafe import Markup

from statusgen.model.announcement import Announcement
from statusgen.model.page import IncidentView, MaintenanceView, Page, PostView
from statusgen.render import links, markdown, stories, words
from statusgen.render.stories import Story
from statusgen.render.tellings import Telling, tellings

MOST = 100
"""How many entries a feed holds, newest first; older ones drop out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed. `link` is absolute; `html` is for reading, `text` the same without marks."""

    id: str
    at: datetime
    title: str
    link: str
    category: str
    author: str
    html: Markup
    text: str


def entries(page: Page) -> tuple[Entry, ...]:
    """Return the newest entries, newest first."""
    found = [*_announced(page), *_posted(page), *_measured(page)]
    return tuple(sorted(found, key=lambda entry: (entry.at, entry.id), reverse=True)[:MOST])


def tag(page: Page, year: int, name: str) -> str:
    """Return a permanent id by RFC 4151, such as `tag:status.example.org,2022:incident/db/update/2`."""
    return f"tag:{links.host(page)},{year}:{name}"


def _announced(page: Page) -> Iterator[Entry]:
    views: tuple[IncidentView | MaintenanceView, ...] = (*page.incidents, *page.maintenance)
    for view in views:
        for telling in tellings(view):
            yield _telling(page, view, telling)


def _telling(page: Page, view: IncidentView | MaintenanceView, telling: Telling) -> Entry:
    source = view.source
    year = view.source.started.year if isinstance(view, IncidentView) else view.source.announced.year
    name = "/".join(part for part in (source.kind, source.slug, telling.key) if part)
    path = links.path_of(source) + (f"#{telling.fragment}" if telling.fragment else "")
    facts = tuple(_facts(view))
    html = Markup("\n").join(
        [_prose(page, source, telling.body), *(Markup("<p>{}</p>").format(fact) for fact in facts)]
    )
    return Entry(
        id=tag(page, year, name),
        at=telling.at,
        title=f"[{words.PHASES[telling.phase]}] {source.title}",
        link=links.absolute(page, path),
        category=source.kind,
        author=_author(page, source),
        html=html,
        text="\n\n".join(part for part in (markdown.to_text(telling.body), *facts) if part),
    )


def _facts(view: IncidentView | MaintenanceView) -> Iterator[str]:
    if isinstance(view, MaintenanceView):
        yield f"Window: {words.window(view.source.starts, view.source.ends)}."
    if view.affected:
        expected = [f"{affected.name} ({words.LABELS[affected.status]})" for affected in view.affected]
        yield f"Affects {words.join(expected)}."


def _posted(page: Page) -> Iterator[Entry]:
    for view in page.posts:
        yield _post(page, view)


def _post(page: Page, view: PostView) -> Entry:
    source = view.source
    return Entry(
        id=tag(page, source.published.year, f"post/{source.slug}"),
        at=source.published,
        title=source.title,
        link=links.absolute(page, links.path_of(source)),
        category=source.kind,
        author=_author(page, source),
        html=_prose(page, source, source.body),
        text=markdown.to_text(source.body),
    )


def _measured(page: Page) -> Iterator[Entry]:
    for story in stories.stories(stories.unexpected(page.outages)):
        yield _began(page, story)
        if story.end is not None and story.over:
            yield _outage(page, story, key="/end", at=story.end, title="Back", text=_ended_words(page, story))


def _began(page: Page, story: Story) -> Entry:
    names = [page.names.get(episode.component, episode.component) for episode in story.episodes]
    text = f"Our checks found {words.join(names)} down since {words.instant(story.start)}."
    return _outage(page, story, key="", at=story.start, title="Down", text=text)


def _ended_words(page: Page, story: Story) -> str:
    return "\n".join(
        f"{line}." for line in (stories.details(story, page.names) or (stories.sentence(story, page.names),))
    )


def _outage(page: Page, story: Story, *, key: str, at: datetime, title: str, text: str) -> Entry:
    began = story.start.astimezone(UTC)
    lines = Markup("<br>").join(text.splitlines())
    return Entry(
        id=tag(page, began.year, f"outage/{began:%Y%m%dT%H%M%SZ}{key}"),
        at=at,
        title=f"[{title}] {stories.subject(story, page.names)}",
        link=links.absolute(page, _where(page, began.date())),
        category="outage",
        author=page.site.name,
        html=Markup("<p>{}</p>").format(lines),
        text=text,
    )


def _where(page: Page, day: date) -> str:
    """Return the place that tells of a day's outages: its day in the history, or the history if people told it else."""
    told = any(story.day == day and not story.quiet for story in page.history)
    return f"{links.month_path(day)}#{day}" if told else links.HISTORY


def _prose(page: Page, source: Announcement, body: str) -> Markup:
    def resolve(href: str) -> str:
        return links.absolute(page, links.target_of(href, links.path_of(source)))

    return markdown.to_html(body, resolve=resolve)


def _author(page: Page, source: Announcement) -> str:
    return words.join(source.authors) if source.authors else page.site.name
