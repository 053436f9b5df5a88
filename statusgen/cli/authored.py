"""What `new`, `update` and `resolve` share: a file is written, checked, and taken back if it is wrong then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from statusgen.authoring import add, find, take_back, update
from statusgen.cli import report, wiring
from statusgen.cli.options import Settings
from statusgen.config import load
from statusgen.errors import Problem, ProjectError


def problems_of(settings: Settings, name: str) -> list[Problem]:
    """Return what is wrong with one file of the project; mistakes elsewhere are for others, and become warnings."""
    try:
        load(settings.project, kinds=wiring.choose_kinds())
    except ProjectError as error:
        elsewhere = len([one for one in error.problems if one.at.file != name])
        if elsewhere:
            number, them = ("1 mistake", "it") if elsewhere == 1 else (f"{elsewhere} mistakes", "them")
            report.aside(f"warning: {number} in other files; 'statusgen validate' lists {them}")
        return [one for one in error.problems if one.at.file == name]
    return []


def written(settings: Settings, name: str, text: str, write: Callable[[Path, str, str], None]) -> None:
    """Write a file and say so; raise `ProjectError`, with nothing left behind, when it is wrong then."""
    write(settings.project, name, text)
    if problems := problems_of(settings, name):
        take_back(settings.project, name, text)
        raise ProjectError(problems)
    report.wrote(name, settings)


def add_update(settings: Settings, slug: str, phase: str, text: str) -> None:
    """Add an update to the one announcement that is meant."""
    name = chosen(settings.project, slug)
    source = (settings.project / name).read_text(encoding="utf-8")
    now = wiring.choose_clock(settings).now()
    written(settings, name, update(source, now, phase, text), add)


def chosen(root: Path, slug: str) -> str:
    """Return the file of the announcement that is meant; a usage error says which there are when it is not one."""
    found = find(root, slug)
    if len(found) == 1:
        return found[0]
    known = found or find(root, "-")
    hint = f"expected one of {', '.join(Path(name).stem for name in known[-5:])}" if known else "there is none yet"
    message = f"{slug!r} is the name of {len(found)} announcements" if found else f"there is no announcement {slug!r}"
    raise click.BadParameter(f"{message}; {hint}", param_hint="SLUG")
