"""Where each page lies, and how pages refer to each other.

Links are relative and name the file (`incidents/db.html`), because the site may live below any prefix and most object
stores know no index documents below their root.
"""

from __future__ import annotations

import posixpath
import re
from datetime import date
from functools import lru_cache
from typing import Protocol
from urllib.parse import urlsplit

from statusgen.model.announcement import Announcement, Maintenance
from statusgen.model.project import Site


class Sited(Protocol):
    """What knows the site that it is of, as a page does."""

    @property
    def site(self) -> Site:
        """The site."""
        ...


FRONT = "index.html"
HISTORY = "history/index.html"
MAINTENANCE = "maintenance/index.html"
POSTS = "posts/index.html"
SUBSCRIBE = "subscribe.html"
ABOUT = "about.html"
NOT_FOUND = "404.html"
RSS = "feed.xml"
ATOM = "feed.atom"
JSON_FEED = "feed.json"
STORIES = "history.atom"
PLANS = "maintenance.atom"
CALENDAR = "maintenance.ics"
SUMMARY = "api/v2/summary.json"
STATUS = "api/v2/status.json"
COMPONENTS = "api/v2/components.json"
INCIDENTS = "api/v2/incidents.json"
UNRESOLVED = "api/v2/incidents/unresolved.json"
SCHEDULED = "api/v2/scheduled-maintenances.json"
UPCOMING = "api/v2/scheduled-maintenances/upcoming.json"
ACTIVE = "api/v2/scheduled-maintenances/active.json"
OWN_STATUS = "status.json"
OWN_SCHEMA = "status.schema.json"
BADGE = "badge.svg"
SHIELD = "badge.json"

_FOLDERS = {"incident": "incidents", "maintenance": "maintenance", "post": "posts"}
TEXT = "text"
"""The part of an announcement that stands above its updates; an update's is its fragment, such as `update-2`."""

_UPDATE = re.compile(r"update-[0-9]+")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_ALLOWED = ("http:", "https:", "mailto:")


def path_of(announcement: Announcement) -> str:
    """Return where an announcement's page lies, such as `incidents/db.html`."""
    return f"{_FOLDERS[announcement.kind]}/{announcement.slug}.html"


def component_path(key: str) -> str:
    """Return where a component's page lies, such as `components/web.html`."""
    return f"components/{key}.html"


def year_path(year: int) -> str:
    """Return where the history of a year lies, such as `history/2022.html`."""
    return f"history/{year:04d}.html"


def component_feed(key: str) -> str:
    """Return where a component's feed lies, such as `components/web.atom`."""
    return f"components/{key}.atom"


def badge_path(key: str) -> str:
    """Return where a component's badge lies, such as `badges/web.svg`."""
    return f"badges/{key}.svg"


def shield_path(key: str) -> str:
    """Return where a component's badge lies as shields.io asks for it, such as `badges/web.json`."""
    return f"badges/{key}.json"


def event_path(announcement: Announcement) -> str:
    """Return where a maintenance lies as an event to add to a calendar, such as `maintenance/db.ics`."""
    return f"{_FOLDERS[announcement.kind]}/{announcement.slug}.ics"


def first_name(announcement: Announcement) -> str:
    """Return the name that an announcement's file had first: what its permanent ids are made of.

    Whoever read an id keeps it for ever, so that no file that is renamed may ever change one.
    """
    return announcement.aliases[0] if announcement.aliases else announcement.slug


def series_path(occurrence: Maintenance) -> str:
    """Return where the page of an occurrence's series lies."""
    return f"{_FOLDERS[occurrence.kind]}/{occurrence.series}.html"


def former_paths(announcement: Announcement) -> tuple[str, ...]:
    """Return where an announcement's page lay before its file was renamed."""
    return tuple(f"{_FOLDERS[announcement.kind]}/{name}.html" for name in announcement.aliases)


def month_path(day: date) -> str:
    """Return where the history of a day's month lies, such as `history/2022-12.html`."""
    return f"history/{day.year:04d}-{day.month:02d}.html"


def update(number: int) -> str:
    """Return where an update stands on its announcement's page, such as `update-2`."""
    return f"update-{number}"


def prefix(part: str, source: Announcement | None = None) -> str:
    """Return what the ids within a part of an announcement begin with, such as `text.` or `update-2.`.

    With the announcement they are also told from those of others, for a page that several share. Neither slugs nor
    headings hold a dot, so no two ids are the same.
    """
    return f"{source.kind}.{source.slug}.{part}." if source else f"{part}."


def relative(target: str, here: str) -> str:
    """Return the link from one file of the site to another; a fragment of the target is kept."""
    path, mark, fragment = target.partition("#")
    if path == here and mark:
        return mark + fragment
    return _way(path, posixpath.dirname(here)) + mark + fragment


@lru_cache(maxsize=4096)
def _way(path: str, folder: str) -> str:
    """Return the way from a folder to a file; most links of a site are the same from every page of a folder."""
    return posixpath.relpath(path, folder or ".")


def is_safe(href: str) -> bool:
    """Return whether people may link there: http, https, mailto, or a place within the site."""
    scheme = _SCHEME.match(href)
    return scheme[0].lower() in _ALLOWED if scheme else not href.startswith("//")


def is_foreign(href: str) -> bool:
    """Return whether a link leaves the site."""
    return _SCHEME.match(href) is not None


def target_of(href: str, written_on: str) -> str:
    """Return the file of the site that a relative link means, as its author wrote it on one of the pages.

    A link to another announcement's source (`../maintenance/db.md`) means its page, and a fragment of it a heading of
    its text; a leading slash means the root of the site; a link that climbs out of the site ends at its root.
    """
    path, mark, fragment = href.partition("#")
    if mark and (not path or path.endswith(".md")) and not _UPDATE.fullmatch(fragment):
        fragment = prefix(TEXT) + fragment
    if not path:
        return written_on + mark + fragment
    whole = path if path.startswith("/") else f"/{posixpath.dirname(written_on)}/{path}"
    clean = posixpath.normpath(whole).lstrip("/") or FRONT
    if clean.endswith(".md"):
        clean = clean.removesuffix(".md") + ".html"
    return clean + mark + fragment


def is_of_tree(path: str) -> bool:
    """Return whether a file is there once for each language: pages, feeds and calendars are, all else is shared."""
    plain = path.partition("#")[0]
    return plain.endswith((".html", ".atom", ".ics")) or plain in {RSS, JSON_FEED}


def in_site(page: Sited, path: str) -> str:
    """Return where a file lies from the root of the site: those of a further language below its tag."""
    return f"{page.site.branch}/{path}" if page.site.branch and is_of_tree(path) else path


def link(page: Sited, path: str, here: str) -> str:
    """Return the link from a page, whose place is told within its language, to a file of the site.

    What is served instead of pages that are missing stands at any depth, from where no relative link leads anywhere.
    """
    if here == NOT_FOUND:
        return anywhere(page, path)
    if page.site.branch and not is_of_tree(path):
        return relative(path, f"{page.site.branch}/{here}")
    return relative(path, here)


def absolute(page: Sited, path: str) -> str:
    """Return the public address of a file of the site; the bare path when the site has no address."""
    return f"{page.site.url}/{in_site(page, path)}" if page.site.url else in_site(page, path)


def home(page: Sited) -> str:
    """Return the address of the front page for a file that may be served at any depth, such as 404.html."""
    return anywhere(page, FRONT)


def anywhere(page: Sited, path: str) -> str:
    """Return a link that holds at any depth: a whole address, or from the root of the host when the site has none."""
    return f"{page.site.url}/{in_site(page, path)}"


def host(page: Sited) -> str:
    """Return the host that readers know the site by; empty when it has no address."""
    return urlsplit(page.site.url).hostname or ""
