"""The whole project, from its folder: every file is read, and every mistake in them told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from statusgen.config.content import read_announcements
from statusgen.config.groups import read_groups
from statusgen.config.reading import Reading
from statusgen.config.readings import Readings
from statusgen.config.settings import read_settings
from statusgen.errors import Problem, ProjectError
from statusgen.model.project import Project, SecretUse
from statusgen.ports import ALONE, Crew, ProbeKind

_NONE = Readings()


def load(root: Path, *, kinds: Mapping[str, ProbeKind], crew: Crew = ALONE, readings: Readings = _NONE) -> Project:
    """Return the project in a folder; raise `ProjectError` with every problem of every file when something is wrong.

    `kinds` are the kinds of check by the word that names them in `checks/`. Nothing is asked of the network or the
    environment, so that a project can be checked anywhere. The crew reads announcements, but for those whose `readings`
    are remembered.
    """
    reading = Reading(root=root, kinds=kinds)
    settings = read_settings(reading)
    if settings is not None:
        reading = replace(reading, page=settings.site.url, languages=settings.site.tongues)
    groups, inventory = read_groups(reading)
    announcements = read_announcements(reading, inventory, crew, readings)
    if settings is None or reading.found:
        raise ProjectError(reading.found)
    return Project(
        site=settings.site,
        interval=settings.interval,
        confirm_after=settings.confirm_after,
        locations=settings.locations,
        groups=groups,
        announcements=announcements,
        state=settings.state,
        target=settings.target,
        theme=settings.theme,
        keep=settings.keep,
        independence=settings.independence,
        allowed=settings.allowed,
        purge=settings.purge,
        secrets=tuple(sorted(reading.secrets, key=lambda use: use.at)),
    )


def unset_secrets(project: Project, environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return a warning for each variable that the project asks for and the environment lacks, at its first use."""
    first: dict[str, SecretUse] = {}
    for use in project.secrets:
        if not environ.get(use.name):
            first.setdefault(use.name, use)
    hint = "set it where statusgen runs; until then what needs it is unknown"
    return tuple(
        Problem(use.at, "", f"the environment variable {use.name!r} is not set", hint, warning=True)
        for use in first.values()
    )
