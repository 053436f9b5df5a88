"""`statusgen update`: say something new of an incident or a maintenance, in one line."""

from __future__ import annotations

import click

from statusgen.cli.authored import add_update, text_or_input
from statusgen.cli.options import Settings, command


@command
@click.argument("slug")
@click.argument("phase")
@click.argument("text", callback=text_or_input)
def update(settings: Settings, slug: str, phase: str, text: str) -> None:
    """Add an update to an announcement: SLUG is its file's name or a part of it, TEXT is Markdown,
    or - for what standard input holds.

    PHASE is investigating, identified, monitoring, resolved or postmortem for an incident, and in_progress, verifying,
    completed or cancelled for a maintenance. The update is added at the end of the file with the present instant;
    nothing else in it changes. What would make the file wrong is not written.
    """
    add_update(settings, slug, phase, text)
