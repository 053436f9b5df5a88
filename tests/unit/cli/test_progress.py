"""Progress fits where it is shown: a bar on a terminal, lines in CI, nothing when asked for silence."""

from __future__ import annotations

import io
from pathlib import Path

import click
import pytest
from rich.console import Console

from statusgen.cli.bars import BarProgress
from statusgen.cli.options import Format, Settings
from statusgen.cli.progress import LineProgress, QuietProgress, choose_progress


def settings(style: Format = Format.TEXT, *, quiet: bool = False) -> Settings:
    return Settings(project=Path(), now=None, format=style, quiet=quiet)


def run(progress: QuietProgress) -> None:
    progress.start("probing", 2)
    progress.advance()
    progress.warn("the spool [at home] is full")
    progress.advance()
    progress.done("2 up")


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (QuietProgress(), "warning: the spool [at home] is full\n"),
        (LineProgress(), "warning: the spool [at home] is full\nprobing: 2 up\n"),
        (LineProgress(Format.GITHUB), "::warning::the spool [at home] is full\nprobing: 2 up\n"),
    ],
)
def test_lines_are_on_stderr(progress: QuietProgress, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(progress)
    assert capsys.readouterr() == ("", said)


def test_a_bar_leaves_a_line_of_each_stage() -> None:
    screen = io.StringIO()
    progress = BarProgress(Console(file=screen, force_terminal=True, color_system=None, width=60))
    run(progress)
    progress.start("uploading", 0)
    progress.close()
    progress.advance()
    shown = screen.getvalue()
    assert "probing  2 up\n" in shown
    assert "warning: the spool [at home] is full\n" in shown
    assert "0/2" in shown or "1/2" in shown


def test_silence_is_chosen_when_asked_for_and_lines_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    with click.Context(click.Command("any")):
        assert type(choose_progress(settings(quiet=True))) is QuietProgress
        assert type(choose_progress(settings())) is LineProgress


def test_a_bar_is_chosen_on_a_terminal_that_is_not_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.delenv("CI", raising=False)
    with click.Context(click.Command("any")):
        assert type(choose_progress(settings())) is BarProgress
        assert type(choose_progress(settings(Format.GITHUB))) is LineProgress
        monkeypatch.setenv("CI", "true")
        assert type(choose_progress(settings())) is LineProgress
