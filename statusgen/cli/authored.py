"""What `new`, `update` and `resolve` share: a file is written, checked, and taken back if something is wrong then."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from statusgen.authoring import add, announcements, create, find, take_back, update
from statusgen.cli import report, wiring
from statusgen.cli.options import Settings
from statusgen.config import load
from statusgen.config.settings import FILE
from statusgen.config.source import read_source
from statusgen.errors import Place, Problem, ProjectError

Write = Callable[[Path, str, str], None]


def mistakes(settings: Settings) -> Sequence[Problem]:
    """Return what is wrong with the project; raise `ProjectError` where there is none."""
    try:
        load(settings.project, kinds=wiring.choose_kinds())
    except ProjectError as error:
        if not (settings.project / FILE).is_file():
            raise ProjectError([one for one in error.problems if one.at.file == FILE]) from None
        return error.problems
    return ()


def caused(before: Sequence[Problem], after: Sequence[Problem], name: str) -> list[Problem]:
    """Return what is wrong with a file that was written, and elsewhere because of it."""
    return [one for one in after if one.at.file == name or one not in before]


def written(settings: Settings, name: str, text: str, write: Write) -> None:
    """Write a file and say so; raise `ProjectError`, with nothing left behind, when something is wrong then.

    Mistakes that other files had before keep nobody from speaking. Raises `FileExistsError` as `write` does.
    """
    before = mistakes(settings)
    put(settings.project, name, text, write)
    if problems := caused(before, mistakes(settings), name):
        take_back(settings.project, name, text, created=write is create)
        raise ProjectError(problems)
    warn(before)
    report.wrote(name, settings)


def put(root: Path, name: str, text: str, write: Write) -> None:
    """Write; what the system refuses is a problem of that file."""
    try:
        write(root, name, text)
    except FileExistsError:
        raise
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        raise ProjectError([Problem(Place(name), "", f"the file cannot be written: {why}")]) from error


def warn(others: Sequence[Problem]) -> None:
    """Say how many mistakes there are in files that nobody touched."""
    if others:
        number, them = ("1 mistake", "it") if len(others) == 1 else (f"{len(others)} mistakes", "them")
        report.aside(f"warning: {number} in other files; 'statusgen validate' lists {them}")


def add_update(settings: Settings, slug: str, phase: str, text: str) -> None:
    """Add an update to the one announcement that is meant."""
    name = chosen(settings.project, slug)
    found: list[Problem] = []
    source = read_source(settings.project, name, found)
    if source is None or found:
        raise ProjectError(found)
    now = wiring.choose_clock(settings).now()
    written(settings, name, update(source, now, phase, text), add)


def text_or_input(_context: click.Context, _parameter: click.Parameter, given: str | None) -> str | None:
    """Return a text as it was given, or what standard input holds for a `-`."""
    if given != "-":
        return given
    try:
        return sys.stdin.buffer.read().decode().strip("\r\n")
    except UnicodeDecodeError:
        raise click.BadParameter("standard input is no text in UTF-8") from None


def chosen(root: Path, slug: str) -> str:
    """Return the file of the announcement that is meant; a usage error says which there are when it is not one."""
    found = find(root, slug)
    if len(found) == 1:
        return found[0]
    known = found or announcements(root)
    hint = f"expected one of {', '.join(known[-5:])}" if known else "there is none yet"
    message = f"{slug!r} is the name of {len(found)} announcements" if found else f"there is no announcement {slug!r}"
    raise click.BadParameter(f"{message}; {hint}", param_hint="SLUG")
