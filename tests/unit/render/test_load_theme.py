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


def catalogue(project: Path, text: str, name: str = "mine", language: str = "de") -> None:
    """Write a catalogue of a theme of the project."""
    folder = project / "themes" / name / "locale"
    folder.mkdir(parents=True, exist_ok=True)
    headers = ("Content-Type: text/plain; charset=utf-8", "Plural-Forms: nplurals=2; plural=(n != 1);")
    head = 'msgid ""\nmsgstr ""\n' + "".join(f'"{header}\\n"\n' for header in headers) + "\n"
    (folder / f"{language}.po").write_text(head + text, encoding="utf-8")


def test_only_the_catalogues_of_the_site_s_languages_are_read(project: Path) -> None:
    assert load_theme(project, "default").catalogues == {}
    assert load_theme(project, "default", ["en", "tlh"]).catalogues == {}
    assert list(load_theme(project, "default", ["en", "de"]).catalogues) == ["de"]


def test_a_theme_of_the_project_says_some_messages_otherwise(project: Path) -> None:
    catalogue(project, 'msgid "History"\nmsgstr "Chronik"\n')
    found = load_theme(project, "mine", ["de"]).catalogues["de"].messages
    assert (found["History"], found["Subscribe"]) == (("Chronik",), ("Abonnieren",))


def test_a_region_has_the_messages_of_its_language_and_its_own_before_them(project: Path) -> None:
    catalogue(project, 'msgid "History"\nmsgstr "Chronik"\n', language="de-AT")
    found = load_theme(project, "mine", ["de-AT"]).catalogues["de-AT"].messages
    assert (found["History"], found["Subscribe"]) == (("Chronik",), ("Abonnieren",))
    assert load_theme(project, "default", ["de-AT"]).catalogues["de-AT"].messages["History"] == ("Verlauf",)


def test_a_message_without_a_sure_translation_stays_as_it_is(project: Path) -> None:
    catalogue(project, 'msgid "a"\nmsgstr ""\n\n#, fuzzy\nmsgid "b"\nmsgstr "c"\n', language="nl")
    assert load_theme(project, "mine", ["nl"]).catalogues["nl"].messages == {}


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('msgid "{n} is down"\nmsgstr "{name}"\n', 6, "a translation of '{n} is down' cannot be filled in"),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "{"\nmsgstr[1] "c"\n', 6, "a translation of 'b' cannot be filled in"),
        ("what\n", 6, "this catalogue cannot be read"),
    ],
)
def test_a_catalogue_that_would_break_a_page_is_a_problem(project: Path, text: str, line: int, told: str) -> None:
    catalogue(project, text)
    with pytest.raises(ProjectError) as raised:
        load_theme(project, "mine", ["de"])
    (problem,) = raised.value.problems
    assert (problem.at.file, problem.at.line, problem.message) == ("themes/mine/locale/de.po", line, told)


def test_a_catalogue_whose_numbers_ask_for_other_forms_is_a_problem(project: Path) -> None:
    catalogue(project, 'msgid "a"\nmsgstr "b"\n')
    file = project / "themes/mine/locale/de.po"
    file.write_text(file.read_text(encoding="utf-8").replace("n != 1", "n > 1"), encoding="utf-8")
    with pytest.raises(ProjectError, match="the plural forms are not those of our catalogue"):
        load_theme(project, "mine", ["de"])
