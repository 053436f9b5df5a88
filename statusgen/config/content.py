"""`content/`: incidents, maintenance and posts, one Markdown file each; the folder says which."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from pydantic_core import PydanticCustomError

from statusgen.config.announcements import FOLDER, READERS, Found, read_announcement
from statusgen.config.groups import Inventory
from statusgen.config.names import LIST, Names
from statusgen.config.reading import Reading
from statusgen.config.readings import Readings
from statusgen.config.source import list_files
from statusgen.config.translations import Translated, add_translation, translated
from statusgen.errors import Place
from statusgen.model.announcement import Announcement
from statusgen.ports import ALONE, Crew
from statusgen.values import either, parse_slug, slugify, suggest

_NONE = Readings()
_TEMPLATES = "templates"
"""The folder of what `statusgen new` begins with."""


def read_announcements(
    reading: Reading, inventory: Inventory, crew: Crew = ALONE, readings: Readings = _NONE
) -> tuple[Announcement, ...]:
    """Return every announcement that is right, in the order of file names; all problems are in `reading`.

    What is remembered of a file is not read again.
    """
    names = Names()
    files: list[tuple[str, str, str]] = []
    others: list[Translated] = []
    for name in list_files(reading.root, FOLDER):
        folder = _folder(name, reading)
        if folder is not None and (other := translated(name, folder)):
            others.append(other)
            continue
        slug = _slug(name, reading) if folder is not None else None
        if folder is not None and slug is not None:
            names.take(folder, slug, name, reading)
            files.append((name, folder, slug))
    found = _read(files, reading, inventory, crew, readings)
    for (_, _, slug), one in zip(files, found, strict=True):
        reading.found.extend(one.problems)
        names.aliases.extend(one.before)
        names.series.update([slug] if one.repeats else [])
    names.check(reading)
    by_name = {(folder, slug): one.announcement for (_, folder, slug), one in zip(files, found, strict=True)}
    for other in others:
        _translate(by_name, other, reading)
    return tuple(one for one in by_name.values() if one is not None)


def _read(
    files: Sequence[tuple[str, str, str]], reading: Reading, inventory: Inventory, crew: Crew, readings: Readings
) -> Sequence[Found]:
    """Return what each file holds."""
    depends = repr((reading.page, reading.languages, sorted(inventory.ids), inventory.complete)).encode()
    known = readings.recall(reading.root, [name for name, _, _ in files], depends)
    others = [file for file in files if file[0] not in known.found]
    read = crew.each(lambda file: read_announcement(*file, reading, inventory), others)
    made = {name: found for (name, _, _), found in zip(others, read, strict=True)}
    known.keep(made)
    return [known.found.get(name) or made[name] for name, _, _ in files]


def _translate(by_name: dict[tuple[str, str], Announcement | None], file: Translated, reading: Reading) -> None:
    """Put a translation to what it translates; nothing of one whose original is wrong is told."""
    name = file.folder, file.slug
    if name not in by_name:
        hint = "rename it after what it translates, or '-' instead of '.' if it is an announcement of its own"
        reading.wrong(Place(file.name), "", f"there is no {file.original!r} that this would translate", hint)
    elif one := by_name[name]:
        by_name[name] = add_translation(one, file, reading)


def _folder(name: str, reading: Reading) -> str | None:
    """Return the folder that says what a file announces; None for what is no announcement."""
    stem, extension = posixpath.splitext(name)
    if extension in {".markdown", ".mdown", ".mkd", ".MD", ".txt"}:
        reading.wrong(Place(name), "", f"expected a name that ends in '.md', got {extension!r}", "rename the file")
        return None
    if extension != ".md" or posixpath.basename(stem) == "README":
        return None
    folder = name.split("/")[1]
    if folder == _TEMPLATES:
        return None
    if folder not in READERS:
        found = "none" if folder == posixpath.basename(name) else repr(folder)
        message = f"expected one of the folders {either(READERS)} below '{FOLDER}/', got {found}"
        reading.wrong(Place(name), "", message, suggest(folder, READERS) or "move the file into one of them")
        return None
    return folder


def _slug(name: str, reading: Reading) -> str | None:
    stem = _stem(name)
    try:
        slug = parse_slug(stem)
        if slug != LIST:
            return slug
        hint = "say what it announces, such as '2022-12-01-moving-the-database.md'"
        reading.wrong(Place(name), "", f"the name {slug!r} is taken, by the list of all announcements", hint)
    except PydanticCustomError as error:
        context = error.context or {}
        hint = f"rename the file to '{slugify(stem)}.md'"
        reading.wrong(Place(name), "", context["message"].replace("an id", "a file name"), hint)
    return None


def _stem(name: str) -> str:
    """Return the name of a file without its folders and its extension."""
    return posixpath.splitext(posixpath.basename(name))[0]
