"""`statusgen doctor`: what could take the page down with what it reports on, before the night on which it does."""

from __future__ import annotations

from statusgen import pipeline
from statusgen.cli import report, wiring
from statusgen.cli.options import Settings, command
from statusgen.cli.progress import choose_progress
from statusgen.crew import choose_crew
from statusgen.doctor import bucket_rules, policies
from statusgen.doctor.bucket import try_places
from statusgen.doctor.bucket_facts import PlaceRole, Tried
from statusgen.doctor.examine import examine
from statusgen.errors import ExitCode, StateError, StoreError
from statusgen.model.artifact import Artifact
from statusgen.model.project import Project


@command
def doctor(settings: Settings) -> None:
    """Look for what the page shares with what it reports on, and for what its buckets do.

    It asks the DNS, and opens the page and the buckets. Into each bucket it puts a small object, and takes it away
    again. The exit code is 5 when there is a problem, and 0 with warnings.
    """
    project, artifacts = _site(settings)
    tried = _try_buckets(project, settings)
    found = (*examine(project, artifacts), *bucket_rules.judge(tried), *policies.judge(project))
    report.findings(found, settings)
    if any(one.severity == "problem" for one in found):
        raise SystemExit(ExitCode.PUBLISH)


def _try_buckets(project: Project, settings: Settings) -> tuple[Tried, ...]:
    """Return what the buckets of the site and the state do; one that cannot be opened is told, too."""
    roles: dict[PlaceRole, str] = {"site": project.target.url, "state": project.state.url}
    shut, places = [], []
    for role, name in roles.items():
        try:
            place = wiring.open_place(project, role, settings.project)
        except StoreError as error:
            shut.append(Tried(name=name, role=role, trouble=error.reason))
        else:
            places += [place] if place else []
    return (*shut, *try_places(places))


def _site(settings: Settings) -> tuple[Project, tuple[Artifact, ...]]:
    """Return the project and the files that it gives now; none when the state cannot be read, which is warned of."""
    progress = choose_progress(settings)
    project, theme = wiring.open_project(settings)
    try:
        site = pipeline.build(
            project,
            theme,
            wiring.open_state(project, settings),
            secrets=wiring.secret_values(project),
            now=wiring.choose_clock(settings).now(),
            progress=progress,
            crew=choose_crew(),
        )
    except StateError as error:
        progress.warn(f"what the pages load could not be looked up: {error}")
        return project, ()
    return project, site.artifacts
