"""Tables of the reference: what is drawn takes the place of what was drawn, and of nothing else."""

from __future__ import annotations

import re

import pytest

from tests.tables import drawn

COMMENT = re.compile(r"<!-- table of (\w+) -->\n")
TABLE = "<!-- table of keys -->\n\n| Key | Meaning |\n| --- | --- |\n| `a` | an a in `keys` |\n"
OWN = "| Kind | Proves |\n| --- | --- |\n| `http` | nothing |\n"


def page(text: str) -> str:
    return drawn(text, COMMENT, lambda match: [("Key", "Meaning"), ("`a`", f"an a in `{match[1]}`")])


@pytest.mark.parametrize(
    "before",
    [
        "<!-- table of keys -->\n",
        "<!-- table of keys -->\n| Key | Meaning |\n| --- | --- |\n",
        TABLE.replace("an a", "a b") + "| `c` | gone |\n",
        TABLE.replace("\n\n", "\n"),
        TABLE,
    ],
)
def test_a_table_takes_the_place_of_what_was_drawn_before(before: str) -> None:
    for after in ("", "\nProse.\n", f"\n{OWN}"):
        assert page(f"# Page\n\n{before}{after}") == f"# Page\n\n{TABLE}{after}"


@pytest.mark.parametrize("gap", ["", "\n"])
def test_a_table_of_somebodys_own_below_the_comment_stays(gap: str) -> None:
    assert page(f"<!-- table of keys -->\n{gap}{OWN}") == f"{TABLE}\n{OWN}"
    assert page(page(f"<!-- table of keys -->\n{gap}{OWN}")) == f"{TABLE}\n{OWN}"


def test_prose_directly_below_the_comment_is_no_part_of_the_table() -> None:
    assert page("<!-- table of keys -->\nProse.\n") == f"{TABLE}\nProse.\n"


def test_each_comment_has_its_own_table_and_a_page_without_any_stays_as_it_is() -> None:
    both = f"{TABLE}\n{TABLE.replace('keys', 'others')}\nThe end.\n"
    assert page("<!-- table of keys -->\n\n<!-- table of others -->\n\nThe end.\n") == both
    assert page("# Page\n") == "# Page\n"
