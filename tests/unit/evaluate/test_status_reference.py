"""The tables in `docs/reference/status.md` are drawn from what the code does.

`pytest tests/unit/evaluate/test_status_reference.py --update-golden` draws them anew.
"""

from __future__ import annotations

import re

from statusgen.evaluate.latency import ERROR
from statusgen.evaluate.uptime import WINDOW_DAYS
from tests import tables
from tests.conftest import ROOT
from tests.factories import project
from tests.unit.evaluate.outage_tables import ANNOUNCED_AND_MEASURED
from tests.unit.evaluate.status_tables import STATUSES

PAGE = ROOT / "docs/reference/status.md"
TABLES = {**STATUSES, **ANNOUNCED_AND_MEASURED}
TABLE = re.compile(r"<!-- table: (.+) -->\n")


def drawn(text: str) -> str:
    """Return the page with its tables as the code has them."""
    return tables.drawn(text, TABLE, lambda match: list(TABLES[match[1]]()))


def test_the_tables_are_those_of_the_code(update_golden: bool) -> None:
    text = PAGE.read_text(encoding="utf-8")
    if update_golden:
        PAGE.write_text(drawn(text), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == drawn(text)


def test_every_table_is_on_the_page_once_and_none_is_written_by_hand() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert TABLE.findall(text) == list(TABLES)
    assert len(re.findall(r"^\| --- \|", text, re.MULTILINE)) == len(TABLES)


def test_the_figures_in_the_text_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"{WINDOW_DAYS} UTC days" in text
    assert f"within {ERROR:.0%} of the truth".replace("%", " %") in text
    assert project().hold == 2.5 * project().interval
    assert "two and a half intervals" in text
