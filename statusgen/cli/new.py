"""`statusgen new`: a new incident, maintenance or post, by answering questions or in one line."""

from __future__ import annotations

import sys
from datetime import datetime
from itertools import count

import click

from statusgen.authoring import as_written, create, draft, take_back, template_for
from statusgen.authoring.files import FOLDERS
from statusgen.cli import report, wiring
from statusgen.cli.authored import caused, mistakes, put, text_or_input, warn, written
from statusgen.cli.options import InstantType, Settings, command
from statusgen.errors import ProjectError
from statusgen.model.words import Impact, Status
from statusgen.values import slugify

_OPTIONS = {"incident": ("impact", "affects"), "maintenance": ("starts", "ends", "affects"), "post": ()}
"""The options that each kind has; another one would say nothing."""

_PLURALS = {"incident": "incidents", "maintenance": "maintenance", "post": "posts"}

_STATUSES = [status.value for status in Status if status is not Status.UNKNOWN]


@command
@click.argument("kind", type=click.Choice(list(FOLDERS)))
@click.argument("title", required=False)
@click.option("--impact", type=click.Choice([one.value for one in Impact]), help="Of an incident: how bad it is.")
@click.option(
    "--affects",
    multiple=True,
    metavar="COMPONENT[=STATUS]",
    help="A component that it affects, such as media or media=partial_outage; may be given several times.",
)
@click.option("--starts", type=InstantType(), metavar="INSTANT", help="Of a maintenance: when its window opens.")
@click.option("--ends", type=InstantType(), metavar="INSTANT", help="Of a maintenance: when its window closes.")
@click.option(
    "--text",
    metavar="MARKDOWN",
    callback=text_or_input,
    help="What it says, or - for what standard input holds; without it an editor opens.",
)
def new(
    settings: Settings,
    *,
    kind: str,
    title: str | None,
    impact: str | None,
    affects: tuple[str, ...],
    starts: datetime | None,
    ends: datetime | None,
    text: str | None,
) -> None:
    """Write a new incident, maintenance or post into content/.

    What is not given is asked for, at a terminal. Without --text the file opens in $EDITOR. The file is made from
    content/templates/KIND.md when the project has that, else from a template of ours.
    """
    _refuse_others(kind, impact=impact, affects=affects, starts=starts, ends=ends)
    now = wiring.choose_clock(settings).now()
    here = now if settings.now else now.astimezone()
    title = title or _ask("TITLE", "Title")
    values = {
        "title": title,
        "at": as_written(here.replace(second=0, microsecond=0)),
        "impact": (impact or _ask("--impact", "Impact (none, minor, major, critical)")) if kind == "incident" else None,
        "starts": _instant(starts, here, "--starts") if kind == "maintenance" else None,
        "ends": _instant(ends, here, "--ends") if kind == "maintenance" else None,
        "affects": _affected(affects),
        "text": text,
    }
    name = _name(settings, kind, f"{here:%Y-%m-%d}", title)
    _write(settings, name, draft(*template_for(settings.project, kind), values), edit=text is None)


def _name(settings: Settings, kind: str, day: str, title: str) -> str:
    """Return the name of the new file: its day and its title; titles without a letter that it can hold are counted."""
    stem = f"content/{FOLDERS[kind]}/{day}-{slugify(title) or kind}"
    names = (f"{stem}{'' if number == 1 else f'-{number}'}.md" for number in count(1))
    return next(name for name in names if slugify(title) or not (settings.project / name).exists())


def _write(settings: Settings, name: str, text: str, *, edit: bool) -> None:
    """Write the file and let its author go on; what an author has written in the editor is kept, right or wrong."""
    try:
        if not (edit and at_terminal()):
            written(settings, name, text, create)
            return
        before = mistakes(settings)
        put(settings.project, name, text, create)
    except FileExistsError:
        raise click.UsageError(f"{name} exists already; give another title, or use 'statusgen update'") from None
    try:
        click.edit(filename=str(settings.project / name))
    except (click.ClickException, ValueError):  # a value of EDITOR that no shell could read
        if take_back(settings.project, name, text, created=True):
            message = "the editor failed, and nothing is written; set EDITOR to one that works, or use --text"
            raise click.UsageError(message) from None
        report.aside("warning: the editor failed; what it has saved is kept")
    if problems := caused(before, mistakes(settings), name):
        raise ProjectError(problems)
    warn(before)
    report.wrote(name, settings)


def at_terminal() -> bool:
    """Return whether somebody sits there to be asked."""
    return sys.stdin.isatty()


def _refuse_others(kind: str, **given: object) -> None:
    for option, value in given.items():
        if value and option not in _OPTIONS[kind]:
            raise click.UsageError(f"--{option} is not for {_PLURALS[kind]}; leave it out")


def _ask(option: str, question: str) -> str:
    """Ask at a terminal; elsewhere say which option is missing."""
    if not at_terminal():
        raise click.UsageError(f"{option} is missing, and there is no terminal to ask at")
    answer: str = click.prompt(question, err=True)
    return answer


def _instant(given: datetime | None, here: datetime, option: str) -> str:
    asked = given or InstantType().convert(_ask(option, f"{option[2:].capitalize()} (2022-12-01T14:00Z)"), None, None)
    return as_written(asked.astimezone(here.tzinfo))


def _affected(given: tuple[str, ...]) -> dict[str, str] | list[str]:
    """Return components with their status, or as a list when no status is given."""
    pairs = {component: status for component, _, status in (one.partition("=") for one in given)}
    wrong = sorted(set(pairs.values()) - {"", *_STATUSES})
    if wrong:
        raise click.BadParameter(f"expected one of {', '.join(_STATUSES)}, got {wrong[0]!r}", param_hint="--affects")
    if pairs and not all(pairs.values()) and any(pairs.values()):
        raise click.BadParameter("give a status with every component or with none", param_hint="--affects")
    return pairs if any(pairs.values()) else list(pairs)
