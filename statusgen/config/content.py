"""`content/`: incidents, maintenance and posts, one Markdown file each; the folder says which."""

from __future__ import annotations

from pathlib import PurePosixPath

from pydantic_core import PydanticCustomError

from statusgen.config.announcements import FOLDER, READERS, read_announcement
from statusgen.config.groups import Inventory
from statusgen.config.names import LIST, Names
from statusgen.config.reading import Reading
from statusgen.config.source import list_files
from statusgen.errors import Place
from statusgen.model.announcement import Announcement
from statusgen.ports import ALONE, Crew
from statusgen.values import either, parse_slug, slugify, suggest

_TEMPLATES = "templates"
"""The folder of what `statusgen new` begins with."""


def read_announcements(reading: Reading, inventory: Inventory, crew: Crew = ALONE) -> tuple[Announcement, ...]:
    """Return every announcement that is right, in the order of file names; all problems are in `reading`."""
    names = Names()
    files: list[tuple[str, str, str]] = []
    for name in list_files(reading.root, FOLDER):
        folder = _folder(name, reading)
        slug = _slug(name, reading) if folder is not None else None
        if folder is not None and slug is not None:
            names.take(folder, slug, name, reading)
            files.append((name, folder, slug))
    found = crew.each(lambda file: read_announcement(*file, reading, inventory), files)
    for (_, _, slug), one in zip(files, found, strict=True):
        reading.found.extend(one.problems)
        names.aliases.extend(one.before)
        names.series.update([slug] if one.repeats else [])
    names.check(reading)
    return tuple(one.announcement for one in found if one.announcement is not None)


def _folder(name: str, reading: Reading) -> str | None:
    """Return the folder that says what a file announces; None for what is no announcement."""
    path = PurePosixPath(name)
    if path.suffix in {".markdown", ".mdown", ".mkd", ".MD", ".txt"}:
        reading.wrong(Place(name), "", f"expected a name that ends in '.md', got {path.suffix!r}", "rename the file")
        return None
    if path.suffix != ".md" or path.name == "README.md":
        return None
    folder = path.parts[1]
    if folder == _TEMPLATES:
        return None
    if folder not in READERS:
        found = "none" if folder == path.name else repr(folder)
        message = f"expected one of the folders {either(READERS)} below '{FOLDER}/', got {found}"
        reading.wrong(Place(name), "", message, suggest(folder, READERS) or "move the file into one of them")
        return None
    return folder


def _slug(name: str, reading: Reading) -> str | None:
    try:
        slug = parse_slug(PurePosixPath(name).stem)
        if slug != LIST:
            return slug
        hint = "say what it announces, such as '2022-12-01-moving-the-database.md'"
        reading.wrong(Place(name), "", f"the name {slug!r} is taken, by the list of all announcements", hint)
    except PydanticCustomError as error:
        context = error.context or {}
        hint = f"rename the file to '{slugify(PurePosixPath(name).stem)}.md'"
        reading.wrong(Place(name), "", context["message"].replace("an id", "a file name"), hint)
    return None
