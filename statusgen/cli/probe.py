"""`statusgen probe`: look, and remember; for an agent that sees what the publisher cannot."""

from __future__ import annotations

from statusgen import pipeline
from statusgen.cli import report, wiring
from statusgen.cli.options import Settings, command, dry_run, location, shard
from statusgen.cli.progress import choose_progress
from statusgen.model.shard import Shard
from statusgen.ports import Progress


@command
@location
@shard
@dry_run
def probe(settings: Settings, location: str | None, shard: Shard | None, dry_run: bool) -> None:
    """Probe everything from one location and keep what was found in the state.

    For a second location, such as an agent inside the rack: the next publish takes what it found into account. When the
    state cannot be reached, observations wait on this machine for the next run.
    """
    probed = probe_once(settings, choose_progress(settings), location=location, shard=shard, dry_run=dry_run)
    report.end(None, probed.trouble, None)


def probe_once(
    settings: Settings, progress: Progress, *, location: str | None, shard: Shard | None, dry_run: bool = False
) -> pipeline.Probed:
    """Read the project, probe, print what was found, and return it."""
    project, _ = wiring.open_project(settings)
    wiring.warn_of_missing_secrets(project, progress)
    clock = wiring.choose_clock(settings)
    probed = pipeline.probe(
        project,
        wiring.choose_vantage(project, location, clock, shard),
        wiring.open_memory(project, settings, progress, lasting=not dry_run),
        clock=clock,
        progress=progress,
    )
    report.probed(probed.observations, settings)
    return probed
