"""What one run of reading has at hand, and what it gathers on its way through the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from statusgen.errors import Place, Problem
from statusgen.model.project import SecretUse
from statusgen.ports import ProbeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The project's folder and the kinds of check; problems of every file, and the names of secrets they ask for.

    `page` is where readers find the page, `languages` are those of the site, the main one first, `networks` those that
    some location reaches; all are empty as long as the settings cannot be read.
    """

    root: Path
    kinds: Mapping[str, ProbeKind]
    page: str = ""
    languages: tuple[str, ...] = ()
    found: list[Problem] = field(default_factory=list)
    secrets: list[SecretUse] = field(default_factory=list)
    networks: set[str] = field(default_factory=set)

    def wrong(self, at: Place, key: str, message: str, hint: str = "") -> None:
        """Note a problem."""
        self.found.append(Problem(at, key, message, hint))
