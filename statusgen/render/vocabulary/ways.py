"""Links to other pages, to this one in other languages, and to files of the theme."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from statusgen.model.announcement import Announcement, Maintenance
from statusgen.model.components import ComponentView
from statusgen.model.project import Site
from statusgen.model.told import MaintenanceView
from statusgen.model.words import MaintenancePhase
from statusgen.render import editions, links
from statusgen.render.patterns import direction_of, name_of
from statusgen.render.templates import TemplateMistakeError
from statusgen.render.vocabulary.base import Base


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A page in another language: its tag, the language's name for itself, the link there, and its public address."""

    tag: str
    name: str
    link: str
    address: str


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """The site in another language."""

    site: Site


@dataclass(frozen=True, slots=True)
class Ways(Base):
    """The functions that lead somewhere."""

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
        there = _Elsewhere(replace(site, branch="" if tag == site.language else tag))
        if self.here == links.NOT_FOUND:
            link, path = links.home(there), links.FRONT
        else:
            link, path = links.relative(links.in_site(there, self.here), links.in_site(self.page, self.here)), self.here
        return Edition(tag=tag, name=name_of(tag), link=link, address=links.absolute(there, path))

    def address(self) -> str:
        """The public address of this page, whole; only for a site that knows its own."""
        return links.absolute(self.page, self.here)

    def link(self, target: str) -> str:
        """The relative link from this page to a file of the site; a whole one where the page is served at any depth."""
        return links.link(self.page, target, self.here)

    def link_to(self, source: Announcement) -> str:
        """The relative link to an announcement's page."""
        return self.link(links.path_of(source))

    def link_to_event(self, view: MaintenanceView) -> str:
        """The relative link to a maintenance for one's calendar; empty if it is over, or the site has no address."""
        there = links.host(self.page) and (view.active or view.phase is MaintenancePhase.SCHEDULED)
        return self.link(links.event_path(view.source)) if there else ""

    def link_to_series(self, source: Maintenance) -> str:
        """The relative link to the page of the series that a maintenance is of; empty when it is of none."""
        return self.link(links.series_path(source)) if source.series else ""

    def address_of(self, source: Announcement) -> str:
        """The public address of an announcement's page, whole; only for a site that knows its own."""
        return links.absolute(self.page, links.path_of(source))

    def link_to_component(self, key: str) -> str:
        """The relative link to a component's page; empty when it has none, since nobody measures it."""
        measured = any(component.id == key and not component.manual for component in self.page.components)
        return self.link(links.component_path(key)) if measured else ""

    def component(self, key: str) -> ComponentView:
        """The component of an id."""
        return next(component for component in self.page.components if component.id == key)

    def link_to_year(self, year: int) -> str:
        """The relative link to the history of a year."""
        return self.link(links.year_path(year))

    def link_to_month(self, day: Any) -> str:
        """The relative link to the history of a day's month."""
        return self.link(links.month_path(day))

    def home(self) -> str:
        """The front page's address for a file that is served at any depth."""
        return links.home(self.page)

    def logo(self) -> str:
        """The team's logo, as an address that holds the image itself; empty when there is none."""
        found = self.page.site.logo
        return f"data:{found.content_type};base64,{b64encode(found.body).decode('ascii')}" if found else ""

    def asset(self, name: str) -> str:
        """The link to a file of the theme's `assets/` folder, under its published name."""
        if name not in self.files:
            raise TemplateMistakeError(f"there is no file 'assets/{name}' in the theme")
        return self.link(self.files[name].path)
