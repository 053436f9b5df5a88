"""`statusgen export`: observations as they were made, for other programs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from statusgen import pipeline
from statusgen.cli import report, wiring
from statusgen.cli.options import Settings, data_command
from statusgen.cli.progress import choose_progress
from statusgen.evaluate.uptime import DAY, midnight, window_days
from statusgen.values import parse_instant


@dataclass(frozen=True, slots=True)
class _When:
    """A UTC day or an instant, as it was written: when it begins, and when it is over."""

    text: str
    begin: datetime
    end: datetime


def _day(day: date) -> _When:
    begin = midnight(day)
    return _When(str(day), begin, begin + DAY)


class _WhenType(click.ParamType[_When]):
    """A day or an instant with a zone."""

    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> _When:
        """Return the day or the instant; a usage error says what is wrong with it."""
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
                return _day(date.fromisoformat(value))
            instant = parse_instant(value)
        except (ValueError, OverflowError):
            expected = "expected a day such as '2022-12-01', or an instant with a zone such as '2022-12-01T14:00Z'"
            self.fail(f"{expected}, got {value!r}", param, ctx)
        return _When(value, instant, instant)


_WHEN = _WhenType()


@data_command
@click.option(
    "--from", "first", type=_WHEN, metavar="WHEN", help="The first UTC day or instant; that of the page unless said."
)
@click.option(
    "--to",
    "last",
    type=_WHEN,
    metavar="WHEN",
    help="The last UTC day, or the instant that it ends before; today unless said.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["jsonl", "csv"]),
    default="jsonl",
    help="Lines of JSON as they are kept, or a table with a heading.  [default: jsonl]",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The file to write, whole or not at all; stdout unless said.",
)
def export(settings: Settings, first: _When | None, last: _When | None, style: str, output: Path | None) -> None:
    """Write out what was observed, each observation once and in order of time, however long ago.

    The state is only read, a day at a time. What in it cannot be read is told on stderr and left out.
    """
    progress = choose_progress(settings)
    project, _ = wiring.open_project(settings)
    now = wiring.choose_clock(settings).now()
    first, last = first or _day(window_days(now)[0]), last or _day(now.date())
    if last.end <= first.begin:
        raise click.BadParameter(f"{last.text} is not after {first.text}", param_hint="--to")
    state, end = wiring.open_state(project, settings), min(last.end, max(now + DAY, first.begin))
    found = pipeline.export(state, first.begin, end, now=now, progress=progress)
    report.exported(found, style, output)
