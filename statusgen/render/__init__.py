"""Turns a page into the files of the site. Pure: the same page and theme give the same bytes."""

from __future__ import annotations

from statusgen.model.artifact import Artifact
from statusgen.model.page import Page
from statusgen.model.theme import Theme
from statusgen.ports import ALONE, Crew
from statusgen.render import api, assets, badges, calendar, feeds, html, pictures, status

__all__ = ["render"]


def render(page: Page, theme: Theme, crew: Crew = ALONE) -> tuple[Artifact, ...]:
    """Return every file of the site, by path; raises `ThemeError` when a template fails. The crew draws the pages."""
    artifacts = [
        *assets.files(theme).values(),
        *pictures.files(page),
        *html.pages(page, theme, crew),
        *feeds.feeds(page),
        *calendar.calendars(page),
        *api.documents(page),
        *status.documents(page),
        *badges.badges(page),
    ]
    return tuple(sorted(artifacts, key=lambda artifact: artifact.path))
