"""Law: people's word can raise a status, never lower it; nothing of the future shows, whatever is announced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hypothesis import given

from statusgen.evaluate import evaluate
from statusgen.evaluate.status import RANK
from statusgen.evaluate.track import fold
from statusgen.model.announcement import Announcement, Incident
from statusgen.model.page import Page
from statusgen.model.words import MaintenancePhase, Status
from tests.factories import HOLD, project, record
from tests.property.strategies import PROJECT, History, announcements, flat, histories, instants

MARKS = {"planned": False, "foretold": False, "overran": None}
"""What maintenance makes of an outage, which says how it is told and nothing of how it was."""


def page_of(history: History, said: Sequence[Announcement], now: datetime) -> Page:
    """Return the page with these announcements."""
    return evaluate(project(*PROJECT.groups, announcements=said), record(*fold(flat(history), HOLD)), now)


@given(histories, announcements, instants)
def test_an_incident_never_lowers_a_status(history: History, said: list[Announcement], now: datetime) -> None:
    told = [one for one in said if isinstance(one, Incident)]
    page, silent = page_of(history, told, now), page_of(history, [], now)
    assert RANK[page.status] >= RANK[silent.status]
    for one, other in zip(page.components, silent.components, strict=True):
        assert RANK[one.status] >= RANK[other.status]


@given(histories, announcements, instants)
def test_no_announcement_changes_what_was_measured(history: History, said: list[Announcement], now: datetime) -> None:
    page, silent = page_of(history, said, now), page_of(history, [], now)
    for one, other in zip(page.components, silent.components, strict=True):
        assert (one.measured, one.reason, one.since) == (other.measured, other.reason, other.since)
        assert one.explained_by == other.explained_by
    assert [replace(one, **MARKS) for one in page.outages] == list(silent.outages)


@given(histories, announcements, instants)
def test_maintenance_covers_only_what_it_names_and_only_while_it_goes_on(
    history: History, said: list[Announcement], now: datetime
) -> None:
    page = page_of(history, said, now)
    for view in page.components:
        covered = view.status is Status.UNDER_MAINTENANCE
        active = {one.id for work in page.active_maintenance for one in work.affected}
        raised = {one.id for told in page.open_incidents for one in told.affected}
        assert not covered or view.id in active | raised


@given(histories, announcements, instants)
def test_nothing_of_the_future_shows(history: History, said: list[Announcement], now: datetime) -> None:
    page = page_of(history, said, now)
    shown = [update for view in page.incidents for update in view.updates]
    shown += [update for view in page.maintenance for update in view.updates]
    assert all(update.at <= now for update in shown)
    assert all(view.source.started <= now for view in page.incidents)
    assert all(view.resolved is None or view.resolved <= now for view in page.incidents)
    assert all(view.source.announced <= now for view in page.maintenance)
    assert all(story.day <= now.date() for story in page.history)
    assert all(outage.start <= now for outage in page.outages)


@given(histories, announcements, instants)
def test_what_has_ended_began_before_and_what_goes_on_has_not_ended(
    history: History, said: list[Announcement], now: datetime
) -> None:
    for view in page_of(history, said, now).maintenance:
        assert view.began is None or view.began <= now
        assert view.ended is None or view.ended <= now
        assert not (view.active or view.phase is MaintenancePhase.SCHEDULED) or view.ended is None
        assert view.phase is not MaintenancePhase.SCHEDULED or view.began is None
        assert not view.active or view.began is not None
        assert not view.overrun or (view.active and view.ends <= now)
        if view.began and view.ended:
            assert view.began <= view.ended


@given(histories, announcements, instants)
def test_each_day_of_history_has_something_to_report_and_stands_once_newest_first(
    history: History, said: list[Announcement], now: datetime
) -> None:
    page = page_of(history, said, now)
    days = [story.day for story in page.history]
    assert days == sorted(set(days), reverse=True)
    assert not any(story.quiet for story in page.history)
    assert [story.day for story in page.days] == [
        now.date().fromordinal(now.date().toordinal() - back) for back in range(14)
    ]
    assert [story for story in page.days if not story.quiet] == list(page.history)[
        : sum(not s.quiet for s in page.days)
    ]
    assert sum(len(story.incidents) for story in page.history) == len(page.incidents)


@given(histories, announcements, instants)
def test_every_outage_is_told_by_somebody(history: History, said: list[Announcement], now: datetime) -> None:
    page = page_of(history, said, now)
    own = {(one.component, one.start) for story in page.history for one in story.outages}
    for outage in page.outages:
        told = (outage.component, outage.start) in own
        root = [one for one in page.outages if one.component == outage.explained_by]
        people = [view for view in page.incidents for one in view.affected if outage.component == one.id]
        work = [view for view in page.maintenance for one in view.affected if outage.component == one.id]
        assert told or root or people or work
