"""Reading a theme: the default one, overridden file by file."""

from __future__ import annotations

from pathlib import Path

import pytest

from statusgen.config import theme as module
from statusgen.config.theme import MAX_BYTES, default_folder, load_theme
from statusgen.errors import ProjectError


def write(project: Path, name: str, body: bytes | str) -> None:
    """Write a file of the project's theme `mine`."""
    file = project / "themes/mine" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body if isinstance(body, bytes) else body.encode())


def problems(project: Path, name: str = "mine") -> str:
    """Return what is wrong with a theme of the project."""
    with pytest.raises(ProjectError) as caught:
        load_theme(project, name)
    return str(caught.value)


def test_the_default_theme_needs_nothing_in_the_project(project: Path) -> None:
    theme = load_theme(project, "default")
    assert theme.name == "default"
    assert {"base.html", "front.html", "partials/now.html"} <= set(theme.templates)
    assert set(theme.assets) == {
        *("style.css", "front.css", "pages.css", "script.js", "front.js", "pages.js", "favicon.svg")
    }
    assert theme.origins["partials/now.html"] == "themes/default/partials/now.html"
    assert set(theme.origins) == {*theme.templates, *theme.assets}


def test_a_project_overrides_the_default_file_by_file(project: Path) -> None:
    write(project, "404.html", "gone")
    write(project, "assets/logo.svg", b"<svg/>")
    write(project, "partials/more.html", "more")
    mine, default = load_theme(project, "mine"), load_theme(project, "default")
    assert mine.name == "mine"
    assert mine.templates == {**default.templates, "404.html": "gone", "partials/more.html": "more"}
    assert mine.assets == {**default.assets, "assets/logo.svg": b"<svg/>"}
    assert mine.origins["404.html"] == "themes/mine/404.html"
    assert mine.origins["base.html"] == "themes/default/base.html"


def test_a_project_may_change_the_default_theme_itself(project: Path) -> None:
    file = project / "themes/default/404.html"
    file.parent.mkdir(parents=True)
    file.write_text("gone")
    assert load_theme(project, "default").templates["404.html"] == "gone"


def test_hidden_files_and_notes_are_left_alone(project: Path) -> None:
    write(project, "README.md", "how this theme is made")
    write(project, ".DS_Store", b"\xff")
    write(project, "assets/.keep", b"")
    assert load_theme(project, "mine").assets == load_theme(project, "default").assets


def test_a_theme_that_does_not_exist_names_those_that_do(project: Path) -> None:
    assert problems(project) == (
        "statusgen.yaml: theme: there is no theme 'mine'\n"
        "    hint: themes here: default; to make your own, create the folder 'themes/mine'"
    )
    write(project, "404.html", "gone")
    (project / "themes/notes.txt").write_text("not a theme")
    assert problems(project, "mien") == (
        "statusgen.yaml: theme: there is no theme 'mien'\n    hint: did you mean 'mine'?"
    )


def test_every_file_that_cannot_be_used_is_told_at_once(project: Path) -> None:
    write(project, "styles.css", "p {}")
    write(project, "photo.jpg", b"")
    write(project, "base.html", b"\xff")
    write(project, "assets/big.png", bytes(MAX_BYTES + 1))
    write(project, "assets/fits.png", bytes(MAX_BYTES))
    assert problems(project) == (
        "themes/mine/assets/big.png: expected at most 1048576 bytes, found 1048577\n"
        "    hint: readers are on bad networks\n"
        "themes/mine/base.html: this file is not UTF-8\n"
        "    hint: save it as UTF-8\n"
        "themes/mine/photo.jpg: this file is not part of a theme\n"
        "    hint: put files that pages refer to into 'assets/'\n"
        "themes/mine/styles.css: this file is not part of a theme\n"
        "    hint: did you mean 'style.css'?"
    )


def test_the_default_theme_is_found_in_a_package_and_in_the_repository(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert default_folder().parts[-2:] == ("themes", "default")
    packed = project / "lib/statusgen"
    (packed / "themes/default").mkdir(parents=True)
    monkeypatch.setattr(module, "_PACKAGE", packed)
    assert default_folder() == packed / "themes/default"
    monkeypatch.setattr(module, "_PACKAGE", project / "src/statusgen")
    assert default_folder() == project / "src/themes/default"
