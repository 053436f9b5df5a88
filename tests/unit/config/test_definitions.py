"""Footnotes and addresses of links serve every part of an announcement, wherever its file holds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from statusgen.config.definitions import MOST, share
from statusgen.model.announcement import Incident
from statusgen.model.project import Project
from tests.work import steps

Reader = Callable[[Mapping[str, str]], Project]


@pytest.mark.parametrize(
    ("held", "given"),
    [
        ("[^a]: one", "[^a]: one"),
        ("text\n\n[^a]: one\nmore\n\n    and more\n\ntext", "[^a]: one\nmore\n\n    and more"),
        ("[^A]: other\n[^a]: one\n[^b]: two", "[^a]: one"),
        ("[^b]: two\n[^a]: one\n\n", "[^a]: one"),
        ("```\n[^a]: code\n```\n[^a]: one", "[^a]: one"),
        ("[^a]:\n\n\tone\n```\ncode", "[^a]:\n\n\tone"),
    ],
)
def test_a_footnote_is_given_to_the_part_that_refers_to_it(held: str, given: str) -> None:
    assert share(["a[^a]", "b", held]) == (f"a[^a]\n\n{given}", "b", held)


@pytest.mark.parametrize("reference", ["[the plan]", "[see][the plan]", "![a][The  Plan]", "[the plan][]"])
def test_so_is_the_address_of_a_link(reference: str) -> None:
    held = "[the plan]: https://example.org/plan\ntext"
    assert share([reference, held])[0] == f"{reference}\n\n[the plan]: https://example.org/plan"


def test_a_part_keeps_its_own_and_the_first_of_several_serves_the_others() -> None:
    assert share(["[a]\n\n[a]: x", "[a]", "[a]: y"]) == ("[a]\n\n[a]: x", "[a]\n\n[a]: x", "[a]: y")


def test_without_definitions_nothing_changes() -> None:
    assert share(["[a] [^b]", "- [x] c"]) == ("[a] [^b]", "- [x] c")


def test_one_that_is_very_long_is_given_to_nobody() -> None:
    assert share(["[^a]", "[^a]: " + "a" * MOST])[0] == "[^a]"
    assert share(["[^a]", "[^a]: " + "a" * (MOST - 6)])[0] != "[^a]"


@pytest.mark.parametrize("piece", ["[^a]: b\n", "[a]", "[", "[^a]: b\n\n\n", "```\n[a]: b\n"])
def test_many_are_no_more_work_than_their_number(piece: str) -> None:
    short, long = (steps(lambda size=size: share([piece * size, "[^a]"] * 2)) for size in (200, 400))
    assert long < 2.5 * short


def test_the_updates_of_an_incident_find_them_at_the_end_of_its_file(read: Reader) -> None:
    text = (
        "---\ntitle: A\nimpact: minor\nstarted: 2022-12-01T14:00Z\n---\nThe disks[^1] are full.\n\n"
        "## 2022-12-01T15:00Z identified\nAll[^1] of them.\n\n[^1]: Eight.\n"
    )
    (incident,) = read({"content/incidents/a.md": text}).announcements
    assert isinstance(incident, Incident)
    assert incident.body == "The disks[^1] are full.\n\n[^1]: Eight."
    assert incident.updates[0].body == "All[^1] of them.\n\n[^1]: Eight."
