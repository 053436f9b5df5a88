"""`rollback` says what is published again, what that takes, and what it means for the next publish."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli.conftest import Statusgen, WriteFile

MONDAY = "2022-12-05T12:00Z"
TUESDAY = "2022-12-06T12:00Z"
NAME = "20221206T120000Z-[0-9a-f]{8}-look"


@pytest.fixture(autouse=True)
def _changed(write: WriteFile, statusgen: Statusgen) -> None:
    """Publish with two names of the site."""
    assert statusgen("publish", now=MONDAY).exit_code == 0
    settings = (statusgen.root / "statusgen.yaml").read_text(encoding="utf-8")
    write("statusgen.yaml", settings.replace("name: Example", "name: Elsewhere"))
    assert statusgen("publish", now=TUESDAY).exit_code == 0
    assert "Elsewhere" in front(statusgen)


def front(statusgen: Statusgen) -> str:
    return (statusgen.root / "public/index.html").read_text(encoding="utf-8")


def test_the_page_before_is_published_and_said(statusgen: Statusgen) -> None:
    result = statusgen("rollback", now=TUESDAY)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("Published again what was there until 2022-12-06 12:00 UTC (20221206T120000Z-")
    assert " files sent to file:public" in lines[1]
    assert lines[-1] == (
        "Until the theme or the settings change, `statusgen publish` observes and sends nothing; --force ends that."
    )
    assert "Elsewhere" not in front(statusgen)


def test_a_rehearsal_changes_nothing(statusgen: Statusgen) -> None:
    result = statusgen("rollback", "--dry-run", now=TUESDAY)
    assert result.stdout.startswith("Would publish again what was there until 2022-12-06 12:00 UTC")
    assert "would be sent" in result.stdout
    assert "Elsewhere" in front(statusgen)


def test_the_list_is_text_or_data(statusgen: Statusgen) -> None:
    listed = statusgen("rollback", "--list").stdout
    name = listed.partition(":")[0]
    assert listed == (
        f"{name}: published until 2022-12-06 12:00 UTC, measured 2022-12-05 12:00, "
        "then another theme or other settings\n"
    )
    assert json.loads(statusgen("rollback", "--list", "--format", "json").stdout) == {
        "generations": [
            {
                "name": name,
                "published_until": "2022-12-06T12:00:00+00:00",
                "measured_at": "2022-12-05T12:00:00+00:00",
                "replaced_by": "look",
            }
        ]
    }


def test_data_says_what_was_sent(statusgen: Statusgen) -> None:
    said = json.loads(statusgen("rollback", "--format", "json", now=TUESDAY).stdout)
    assert said["generation"]["replaced_by"] == "look"
    assert said["lacking"] == []
    assert "index.html" in {upload["path"] for upload in said["uploads"]}


def test_publish_then_ends_with_5_and_says_what_to_do(statusgen: Statusgen) -> None:
    statusgen("rollback", now=TUESDAY)
    result = statusgen("publish", now=TUESDAY)
    assert result.exit_code == 5
    assert result.stderr.endswith(
        "error: nothing was sent: the page was rolled back at 2022-12-06 12:00 UTC, and the theme or the settings "
        "would be the same again\n"
        "    hint: mend the theme or the settings and publish; or publish with --force, which ends this\n"
    )
    assert "Elsewhere" not in front(statusgen)
    assert statusgen("publish", "--force", now=TUESDAY).exit_code == 0
    assert "Elsewhere" in front(statusgen)


def test_a_broken_theme_does_not_stand_in_its_way(write: WriteFile, statusgen: Statusgen) -> None:
    write("themes/default/base.html", "{% broken")
    assert statusgen("publish", now=TUESDAY).exit_code == 3
    assert statusgen("rollback", now=TUESDAY).exit_code == 0


def test_a_file_that_is_kept_nowhere_is_a_warning(statusgen: Statusgen) -> None:
    for pack in (statusgen.root / ".statusgen/generations").glob("*/*.tar.gz"):
        pack.write_bytes(b"damaged")
    (statusgen.root / "public/about.html").unlink()
    result = statusgen("rollback", now=TUESDAY)
    assert "warning: 'about.html' of the earlier page is kept nowhere, and is left out\n" in result.stderr


def test_without_an_earlier_page_there_is_none(statusgen: Statusgen) -> None:
    for record in (statusgen.root / ".statusgen/generations").glob("*/generation.json.gz"):
        record.unlink()
    assert statusgen("rollback", "--list").stdout == "no earlier page is kept\n"
    assert statusgen("rollback").exit_code == 5
