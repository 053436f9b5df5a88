"""`statusgen resolve`: the incident is over, or the maintenance is done."""

from __future__ import annotations

import click

from statusgen.cli.authored import add_update, chosen, text_or_input
from statusgen.cli.options import Settings, command

ENDS = {"incidents": ("resolved", "This is resolved."), "maintenance": ("completed", "This is done.")}
"""The last phase and what it says when nothing else is said, by folder."""


@command
@click.argument("slug")
@click.argument("text", required=False, callback=text_or_input)
def resolve(settings: Settings, slug: str, text: str | None) -> None:
    """Say that an incident is resolved, or a maintenance completed: SLUG is its file's name or a part of it.

    It is an update like any other, added at the end of the file; TEXT is what it says,
    or - for what standard input holds.
    """
    phase, words = ENDS[chosen(settings.project, slug).split("/")[1]]
    add_update(settings, slug, phase, text or words)
