"""Law: as time goes by, the phase of an announcement goes forward, unless a person wrote that it went back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hypothesis import given

from statusgen.evaluate import lifecycle
from statusgen.evaluate.window import union, windows
from statusgen.model.announcement import Announcement, Incident, Maintenance, Post
from statusgen.model.told import IncidentView, MaintenanceView
from statusgen.model.words import IncidentPhase, MaintenancePhase, Status
from statusgen.render.tellings import tellings
from tests.property.strategies import announcements, instants

NAMES = {"web": "Web", "database": "Database"}
ORDER = {phase: rank for phases in (IncidentPhase, MaintenancePhase) for rank, phase in enumerate(phases)}


def views(said: Sequence[Announcement], now: datetime) -> dict[str, IncidentView | MaintenanceView]:
    """Return every incident and maintenance by slug, when nothing was measured."""
    found = (*lifecycle.incidents(said, NAMES, now), *lifecycle.maintenance(said, NAMES, {}, now))
    return {view.source.slug: view for view in found}


def in_order(one: datetime, other: datetime) -> tuple[datetime, datetime]:
    """Return the earlier of two instants, then the later one."""
    return min(one, other), max(one, other)


@given(announcements, instants, instants)
def test_a_phase_goes_back_only_by_word(said: list[Announcement], one: datetime, other: datetime) -> None:
    earlier, later = in_order(one, other)
    before, after = views(said, earlier), views(said, later)
    for slug, view in before.items():
        wrote = after[slug].updates != view.updates
        assert wrote or ORDER[after[slug].phase] >= ORDER[view.phase]


@given(announcements, instants, instants)
def test_what_was_announced_is_still_known_later(said: list[Announcement], one: datetime, other: datetime) -> None:
    earlier, later = in_order(one, other)
    after = views(said, later)
    for slug, view in views(said, earlier).items():
        known = after[slug]
        assert known.updates[: len(view.updates)] == view.updates
        if isinstance(view, MaintenanceView) and isinstance(known, MaintenanceView):
            plans = [(plan.starts, plan.ends) for plan in (*view.earlier, view)]
            assert [(plan.starts, plan.ends) for plan in (*known.earlier, known)][: len(plans)] == plans


@given(announcements, instants)
def test_each_telling_has_a_key_of_its_own_and_nothing_is_told_before_its_time(
    said: list[Announcement], now: datetime
) -> None:
    for view in views(said, now).values():
        told = tellings(view)
        assert len({telling.key for telling in told}) == len(told)
        assert all(telling.at <= now for telling in told)


@given(announcements, instants, instants)
def test_an_instant_is_covered_exactly_when_what_was_known_then_says_so(
    said: list[Announcement], at: datetime, now: datetime
) -> None:
    for one in said:
        if isinstance(one, Maintenance):
            covered = any(window.holds(at) for window in union(windows(one, "web", now)))
            assert covered == _is_covered(one, at, min(at, now))


def _is_covered(one: Maintenance, at: datetime, known: datetime) -> bool:
    """Return whether an instant is covered: people expect trouble, it has begun and is not over.

    All of it as announced at an instant; before anything was, as announced first.
    """
    plan = one.plans(known)[-1].window
    phases = {update.phase for update in one.updates if update.at <= known}
    suffers = one.affected(known).get("web", Status.OPERATIONAL) is not Status.OPERATIONAL
    begun = plan.start <= at or phases & {MaintenancePhase.IN_PROGRESS, MaintenancePhase.VERIFYING}
    over = at >= plan.end or phases & {MaintenancePhase.COMPLETED, MaintenancePhase.CANCELLED}
    return bool(suffers and begun and not over)


@given(announcements, instants)
def test_every_announcement_that_was_public_once_has_its_place_for_ever(
    said: list[Announcement], now: datetime
) -> None:
    public = {one.slug for one in said if not isinstance(one, Post) and _since(one) <= now}
    assert set(views(said, now)) == public


def _since(one: Incident | Maintenance) -> datetime:
    return one.started if isinstance(one, Incident) else one.announced
