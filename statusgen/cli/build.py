"""`statusgen build`: the site as it stands, in a folder."""

from __future__ import annotations

from pathlib import Path

import click

from statusgen import pipeline
from statusgen.cli import leaking, report, wiring
from statusgen.cli.options import Settings, command, dry_run
from statusgen.cli.progress import choose_progress
from statusgen.crew import choose_crew
from statusgen.engine import engine
from statusgen.model.project import StoreAddress
from statusgen.publish.holdings import inspect


@command
@dry_run
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("public"),
    metavar="DIR",
    help="The folder to write to, counted from the project's.  [default: public]",
)
def build(settings: Settings, dry_run: bool, output: Path) -> None:
    """Build the site from the project's files and what is remembered, without probing or uploading.

    The state is only read. Files of an earlier build that are no longer part of the site are deleted; others stay.
    """
    progress = choose_progress(settings)
    project, theme = wiring.open_project(settings)
    now = wiring.choose_clock(settings).now()
    state = wiring.open_state(project, settings)
    secrets, crew = wiring.secret_values(project), choose_crew()
    address = StoreAddress(url=f"file:{output}")
    holdings = inspect(wiring.open_target(address, settings.project, progress), progress)
    site = pipeline.build(
        project,
        theme,
        state,
        secrets=secrets,
        now=now,
        progress=progress,
        crew=crew,
        holdings=holdings,
        engine=engine(),
    )
    made = pipeline.place(site, holdings, now=now, progress=progress, dry_run=dry_run)
    where = wiring.front_page(address, settings.project)
    report.published(pipeline.Published(page=site.page, plan=made), address.url, settings, where=where, dry_run=dry_run)
    report.workflow(site.page)
    leaking.refuse_leaks(project, site.withheld, settings)
