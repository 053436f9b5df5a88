"""How a long command says how it gets on, on stderr: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys

import click

from statusgen.cli.options import Format, Settings


class QuietProgress:
    """Says only what is odd."""

    def __init__(self, style: Format = Format.TEXT) -> None:
        self._style = style

    def start(self, what: str, total: int) -> None:
        """Say nothing."""

    def advance(self, size: int = 0) -> None:
        """Say nothing."""

    def retried(self) -> None:
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
        self._retries = 0

    def start(self, what: str, total: int) -> None:  # noqa: ARG002 - the protocol's
        """Remember the stage."""
        self._stage = what

    def retried(self) -> None:
        """Count."""
        self._retries += 1

    def done(self, summary: str) -> None:
        """Say what it came to, and how many requests it took again."""
        click.echo(f"{self._stage}: {summary}{retries(self._retries)}", err=True)
        self._retries = 0


def retries(number: int) -> str:
    """Return how often something was tried again, to be put behind other words; nothing when it was not."""
    return f", {number} {'retry' if number == 1 else 'retries'}" if number else ""


def choose_progress(settings: Settings) -> QuietProgress:
    """Return what fits: silence when asked for, a bar on a terminal, lines in CI and in files."""
    if settings.quiet:
        return QuietProgress(settings.format)
    if sys.stderr.isatty() and settings.format is not Format.GITHUB and not os.environ.get("CI"):
        from rich.console import Console  # noqa: PLC0415 - nobody waits for it in CI

        from statusgen.cli.bars import BarProgress  # noqa: PLC0415

        bars = BarProgress(Console(stderr=True))
        click.get_current_context().call_on_close(bars.close)
        return bars
    return LineProgress(settings.format)
