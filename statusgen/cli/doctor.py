"""`statusgen doctor`: what could take the page down with what it reports on, before the night on which it does."""

from __future__ import annotations

from statusgen import pipeline
from statusgen.cli import report, wiring
from statusgen.cli.options import Settings, command
from statusgen.cli.progress import choose_progress
from statusgen.crew import choose_crew
from statusgen.doctor.examine import examine
from statusgen.errors import ExitCode
from statusgen.model.artifact import Artifact
from statusgen.model.project import Project


@command
def doctor(settings: Settings) -> None:
    """Look for what the page shares with what it reports on: names, name servers, addresses, networks, certificates.

    It asks the DNS, and opens the page, the bucket and nothing else. It changes nothing. The exit code is 5 when there
    is a problem, and 0 with warnings.
    """
    found = examine(*_site(settings))
    report.findings(found, settings)
    if any(one.severity == "problem" for one in found):
        raise SystemExit(ExitCode.PUBLISH)


def _site(settings: Settings) -> tuple[Project, tuple[Artifact, ...]]:
    """Return the project and the files that it gives now."""
    progress = choose_progress(settings)
    project, theme = wiring.open_project(settings)
    site = pipeline.build(
        project,
        theme,
        wiring.open_state(project, settings),
        secrets=wiring.secret_values(project),
        now=wiring.choose_clock(settings).now(),
        progress=progress,
        crew=choose_crew(),
    )
    return project, site.artifacts
