"""From tree to document: every kind of pydantic's errors has words and a place of ours."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import AfterValidator, Field, model_validator

from statusgen.config.decode import decode, key_of, secret_uses
from statusgen.config.yaml_reader import read_table
from statusgen.errors import Place, Problem
from statusgen.values import Document, Duration, Secret, Slug, wrong

WRITE_B = "\n    hint: write 'b'"


class Colour(StrEnum):
    """A closed list that pydantic reads itself."""

    RED = "red"
    BLUE = "blue"


def refuse_odd(text: str) -> str:
    """Refuse with an error of Python's own."""
    if len(text) % 2:
        raise ValueError("expected an even number of letters")
    return text


class Inner(Document):
    """A document within another."""

    size: Duration
    name_env: Secret | None = None


class Outer(Document):
    """One field for each way to be wrong."""

    text: str = ""
    words: tuple[str, ...] = ()
    slugs: tuple[Slug, ...] = ()
    table: dict[Slug, str] = Field(default_factory=dict)
    secrets: dict[str, Secret] = Field(default_factory=dict)
    inner: Inner | None = None
    either: str | Inner = ""
    inners: tuple[Inner, ...] = ()
    colour: Colour = Colour.RED
    literal: Literal["open", "closed"] = "open"
    even: Annotated[str, AfterValidator(refuse_odd)] = ""
    short: Annotated[str, Field(max_length=3)] = ""
    renamed: str = Field(default="", alias="as")

    @model_validator(mode="after")
    def _agrees(self) -> Outer:
        if self.text == "both" and self.words:
            raise wrong("text or words, not both")
        return self


def problems_of(text: str, document: type[Document] = Outer, subject: str = "thing") -> list[str]:
    found: list[Problem] = []
    table = read_table(text, "a.yaml", found)
    assert table is not None
    assert decode(table, document, found, subject=subject) is None
    return [str(problem) for problem in found]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("text: [a]\n", "a.yaml:1:7: thing.text: expected text, got a list"),
        ("text: {a: b}\n", "a.yaml:1:7: thing.text: expected text, got a mapping"),
        ("words: a\n", "a.yaml:1:8: thing.words: expected a list, got 'a'\n    hint: write 'words: [a]'"),
        ("words:\n", "a.yaml:1:1: thing.words: expected a list, got nothing"),
        ("words: {a: b}\n", "a.yaml:1:8: thing.words: expected a list, got a mapping"),
        ("words: [[a]]\n", "a.yaml:1:9: thing.words: expected text, got a list"),
        (
            "slugs: [a, B]\n",
            "a.yaml:1:12: thing.slugs: expected an id of lower-case letters, digits and hyphens, got 'B'" + WRITE_B,
        ),
        ("table: [a]\n", "a.yaml:1:8: thing.table: expected 'key: value' lines, got a list"),
        (
            "table: {B: c}\n",
            "a.yaml:1:9: thing.table.B: expected an id of lower-case letters, digits and hyphens, got 'B'" + WRITE_B,
        ),
        ("inner: a\n", "a.yaml:1:8: thing.inner: expected 'key: value' lines, got 'a'"),
        ("inner: {}\n", "a.yaml:1:8: thing.inner.size: the key is missing\n    hint: add 'size: …'"),
        (
            "inner: {size: 1s, siez: 2s}\n",
            "a.yaml:1:19: thing.inner.siez: unknown key\n    hint: did you mean 'size'?",
        ),
        (
            "inners: [{size: 1s}, {size: x}]\n",
            "a.yaml:1:29: inner.size: expected a duration such as '500ms' or '30s', got 'x'",
        ),
        ("colour: green\n", "a.yaml:1:9: thing.colour: expected 'red' or 'blue', got 'green'"),
        ("literal: ajar\n", "a.yaml:1:10: thing.literal: expected 'open' or 'closed', got 'ajar'"),
        ("even: abc\n", "a.yaml:1:7: thing.even: expected an even number of letters"),
        (
            "short: abcd\n",
            "a.yaml:1:8: thing.short: a value that cannot stand here: 'abcd'\n    hint: see the reference of this key",
        ),
        ("text: both\nwords: [a]\n", "a.yaml:1:1: thing: text or words, not both"),
        ("as: [a]\n", "a.yaml:1:5: thing.as: expected text, got a list"),
    ],
)
def test_each_kind_of_error_is_told_at_its_place(text: str, said: str) -> None:
    assert problems_of(text) == [said]


def test_all_errors_are_told_at_once() -> None:
    assert problems_of("text: [a]\nwords: a\ncolour: green\n", subject="") == [
        "a.yaml:1:7: text: expected text, got a list",
        "a.yaml:2:8: words: expected a list, got 'a'\n    hint: write 'words: [a]'",
        "a.yaml:3:9: colour: expected 'red' or 'blue', got 'green'",
    ]


def test_each_alternative_of_a_union_says_what_it_misses() -> None:
    assert problems_of("either: {}\n") == [
        "a.yaml:1:9: thing.either: expected text, got a mapping",
        "a.yaml:1:9: thing.either.size: the key is missing\n    hint: add 'size: …'",
    ]


def test_a_value_with_a_problem_is_not_complained_of_again() -> None:
    found: list[Problem] = []
    table = read_table("text: both\nwords: [a]\neven: abc\nzzz: 1\n", "a.yaml", found)
    assert table is not None
    told = [Problem(Place("a.yaml", 3, 7), "", "told"), Problem(Place("a.yaml", 4, 6), "", "told, too")]
    found.extend(told)
    assert decode(table, Outer, found) is None
    assert found == told


def test_the_whole_is_not_blamed_for_what_one_value_did() -> None:
    found: list[Problem] = []
    table = read_table("text: both\nwords: [a]\n", "a.yaml", found)
    assert table is not None
    found.append(Problem(Place("a.yaml", 2, 9), "", "told"))
    assert decode(table, Outer, found) is None
    assert len(found) == 1


def test_secrets_are_found_with_their_places_however_deep() -> None:
    text = "inner: {size: 1s, name_env: A}\ninners: [{size: 1s, name_env: B}]\nsecrets: {X: C}\n"
    found: list[Problem] = []
    table = read_table(text, "a.yaml", found)
    assert table is not None
    document = decode(table, Outer, found)
    assert document is not None
    assert [(use.name, str(use.at)) for use in secret_uses(document, table)] == [
        ("C", "a.yaml:3:14"),
        ("A", "a.yaml:1:29"),
        ("B", "a.yaml:2:31"),
    ]


def test_a_key_names_the_item_it_is_in() -> None:
    assert key_of("check", ("expect", "status")) == "check.expect.status"
    assert key_of("", ("site", "links", 0, "url")) == "link.url"
    assert key_of("component", ("depends_on", 1)) == "component.depends_on"
    assert not key_of("", ())
