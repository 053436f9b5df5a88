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


def test_what_was_tried_again_is_counted_in_the_line_of_its_stage(capsys: pytest.CaptureFixture[str]) -> None:
    progress = LineProgress()
    for number in (1, 2, 0):
        progress.start("uploading", 1)
        for _ in range(number):
            progress.retried()
        progress.advance(1000)
        progress.done("1 file sent")
    said = "uploading: 1 file sent, 1 retry\nuploading: 1 file sent, 2 retries\nuploading: 1 file sent\n"
    assert capsys.readouterr().err == said
    QuietProgress().retried()
    assert capsys.readouterr() == ("", "")


def test_beside_a_bar_stand_bytes_and_retries_once_there_are_any() -> None:
    screen = io.StringIO()
    progress = BarProgress(Console(file=screen, force_terminal=True, color_system=None, width=90))
    progress.retried()
    progress.start("uploading", 3)
    progress.retried()
    progress._bars.refresh()
    assert "0/3 1 retry " in screen.getvalue()
    progress.advance(1500)
    progress.retried()
    progress._bars.refresh()
    assert "1/3 1.5 kB, 2 retries " in screen.getvalue()
    progress.done("3 files sent")
    assert "uploading  3 files sent, 1.5 kB, 2 retries\n" in screen.getvalue()
    progress.start("checking", 1)
    progress.done("nothing")
    assert screen.getvalue().endswith("checking  nothing\n")
