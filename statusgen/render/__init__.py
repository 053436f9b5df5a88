"""Turns a page into the files of the site. Pure: the same page and theme give the same bytes."""

from __future__ import annotations

from statusgen.model.artifact import Artifact
from statusgen.model.page import Page
from statusgen.model.theme import Theme
from statusgen.ports import ALONE, Crew
from statusgen.render import api, assets, badges, calendar, feeds, html, pictures, status
from statusgen.render.tongue import tongue_of

__all__ = ["render"]


def render(page: Page, theme: Theme, crew: Crew = ALONE) -> tuple[Artifact, ...]:
    """Return every file of the site, by path; raises `ThemeError` when a template fails. The crew draws the pages."""
    say = tongue_of(theme, page.site.language)
    artifacts = [
        *assets.files(theme).values(),
        *pictures.files(page),
        *html.pages(page, theme, say, crew),
        *feeds.feeds(page, say),
        *calendar.calendars(page, say),
        *api.documents(page, say),
        *status.documents(page, say),
        *badges.badges(page, say),
    ]
    return tuple(sorted(artifacts, key=lambda artifact: artifact.path))
