"""Which pages a site has, and what is drawn on each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from statusgen.model.announcement import Announcement
from statusgen.model.artifact import Stage
from statusgen.model.page import Page
from statusgen.model.told import IncidentView, MaintenanceView, PostView, SeriesView
from statusgen.render import diary, links, outlets
from statusgen.render.tongue import Tongue

View = IncidentView | MaintenanceView | SeriesView | PostView

VOLATILE = "public, max-age=30, stale-if-error=600"
"""For what may change any minute: a reader in an outage must not see the calm of five minutes ago."""

SETTLED = "public, max-age=3600"
"""For months gone by, which only late observations and corrections change."""

_TEMPLATES: Mapping[type[View], str] = {
    IncidentView: "incident.html",
    MaintenanceView: "maintenance.html",
    SeriesView: "series.html",
    PostView: "post.html",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page to draw: the template, where the page lies, and what is drawn besides what all pages have.

    `near` is the instant that its times may be told relative to, None where there is none. `lasting`: it tells of
    nothing but that, see `narrow`.
    """

    template: str
    path: str
    stage: Stage = Stage.PAGE
    cache_control: str = VOLATILE
    near: datetime | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    lasting: bool = False


def sheets(page: Page, say: Tongue) -> Iterator[Sheet]:
    """Yield every page of a site in one language."""
    lately = {"days": diary.lately(page)}
    yield Sheet(template="front.html", path=links.FRONT, stage=Stage.FRONT, near=page.published, more=lately)
    for group in page.groups:
        for component in group.components:
            if not component.manual:
                told = {"view": component, "group": group}
                yield Sheet(template="component.html", path=links.component_path(component.id), more=told)
    views: tuple[View, ...] = (*page.incidents, *page.maintenance, *page.series, *page.posts)
    for view in views:
        source: Announcement = view.source
        yield Sheet(template=_TEMPLATES[type(view)], path=links.path_of(source), more={"view": view}, lasting=True)
    for view in views:
        for path in links.former_paths(view.source):
            yield Sheet(template="moved.html", path=path, more={"view": view}, lasting=True)
    yield Sheet(template="plans.html", path=links.MAINTENANCE)
    yield Sheet(template="posts.html", path=links.POSTS)
    yield from _history(page)
    yield Sheet(template="subscribe.html", path=links.SUBSCRIBE, more={"outlets": outlets.outlets(page, say)})
    yield Sheet(template="about.html", path=links.ABOUT)
    yield Sheet(template="404.html", path=links.NOT_FOUND)


def _history(page: Page) -> Iterator[Sheet]:
    """Yield the pages of what was: all years, each year, and each month."""
    months = diary.months(page)
    years = diary.years(months)
    yield Sheet(template="history.html", path=links.HISTORY, more={"years": years})
    for year in years:
        yield Sheet(template="year.html", path=links.year_path(year.year), more={"chapter": year}, lasting=True)
    for month in months:
        closed = (month.first.year, month.first.month) < (page.published.year, page.published.month)
        cache = SETTLED if closed else VOLATILE
        path = links.month_path(month.first)
        yield Sheet(template="month.html", path=path, cache_control=cache, more={"chapter": month}, lasting=True)
