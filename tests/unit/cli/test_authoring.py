"""`new`, `update` and `resolve`: one line each, and what would make a file wrong is not written."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from statusgen.cli import new
from tests.unit.cli.conftest import Statusgen, WriteFile

INCIDENT = ("new", "incident", "Pictures do not load", "--impact", "major")
FILE = "content/incidents/2022-12-01-pictures-do-not-load.md"


def read(statusgen: Statusgen, name: str = FILE) -> str:
    """Return a file of the project."""
    return (statusgen.root / name).read_text(encoding="utf-8")


def test_an_incident_in_one_line(statusgen: Statusgen) -> None:
    result = statusgen(*INCIDENT, "--affects", "media=partial_outage", "--text", "The store is full.")
    assert (result.exit_code, result.stdout) == (0, FILE + "\n")
    assert read(statusgen) == (
        "---\ntitle: Pictures do not load\nimpact: major\naffects: {media: partial_outage}\n---\n\n"
        "## 2022-12-01T12:00Z investigating\nThe store is full.\n"
    )
    assert "Pictures do not load" in statusgen("status").stdout


def test_its_updates_and_its_end_in_one_line_each(statusgen: Statusgen) -> None:
    statusgen(*INCIDENT, "--text", "We look.")
    before = read(statusgen)
    assert statusgen("update", "pictures", "identified", "A disk.", now="2022-12-01T12:10Z").exit_code == 0
    assert statusgen("resolve", "pictures", now="2022-12-01T12:20Z").exit_code == 0
    assert read(statusgen) == (
        before + "\n## 2022-12-01T12:10Z identified\nA disk.\n\n## 2022-12-01T12:20Z resolved\nThis is resolved.\n"
    )
    assert statusgen("validate").exit_code == 0


def test_a_text_may_come_from_standard_input(statusgen: Statusgen) -> None:
    long = "Die Grüße kommen an.\n\n- Bilder nicht\n"
    assert statusgen(*INCIDENT, "--text", "-", given=long.encode()).exit_code == 0
    assert statusgen("update", "pictures", "identified", "-", given=b"A disk.\r\n").exit_code == 0
    assert statusgen("resolve", "pictures", "-", given=b"It is over.\n").exit_code == 0
    for text in (long, "identified\nA disk.\n", "resolved\nIt is over.\n"):
        assert text in read(statusgen)
    before = read(statusgen)
    wrong = statusgen("update", "pictures", "identified", "-", given=b"\xff")
    assert wrong.exit_code == 2
    assert "standard input is no text in UTF-8" in wrong.stderr
    assert read(statusgen) == before


def test_a_maintenance_and_its_end(statusgen: Statusgen) -> None:
    window = ("--starts", "2022-12-01T14:00+01:00", "--ends", "2022-12-01T18:00Z")
    said = statusgen(
        "--format", "json", "new", "maintenance", "A new disk", *window, "--affects", "web", "--text", "Soon."
    )
    name = json.loads(said.stdout)["file"]
    assert "starts: 2022-12-01T13:00Z\nends: 2022-12-01T18:00Z\naffects: [web]\n" in read(statusgen, name)
    assert statusgen("resolve", "new-disk", "It is in.", now="2022-12-01T15:00Z").exit_code == 0
    assert read(statusgen, name).endswith("\n## 2022-12-01T15:00Z completed\nIt is in.\n")


def test_a_post(statusgen: Statusgen) -> None:
    assert statusgen("new", "post", "Grüße: und Dank", "--text", "Danke.").exit_code == 0
    assert "title: 'Grüße: und Dank'\n" in read(statusgen, "content/posts/2022-12-01-grue-und-dank.md")


def test_titles_without_a_letter_that_a_name_can_hold_are_counted(statusgen: Statusgen) -> None:
    for title, name in (("画像が表示されない", "post"), ("お知らせ", "post-2"), ("!", "post-3")):
        assert statusgen("new", "post", title, "--text", "。").stdout == f"content/posts/2022-12-01-{name}.md\n"


def test_what_would_be_wrong_is_not_written(statusgen: Statusgen) -> None:
    result = statusgen(*INCIDENT, "--affects", "mediaa", "--text", "x")
    assert result.exit_code == 3
    assert "did you mean 'media'?" in result.stderr
    assert not (statusgen.root / FILE).exists()
    statusgen(*INCIDENT, "--text", "We look.")
    before = read(statusgen)
    result = statusgen("update", "pictures", "identify", "x", now="2022-12-01T12:10Z")
    assert result.exit_code == 3
    assert "did you mean 'identified'?" in result.stderr
    assert read(statusgen) == before


def test_mistakes_elsewhere_do_not_keep_anybody_from_speaking(statusgen: Statusgen, write: WriteFile) -> None:
    write("content/posts/broken.md", "no front matter")
    result = statusgen(*INCIDENT, "--text", "We look.")
    assert result.exit_code == 0
    assert "warning: 1 mistake in other files; 'statusgen validate' lists it" in result.stderr


def test_what_a_new_file_breaks_elsewhere_is_its_own_mistake(statusgen: Statusgen, write: WriteFile) -> None:
    write(
        "content/incidents/renamed.md",
        "---\ntitle: Old\nimpact: none\nstarted: 2022-12-01T10:00Z\n"
        "aliases: [2022-12-01-pictures-do-not-load]\n---\nx\n",
    )
    assert statusgen("validate").exit_code == 0
    result = statusgen(*INCIDENT, "--text", "We look.")
    assert result.exit_code == 3
    assert not (statusgen.root / FILE).exists()
    assert statusgen("validate").exit_code == 0


def test_where_there_is_no_project_nothing_is_written(statusgen: Statusgen) -> None:
    (statusgen.root / "statusgen.yaml").unlink()
    result = statusgen("new", "post", "Hi", "--text", "x")
    assert result.exit_code == 3
    assert "statusgen.yaml: the file is missing" in result.stderr
    assert not (statusgen.root / "content").exists()


def test_a_file_that_cannot_be_read_or_written_is_said(statusgen: Statusgen, monkeypatch: pytest.MonkeyPatch) -> None:
    statusgen(*INCIDENT, "--text", "We look.")
    (statusgen.root / FILE).write_bytes(b"\xff")
    result = statusgen("update", "pictures", "identified", "x")
    assert (result.exit_code, "expected UTF-8" in result.stderr) == (3, True)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    result = statusgen("new", "post", "Hi", "--text", "x")
    assert result.exit_code == 3
    assert "content/posts/2022-12-01-hi.md: the file cannot be written: no space left on device" in result.stderr
    assert not (statusgen.root / "content/posts/2022-12-01-hi.md").exists(), "and nothing half-written stays"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands believe that somebody sits at a terminal."""
    monkeypatch.setattr(new, "at_terminal", lambda: True)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("editor", ["false", "/there/is/none", "vi -u 'quote"])
def test_when_the_editor_fails_nothing_stays(
    statusgen: Statusgen, monkeypatch: pytest.MonkeyPatch, editor: str
) -> None:
    monkeypatch.setenv("VISUAL", editor)
    before = statusgen.files()
    result = statusgen("new", "post", "Hello")
    assert result.exit_code == 2
    assert "the editor failed, and nothing is written" in result.stderr
    assert statusgen.files() == before


@pytest.mark.usefixtures("terminal")
def test_what_an_editor_saved_before_it_failed_is_kept(
    statusgen: Statusgen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text("#!/bin/sh\necho 'More.' >> \"$1\"\nexit 1\n")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    result = statusgen("new", "post", "Hello")
    assert (result.exit_code, result.stdout) == (0, "content/posts/2022-12-01-hello.md\n")
    assert "the editor failed; what it has saved is kept" in result.stderr
    assert read(statusgen, "content/posts/2022-12-01-hello.md").endswith("More.\n")


def test_a_file_may_be_named_as_a_shell_completes_it(statusgen: Statusgen, monkeypatch: pytest.MonkeyPatch) -> None:
    statusgen(*INCIDENT, "--text", "We look.")
    monkeypatch.chdir(statusgen.root / "content")
    for path in (statusgen.root / FILE, f"./incidents/{Path(FILE).name}", FILE):
        assert statusgen("update", str(path), "identified", "A disk.").stdout == FILE + "\n"
    assert read(statusgen).count("A disk.") == 3


def test_an_incident_of_the_same_name_is_not_replaced(statusgen: Statusgen) -> None:
    statusgen(*INCIDENT, "--text", "first")
    result = statusgen(*INCIDENT, "--text", "second")
    assert result.exit_code == 2
    assert f"{FILE} exists already" in result.stderr
    assert "first" in read(statusgen)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("new", "incident"), "TITLE is missing, and there is no terminal to ask at"),
        (("new", "incident", "A"), "--impact is missing"),
        (("new", "maintenance", "A"), "--starts is missing"),
        (("new", "party", "A"), "'party' is not one of 'incident', 'maintenance', 'post'"),
        ((*INCIDENT, "--affects", "web=gone"), "expected one of operational, degraded_performance"),
        ((*INCIDENT, "--affects", "web", "--affects", "media=major_outage"), "with every component or with none"),
        (("new", "post", "A", "--impact", "major", "--text", "x"), "--impact is not for posts; leave it out"),
        ((*INCIDENT, "--starts", "2022-12-01T14:00Z"), "--starts is not for incidents; leave it out"),
        (("update", "pictures", "resolved", "x"), "there is no announcement 'pictures'; there is none yet"),
        (("resolve", "pictures"), "there is no announcement 'pictures'"),
    ],
)
def test_a_wrong_line_is_answered_with_what_is_wrong(
    statusgen: Statusgen, arguments: tuple[str, ...], message: str
) -> None:
    result = statusgen(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_name_that_could_mean_several_is_asked_back(statusgen: Statusgen) -> None:
    for title in ("Pictures load slowly", "Pictures do not load"):
        statusgen("new", "incident", title, "--impact", "minor", "--text", "x")
    result = statusgen("resolve", "pictures")
    assert result.exit_code == 2
    names = "content/incidents/2022-12-01-pictures-do-not-load.md, content/incidents/2022-12-01-pictures-load-slowly.md"
    assert f"is the name of 2 announcements; expected one of {names}" in result.stderr


def test_the_teams_template_is_used(statusgen: Statusgen, write: WriteFile) -> None:
    write(
        "content/templates/post.md", "---\ntitle: {{ title | yaml }}\npublished: {{ at }}\npinned: true\n---\nHello!\n"
    )
    assert statusgen("new", "post", "Hi", "--text", "x").exit_code == 0
    assert "pinned: true" in read(statusgen, "content/posts/2022-12-01-hi.md")
    assert statusgen("validate").exit_code == 0, "a template is no announcement"


def test_a_team_hears_which_line_of_its_template_is_wrong(statusgen: Statusgen, write: WriteFile) -> None:
    write("content/templates/post.md", "---\ntitle: {{ titel }}\n---\n")
    result = statusgen("new", "post", "Hi", "--text", "x")
    assert result.exit_code == 3
    assert "content/templates/post.md:2:1: 'titel' is undefined" in result.stderr
    assert not Path(statusgen.root / "content/posts").exists()
