"""`statusgen status`: how things stand, from what is remembered."""

from __future__ import annotations

from statusgen import pipeline
from statusgen.cli import report, wiring
from statusgen.cli.options import Settings, command, fail_on
from statusgen.cli.progress import choose_progress


@command
@fail_on
def status(settings: Settings, fail_on: str | None) -> None:
    """Say how things stand by the project's files and what is remembered, without probing or writing anything."""
    progress = choose_progress(settings)
    project, _ = wiring.open_project(settings)
    now = wiring.choose_clock(settings).now()
    page = pipeline.look(project, wiring.open_state(project, settings), now=now, progress=progress)
    report.page(page, settings)
    report.end(page, None, fail_on)
