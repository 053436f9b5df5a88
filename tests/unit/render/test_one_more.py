"""One announcement more on a site of many: few files differ, and no feed grows with their number."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from statusgen.config.theme import load_theme
from statusgen.evaluate import evaluate
from statusgen.model.announcement import Announcement, Post
from statusgen.model.artifact import Stage
from statusgen.model.words import IncidentPhase
from statusgen.render import render
from statusgen.render.feed import MOST_BYTES
from tests.factories import DAY, HOUR, NOW, incident, project, record, site, updates

MANY = 400
MOST_FILES = 10

OLD = [
    incident(
        f"old-{number}",
        started=NOW - number * DAY,
        body="We are looking. " * 40,
        updates=updates((NOW - number * DAY + HOUR, IncidentPhase.RESOLVED)),
    )
    for number in range(MANY)
]
RECENT = incident("new", started=NOW - 3 * HOUR, updates=updates((NOW - HOUR, IncidentPhase.RESOLVED)))
THANKS = Post(slug="thanks", title="Thank you", published=NOW - HOUR)
LONG_AGO = incident("past", started=NOW - 300 * DAY, updates=updates((NOW - 299 * DAY, IncidentPhase.RESOLVED)))


def bodies(said: Sequence[Announcement], root: Path) -> dict[str, bytes]:
    page = evaluate(project(announcements=said, of=site(url="https://status.example.org")), record(), NOW)
    return {one.path: one.body for one in render(page, load_theme(root, "default"))}


@pytest.mark.parametrize("one", [RECENT, LONG_AGO, THANKS])
def test_one_announcement_more_changes_few_files(one: Announcement, tmp_path: Path) -> None:
    before, after = bodies(OLD, tmp_path), bodies([*OLD, one], tmp_path)
    differ = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert any(path.endswith(f"{one.slug}.html") for path in differ)
    assert len(differ) <= MOST_FILES, sorted(differ)


def test_no_feed_and_no_list_grows_with_the_site(tmp_path: Path) -> None:
    page = evaluate(project(announcements=OLD, of=site(url="https://status.example.org")), record(), NOW)
    sizes = {one.path: one.size for one in render(page, load_theme(tmp_path, "default")) if one.stage is Stage.FEED}
    assert max(sizes.values()) <= MOST_BYTES, sizes
