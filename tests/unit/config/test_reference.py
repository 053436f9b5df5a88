"""The reference of the configuration is drawn from the documents: every key is in it, and nothing else is.

`pytest tests/unit/config/test_reference.py --update-golden` draws the tables anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from statusgen.config import content_documents, documents
from statusgen.config.decode import fields
from statusgen.config.documents import StoreDocument
from statusgen.model.words import INCIDENT_STEPS, MAINTENANCE_STEPS
from statusgen.values import CheckDocument, Document
from tests import tables
from tests.conftest import ROOT
from tests.tables import Row

PAGE = ROOT / "docs/reference/configuration.md"
KEYS = re.compile(r"<!-- keys of (\w+) -->\n")
PHASES = re.compile(r"(?:\| (?:Incident|Maintenance) \|.*\n)*<!-- phases -->\n")

DOCUMENTS: dict[str, type[Document]] = {
    document.__name__: document
    for document in (*vars(documents).values(), *vars(content_documents).values(), CheckDocument)
    if isinstance(document, type) and issubclass(document, Document) and document is not Document
}


def own_keys(document: type[Document]) -> dict[str, FieldInfo]:
    """Return a document's keys without those of the document it extends."""
    inherited = {key for base in document.__mro__[1:] if issubclass(base, BaseModel) for key in base.model_fields}
    return {key: field for key, field in fields(document).items() if key not in inherited}


def default_of(field: FieldInfo) -> str:
    """Return a key's default as people would write it."""
    if field.is_required():
        return "required"
    match field.get_default(call_default_factory=True, validated_data={}):
        case StoreDocument(url=url):
            value = url
        case timedelta(seconds=seconds):
            value = f"{seconds // 60}m" if seconds % 60 == 0 else f"{seconds}s"
        case bool() as flag:
            value = str(flag).lower()
        case (str() | int()) as plain:
            value = str(plain)
        case _:
            value = ""
    return f"`{value}`" if value else ""


def table_of(document: type[Document]) -> list[Row]:
    rows: list[Row] = [("Key", "Meaning", "Default", "Example")]
    for key, field in own_keys(document).items():
        example = (field.examples or [""])[0]
        rows.append((f"`{key}`", field.description or "", default_of(field), f"`{example}`"))
    return rows


def phases_of(kind: str, steps: Mapping[StrEnum, frozenset[StrEnum]]) -> str:
    first, *_ = steps
    ways = "; ".join(
        f"`{phase}` → {', '.join(f'`{other}`' for other in steps if other in steps[phase]) or 'nothing'}"
        for phase in steps
    )
    return f"| {kind} | `{first}` | {ways} |"


def drawn(text: str) -> str:
    """Return the page with its tables as the code has them."""
    text = tables.drawn(text, KEYS, lambda match: table_of(DOCUMENTS[match[1]]))
    phases = f"{phases_of('Incident', INCIDENT_STEPS)}\n{phases_of('Maintenance', MAINTENANCE_STEPS)}\n"
    return PHASES.sub(lambda _: f"{phases}<!-- phases -->\n", text)


def test_the_tables_are_those_of_the_documents(update_golden: bool) -> None:
    text = PAGE.read_text(encoding="utf-8")
    if update_golden:
        PAGE.write_text(drawn(text), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == drawn(text)


def test_every_document_has_its_table() -> None:
    assert sorted(KEYS.findall(PAGE.read_text(encoding="utf-8"))) == sorted(DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_key_says_what_it_means_and_shows_an_example(document: type[Document]) -> None:
    assert [key for key, field in fields(document).items() if not field.description or not field.examples] == []
