"""The pages of the site: front page, components, announcements, what is planned, history, and what is said of it all.

Only the front page carries the time of the run. All others say nothing that changes while nothing happens, so that
an uneventful run renders them to the same bytes. Of those that tell of what is over or planned it is known beforehand
what they are made of, so that it need not even render them.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from jinja2 import Environment

from statusgen.model.artifact import Artifact, Stage
from statusgen.model.measured import Outage
from statusgen.model.page import Page
from statusgen.model.theme import Theme
from statusgen.model.told import IncidentView
from statusgen.ports import ALONE, Crew
from statusgen.render import assets, links, pictures, stories, templates, vocabulary
from statusgen.render.fingerprint import Made, Makings
from statusgen.render.keeping import NOTHING, Keeping
from statusgen.render.lasting import SHOWN, NotLastingError, narrow
from statusgen.render.sheets import Sheet, sheets
from statusgen.render.tongue import Tongue

TYPE = "text/html; charset=utf-8"


def pages(page: Page, theme: Theme, say: Tongue, crew: Crew = ALONE, keeping: Keeping = NOTHING) -> Sequence[Artifact]:
    """Return every HTML page of the site: drawn by a crew, but for those that may stay as they are."""
    desk = _Desk(page, theme, say, keeping)
    marked = [(sheet, desk.mark(sheet)) for sheet in sheets(page, say)]
    drawn = iter(crew.each(desk.draw, [(sheet, mark) for sheet, mark in marked if not mark.kept]))
    return [_artifact(sheet, (), mark) if mark.kept else next(drawn) for sheet, mark in marked]


class _Mark(NamedTuple):
    """The fingerprint of a page, where it is known beforehand, and whether the page may stay as it is."""

    fingerprint: str = ""
    kept: bool = False


_UNMARKED = _Mark()


class _Desk:
    """Where one site's pages are drawn: what they all share is prepared once."""

    def __init__(self, page: Page, theme: Theme, say: Tongue, keeping: Keeping) -> None:
        self._page = page
        self._narrow = narrow(page)
        self._say = say
        self._theme = theme
        self._environment: Environment = templates.environment(theme)
        shown = bool(pictures.files(page))
        self._inline = {
            front: assets.inline(theme, front=front, pictures=shown, accent=page.site.accent) for front in (True, False)
        }
        self._files = assets.files(theme)
        self._keeping = keeping
        self._makings = Makings(keeping.suspects)
        self._common = self._shared()
        self._outages = {key: [*found] for key, found in groupby(sorted(page.outages, key=_component), key=_component)}

    def _shared(self) -> Made:
        """Return what all lasting pages are made of."""
        say, engine = self._say, self._keeping.engine
        if not engine:
            return Made("", suspected=True)
        theirs = [getattr(self._page, name) for name in sorted(SHOWN)]
        drawn = self._theme.templates, self._inline[False], [*self._files.values()]
        return self._makings.of(engine, say.tag, say.messages, *drawn, *theirs)

    def mark(self, sheet: Sheet) -> _Mark:
        """Return the fingerprint of one page, and whether it may stay as it is."""
        if not (sheet.lasting and self._keeping.engine):
            return _UNMARKED
        own = self._makings.of(
            self._common.digest, sheet.template, sheet.path, sheet.cache_control, sheet.more, self._measured(sheet)
        )
        held = self._keeping.held.get(links.in_site(self._page, sheet.path)) == own.digest
        return _Mark(own.digest, held and not (own.suspected or self._common.suspected))

    def draw(self, marked: tuple[Sheet, _Mark]) -> Artifact:
        """Return one page."""
        sheet, mark = marked
        if sheet.lasting:
            with suppress(NotLastingError):
                return _artifact(sheet, self._parts(sheet, self._narrow), mark)
        return _artifact(sheet, self._parts(sheet, self._page))

    def _parts(self, sheet: Sheet, page: Page) -> tuple[bytes, ...]:
        words = vocabulary.for_page(page, self._say, here=sheet.path, near=sheet.near, files=self._files)
        inline = self._inline[sheet.stage is Stage.FRONT]
        context = {"page": page, "site": page.site, "inline": inline, "here": sheet.path, **words}
        context |= {"language": self._say.tag, "direction": self._say.direction}
        context |= {**sheet.more, **self._measured(sheet)}
        return _apart(
            templates.draw(self._environment, self._theme, sheet.template, context), inline.style, inline.script
        )

    def _measured(self, sheet: Sheet) -> dict[str, tuple[stories.Story, ...]]:
        """Return what was measured of an incident: outages of what it affects that touch its time."""
        view = sheet.more.get("view")
        return {"measured": self._stories(view)} if isinstance(view, IncidentView) else {}

    def _stories(self, view: IncidentView) -> tuple[stories.Story, ...]:
        return stories.stories(
            outage
            for one in view.affected
            for outage in self._outages.get(one.id, ())
            if (view.resolved is None or outage.start < view.resolved)
            and (outage.end is None or outage.end > view.source.started)
        )


def _artifact(sheet: Sheet, parts: tuple[bytes, ...], mark: _Mark = _UNMARKED) -> Artifact:
    return Artifact(
        path=sheet.path,
        parts=parts,
        content_type=TYPE,
        cache_control=sheet.cache_control,
        stage=sheet.stage,
        timely=sheet.near is not None,
        fingerprint=mark.fingerprint,
        kept=mark.kept,
    )


@lru_cache(maxsize=8)
def _encoded(shared: str) -> bytes:
    return shared.encode()


def _component(outage: Outage) -> str:
    return outage.component


def _apart(text: str, *shared: str) -> tuple[bytes, ...]:
    """Return a page in pieces, of which those that it shares with others are always the same objects."""
    parts: list[bytes] = []
    for piece in shared:
        before, found, text = text.partition(piece) if piece else ("", "", text)
        parts += (before.encode(), _encoded(piece)) if found else (before.encode(),)
    return (*parts, text.encode())
