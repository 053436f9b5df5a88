"""`statusgen heartbeat`: report that something was done, for checks that nobody can ask."""

from __future__ import annotations

import click

from statusgen import pipeline
from statusgen.cli import report, wiring
from statusgen.cli.options import Settings, command, dry_run, location
from statusgen.cli.progress import choose_progress


@command
@click.argument("check", metavar="COMPONENT/ID")
@location
@dry_run
def heartbeat(settings: Settings, check: str, location: str | None, dry_run: bool) -> None:
    """Report that a heartbeat check is well, at the end of a backup, a cron job or a script.

    The report is one object of its own in the state, which is neither read nor listed. When the state cannot be
    reached, the report waits on this machine for the next run, and the exit code is 0 all the same.
    """
    progress = choose_progress(settings)
    project, _ = wiring.open_project(settings)
    clock = wiring.choose_clock(settings)
    reported = pipeline.beat(
        wiring.choose_heartbeat(project, check),
        wiring.choose_vantage(project, location, clock),
        wiring.open_memory(project, settings, progress, lasting=not dry_run),
        clock=clock,
        progress=progress,
    )
    report.probed(reported.observations, settings)
