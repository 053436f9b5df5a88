"""`statusgen validate`: every mistake, before readers see it."""

from __future__ import annotations

import os
from collections.abc import Sequence

from statusgen.cli import leaking, report, wiring
from statusgen.cli.options import Settings, command
from statusgen.config import unset_secrets
from statusgen.errors import ExitCode, Problem, ProjectError
from statusgen.render.templates import mistakes


@command
def validate(settings: Settings) -> None:
    """Read every file of the project and report every mistake, each with its place and what to write instead.

    Nothing is asked of the network. With --format github, mistakes become annotations at their lines.
    """
    try:
        project, theme = wiring.open_project(settings)
        found: Sequence[Problem] = tuple(mistakes(theme))
    except ProjectError as error:
        found = error.problems
    if found:
        report.problems(found, settings)
        raise SystemExit(ExitCode.PROJECT)
    report.problems((*unset_secrets(project, os.environ), *leaking.would_leak(project, settings)), settings)
