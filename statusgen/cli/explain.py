"""`statusgen explain`: the intervals behind a day's figure, who saw what, and the sum."""

from __future__ import annotations

from datetime import datetime

import click

from statusgen import pipeline
from statusgen.cli import report, wiring
from statusgen.cli.options import Settings, command
from statusgen.cli.progress import choose_progress


@command
@click.argument("component", metavar="COMPONENT")
@click.argument("day", metavar="DAY", type=click.DateTime(["%Y-%m-%d"]))
def explain(settings: Settings, component: str, day: datetime) -> None:
    """Print what a component's figure of one UTC day is made of, such as `web 2022-11-30`, however long ago.

    Each stretch of time with its status, its reason and who saw it, and what they add up to.
    """
    progress = choose_progress(settings)
    project, _ = wiring.open_project(settings)
    wanted = wiring.choose_component(project, component)
    state = wiring.open_state(project, settings)
    now = wiring.choose_clock(settings).now()
    found = pipeline.explain(project, wanted, day.date(), state, now=now, progress=progress)
    report.explained(found, settings)
