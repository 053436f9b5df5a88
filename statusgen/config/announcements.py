"""One file of `content/`: an incident, a maintenance or a post, as its folder says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from statusgen.config.clear_secrets import clear_secrets
from statusgen.config.content_documents import (
    AnnouncementDocument,
    IncidentDocument,
    IncidentUpdateDocument,
    MaintenanceDocument,
    MaintenanceUpdateDocument,
    PostDocument,
)
from statusgen.config.decode import decode
from statusgen.config.groups import Inventory
from statusgen.config.markdown import Markdown, split_front_matter, take_apart
from statusgen.config.names import MAINTENANCE, Alias, former_names
from statusgen.config.nodes import Table, find, named
from statusgen.config.notes import split_note
from statusgen.config.pictures import read_pictures
from statusgen.config.plans import life
from statusgen.config.reading import Reading
from statusgen.config.repeats import read_recurrence
from statusgen.config.source import read_source
from statusgen.config.updates import Told, check_steps, read_updates
from statusgen.errors import Place, Problem
from statusgen.model.announcement import Announcement, Incident, Maintenance, Picture, Post, Update, Window
from statusgen.model.words import INCIDENT_STEPS, MAINTENANCE_STEPS, Impact, IncidentPhase, MaintenancePhase, Status

FOLDER = "content"

IMPACT_STATUS = {
    Impact.NONE: Status.OPERATIONAL,
    Impact.MINOR: Status.DEGRADED_PERFORMANCE,
    Impact.MAJOR: Status.PARTIAL_OUTAGE,
    Impact.CRITICAL: Status.MAJOR_OUTAGE,
}
"""What an incident does to a component that it names without a status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One file, read: its slug, its front matter, its Markdown taken apart, and the pictures that it shows."""

    slug: str
    table: Table
    markdown: Markdown
    inventory: Inventory
    pictures: Mapping[str, Picture]

    def at(self, key: str) -> Place:
        """Return the place of a value in the front matter."""
        return find(self.table, [key])

    def whole(self, told: Sequence[AnyTold]) -> bool:
        """Return whether all updates could be read; with one missing, what follows what is not known."""
        return len(told) == len(self.markdown.sections)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a file came to: its announcement if it is right, all that is wrong with it, and the names it had before.

    `repeats`: it says that it comes again, whether or not it can be read how.
    """

    announcement: Announcement | None
    problems: Sequence[Problem]
    before: Sequence[Alias] = ()
    repeats: bool = False


def read_announcement(name: str, folder: str, slug: str, project: Reading, inventory: Inventory) -> Found:
    """Return what one file holds. It leaves no other trace: another process may read it."""
    reading = replace(project, found=[])
    written = _open(name, slug, folder, reading, inventory)
    if written is None:
        return Found(announcement=None, problems=reading.found)
    return Found(
        announcement=READERS[folder](written, reading),
        problems=reading.found,
        before=former_names(folder, slug, written.table),
        repeats=folder == MAINTENANCE and "repeats" in written.table.entries,
    )


def _open(name: str, slug: str, folder: str, reading: Reading, inventory: Inventory) -> Written | None:
    """Return a file taken apart; None when it has no front matter."""
    text = read_source(reading.root, name, reading.found)
    split = split_note if folder == "posts" else split_front_matter
    parts = None if text is None else split(text, name, reading.found)
    if parts is None:
        return None
    table, below, line = parts
    reading.found.extend(clear_secrets(table))
    _check_components(table, inventory, reading)
    start = Place(name, line, 1)
    markdown = take_apart(below, start, reading.found, sections=folder != "posts")
    pictures = read_pictures(below, start, FOLDER, reading)
    return Written(slug=slug, table=table, markdown=markdown, inventory=inventory, pictures=pictures)


def _read_incident(written: Written, reading: Reading) -> Incident | None:
    told = read_updates(written.markdown.sections, INCIDENT_STEPS, IncidentUpdateDocument, reading)
    _check_told(told, written, reading)
    if written.whole(told):
        check_steps(told, INCIDENT_STEPS, reading)
    document = decode(written.table, IncidentDocument, reading.found)
    if document is None:
        return None
    _check_kind("incident", document, written, reading)
    started = _first(document.started, "started", told, written, reading)
    if started is None:
        return None
    unsaid = IMPACT_STATUS[document.impact]
    return Incident(
        slug=written.slug,
        title=document.title,
        started=started,
        impact=document.impact,
        body=written.markdown.body,
        affects=_affects(document.affects, unsaid),
        updates=tuple(
            Update(
                number=one.number,
                at=one.at,
                phase=one.phase,
                body=one.body,
                affects=_affects(one.said.affects, unsaid),
                next_update=one.said.next_update,
            )
            for one in told
        ),
        next_update=document.next_update,
        authors=document.authors,
        aliases=document.aliases,
        checklist=written.markdown.checklist,
        pictures=written.pictures,
        language=_language(document, reading),
    )


def _read_maintenance(written: Written, reading: Reading) -> Maintenance | None:
    told = read_updates(written.markdown.sections, MAINTENANCE_STEPS, MaintenanceUpdateDocument, reading)
    _check_told(told, written, reading)
    document = decode(written.table, MaintenanceDocument, reading.found)
    if document is None:
        return None
    _check_kind("maintenance", document, written, reading)
    _check_window(document, written, reading)
    announced = _first(document.announced, "announced", told, written, reading)
    recurrence = read_recurrence(document, written.table, reading)
    if document.repeats and recurrence is None:
        return None
    lived = life(Window(document.starts, document.ends), recurrence, told, reading)
    for row in lived.rows if written.whole(told) else ():
        check_steps(row, MAINTENANCE_STEPS, reading)
    if announced is None:
        return None
    return Maintenance(
        slug=written.slug,
        title=document.title,
        starts=document.starts,
        ends=document.ends,
        announced=announced,
        body=written.markdown.body,
        affects=_affects(document.affects, Status.UNDER_MAINTENANCE),
        updates=tuple(
            Update(
                number=one.number,
                at=one.at,
                phase=one.phase,
                body=one.body,
                affects=_affects(one.said.affects, Status.UNDER_MAINTENANCE),
                window=window,
            )
            for one, window in zip(told, lived.windows, strict=True)
        ),
        authors=document.authors,
        aliases=document.aliases,
        checklist=written.markdown.checklist,
        pictures=written.pictures,
        language=_language(document, reading),
        repeats=recurrence,
    )


def _read_post(written: Written, reading: Reading) -> Post | None:
    if not written.markdown.body:
        message = "expected text below the front matter, got nothing"
        reading.wrong(written.table.at, "", message, "a post is its text: write it below the second '---'")
    document = decode(written.table, PostDocument, reading.found)
    if document is None:
        return None
    _check_kind("post", document, written, reading)
    return Post(
        slug=written.slug,
        title=document.title,
        published=document.published,
        body=written.markdown.body,
        authors=document.authors,
        aliases=document.aliases,
        pinned=document.pinned,
        checklist=written.markdown.checklist,
        pictures=written.pictures,
        language=_language(document, reading),
    )


AnyTold = Told[IncidentPhase, IncidentUpdateDocument] | Told[MaintenancePhase, MaintenanceUpdateDocument]
Reader = Callable[[Written, Reading], Announcement | None]

READERS: Mapping[str, Reader] = {
    "incidents": _read_incident,
    "maintenance": _read_maintenance,
    "posts": _read_post,
}
"""What reads the files of each folder."""


def _check_components(table: Table, inventory: Inventory, reading: Reading) -> None:
    for component, at in named(table, "affects"):
        inventory.check(component, at, "affects", reading)


def _check_told(told: Sequence[AnyTold], written: Written, reading: Reading) -> None:
    for update in told:
        if update.table:
            _check_components(update.table, written.inventory, reading)


def _check_kind(kind: str, document: AnnouncementDocument, written: Written, reading: Reading) -> None:
    if document.kind is not None and document.kind != kind:
        message = f"expected {kind!r} in this folder, got {document.kind!r}"
        reading.wrong(written.at("kind"), "kind", message, "move the file, or delete this key")


def _check_window(document: MaintenanceDocument, written: Written, reading: Reading) -> None:
    if document.ends <= document.starts:
        message = "the maintenance ends before it starts"
        if document.ends == document.starts:
            message = "the maintenance ends the moment it starts"
        reading.wrong(written.at("ends"), "ends", message, "check the dates and the zones of 'starts' and 'ends'")
    if document.announced is not None and document.announced > document.ends:
        message = "the maintenance is announced after its end"
        reading.wrong(written.at("announced"), "announced", message, "check the dates and the zones")


def _first(
    stated: datetime | None, key: str, updates: Sequence[AnyTold], written: Written, reading: Reading
) -> datetime | None:
    """Return the instant that an announcement begins with: the one stated under a key, or else its first update's."""
    if stated is None and not written.markdown.sections and not written.markdown.unclosed:
        hint = f"add '{key}: 2022-12-01T14:00Z', or a first update"
        reading.wrong(written.table.at, key, "the key is missing, and there is no update to take it from", hint)
    if stated is not None and updates and updates[0].at < stated:
        reading.wrong(written.at(key), key, f"the first update is before {key!r}", f"correct one, or delete {key!r}")
    return updates[0].at if stated is None and updates else stated


def _language(document: AnnouncementDocument, reading: Reading) -> str:
    """Return the language of a text; nothing for that of the site, in whichever region."""
    tag, main = document.lang or "", next(iter(reading.languages), "")
    same = tag.partition("-")[0] == main.partition("-")[0] and tag not in reading.languages[1:]
    return "" if same else tag


def _affects(written: Mapping[str, Status | None], unsaid: Status) -> dict[str, Status]:
    return {component: status or unsaid for component, status in written.items()}
