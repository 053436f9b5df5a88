"""The feeds of a site: one line each for what it tells, and in which formats.

The main feed has one entry for everything that happens. Others hold a part of it, and `history.atom` has one entry for
each announcement that changes in place, as Statuspage writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from statusgen.model.artifact import Artifact, Stage
from statusgen.model.page import Page
from statusgen.model.told import MaintenanceView
from statusgen.render import entries, links, whole
from statusgen.render.entries import Draft, Told
from statusgen.render.feed import MOST, MOST_OF_A_PART, Feed, Written, newest
from statusgen.render.json_feed import JSON_TYPE, json_feed
from statusgen.render.portable import clean
from statusgen.render.tongue import Tongue
from statusgen.render.xml_feeds import ATOM_TYPE, RSS_TYPE, atom, rss

CACHE = "public, max-age=300"

_Write = Callable[[Feed], bytes]


def feeds(page: Page, say: Tongue) -> Iterator[Artifact]:
    """Yield the feeds; none when the site has no address, because their ids and links need one for ever."""
    if not links.host(page):
        return
    desk = _Desk(page, say)
    told = entries.tell(page)
    all_of_it = tuple(entries.everything(page, entries.newest(told, MOST), say))
    for path, content_type, write in (
        (links.RSS, RSS_TYPE, rss),
        (links.ATOM, ATOM_TYPE, atom),
        (links.JSON_FEED, JSON_TYPE, json_feed),
    ):
        yield desk.feed(path, content_type, write, all_of_it)
    whole_ones = whole.announcements(page, entries.newest(told, MOST), say)
    yield desk.feed(links.STORIES, ATOM_TYPE, atom, whole_ones, title=say("announcements"))
    maintenance = [one for one in told if isinstance(one.view, MaintenanceView)]
    planned = entries.announced(page, say, entries.newest(maintenance, MOST))
    yield desk.feed(links.PLANS, ATOM_TYPE, atom, planned, title=say("maintenance"))
    for component in page.components:
        yield desk.feed(
            links.component_feed(component.id),
            ATOM_TYPE,
            atom,
            entries.of_component(page, component.id, _lately(told, component.id), say),
            title=component.name,
            most=MOST_OF_A_PART,
            home=links.FRONT if component.manual else links.component_path(component.id),
        )


def _lately(told: Iterable[Told], component: str) -> Sequence[Told]:
    return entries.newest([one for one in told if component in one.components], MOST_OF_A_PART)


class _Desk:
    """Where one site's feeds are made: entries are written once, whatever number of feeds they go into."""

    def __init__(self, page: Page, say: Tongue) -> None:
        self._page = page
        self._say = say
        self._written: Written = {}

    def feed(
        self,
        path: str,
        content_type: str,
        write: _Write,
        drafts: Iterable[Draft],
        *,
        title: str = "",
        most: int = MOST,
        home: str = links.FRONT,
    ) -> Artifact:
        """Return one feed; `title` says which part of the site it tells of."""
        page = self._page
        say = self._say
        name = say("{site}: {part}", site=page.site.name, part=title) if title else page.site.name
        made = Feed(
            address=links.absolute(page, path),
            home=links.absolute(page, home),
            title=name,
            description=clean(page.site.description).strip()
            or say("Announcements and measured outages of {site}", site=page.site.name),
            author=page.site.name,
            language=page.site.tongue,
            entries=newest(drafts, self._written, most),
        )
        return Artifact(
            path=path, parts=(write(made),), content_type=content_type, cache_control=CACHE, stage=Stage.FEED
        )
