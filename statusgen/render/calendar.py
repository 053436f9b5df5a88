"""Maintenance as iCalendar (RFC 5545, RFC 7986): one calendar to subscribe to, and one event for each to add by hand.

An event is known by its UID for ever, in both. Its times are the announced window in UTC, which needs no zone rules.
RFC 7986 wants a `VALUE=` of REFRESH-INTERVAL and SOURCE, which the library leaves out unless it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from icalendar import Calendar, Event, vDuration

from statusgen.model.artifact import Artifact, Stage
from statusgen.model.page import Page
from statusgen.model.told import MaintenanceView
from statusgen.model.words import MaintenancePhase
from statusgen.render import links, markdown, portable
from statusgen.render.entries import facts
from statusgen.render.feed import MOST_BYTES
from statusgen.render.feeds import CACHE
from statusgen.render.portable import clean
from statusgen.render.tellings import tellings
from statusgen.render.tongue import Tongue

TYPE = "text/calendar; charset=utf-8"

MOST = 100
"""How many events the calendar holds: what goes on and what is to come before what is over, newest first."""

_MOST_UNWRITTEN = 2
"""A begin and an end may be told without anybody writing, and an update may take the place of both of them."""

_MOST_TEXT = 1_500
_FRAME = 2_000
_OVER = frozenset({MaintenancePhase.COMPLETED, MaintenancePhase.CANCELLED})
_AGAIN = timedelta(minutes=30)
_PRODUCT = "-//statusgen//maintenance//EN"


def calendars(page: Page, say: Tongue) -> Iterator[Artifact]:
    """Yield the calendar and an event for each maintenance that is planned.

    None when the site has no address, which UIDs hold. What is over nobody adds to a calendar any more.
    """
    if not links.host(page):
        return
    yield _artifact(links.CALENDAR, _calendar(page, say, _foremost(page), links.CALENDAR))
    for view in _planned(page):
        path = links.event_path(view.source)
        yield _artifact(path, _calendar(page, say, (view,), path))


def _artifact(path: str, calendar: Calendar) -> Artifact:
    return Artifact(
        path=path,
        parts=(calendar.to_ical(sorted=False),),
        content_type=TYPE,
        cache_control=CACHE,
        stage=Stage.FEED,
    )


def _calendar(page: Page, say: Tongue, views: Iterable[MaintenanceView], path: str) -> Calendar:
    name = say("{site}: maintenance", site=clean(page.site.name))
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", _PRODUCT)
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    if path == links.CALENDAR:  # a single event is added to somebody's own calendar, whose name it must leave alone
        made.add("name", name)
        made.add("x-wr-calname", name)
        made.add("color", "steelblue")
        made.add("refresh-interval", _AGAIN, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", vDuration(_AGAIN))
        made.add("source", links.absolute(page, path), parameters={"VALUE": "URI"})
        made.add("url", links.absolute(page, links.FRONT))
    room = MOST_BYTES - _FRAME
    for event in (_event(page, view, say) for view in views):
        room -= len(event.to_ical())
        if room < 0:
            break
        made.add_component(event)
    return made


def _foremost(page: Page) -> tuple[MaintenanceView, ...]:
    over = (view for view in page.maintenance if view.phase in _OVER)
    return (*_planned(page), *over)[:MOST]


def _planned(page: Page) -> tuple[MaintenanceView, ...]:
    return (*page.active_maintenance, *page.upcoming_maintenance)


def _event(page: Page, view: MaintenanceView, say: Tongue) -> Event:
    source = view.source
    told = tellings(view)
    cancelled = view.phase is MaintenancePhase.CANCELLED
    title = clean(source.title)
    made = Event()
    made.add("uid", f"maintenance-{links.first_name(source)}{_suffix(page)}@{links.host(page)}")
    made.add("dtstamp", told[-1].at)
    made.add("created", source.announced)
    made.add("last-modified", told[-1].at)
    made.add("sequence", len(told) - 1 + _MOST_UNWRITTEN * len(view.updates))
    made.add("dtstart", view.starts)
    made.add("dtend", view.ends)
    made.add("summary", say.called_off(title) if cancelled else title)
    made.add("description", _description(page, view, say))
    made.add("url", links.absolute(page, links.path_of(source)))
    made.add("categories", [say("Maintenance")])
    made.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    made.add("transp", "TRANSPARENT")
    return made


def _suffix(page: Page) -> str:
    """Return what tells an event from that of the main language; no name holds a dot."""
    return f".{page.site.branch}" if page.site.branch else ""


def _description(page: Page, view: MaintenanceView, say: Tongue) -> str:
    """Return where the maintenance stands, what it affects, what was said last, and where to read on."""
    latest = tellings(view)[-1]
    said = portable.excerpt(markdown.to_text(latest.text(say), say), _MOST_TEXT)
    parts = (
        say.stop(say.phase(view.phase)),
        *facts(view, latest, say),
        said,
        links.absolute(page, links.path_of(view.source)),
    )
    return clean("\n\n".join(part for part in parts if part))
