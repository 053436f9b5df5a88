"""`statusgen serve`: the site as it would be, in a browser, while it is written."""

from __future__ import annotations

import time
from errno import EADDRINUSE

import click

from statusgen import pipeline
from statusgen.authoring.preview import Preview, snapshot
from statusgen.cli import leaking, report, wiring
from statusgen.cli.options import Settings, command
from statusgen.cli.progress import choose_progress
from statusgen.crew import choose_crew
from statusgen.errors import StatusgenError

_WRONG = "This cannot be shown yet"

LOOK_EVERY = 0.5
"""Seconds between two looks at the files."""


@command
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="Where to serve it; 0 takes a free one.")
def serve(settings: Settings, port: int) -> None:
    """Show the site at http://127.0.0.1:8000/ and show it anew whenever one of the project's files changes.

    Nothing is probed, and the state is only read. With --now the page is that of another instant, such as the middle of
    a maintenance that is still to come. Ctrl-C ends it.
    """
    try:
        preview = Preview(port)
    except OSError as error:
        why = "it is taken" if error.errno == EADDRINUSE else (error.strerror or "unknown error").lower()
        raise click.UsageError(f"port {port} cannot be used: {why}; give another one, or 0 for any") from None
    report.say(preview.address)
    seen = None
    try:
        while True:
            now = snapshot(settings.project)
            if now != seen:
                seen = now
                _show(preview, settings)
            time.sleep(LOOK_EVERY)
    except KeyboardInterrupt:
        preview.close()


def _show(preview: Preview, settings: Settings) -> None:
    """Build the site, or show what is wrong with it."""
    try:
        project, theme = wiring.open_project(settings)
        now = wiring.choose_clock(settings).now()
        state = wiring.open_state(project, settings)
        secrets = wiring.secret_values(project)
        progress, crew = choose_progress(settings), choose_crew()
        site = pipeline.build(project, theme, state, secrets=secrets, now=now, progress=progress, crew=crew)
        leaking.refuse_leaks(project, site.withheld, settings)
    except StatusgenError as error:
        report.failure(error, settings)
        preview.show_wrong(_WRONG, str(error))
    except OSError as error:  # as when a branch is checked out: what is new then is seen at the next look
        preview.show_wrong(_WRONG, f"a file cannot be read: {(error.strerror or 'unknown error').lower()}")
    else:
        preview.show(site.artifacts)
