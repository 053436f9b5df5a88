"""How a long command says how it gets on, on stderr: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from statusgen.cli.options import Format, Settings


class QuietProgress:
    """Says only what is odd."""

    def __init__(self, style: Format = Format.TEXT) -> None:
        self._style = style

    def start(self, what: str, total: int) -> None:
        """Say nothing."""

    def advance(self) -> None:
        """Say nothing."""

    def done(self, summary: str) -> None:
        """Say nothing."""

    def warn(self, message: str) -> None:
        """Say it at once."""
        prefix = "::warning::" if self._style is Format.GITHUB else "warning: "
        click.echo(f"{prefix}{message}", err=True)


class LineProgress(QuietProgress):
    """Says one line for each stage, when it is over."""

    def __init__(self, style: Format = Format.TEXT) -> None:
        super().__init__(style)
        self._stage = ""

    def start(self, what: str, total: int) -> None:  # noqa: ARG002 - the protocol's
        """Remember the stage."""
        self._stage = what

    def done(self, summary: str) -> None:
        """Say what it came to."""
        click.echo(f"{self._stage}: {summary}", err=True)


class BarProgress(QuietProgress):
    """Draws a bar for the stage that goes on, and leaves one line of it."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        columns = (TextColumn("{task.description:>9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bars = Bars(*columns, console=console, transient=True)
        self._task: TaskID | None = None
        self._stage = ""

    def start(self, what: str, total: int) -> None:
        """Draw the bar."""
        self._end()
        self._stage = what
        self._task = self._bars.add_task(what, total=total)
        self._bars.start()

    def advance(self) -> None:
        """Let it grow."""
        if self._task is not None:
            self._bars.advance(self._task)

    def done(self, summary: str) -> None:
        """Put a line in its place."""
        self._end()
        self._bars.console.print(f"[dim]{self._stage:>9}[/dim]  {escape(summary)}", highlight=False, soft_wrap=True)

    def warn(self, message: str) -> None:
        """Say it above the bar."""
        self._bars.console.print(f"[yellow]warning:[/yellow] {escape(message)}", highlight=False, soft_wrap=True)

    def close(self) -> None:
        """Take the bar away, whatever happened."""
        self._end()

    def _end(self) -> None:
        self._bars.stop()
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None


def choose_progress(settings: Settings) -> QuietProgress:
    """Return what fits: silence when asked for, a bar on a terminal, lines in CI and in files."""
    if settings.quiet:
        return QuietProgress(settings.format)
    if sys.stderr.isatty() and settings.format is not Format.GITHUB and not os.environ.get("CI"):
        bars = BarProgress(Console(stderr=True))
        click.get_current_context().call_on_close(bars.close)
        return bars
    return LineProgress(settings.format)
