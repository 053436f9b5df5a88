"""Announcements as whole stories, one entry each that changes in place, as Statuspage's `history.atom` has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from markupsafe import Markup

from statusgen.model.page import Page
from statusgen.render import entries, links, markdown, portable
from statusgen.render.entries import Draft, Entry, Told, Written
from statusgen.render.tellings import Telling
from statusgen.render.tongue import Tongue

_ROOM = portable.MOST_HTML * 2 // 3
"""Bytes of one story; earlier tellings that do not fit are on its page."""


def announcements(page: Page, told: Iterable[Told], say: Tongue) -> Iterator[Draft]:
    """Yield every incident and every maintenance, each as one entry."""
    for one in told:
        source = one.view.source
        name = entries.tag(page, entries.began(source).year, f"{source.kind}/{links.first_name(source)}/whole")
        yield Draft(one.tellings[-1].at, name, partial(_whole, page, say, one.view, one.tellings, name))


def _whole(page: Page, say: Tongue, view: Written, told: tuple[Telling, ...], name: str) -> Entry:
    source = view.source
    link = links.absolute(page, links.path_of(source))
    return Entry(
        id=name,
        at=told[0].at,
        updated=told[-1].at,
        title=entries.name_of(source),
        link=link,
        category=source.kind,
        author=entries.author(page, source, say),
        html=Markup("\n").join(
            (*_parts(page, say, view, told, link), entries.paragraphs(entries.facts(view, told[-1], say)))
        ),
        text=_said_last(say, view, told[-1]),
    )


def _said_last(say: Tongue, view: Written, telling: Telling) -> str:
    """Return the phase and the beginning of what was said in it, if anything was."""
    phase = say.phase(view.phase)
    text = portable.clean(markdown.to_text(telling.text(say), say)).strip()
    return portable.excerpt(say("{phase}: {text}", phase=phase, text=text) if text else phase)


def _parts(page: Page, say: Tongue, view: Written, told: tuple[Telling, ...], link: str) -> Iterator[Markup]:
    """Yield what was said, newest first, and how much more there is when it does not all fit."""
    room = _ROOM
    for number, telling in enumerate(reversed(told)):
        html = entries.told(page, view.source, telling, say)
        html = portable.within(html, link, markdown.to_text(telling.text(say), say), say)
        room -= len(html.encode())
        if room < 0 and number:
            rest = say.many("{n} earlier update", "{n} earlier updates", len(told) - number)
            yield Markup('<p><a href="{}">{}</a></p>').format(link, rest)
            return
        head = Markup("<p><small>{}</small><br><strong>{}</strong></p>\n")
        yield head.format(say.instant(telling.at), say.phase(telling.phase)) + html
