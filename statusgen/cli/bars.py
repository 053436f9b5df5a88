"""A bar for the stage that goes on, drawn with rich on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from statusgen.cli.progress import QuietProgress


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
