"""The reference of the checks is drawn from the documents and from the list of reasons.

`pytest tests/unit/probes/test_checks_reference.py --update-golden` draws the tables anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from pydantic.fields import FieldInfo

from statusgen import probes
from statusgen.model.reason import PARTS, REASONS
from statusgen.probes import KINDS
from statusgen.probes.mastodon_parts import Part
from statusgen.probes.targets import Role
from statusgen.values import CheckDocument, Document
from tests import tables
from tests.conftest import ROOT
from tests.tables import Row

PAGE = ROOT / "docs/reference/checks.md"
KEYS = re.compile(r"<!-- keys of (\w+) -->\n")
UNTIL = re.compile(r"<!-- reasons until (.+) -->\n")


def documents(root: type[Document]) -> Iterator[type[Document]]:
    """Yield a document and those that its keys hold."""
    yield root
    for field in root.model_fields.values():
        for held in (field.annotation, *get_args(field.annotation)):
            if isinstance(held, type) and issubclass(held, Document):
                yield from documents(held)


DOCUMENTS = {document.__name__: document for kind in KINDS.values() for document in documents(kind.document)}


def own_keys(document: type[Document]) -> dict[str, FieldInfo]:
    return {
        field.alias or name: field
        for name, field in document.model_fields.items()
        if not (issubclass(document, CheckDocument) and name in CheckDocument.model_fields)
    }


def default_of(field: FieldInfo) -> str:
    """Return a key's default as people would write it; empty for what has no short form."""
    if field.is_required():
        return "required"
    match field.get_default(call_default_factory=True, validated_data={}):
        case timedelta(days=days, seconds=seconds):
            text = f"{days}d" if days else f"{seconds}s"
        case bool() as flag:
            text = str(flag).lower()
        case float() as share:
            text = f"{share:.0%}"
        case str() | int() as plain:
            text = str(plain)
        case _:
            return ""
    return f"`{text}`"


def keys_of(match: re.Match[str]) -> list[Row]:
    rows: list[Row] = [("Key", "Meaning", "Default", "Example")]
    for key, field in own_keys(DOCUMENTS[match[1]]).items():
        example = (field.examples or [""])[0]
        rows.append((f"`{key}`", field.description or "", default_of(field), f"`{example}`"))
    return rows


def drawn(text: str) -> str:
    """Return the page with its tables as the code has them."""
    waiting = list(REASONS.items())

    def reasons(match: re.Match[str]) -> list[Row]:
        rows: list[Row] = [("Reason", 'In words, after "because"')]
        while waiting and waiting[0][0] != match[1]:
            name, words = waiting.pop(0)
            rows.append((f"`{name}`", words))
        return rows

    return tables.drawn(tables.drawn(text, KEYS, keys_of), UNTIL, reasons)


def test_the_tables_are_those_of_the_code(update_golden: bool) -> None:
    text = PAGE.read_text(encoding="utf-8")
    if update_golden:
        PAGE.write_text(drawn(text), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == drawn(text)


def test_every_document_has_its_table() -> None:
    assert sorted(KEYS.findall(PAGE.read_text(encoding="utf-8"))) == sorted(DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_key_says_what_it_means_and_shows_an_example(document: type[Document]) -> None:
    assert [key for key, field in own_keys(document).items() if not (field.description and field.examples)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_reason_that_a_kind_gives_by_itself_is_in_its_section(kind: str) -> None:
    _, _, after = PAGE.read_text(encoding="utf-8").partition(f"\n## `{kind}`\n")
    section = after.partition("\n## ")[0]
    way = {"name_not_resolved", "connection_refused", "connection_reset", "timeout", "tls_failed", "tls_wrong_name"}
    shared = way | {"secret_invalid", "driver_missing"}
    given: set[str] = set()
    for file in Path(probes.__path__[0]).glob(f"{kind}*.py"):
        given |= set(re.findall(r'"([a-z_]+)"', file.read_text(encoding="utf-8"))) & set(REASONS)
    assert {reason for reason in given - shared if f"`{reason}`" not in section} == set()


def test_the_words_for_a_role_are_those_of_the_documents() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [role for role in Role if f"`{role}`" not in text] == []


def test_every_part_of_a_mastodon_has_its_row() -> None:
    text = PAGE.read_text(encoding="utf-8")
    _, _, section = text.partition("| Part | Asks |")
    rows = re.findall(r"^\| `(\w+)` \|.*\| (.*) \|$", section.partition("\n\n")[0], re.MULTILINE)
    assert [name for name, _ in rows] == list(Part)
    assert dict(rows) == PARTS
