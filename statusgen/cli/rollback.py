"""`statusgen rollback`: the page that was published before."""

from __future__ import annotations

import click

from statusgen import config
from statusgen.cli import report, wiring
from statusgen.cli.options import Settings, allow_deletes, command, dry_run
from statusgen.cli.progress import choose_progress
from statusgen.crew import choose_crew
from statusgen.publish import generations
from statusgen.rollback import roll_back


@command
@dry_run
@click.option("--list", "listing", is_flag=True, help="Print the earlier pages that are kept, newest first.")
@click.option("--to", metavar="NAME", help="The earlier page to publish.  [default: the newest]")
@allow_deletes
def rollback(settings: Settings, *, dry_run: bool, listing: bool, to: str | None, allow_deletes: bool) -> None:
    """Publish the page that was published before, for the day a change of the theme goes wrong.

    Until what was taken back has changed, or somebody publishes with --force, `publish` keeps what it observes and
    sends nothing. A second rollback takes the first one back.
    """
    progress = choose_progress(settings)
    project = config.load(settings.project, kinds=wiring.choose_kinds())
    state = wiring.open_state(project, settings)
    if listing:
        report.generations(generations.known(state, warn=progress.warn), settings)
        return
    target = wiring.open_target(project.target, settings.project, progress)
    result = roll_back(
        target,
        state,
        to,
        secrets=wiring.secret_values(project),
        now=wiring.choose_clock(settings).now(),
        progress=progress,
        allow_deletes=allow_deletes,
        dry_run=dry_run,
        crew=choose_crew(),
    )
    report.rolled_back(result, project.target.url, settings, dry_run=dry_run)
