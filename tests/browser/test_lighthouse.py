"""Lighthouse finds nothing to better in what does not depend on how fast this machine is.

How fast the page is there is a benchmark: `python -m tests.benchmarks.front`.
"""

from __future__ import annotations

import pytest

from tests import lighthouse
from tests.browser.conftest import chromium
from tests.conftest import missing

CATEGORIES = ("accessibility", "best-practices", "seo")


@pytest.mark.parametrize("path", ["quiet/index.html", "busy/index.html"])
def test_lighthouse_gives_full_marks(path: str, address: str) -> None:
    if not lighthouse.is_installed():
        missing("Lighthouse")
    found = lighthouse.judge(f"{address}/{path}", chromium(), categories=CATEGORIES)
    assert found.scores == dict.fromkeys(CATEGORIES, 100), found.failed
