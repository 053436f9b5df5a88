"""Turns a page into the files of the site. Pure: the same page and theme give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator

from statusgen.model.artifact import Artifact
from statusgen.model.page import Page
from statusgen.model.theme import Theme
from statusgen.ports import ALONE, Crew
from statusgen.render import api, assets, badges, calendar, editions, feeds, html, pictures, status
from statusgen.render.keeping import NOTHING, Keeping
from statusgen.render.tongue import Tongue, tongue_of

__all__ = ["Keeping", "render"]


def render(page: Page, theme: Theme, crew: Crew = ALONE, keeping: Keeping = NOTHING) -> tuple[Artifact, ...]:
    """Return every file of the site, by path; raises `ThemeError` when a template fails. The crew draws the pages.

    Pages that the target holds already, see `Keeping`, are not drawn.
    """
    main, *others = editions.editions(page)
    say = tongue_of(theme, page.site.language)
    artifacts = [
        *assets.files(theme).values(),
        *pictures.files(page),
        *api.documents(main, say),
        *status.documents(main, say),
        *badges.badges(main, say),
        *_spoken(main, theme, say, crew, keeping),
        *(
            editions.placed(one, made)
            for one in others
            for made in _spoken(one, theme, tongue_of(theme, one.site.tongue), crew, keeping)
        ),
    ]
    return tuple(sorted(artifacts, key=lambda artifact: artifact.path))


def _spoken(page: Page, theme: Theme, say: Tongue, crew: Crew, keeping: Keeping) -> Iterator[Artifact]:
    """Yield what there is once for each language: pages, feeds and calendars."""
    yield from html.pages(page, theme, say, crew, keeping)
    yield from feeds.feeds(page, say)
    yield from calendar.calendars(page, say)
