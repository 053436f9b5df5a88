"""`statusgen publish`: the main job."""

from __future__ import annotations

from datetime import timedelta

import click

from statusgen import pipeline
from statusgen.cli import leaking, report, wiring
from statusgen.cli.options import Settings, allow_deletes, command, dry_run, fail_on, if_stale, location, shard
from statusgen.cli.progress import choose_progress
from statusgen.crew import choose_crew
from statusgen.doctor.examine import enforce
from statusgen.engine import engine
from statusgen.errors import ChannelError, PublishError
from statusgen.model.project import Independence, Project
from statusgen.model.shard import Shard
from statusgen.ports import Progress
from statusgen.poster import WebPoster
from statusgen.publish import purging
from statusgen.publish.holdings import published_within
from statusgen.purge import tell
from statusgen.reader import WebReader
from statusgen.verify import seen_by


@command
@location
@shard
@dry_run
@fail_on
@if_stale
@click.option("--verify", is_flag=True, help="Open the public address afterwards, and fail unless readers get it all.")
@allow_deletes
@click.option("--force", is_flag=True, help="Send every file, over a newer page too.")
def publish(
    settings: Settings,
    *,
    location: str | None,
    shard: Shard | None,
    dry_run: bool,
    fail_on: str | None,
    if_stale: timedelta | None,
    verify: bool,
    allow_deletes: bool,
    force: bool,
) -> None:
    """Probe everything, remember it, build the site and upload what changed.

    A service that is down is news, not a failure: the exit code is 0 unless --fail-on says otherwise. What was
    observed is kept before anything is uploaded, so that nothing is lost when the upload fails.
    """
    progress = choose_progress(settings)
    published = publish_once(
        settings,
        progress,
        location=location,
        shard=shard,
        if_stale=if_stale,
        verify=verify,
        dry_run=dry_run,
        force=force,
        allow_deletes=allow_deletes,
    )
    if published:
        report.workflow(published.page)
        report.end(published.page, published.trouble, fail_on)


def _verify(published: pipeline.Published, settings: Settings, progress: Progress) -> None:
    """Make sure that readers see it. Raises `PublishError`."""
    page, clock = published.page, wiring.choose_clock(settings)
    found = seen_by(WebReader(), published.wanted, page.site.url, page.published, clock=clock, progress=progress)
    report.seen(found, settings)


def _purge(
    project: Project, published: pipeline.Published, settings: Settings, progress: Progress
) -> ChannelError | None:
    """Tell the cache in front of the page what changed; return the trouble when it would not be told."""
    if project.purge is None:
        return None
    url, token = wiring.purge_secrets(project.purge)
    told = purging.requests(purging.FORMS[project.purge.form], purging.changed(published.plan, project.site.url), token)
    try:
        tell(WebPoster(), url, told, clock=wiring.choose_clock(settings), progress=progress)
    except ChannelError as error:
        return error
    return None


def publish_once(
    settings: Settings,
    progress: Progress,
    *,
    location: str | None,
    shard: Shard | None,
    if_stale: timedelta | None = None,
    verify: bool = False,
    dry_run: bool = False,
    force: bool = False,
    allow_deletes: bool = False,
) -> pipeline.Published | None:
    """Read the project, publish, print what came of it, and return it.

    With `if_stale` that is done only when nobody has published for so long; then None is returned.
    """
    project, theme = wiring.open_project(settings)
    if verify and not project.site.url:
        raise click.BadParameter("the site has no 'url' in statusgen.yaml to look at", param_hint="--verify")
    clock = wiring.choose_clock(settings)
    target = wiring.open_target(project.target, settings.project, progress)
    if if_stale and (last := published_within(if_stale, target, now=clock.now(), progress=progress)):
        report.fresh(last, project.target.url, settings)
        return None
    wiring.warn_of_missing_secrets(project, progress)
    vantage = wiring.choose_vantage(project, location, clock, shard)
    memory = wiring.open_memory(project, settings, progress, lasting=not dry_run)
    if project.independence is Independence.ENFORCE and not force:
        try:
            enforce(project)
        except PublishError:  # what is observed is kept, whatever becomes of the page
            pipeline.probe(project, vantage, memory, clock=clock, progress=progress)
            raise
    published = pipeline.publish(
        project,
        theme,
        vantage,
        memory,
        target,
        secrets=wiring.secret_values(project),
        clock=clock,
        progress=progress,
        force=force,
        allow_deletes=allow_deletes,
        dry_run=dry_run,
        crew=choose_crew(),
        engine=engine(),
    )
    where = project.site.url or wiring.front_page(project.target, settings.project)
    report.published(published, project.target.url, settings, where=where, dry_run=dry_run)
    unsent = dry_run or published.newer
    trouble = None if unsent else _purge(project, published, settings, progress)
    if verify and not unsent:
        _verify(published, settings, progress)
    leaking.refuse_leaks(project, published.withheld, settings)
    if trouble:
        raise trouble
    return published
