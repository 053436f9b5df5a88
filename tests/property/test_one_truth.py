"""Law: whatever people write and whatever is measured, all formats tell of it the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from hypothesis import given

from statusgen.config import load_theme
from statusgen.model.announcement import Announcement
from statusgen.render import render
from tests.conftest import ROOT
from tests.property.strategies import History, announcements, histories, instants
from tests.property.test_feeds import page_of
from tests.unit.truth import pages
from tests.unit.truth.feeds import by_announcement, json_feed, whole, xml
from tests.unit.truth.programs import api, events, incidents, maintenance, own_announcements
from tests.unit.truth.told import Told

THEME = load_theme(Path(ROOT / "tests"), "default")

Files = Mapping[str, bytes]


def site(history: History, said: Sequence[Announcement], now: datetime) -> Files:
    """Return the site as of an instant."""
    return {one.path: one.body for one in render(page_of(history, said, now), THEME)}


def statuspages(files: Files) -> dict[str, Told]:
    """Return what Statuspage's clients read, all lists together."""
    found = incidents(api(files, "incidents")["incidents"])
    return found | maintenance(api(files, "scheduled-maintenances")["scheduled_maintenances"])


def too_late(page: Told, told: Told) -> bool:
    """Return whether what was said last speaks of a window that is over: it is quoted, and lengthens nothing."""
    return page.end is not None and page.phase == "completed" and bool(told.said) and told.said[-1].at >= page.end


def to_the_minute(told: Told) -> list[tuple[datetime, str]]:
    """Return when which phase was told: words tell no seconds."""
    return [(one.at.replace(second=0), one.phase) for one in told.said or ()]


@given(histories, announcements, instants)
def test_every_format_tells_the_same_phase_time_and_components(
    history: History, said: list[Announcement], now: datetime
) -> None:
    files = site(history, said, now)
    stories = whole(xml(files["history.atom"]))
    calendar = {path: event.told for path, event in events(files["maintenance.ics"]).items()}
    own = {path: pages.announcement(files[path], path) for path in stories}
    front = pages.front_incidents(files["index.html"]) | pages.plans(files["index.html"], "index.html")
    ours = own_announcements(files)
    for path, story in stories.items():
        assert too_late(own[path], story) or own[path].phase == story.phase
        assert own[path].components == story.components
        for other in (calendar, front, ours):
            if path in other:
                assert (other[path].title, other[path].phase) == (story.title, own[path].phase)
                assert other[path].components == story.components
                assert (other[path].start, other[path].end) == (own[path].start, own[path].end)
    for path, told in statuspages(files).items():
        assert (told.phase, told.start, told.end) == (own[path].phase, own[path].start, own[path].end)
        assert set(told.components or ()) == set(own[path].components or ())
        assert to_the_minute(told) == to_the_minute(stories[path])
    going_on = {
        path for path, one in own.items() if one.phase not in {"resolved", "postmortem", "completed", "cancelled"}
    }
    assert set(front) == set(ours) == going_on
    assert set(calendar) == {path for path in stories if path.startswith("maintenance/")}


@given(histories, announcements, instants)
def test_feeds_tell_the_same_entry_for_entry_and_end_where_the_page_stands(
    history: History, said: list[Announcement], now: datetime
) -> None:
    files = site(history, said, now)
    atom, rss, other = xml(files["feed.atom"]), xml(files["feed.xml"]), json_feed(files["feed.json"])
    assert [(one.id, one.title, one.at, one.words) for one in atom] == [
        (one.id, one.title, one.at, one.words) for one in rss
    ]
    assert [(one.id, one.title, one.at, one.words) for one in atom] == [
        (one.id, one.title, one.at, one.words) for one in other
    ]
    for path, told in by_announcement(atom).items():
        page = pages.announcement(files[path], path)
        assert told.said
        assert too_late(page, told) or told.phase.replace("rescheduled", "scheduled") == page.phase
        assert told.components == page.components
        assert told.said[-1].window in {None, (page.start, page.end)}
