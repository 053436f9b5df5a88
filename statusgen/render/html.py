"""The pages of the site: front page, components, announcements, what is planned, history, and what is said of it all.

Only the front page carries the time of the run. All others say nothing that changes while nothing happens, so that
an uneventful run renders them to the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from jinja2 import Environment

from statusgen.model.announcement import Announcement
from statusgen.model.artifact import Artifact, Stage
from statusgen.model.page import Page
from statusgen.model.theme import Theme
from statusgen.model.told import IncidentView, MaintenanceView, PostView, SeriesView
from statusgen.render import assets, diary, links, outlets, pictures, stories, templates, vocabulary

View = IncidentView | MaintenanceView | SeriesView | PostView

VOLATILE = "public, max-age=30, stale-if-error=600"
"""For what may change any minute: a reader in an outage must not see the calm of five minutes ago."""

SETTLED = "public, max-age=3600"
"""For months gone by, which only late observations and corrections change."""

TYPE = "text/html; charset=utf-8"


def pages(page: Page, theme: Theme) -> Iterator[Artifact]:
    """Yield every HTML page of the site."""
    desk = _Desk(page, theme)
    yield desk.page("front.html", links.FRONT, stage=Stage.FRONT, near=page.published, days=diary.lately(page))
    for group in page.groups:
        for component in group.components:
            if not component.manual:
                path = links.component_path(component.id)
                yield desk.page("component.html", path, view=component, group=group)
    for incident in page.incidents:
        yield desk.announcement("incident.html", incident, measured=_measured(page, incident))
    for maintenance in page.maintenance:
        yield desk.announcement("maintenance.html", maintenance)
    for one in page.series:
        yield desk.announcement("series.html", one)
    for post in page.posts:
        yield desk.announcement("post.html", post)
    views: tuple[View, ...] = (*page.incidents, *page.maintenance, *page.series, *page.posts)
    for view in views:
        for path in links.former_paths(view.source):
            yield desk.page("moved.html", path, view=view)
    yield desk.page("plans.html", links.MAINTENANCE)
    yield desk.page("posts.html", links.POSTS)
    yield from _history(desk, page)
    yield desk.page("subscribe.html", links.SUBSCRIBE, outlets=outlets.outlets(page))
    yield desk.page("about.html", links.ABOUT)
    yield desk.page("404.html", links.NOT_FOUND)


def _history(desk: _Desk, page: Page) -> Iterator[Artifact]:
    """Yield the pages of what was: all years, each year, and each month."""
    months = diary.months(page)
    years = diary.years(months)
    yield desk.page("history.html", links.HISTORY, years=years)
    for year in years:
        yield desk.page("year.html", links.year_path(year.year), chapter=year)
    for month in months:
        closed = (month.first.year, month.first.month) < (page.published.year, page.published.month)
        path = links.month_path(month.first)
        yield desk.page("month.html", path, cache_control=SETTLED if closed else VOLATILE, chapter=month)


class _Desk:
    """Where one site's pages are drawn: what they all share is prepared once."""

    def __init__(self, page: Page, theme: Theme) -> None:
        self._page = page
        self._theme = theme
        self._environment: Environment = templates.environment(theme)
        shown = bool(pictures.files(page))
        self._inline = {
            front: assets.inline(theme, front=front, pictures=shown, accent=page.site.accent) for front in (True, False)
        }
        self._files = assets.files(theme)

    def page(
        self,
        template: str,
        path: str,
        *,
        stage: Stage = Stage.PAGE,
        cache_control: str = VOLATILE,
        near: datetime | None = None,
        **more: Any,
    ) -> Artifact:
        """Return one page; `near` is the instant that its times may be told relative to, None on lasting pages."""
        words = vocabulary.for_page(self._page, here=path, near=near, files=self._files)
        inline = self._inline[stage is Stage.FRONT]
        context = {"page": self._page, "site": self._page.site, "inline": inline, "here": path, **words, **more}
        return Artifact(
            path=path,
            body=templates.draw(self._environment, self._theme, template, context),
            content_type=TYPE,
            cache_control=cache_control,
            stage=stage,
            timely=near is not None,
        )

    def announcement(self, template: str, view: View, **more: Any) -> Artifact:
        """Return the page of one announcement."""
        source: Announcement = view.source
        return self.page(template, links.path_of(source), view=view, **more)


def _measured(page: Page, view: IncidentView) -> tuple[stories.Story, ...]:
    """Return what was measured of an incident: outages of what it affects that touch its time."""
    ours = (outage for outage in page.outages if outage.component in {one.id for one in view.affected})
    return stories.stories(
        outage
        for outage in ours
        if (view.resolved is None or outage.start < view.resolved)
        and (outage.end is None or outage.end > view.source.started)
    )
