"""The catalogues that travel with the program are complete, and fit what they translate."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.catalog import Message

from tests import catalogues
from tests.catalogues import LANGUAGES, LOCALE, Key

SAME = frozenset(
    {
        *("web", "streaming", "{why} ({part})", "{day}: {what}", "{site}: {part}", "{name} ({state})", "{n} {state}"),
        *(
            "{what}: {why}",
            "{phase}: {text}",
            "{window} ({length})",
            "{sentence}.",
            "{longer} {shorter}",
            "; ",
            ", ",
            ". ",
            " ",
            "{n} in {group}",
        ),
        *("{number}\u202fms", "{number}\u202fs", "{number}\u202f%", "{weekday} {day}", "{when}"),
    }
)
"""Messages that a language may have as they are: what holds others together, and units."""

NAMES: dict[str, set[str]] = {
    "de": {"Badge", "Status", "Updates"},
    "fr": {
        *("Badge", "Danger", "Impact", "Important", "Incident", "Incidents", "Maintenance", "maintenance"),
        "{what} (image)",
    },
}
"""Words that are the same in another language."""

_FACT = re.compile(r"\{[a-z_]*\}")
_TAG = re.compile(r"</?[a-z]+[^>]*>")


@pytest.fixture(scope="module")
def written() -> dict[Key, Message]:
    """Every message in the code and in the templates."""
    return catalogues.by_key(catalogues.messages())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_every_message_and_no_other(language: str, written: dict[Key, Message]) -> None:
    found = catalogues.by_key(catalogues.read(language))
    assert set(written) - set(found) == set(), "run `make catalogues` and translate"
    assert set(found) - set(written) == set(), "run `make catalogues`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_in_every_form(language: str) -> None:
    catalogue = catalogues.read(language)
    for message in catalogue:
        if message.id:
            texts = forms(message)
            assert all(texts), message.id
            assert not message.fuzzy, message.id
            assert len(texts) == (catalogue.num_plurals if message.pluralizable else 1), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_the_same_facts_in_the_same_marks(language: str) -> None:
    for message in catalogues.read(language):
        ours = message.id if isinstance(message.id, str) else message.id[1]
        for text in forms(message) if message.id else ():
            missing = set(_FACT.findall(ours)) ^ set(_FACT.findall(text))
            assert missing <= ({"{n}"} if message.pluralizable else set()), (ours, text)
            assert sorted(_TAG.findall(text)) == sorted(_TAG.findall(ours)), (ours, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_in_english(language: str) -> None:
    left = [one.id for one in catalogues.read(language) if one.id and isinstance(one.id, str) and one.id == one.string]
    assert {message for message in left if message not in SAME | NAMES.get(language, set())} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_as_the_command_writes_it(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = LOCALE / f"{language}.po"
    (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    catalogues.update(language)
    assert lines(tmp_path / path.name) == lines(path)


def lines(path: Path) -> list[str]:
    """Return the lines of a catalogue without those that say where a message is used, which no reader sees."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#:")]


def forms(message: Message) -> tuple[str, ...]:
    """Return a translation in all its forms."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def test_what_is_not_yet_translated_is_found() -> None:
    catalogue = Catalog(locale="de")
    catalogue.add("a")
    assert set(catalogues.by_key(catalogue)) == {("", "a")}
