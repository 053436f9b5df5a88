"""`name.de.md` beside `name.md`: an announcement in another language of the site, and with it what its updates say.

A translation has a title and text. All else, when it is, whom it affects and how it goes on, is said once, in the
original, so that no two languages can tell of different events. Its updates are found by their instants.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic_core import PydanticCustomError

from statusgen.config.clear_secrets import clear_secrets
from statusgen.config.content_documents import (
    IncidentDocument,
    IncidentUpdateDocument,
    MaintenanceDocument,
    MaintenanceUpdateDocument,
    PostDocument,
    TranslationDocument,
)
from statusgen.config.decode import decode
from statusgen.config.documents import LANGUAGE
from statusgen.config.markdown import Markdown, Section, split_front_matter, take_apart
from statusgen.config.nodes import Table
from statusgen.config.pictures import read_pictures
from statusgen.config.reading import Reading
from statusgen.config.source import read_source
from statusgen.config.updates import KEY
from statusgen.errors import Place
from statusgen.model.announcement import Announcement, Incident, Maintenance, Post, Translation, Update
from statusgen.values import either, parse_instant, shape, suggest

_ELSEWHERE = frozenset(
    {*IncidentDocument.model_fields, *MaintenanceDocument.model_fields, *PostDocument.model_fields}
) - {"title"}
_BELOW = frozenset({*IncidentUpdateDocument.model_fields, *MaintenanceUpdateDocument.model_fields})
_ONCE = "a translation has a title and text, all else is said once"
_LINE = re.compile(r"([a-z_]+):(?=\s|$)")
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A file that translates another one: its name, the folder and the slug of the other, and the language."""

    name: str
    folder: str
    slug: str
    tag: str

    @property
    def original(self) -> str:
        """The name of the file that it translates."""
        return f"{self.slug}.md"


def translated(name: str, folder: str) -> Translated | None:
    """Return what a file translates, by its name; None when it is an announcement of its own."""
    slug, mark, tag = posixpath.splitext(posixpath.basename(name))[0].partition(".")
    if not mark or not re.fullmatch(LANGUAGE, tag):
        return None
    return Translated(name=name, folder=folder, slug=slug, tag=tag)


def add_translation(one: Announcement, file: Translated, reading: Reading) -> Announcement:
    """Return an announcement with its text in one language more; what is wrong with the file is in `reading`."""
    if not _fits(one, file, reading):
        return one
    text = read_source(reading.root, file.name, reading.found)
    parts = None if text is None else split_front_matter(text, file.name, reading.found)
    if parts is None:
        return one
    table, below, line = parts
    reading.found.extend(clear_secrets(table))
    document = decode(_own(table, file, reading), TranslationDocument, reading.found)
    start = Place(file.name, line, 1)
    markdown = take_apart(below, start, reading.found, sections=not isinstance(one, Post))
    pictures = {**read_pictures(below, start, "content", reading), **one.pictures}
    _check_body(one, markdown, table, reading)
    if document is None:
        return one
    translations = {**one.translations, file.tag: Translation(document.title, markdown.body)}
    if isinstance(one, Post):
        return replace(one, translations=translations, pictures=pictures)
    updates = _updates(one, markdown.sections, file, reading)
    return replace(one, translations=translations, pictures=pictures, updates=updates)


def _fits(one: Announcement, file: Translated, reading: Reading) -> bool:
    if reading.languages and file.tag not in reading.languages:
        hint = suggest(file.tag, reading.languages) or f"add {file.tag!r} to 'site.languages' in statusgen.yaml"
        reading.wrong(Place(file.name), "", f"{file.tag!r} is no language of the site", hint)
        return False
    if file.tag == (one.language or next(iter(reading.languages), "")):
        hint = "rename the file, or write 'lang: …' into the other one"
        reading.wrong(Place(file.name), "", f"{file.tag!r} is the language of {file.original!r} itself", hint)
        return False
    return True


def _own(table: Table, file: Translated, reading: Reading) -> Table:
    """Return the front matter without the keys that belong into the original, each of which is a problem."""
    for key, entry in table.entries.items():
        if key in _ELSEWHERE:
            reading.wrong(entry.at, key, f"this belongs into {file.original!r}", f"delete it here: {_ONCE}")
    return replace(table, entries={key: entry for key, entry in table.entries.items() if key not in _ELSEWHERE})


def _check_body(one: Announcement, markdown: Markdown, table: Table, reading: Reading) -> None:
    if one.body and not markdown.body:
        message = "expected text below the front matter, got nothing"
        reading.wrong(table.at, "", message, "the original has text there: translate it, or delete the file")
    if markdown.body and not one.body:
        message = "there is text above the updates, and none in the original"
        reading.wrong(table.at, "", message, "write it in both, or in neither")


def _updates(
    one: Incident | Maintenance, sections: Sequence[Section], file: Translated, reading: Reading
) -> tuple[Update, ...]:
    """Return the updates with what their translations say; one that has none yet stays as it is."""
    found: dict[int, str] = {}
    for section in sections:
        update = _meant(one, section, found, file, reading)
        if update is None:
            continue
        key = _LINE.match(section.body)
        if key and key[1] in _BELOW:
            at = Place(section.at.file, section.below, 1)
            reading.wrong(at, key[1], f"this belongs into {file.original!r}", f"delete it here: {_ONCE}")
        elif update.body and not section.body:
            hint = "translate it, or delete the heading: then readers see the original"
            reading.wrong(section.at, KEY, "expected the text of the update, got nothing", hint)
        found[update.number] = section.body
    return tuple(
        replace(update, translations={**update.translations, file.tag: found[update.number]})
        if update.number in found
        else update
        for update in one.updates
    )


def _meant(
    one: Incident | Maintenance, section: Section, taken: dict[int, str], file: Translated, reading: Reading
) -> Update | None:
    """Return the update that a heading means: the first of its instant, and of its phase, that has no translation."""
    words = section.heading.split()
    split = 2 if len(words) > 1 and _TIME.match(words[1]) else 1
    phase = " ".join(words[split:])
    try:
        at = parse_instant(" ".join(words[:split]))
    except PydanticCustomError:
        message = f"a second-level heading is an update, got {shape(section.heading)}"
        reading.wrong(section.at, KEY, message, "write '## ' and the instant, as in the original")
        return None
    same = [update for update in one.updates if update.at == at]
    then = [update for update in same if update.number not in taken]
    meant = next((update for update in then if phase in ("", str(update.phase))), None)
    if meant is None and then:
        message = (
            f"expected {either([str(update.phase) for update in then])}, as in {file.original!r}, got {shape(phase)}"
        )
        reading.wrong(section.at, KEY, message, "or leave the phase out: the original says it")
    elif meant is None and same:
        reading.wrong(section.at, KEY, "this update is translated above already", "keep one of the two")
    elif meant is None:
        told = [f"{update.at:%Y-%m-%dT%H:%MZ}" for update in one.updates]
        hint = f"its updates are those of {', '.join(told[-3:])}" if told else "it has no updates"
        reading.wrong(section.at, KEY, f"{file.original!r} has no update at {' '.join(words[:split])!r}", hint)
    return meant
