"""Reads a theme: the default one that travels with the program, overridden file by file by the project's own."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from statusgen.config.catalogues import FOLDER as LOCALE
from statusgen.config.catalogues import path_of, paths_of, read_catalogues
from statusgen.errors import Place, Problem, ProjectError
from statusgen.model.theme import Theme

DEFAULT = "default"
MAX_BYTES = 1024 * 1024
"""The largest file of a theme; a page must open on a bad network."""

_PACKAGE = Path(__file__).parent.parent
_INLINE = ("style.css", "front.css", "pages.css", "script.js", "front.js", "pages.js", "favicon.svg")
_FOLDER = "themes"


def load_theme(root: Path, name: str, languages: Iterable[str] = ()) -> Theme:
    """Return a theme by name: the default one, overridden file by file by `themes/<name>/` of the project at `root`.

    Of the catalogues only those of the languages are read. Raises `ProjectError` when there is no such theme, or with
    every file in it that cannot be used.
    """
    own = root / _FOLDER / name
    if name != DEFAULT and not own.is_dir():
        raise ProjectError([_unknown(root, name)])
    layers = _files(default_folder()), _files(own)
    files = {**layers[0], **layers[1]}
    problems = [problem for path, file in files.items() for problem in _problems(path, file, root)]
    shown = {path: _shown(file, root) for path, file in files.items()}
    catalogues = read_catalogues(languages, layers, shown, problems)
    if problems:
        raise ProjectError(problems)
    bodies = {path: file.read_bytes() for path, file in files.items() if _belongs(path)}
    return Theme(
        name=name,
        templates={path: body.decode() for path, body in bodies.items() if path.endswith(".html")},
        assets={path: body for path, body in bodies.items() if not path.endswith(".html")},
        origins={path: shown[path] for path in bodies},
        catalogues=catalogues,
    )


def speaks(root: Path, name: str, tag: str) -> bool:
    """Return whether a theme of the project at `root` has the messages of a language."""
    folders = default_folder(), root / _FOLDER / name
    return any((folder / path).is_file() for folder in folders for path in paths_of(tag))


def languages(root: Path, name: str) -> tuple[str, ...]:
    """Return the languages that a theme has the messages of, besides English."""
    found = (path for folder in (default_folder(), root / _FOLDER / name) for path in folder.glob(path_of("*")))
    return tuple(sorted({path.stem for path in found}))


def default_folder() -> Path:
    """Return the folder of the default theme: in the package, or in the repository when it is installed from there."""
    packed = _PACKAGE / _FOLDER / DEFAULT
    return packed if packed.is_dir() else _PACKAGE.parent / _FOLDER / DEFAULT


def _files(folder: Path) -> dict[str, Path]:
    """Return the files below a folder by their path within it; hidden ones are not part of a theme."""
    found = {file.relative_to(folder): file for file in sorted(folder.rglob("*")) if file.is_file()}
    return {path.as_posix(): file for path, file in found.items() if not any(p.startswith(".") for p in path.parts)}


def _belongs(path: str) -> bool:
    return path.endswith(".html") or path in _INLINE or path.startswith("assets/")


def _is_catalogue(path: str) -> bool:
    return path.startswith(f"{LOCALE}/") and path.endswith(".po")


def _problems(path: str, file: Path, root: Path) -> list[Problem]:
    at = Place(_shown(file, root))
    if _is_catalogue(path):
        return []
    if not _belongs(path):
        if path.lower().startswith("readme"):
            return []
        close = get_close_matches(path, _INLINE, n=1)
        hint = f"did you mean {close[0]!r}?" if close else "put files that pages refer to into 'assets/'"
        return [Problem(at, "", "this file is not part of a theme", hint)]
    size = file.stat().st_size
    if size > MAX_BYTES:
        return [Problem(at, "", f"expected at most {MAX_BYTES} bytes, found {size}", "readers are on bad networks")]
    if not path.startswith("assets/") and not _is_utf8(file.read_bytes()):
        return [Problem(at, "", "this file is not UTF-8", "save it as UTF-8")]
    return []


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _unknown(root: Path, name: str) -> Problem:
    folder = root / _FOLDER
    known = sorted(
        {DEFAULT, *(path.name for path in folder.iterdir() if path.is_dir())} if folder.is_dir() else {DEFAULT}
    )
    hint = f"themes here: {', '.join(known)}; to make your own, create the folder 'themes/{name}'"
    close = get_close_matches(name, known, n=1)
    return Problem(
        Place("statusgen.yaml"),
        "theme",
        f"there is no theme {name!r}",
        f"did you mean {close[0]!r}?" if close else hint,
    )


def _shown(file: Path, root: Path) -> str:
    """Return how a file is named in messages: from the project's root, or from the folder that holds all themes."""
    if file.is_relative_to(root):
        return file.relative_to(root).as_posix()
    return file.relative_to(default_folder().parent.parent).as_posix()
