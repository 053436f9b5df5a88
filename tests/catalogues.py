"""The messages of the program and of the default theme, and the catalogues that translate them.

`python -m tests.catalogues` (`make catalogues`) brings every catalogue up to date: new messages are added without a
translation, those that are gone go.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from tests.conftest import ROOT

LOCALE = ROOT / "themes/default/locale"
LANGUAGES = ("ar", "de", "es", "fr", "ja")
KEYWORDS = {
    "msg": None,
    "msgs": (1, 2),
    "say": None,
    "_say": None,
    "self": None,
    "many": (1, 2),
    "within": ((1, "c"), 2),
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
"""What marks a message, in the code and in templates, and which of its arguments are one."""

Key = tuple[str, str]
"""What a message is known by: its context, and its English text for one."""

CODE = ("statusgen/model", "statusgen/render")
THEME = ROOT / "themes/default"


def messages() -> Catalog:
    """Return every message, in the order of files and lines, with where it is written."""
    found = Catalog(charset="utf-8")
    for file in [*(path for folder in CODE for path in sorted((ROOT / folder).glob("*.py")))]:
        _take(found, file, "python")
    for file in sorted(THEME.rglob("*.html")):
        _take(found, file, "jinja2")
    return found


def _take(found: Catalog, file: Path, method: str) -> None:
    with file.open("rb") as source:
        for _, message, _, context in _extracted(method, source):
            # where a message stands is told by its file alone: lines move with every change
            found.add(message, locations=[(file.relative_to(ROOT).as_posix(), 0)], context=context)


def _extracted(method: str, source: object) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    method = "jinja2.ext:babel_extract" if method == "jinja2" else method
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "false", "silent": "false"}
    return extract(method, source, keywords=KEYWORDS, options=options)  # type: ignore[arg-type]  # as `open` gives it


def by_key(catalogue: Catalog) -> dict[Key, Message]:
    """Return the messages of a catalogue by what they are known by."""
    found = (message for message in catalogue if message.id)
    return {(one.context or "", one.id if isinstance(one.id, str) else one.id[0]): one for one in found}


def read(language: str) -> Catalog:
    """Return a catalogue as it stands."""
    with (LOCALE / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def update(language: str) -> None:
    """Bring a catalogue up to date."""
    template = messages()
    catalogue = read(language) if (LOCALE / f"{language}.po").exists() else Catalog(locale=language)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    write(language, catalogue)


def write(language: str, catalogue: Catalog) -> None:
    """Write a catalogue with the few headers that mean something."""
    about = f"# The words of statusgen and its default theme: {catalogue.locale.english_name}.\n"
    headers = (
        f"Language: {language}",
        "Content-Type: text/plain; charset=utf-8",
        f"Plural-Forms: {catalogue.plural_forms}",
    )
    head = "".join(f'"{header}\\n"\n' for header in headers)
    with (LOCALE / f"{language}.po").open("wb") as file:
        file.write(f'{about}msgid ""\nmsgstr ""\n{head}\n'.encode())
        write_po(file, catalogue, width=0, omit_header=True, include_lineno=False)


if __name__ == "__main__":
    LOCALE.mkdir(exist_ok=True)
    for name in sys.argv[1:] or LANGUAGES:
        update(name)
