"""Reads the catalogues of a theme: for each language that the site speaks, what its `.po` files say.

The program's own lies in the default theme; a project's theme may say some things otherwise, or speak a language more.
A tag with a region, such as `de-AT`, has the messages of its language, and those of its own before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError, read_po

from statusgen.errors import Place, Problem
from statusgen.model.catalogue import Catalogue, key

FOLDER = "locale"
_FACT = re.compile(r"\{([a-z_]*)\}")


def path_of(tag: str) -> str:
    """Return where a theme has the messages of a language."""
    return f"{FOLDER}/{tag}.po"


def paths_of(tag: str) -> tuple[str, ...]:
    """Return where a theme may have them: those of the language, and those of its region, which come before them."""
    language = tag.partition("-")[0]
    return (path_of(language),) if language == tag else (path_of(language), path_of(tag))


def read_catalogues(
    tags: Iterable[str], layers: Iterable[Mapping[str, Path]], shown: Mapping[str, str], found: list[Problem]
) -> dict[str, Catalogue]:
    """Return the catalogue of each language that has one, by its tag; mistakes in them are problems in `found`.

    `layers` are the files of the default theme and those of the project's own, by their path; `shown` names them.
    """
    rows = [*layers]
    read: dict[str, Catalogue] = {}
    for tag in dict.fromkeys(tags):
        files = [(path, row[path]) for path in paths_of(tag) for row in rows if path in row]
        catalogues = [one for path, file in files if (one := _read(file, shown[path], found))]
        if not catalogues:
            continue
        if len({one.plural for one in catalogues}) > 1:
            hint = f"write 'plural={catalogues[0].plural}' into 'Plural-Forms'"
            found.append(
                Problem(Place(shown[files[-1][0]]), "", "the plural forms are not those of our catalogue", hint)
            )
        messages = {name: forms for one in catalogues for name, forms in one.messages.items()}
        read[tag] = Catalogue(messages=messages, plural=catalogues[0].plural)
    return read


def _read(file: Path, name: str, found: list[Problem]) -> Catalogue | None:
    try:
        with file.open("rb") as source:
            written = read_po(source, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        line = getattr(error, "lineno", None)
        found.append(Problem(Place(name, (line or 0) + 1), "", "this catalogue cannot be read", "check it with msgfmt"))
        return None
    messages: dict[str, tuple[str, ...]] = {}
    for message in written:
        forms = _forms(message)
        if not message.id or message.fuzzy or not all(forms):
            continue
        ours = message.id if isinstance(message.id, str) else message.id[0]
        messages[key(ours, message.context or "")] = forms
        found.extend(_mistakes(message, forms, name))
    return Catalogue(messages=messages, plural=written.plural_expr)


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _mistakes(message: Message, forms: tuple[str, ...], name: str) -> Iterable[Problem]:
    """Yield what would break a page: a fact that the message does not have."""
    ours = message.id if isinstance(message.id, str) else message.id[1]
    known = {*_FACT.findall(ours), "n"} if message.pluralizable else {*_FACT.findall(ours)}
    for form in forms:
        try:
            form.format_map(dict.fromkeys(known, ""))
        except (KeyError, ValueError, IndexError):
            at = Place(name, message.lineno or 1)
            facts = ", ".join(f"{{{fact}}}" for fact in sorted(known)) or "nothing"
            yield Problem(
                at, "", f"a translation of {ours[:60]!r} cannot be filled in", f"it may name {facts} in braces"
            )
