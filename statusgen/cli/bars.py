"""A bar for the stage that goes on, drawn with rich on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.filesize import decimal
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from statusgen.cli.progress import QuietProgress, retries


class BarProgress(QuietProgress):
    """Draws a bar for the stage that goes on, and leaves one line of it.

    Beside the bar stand how many bytes were sent and how many requests were tried again, once there are any.
    """

    def __init__(self, console: Console) -> None:
        super().__init__()
        beside = TextColumn("{task.fields[beside]}")
        columns = (TextColumn("{task.description:>9}"), BarColumn(), MofNCompleteColumn(), beside, TimeElapsedColumn())
        self._bars = Bars(*columns, console=console, transient=True)
        self._task: TaskID | None = None
        self._stage = ""
        self._sent = self._retries = 0

    def start(self, what: str, total: int) -> None:
        """Draw the bar."""
        self._end()
        self._stage = what
        self._sent = self._retries = 0
        self._task = self._bars.add_task(what, total=total, beside="")
        self._bars.start()

    def advance(self, size: int = 0) -> None:
        """Let it grow."""
        self._sent += size
        self._show(1)

    def retried(self) -> None:
        """Count it, beside the bar."""
        self._retries += 1
        self._show(0)

    def done(self, summary: str) -> None:
        """Put a line in its place."""
        self._end()
        said = summary + self._beside(", ")
        self._bars.console.print(f"[dim]{self._stage:>9}[/dim]  {escape(said)}", highlight=False, soft_wrap=True)

    def warn(self, message: str) -> None:
        """Say it above the bar."""
        self._bars.console.print(f"[yellow]warning:[/yellow] {escape(message)}", highlight=False, soft_wrap=True)

    def close(self) -> None:
        """Take the bar away, whatever happened."""
        self._end()

    def _show(self, steps: int) -> None:
        if self._task is not None:
            self._bars.update(self._task, advance=steps, beside=self._beside(""))

    def _beside(self, before: str) -> str:
        """Return the bytes and the retries so far; nothing when there are none of either."""
        sent = f"{before}{decimal(self._sent)}" if self._sent else ""
        again = retries(self._retries)
        return sent + (again if sent or before else again.removeprefix(", "))

    def _end(self) -> None:
        self._bars.stop()
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None
