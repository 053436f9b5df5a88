"""The ways to hear of what happens, besides looking: what each is for, in one sentence.

One table for the page that explains them all. A format that is added is added here too.
"""

from __future__ import annotations

from dataclasses import dataclass

from statusgen.model.page import Page
from statusgen.render import links


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A file to subscribe to or to read by program: its name, its absolute address, and what one hears there."""

    name: str
    address: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Outlets for one sort of reader."""

    title: str
    what: str
    outlets: tuple[Outlet, ...]


FEEDS = (
    ("RSS", links.RSS, "Every announcement, every update of it, and every measured outage, each once."),
    ("Atom", links.ATOM, "The same, for readers that prefer it."),
)
PROGRAMS = (
    ("Summary", links.SUMMARY, "Status, components, open incidents and planned maintenance, as Statuspage gives them."),
    ("Status", links.STATUS, "How things are as a whole, in one word and one sentence."),
)


def outlets(page: Page) -> tuple[Shelf, ...]:
    """Return the outlets by shelf; none of the feeds when the site has no address, for then there are none."""
    shelves = [
        ("For a feed reader or a chat channel", "Put the address into it.", FEEDS if page.site.url else ()),
        ("For programs", "JSON, made anew with each run.", PROGRAMS),
    ]
    return tuple(
        Shelf(
            title=title,
            what=what,
            outlets=tuple(
                Outlet(name=name, address=links.absolute(page, path), what=told) for name, path, told in rows
            ),
        )
        for title, what, rows in shelves
        if rows
    )
