"""The ways to hear of what happens, besides looking: what each is for, in one sentence.

One table for the page that explains them all. A format that is added is added here too.
"""

from __future__ import annotations

from dataclasses import dataclass

from statusgen.model.catalogue import msg
from statusgen.model.page import Page
from statusgen.render import links
from statusgen.render.tongue import Tongue


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
    ("RSS", links.RSS, msg("Every announcement, every update of it, and every measured outage, each once.")),
    ("Atom", links.ATOM, msg("The same, for readers that prefer it.")),
    ("JSON Feed", links.JSON_FEED, msg("The same again.")),
    (msg("Maintenance"), links.PLANS, msg("Maintenance and nothing else.")),
    (
        msg("Whole announcements"),
        links.STORIES,
        msg("One entry for each incident and each maintenance, which grows in place."),
    ),
)
CALENDARS: tuple[_Row, ...] = (
    (
        msg("Maintenance"),
        links.CALENDAR,
        msg("Maintenance at its time, moved when it moves, and said to be off when it is."),
    ),
)
PROGRAMS: tuple[_Row, ...] = (
    (msg("Our status"), links.OWN_STATUS, msg("How everything is in our own words, and until when to believe it.")),
    (msg("Its schema"), links.OWN_SCHEMA, msg("What each field of it means, as JSON Schema.")),
    (
        msg("Summary"),
        links.SUMMARY,
        msg("Status, components, open incidents and planned maintenance, as Statuspage gives them."),
    ),
    (msg("Status"), links.STATUS, msg("How things are as a whole, in one word and one sentence.")),
    (msg("Components"), links.COMPONENTS, msg("Groups and components with their status.")),
    (msg("Incidents"), links.INCIDENTS, msg("The fifty newest, open or not.")),
    (msg("Open incidents"), links.UNRESOLVED, msg("Those that go on.")),
    (msg("Maintenance"), links.SCHEDULED, msg("Fifty of them: under way, to come, and over.")),
    (msg("Maintenance to come"), links.UPCOMING, msg("Those still to begin.")),
    (msg("Maintenance under way"), links.ACTIVE, msg("Those that have begun.")),
)
BADGES: tuple[_Row, ...] = (
    (
        msg("Picture"),
        links.BADGE,
        msg("How everything is, to show elsewhere; each component's page leads to one of its own."),
    ),
    (msg("For shields.io"), links.SHIELD, msg("The same, for its endpoint badge to draw.")),
)


def outlets(page: Page, say: Tongue) -> tuple[Shelf, ...]:
    """Return the outlets by shelf; none of those whose ids hold an address when the site has none."""
    known = bool(links.host(page))
    shelves = (
        (say("For a feed reader or a chat channel"), say("Put the address into it."), FEEDS if known else ()),
        (say("For a calendar"), say("Subscribe to the address, and it stays up to date."), CALENDARS if known else ()),
        (say("For other pages"), say("A badge cannot say how old it is: link it to this site."), BADGES),
        (say("For programs"), say("JSON, for whoever wants to build on it."), PROGRAMS),
    )
    found = [
        Shelf(title=title, what=what, outlets=tuple(_outlet(page, row, say) for row in rows))
        for title, what, rows in shelves
        if rows
    ]
    own = (_components(page, say),) if known and page.components else ()
    return (*found[:1], *own, *found[1:])


def _components(page: Page, say: Tongue) -> Shelf:
    return Shelf(
        title=say("For one component"),
        what=say("What people say of it, and its own outages."),
        outlets=tuple(
            Outlet(
                name=one.name,
                address=links.absolute(page, links.component_feed(one.id)),
                what=say("What concerns {name}.", name=one.name),
            )
            for one in page.components
        ),
    )


def _outlet(page: Page, row: _Row, say: Tongue) -> Outlet:
    name, path, what = row
    return Outlet(name=say(name), address=links.absolute(page, path), what=say(what))
