"""An update is added in the way its file is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from statusgen.authoring import update

NOW = datetime(2022, 12, 1, 12, 30, 42, tzinfo=UTC)
PACIFIC = "---\nstarted: 2022-12-01T02:00-08:00\n---\nText.\n"


@pytest.mark.parametrize(
    ("source", "heading"),
    [
        ("", "## 2022-12-01T12:30Z resolved"),
        (PACIFIC, "## 2022-12-01T04:30-08:00 resolved"),
        (PACIFIC + "\n## 2022-12-01T11:00Z identified\n", "## 2022-12-01T12:30Z resolved"),
        (PACIFIC + "\n## 2022-12-01T04:30:10-08:00 identified\n", "## 2022-12-01T04:30:42-08:00 resolved"),
        ("see 2022-12-01T25:99Z", "## 2022-12-01T12:30Z resolved"),
    ],
)
def test_it_tells_its_time_as_the_file_does(source: str, heading: str) -> None:
    assert update(source, NOW, "resolved", "Done.").strip().splitlines() == [heading, "Done."]


@pytest.mark.parametrize(("source", "gap"), [("a", "\n\n"), ("a\n", "\n"), ("a\n\n", "")])
def test_one_empty_line_stands_before_it(source: str, gap: str) -> None:
    assert update(source, NOW, "resolved", "Done.\n\n") == f"{gap}## 2022-12-01T12:30Z resolved\nDone.\n"
