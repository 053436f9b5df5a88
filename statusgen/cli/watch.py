"""`statusgen watch`: publish again and again, where cron is too coarse or too late."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial

import click

from statusgen.cli import report, wiring
from statusgen.cli.options import DurationType, Settings, command, if_stale, location, shard
from statusgen.cli.probe import probe_once
from statusgen.cli.progress import choose_progress
from statusgen.cli.publish import publish_once
from statusgen.errors import ExitCode, StatusgenError
from statusgen.model.page import Page
from statusgen.model.shard import Shard
from statusgen.pipeline import Probed, Published
from statusgen.watch import beats


class _Runs:
    """The runs of one watch: `code` is what the last one that ended would have ended with by itself."""

    def __init__(
        self, settings: Settings, probe: Callable[[], Probed], publish: Callable[[], Published | None]
    ) -> None:
        self._settings = settings
        self._probe = probe
        self._publish = publish
        self.code: ExitCode | None = None
        self.page: Page | None = None

    def run(self, *, probe_only: bool) -> None:
        """Run once and tell what went wrong, which must not end the others."""
        try:
            if probe_only:
                report.end(None, self._probe().trouble, None)
            elif published := self._publish():
                self.page = published.page
                report.end(published.page, published.trouble, None)
        except StatusgenError as error:
            report.failure(error, self._settings)
            self.code = error.exit_code
        except Exception as error:  # noqa: BLE001 - a bug of ours in one run is told like any other error
            report.bug(error)
            self.code = ExitCode.BUG
        else:
            self.code = ExitCode.DONE


@command
@location
@shard
@if_stale
@click.option(
    "--every",
    type=DurationType(),
    metavar="DURATION",
    help="From one run to the next; unless said, the project's interval.",
)
@click.option(
    "--for", "lasting", type=DurationType(), metavar="DURATION", help="How long, such as 55m; for ever unless said."
)
@click.option("--probe-only", is_flag=True, help="Probe and remember, as 'probe' does, without publishing.")
def watch(
    settings: Settings,
    *,
    location: str | None,
    shard: Shard | None,
    if_stale: timedelta | None,
    every: timedelta | None,
    lasting: timedelta | None,
    probe_only: bool,
) -> None:
    """Publish again and again, where cron is too coarse or too late.

    The first run is at once. The others keep to the beat however long each of them takes; one that takes longer than
    the time between two skips what it missed. The project's files are read anew for each. An error of one run is told
    and does not end the watch; Ctrl-C, SIGTERM and --for do. The exit code is that of the last run that ended.
    """
    progress = choose_progress(settings)
    project, _ = wiring.open_project(settings)
    clock = wiring.choose_clock(settings)
    wiring.choose_vantage(project, location, clock, shard)  # a mistake in the command line ends it here
    runs = _Runs(
        settings,
        partial(probe_once, settings, progress, location=location, shard=shard),
        partial(publish_once, settings, progress, location=location, shard=shard, if_stale=if_stale),
    )
    expected = 0
    with _terminated_as_by_ctrl_c(), suppress(KeyboardInterrupt):
        for beat in beats(clock, every=every or project.interval, lasting=lasting):
            if skipped := beat - expected:
                runs_were = "a run was" if skipped == 1 else f"{skipped} runs were"
                progress.warn(f"{runs_were} skipped, because one took longer than the time between two")
            expected = beat + 1
            runs.run(probe_only=probe_only)
    if runs.page:
        report.workflow(runs.page)
    if runs.code is None:
        raise KeyboardInterrupt
    raise SystemExit(runs.code)


@contextmanager
def _terminated_as_by_ctrl_c() -> Iterator[None]:
    """Let SIGTERM do what Ctrl-C does at that moment, also while probes are under way."""
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
