"""The names of announcements, which are their addresses: that of the file, and those that it had before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from statusgen.config.nodes import Table, named
from statusgen.config.reading import Reading
from statusgen.errors import Place

KEY = "aliases"

MAINTENANCE = "maintenance"
"""The folder whose announcements may come again."""

_OCCURRENCE = re.compile("(.+)-[0-9]{4}-[0-9]{2}-[0-9]{2}")

LIST = "index"
"""The name of the page that lists a folder's announcements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A name that a file of a folder had before, and where that is written."""

    folder: str
    slug: str
    name: str
    at: Place


@dataclass(slots=True)
class Names:
    """Who has which name; two announcements of one folder cannot share one, for then they would share an address."""

    files: dict[tuple[str, str], str] = field(default_factory=dict)
    aliases: list[Alias] = field(default_factory=list)
    series: set[str] = field(default_factory=set)

    def take(self, folder: str, slug: str, file: str, reading: Reading) -> None:
        """Give a file the name that it is found under."""
        if (folder, slug) in self.files:
            message = f"the name {slug!r} is taken, by {self.files[folder, slug]}"
            reading.wrong(Place(file), "", message, "rename one of them: the name is the announcement's address")
        self.files.setdefault((folder, slug), file)

    def check(self, reading: Reading) -> None:
        """Refuse every name that somebody else has now, had before, or that an occurrence of a series comes to have."""
        taken = {(alias.folder, LIST): "the list of all announcements" for alias in self.aliases} | self.files
        repeated = self._repeated()
        for alias in self.aliases:
            owner = taken.get((alias.folder, alias.name)) or _occurrence(alias.folder, alias.name, repeated)
            if alias.name == alias.slug:
                reading.wrong(alias.at, KEY, f"{alias.name!r} is the name that the file has now", "delete it here")
            elif owner:
                hint = "an old address can lead to one announcement only"
                reading.wrong(alias.at, KEY, f"the name {alias.name!r} is taken, by {owner}", hint)
            taken.setdefault((alias.folder, alias.name), alias.at.file)
        for (folder, name), file in self.files.items():
            owner = _occurrence(folder, name, repeated)
            if owner:
                message = f"the name {name!r} is taken, by {owner}"
                reading.wrong(Place(file), "", message, "rename the file: the name is the announcement's address")

    def _repeated(self) -> dict[str, str]:
        """Return the names that occurrences are named after, each with how a message says whose they are."""
        now = {slug: self.files[MAINTENANCE, slug] for slug in self.series}
        before = {
            alias.name: f"{now[alias.slug]}, which was {alias.name!r}"
            for alias in self.aliases
            if alias.folder == MAINTENANCE and alias.slug in now
        }
        return before | now


def former_names(folder: str, slug: str, table: Table) -> tuple[Alias, ...]:
    """Return the names that a file says it had before."""
    return tuple(Alias(folder=folder, slug=slug, name=name, at=at) for name, at in named(table, KEY))


def _occurrence(folder: str, name: str, repeated: Mapping[str, str]) -> str | None:
    """Return the occurrence that a name belongs to; each has the old names of its series, too."""
    match = _OCCURRENCE.fullmatch(name)
    owner = repeated.get(match[1]) if match and folder == MAINTENANCE else None
    return owner and f"an occurrence of {owner}"
