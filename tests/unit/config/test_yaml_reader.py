"""The reader of YAML: strings stay strings, everything knows its place, and no text makes it fall over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from statusgen.config import yaml_reader
from statusgen.config.nodes import Scalar, Table, find, find_key, plain
from statusgen.config.yaml_reader import read_table
from statusgen.errors import Place, Problem

SIGNS = [
    "a",
    "b: ",
    "- ",
    "\n",
    "  ",
    "{",
    "}",
    "[",
    "]",
    ",",
    ": ",
    "'",
    '"',
    ">",
    "!",
    "&x",
    "*x",
    "%",
    "@",
    "#",
    "? ",
    "---",
    "...",
    "\t",
    "\\",
    "é",
    "<<: ",
    "~",
]
PIECES = st.lists(st.sampled_from([*SIGNS, "|"]), max_size=12).map("".join)


def table_of(text: str) -> Table:
    found: list[Problem] = []
    table = read_table(text, "a.yaml", found)
    assert not found
    assert table is not None
    return table


@pytest.mark.parametrize(
    "word", ["no", "1:30", "3.10", "2022-12-01", "0o17", "1e3", "true", ".inf", "'null'", '"~"', "=", "0x1F"]
)
def test_every_scalar_stays_what_was_written(word: str) -> None:
    assert plain(table_of(f"key: {word}\n")) == {"key": word.strip("'\"")}


def test_lists_and_mappings_nest() -> None:
    assert plain(table_of("a:\n  - b: c\n    d: [e, {f: g}]\n  - h\n")) == {
        "a": [{"b": "c", "d": ["e", {"f": "g"}]}, "h"]
    }


def test_values_and_keys_know_their_place() -> None:
    table = table_of("é: ü\nlist:\n  - key: value\n    empty:\n")
    assert find(table, ["é"]) == Place("a.yaml", 1, 4)
    assert find(table, ["list", 0, "key"]) == Place("a.yaml", 3, 10)
    assert find_key(table, ["list", 0, "key"]) == Place("a.yaml", 3, 5)


def test_a_value_that_is_missing_is_at_its_key() -> None:
    table = table_of("list:\n  - key: value\n    empty:\n")
    assert find(table, ["list", 0, "empty"]) == Place("a.yaml", 3, 5)


def test_a_path_that_leads_nowhere_ends_where_it_still_led() -> None:
    table = table_of("a: {b: c}\nd: [e]\n")
    assert find(table, ["a", "alternative", "b"]) == find(table, ["a", "b"])
    assert find(table, ["d", 7]) == find(table, ["d"])
    assert find_key(table, ["a", "z"]) == find(table, ["a"])


def test_lines_are_counted_from_the_first_that_is_given() -> None:
    found: list[Problem] = []
    table = read_table("a: b\n", "a.md", found, first_line=2)
    assert table is not None
    assert table.entries["a"].at == Place("a.md", 2, 1)
    assert isinstance(table.entries["a"].value, Scalar)


@pytest.fixture
def in_python(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The reader on an installation of PyYAML without libyaml."""
    monkeypatch.setattr(yaml_reader, "Loader", yaml.BaseLoader)
    return


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n\tb: 2\n",
        "a: b: c\n",
        "a: 'b\n",
        "a: [b\n",
        "a: {b: c\n",
        "a:\n    b: c\n  d: e\n",
        "a: b\nc\nd: e\n",
        "a: @b\n",
        "a: **b**\n",
        "a: 'b' c\n",
        "a: - b\n",
        "a: 1\n---\nb: 2\n",
        "a: | b\n",
        "a: [\n",
        "a: &b c\nd: *b\n",
    ],
)
@pytest.mark.usefixtures("in_python")
def test_without_libyaml_the_same_is_said(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    slow: list[Problem] = []
    read_table(text, "a.yaml", slow)
    monkeypatch.undo()
    fast: list[Problem] = []
    read_table(text, "a.yaml", fast)
    assert slow == fast
    assert slow


@given(PIECES)
def test_any_text_ends_as_a_mapping_or_with_a_problem(text: str) -> None:
    found: list[Problem] = []
    table = read_table(text, "a.yaml", found)
    assert table is not None or found
    for problem in found:
        assert 1 <= problem.at.line <= text.count("\n") + 2


@pytest.mark.parametrize("text", ["[" * 60_000, "- " * 30_000, "{a: " * 15_000, "? " * 30_000])
def test_deep_nesting_is_a_problem_and_no_crash(text: str) -> None:
    found: list[Problem] = []
    assert read_table(text, "a.yaml", found) is None
    assert [problem.message for problem in found] == ["nested more than 16 levels deep"]
