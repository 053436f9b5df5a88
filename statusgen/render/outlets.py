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


_Row = tuple[str, str, str]

FEEDS: tuple[_Row, ...] = (
    ("RSS", links.RSS, "Every announcement, every update of it, and every measured outage, each once."),
    ("Atom", links.ATOM, "The same, for readers that prefer it."),
    ("JSON Feed", links.JSON_FEED, "The same again."),
    ("Maintenance", links.PLANS, "Maintenance and nothing else."),
    ("Whole announcements", links.STORIES, "One entry for each incident and each maintenance, which grows in place."),
)
CALENDARS: tuple[_Row, ...] = (
    (
        "Maintenance",
        links.CALENDAR,
        "Maintenance at its time, moved when it moves, and said to be off when it is.",
    ),
)
PROGRAMS: tuple[_Row, ...] = (
    ("Our status", links.OWN_STATUS, "How everything is in our own words, and until when to believe it."),
    ("Its schema", links.OWN_SCHEMA, "What each field of it means, as JSON Schema."),
    ("Summary", links.SUMMARY, "Status, components, open incidents and planned maintenance, as Statuspage gives them."),
    ("Status", links.STATUS, "How things are as a whole, in one word and one sentence."),
    ("Components", links.COMPONENTS, "Groups and components with their status."),
    ("Incidents", links.INCIDENTS, "The fifty newest, open or not."),
    ("Open incidents", links.UNRESOLVED, "Those that go on."),
    ("Maintenance", links.SCHEDULED, "Fifty of them: under way, to come, and over."),
    ("Maintenance to come", links.UPCOMING, "Those still to begin."),
    ("Maintenance under way", links.ACTIVE, "Those that have begun."),
)
BADGES: tuple[_Row, ...] = (
    ("Picture", links.BADGE, "How everything is, to show elsewhere; each component's page leads to one of its own."),
    ("For shields.io", links.SHIELD, "The same, for its endpoint badge to draw."),
)


def outlets(page: Page) -> tuple[Shelf, ...]:
    """Return the outlets by shelf; none of those whose ids hold an address when the site has none."""
    known = bool(links.host(page))
    shelves = [
        ("For a feed reader or a chat channel", "Put the address into it.", FEEDS if known else ()),
        ("For one component", "What people say of it, and its own outages.", _components(page) if known else ()),
        ("For a calendar", "Subscribe to the address, and it stays up to date.", CALENDARS if known else ()),
        ("For other pages", "A badge cannot say how old it is: link it to this site.", BADGES),
        ("For programs", "JSON, for whoever wants to build on it.", PROGRAMS),
    ]
    return tuple(
        Shelf(title=title, what=what, outlets=tuple(_outlet(page, row) for row in rows))
        for title, what, rows in shelves
        if rows
    )


def _components(page: Page) -> tuple[_Row, ...]:
    return tuple((one.name, links.component_feed(one.id), f"What concerns {one.name}.") for one in page.components)


def _outlet(page: Page, row: _Row) -> Outlet:
    name, path, what = row
    return Outlet(name=name, address=links.absolute(page, path), what=what)
