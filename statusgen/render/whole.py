"""Announcements as whole stories, one entry each that changes in place, as Statuspage's `history.atom` has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from markupsafe import Markup

from statusgen.model.page import Page
from statusgen.render import entries, links, markdown, portable, words
from statusgen.render.entries import Draft, Entry, Told, Written
from statusgen.render.tellings import Telling

_ROOM = portable.MOST_HTML * 2 // 3
"""Bytes of one story; earlier tellings that do not fit are on its page."""


def announcements(page: Page, told: Iterable[Told]) -> Iterator[Draft]:
    """Yield every incident and every maintenance, each as one entry."""
    for one in told:
        source = one.view.source
        name = entries.tag(page, entries.began(source).year, f"{source.kind}/{links.first_name(source)}/whole")
        yield Draft(one.tellings[-1].at, name, partial(_whole, page, one.view, one.tellings, name))


def _whole(page: Page, view: Written, told: tuple[Telling, ...], name: str) -> Entry:
    source = view.source
    link = links.absolute(page, links.path_of(source))
    return Entry(
        id=name,
        at=told[0].at,
        updated=told[-1].at,
        title=source.title,
        link=link,
        category=source.kind,
        author=entries.author(page, source),
        html=Markup("\n").join((*_parts(page, view, told, link), entries.paragraphs(entries.facts(view, told[-1])))),
        text=portable.excerpt(f"{words.PHASES[view.phase]}: {markdown.to_text(told[-1].body)}"),
    )


def _parts(page: Page, view: Written, told: tuple[Telling, ...], link: str) -> Iterator[Markup]:
    """Yield what was said, newest first, and how much more there is when it does not all fit."""
    room = _ROOM
    for number, telling in enumerate(reversed(told)):
        html = entries.told(page, view.source, telling)
        html = portable.within(html, link, markdown.to_text(telling.body))
        room -= len(html.encode())
        if room < 0 and number:
            rest = words.count(len(told) - number, "earlier update")
            yield Markup('<p><a href="{}">{}</a></p>').format(link, rest)
            return
        head = Markup("<p><small>{}</small><br><strong>{}</strong></p>\n")
        yield head.format(words.instant(telling.at), words.PHASES[telling.phase]) + html
