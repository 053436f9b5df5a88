"""Lighthouse finds nothing to better in what does not depend on how fast this machine is.

How fast the page is there is a benchmark: `python -m tests.benchmarks.front`.
"""

from __future__ import annotations

import pytest

from tests import lighthouse
from tests.browser.conftest import chromium
from tests.conftest import missing

CATEGORIES = ("accessibility", "best-practices", "seo")


ALMOST = {"robots-txt: robots.txt is not valid"}
"""Lighthouse asks for it from within the page, whose policy lets only the front page ask for anything."""


def test_lighthouse_gives_the_front_page_full_marks(address: str) -> None:
    if not lighthouse.is_installed():
        missing("Lighthouse")
    found = lighthouse.judge(f"{address}/busy/index.html", chromium(), categories=CATEGORIES)
    assert found.scores == dict.fromkeys(CATEGORIES, 100), found.failed


@pytest.mark.parametrize("path", ["busy/components/web.html", "changed/maintenance/cables.html"])
def test_lighthouse_finds_nothing_to_better_on_other_pages(path: str, address: str) -> None:
    if not lighthouse.is_installed():
        missing("Lighthouse")
    found = lighthouse.judge(f"{address}/{path}", chromium(), categories=CATEGORIES)
    assert {*found.failed} <= ALMOST
