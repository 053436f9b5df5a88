"""`statusgen validate`: every mistake, before readers see it."""

from __future__ import annotations

import os

from statusgen.cli import report, wiring
from statusgen.cli.options import Settings, command
from statusgen.config import load, unset_secrets
from statusgen.config.theme import load_theme
from statusgen.crew import choose_crew
from statusgen.errors import ProjectError


@command
def validate(settings: Settings) -> None:
    """Read every file of the project and report every mistake, each with its place and what to write instead.

    Nothing is asked of the network. With --format github, mistakes become annotations at their lines.
    """
    try:
        project = load(settings.project, kinds=wiring.choose_kinds(), crew=choose_crew())
        load_theme(settings.project, project.theme)
    except ProjectError as error:
        report.problems(error.problems, settings)
        raise SystemExit(error.exit_code) from None
    report.problems(unset_secrets(project, os.environ), settings)
