"""`statusgen export`: observations as they were made, for other programs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from statusgen import pipeline
from statusgen.cli import report, wiring
from statusgen.cli.options import Settings, data_command
from statusgen.cli.progress import choose_progress
from statusgen.evaluate.uptime import window_days

_DAY = click.DateTime(["%Y-%m-%d"])


@data_command
@click.option("--from", "first", type=_DAY, metavar="DAY", help="The first UTC day; that of the page unless said.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="The last UTC day; today unless said.")
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
def export(settings: Settings, first: datetime | None, last: datetime | None, style: str, output: Path | None) -> None:
    """Write out what was observed, each observation once and in order of time, however long ago.

    The state is only read, a day at a time. What in it cannot be read is told on stderr and left out.
    """
    progress = choose_progress(settings)
    project, _ = wiring.open_project(settings)
    now = wiring.choose_clock(settings).now()
    begin = first.date() if first else window_days(now)[0]
    end = last.date() if last else now.date()
    if end < begin:
        raise click.BadParameter(f"{end} is before {begin}", param_hint="--to")
    found = pipeline.export(wiring.open_state(project, settings), begin, end, now=now, progress=progress)
    report.exported(found, style, output)
