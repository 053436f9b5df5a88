"""The sample history is always the same, goes the way of real observations, and leaves nothing unmeasured."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from statusgen import history
from statusgen.demo.sample import DAYS, TROUBLES, lay, observations
from statusgen.evaluate import evaluate
from statusgen.model.project import Check, Component, Group, Location, Project, Site
from statusgen.stores.directory import DirectoryStore
from tests.fakes import MemoryStore, Notes

NOW = datetime(2022, 12, 1, 14, 7, tzinfo=UTC)
NAMES = sorted({name for trouble in TROUBLES for name in trouble.components})


def project() -> Project:
    """Return a project with a component for every one that has trouble in the sample."""
    components = tuple(
        Component(id=name, name=name, checks=(Check(id=f"{name}/http", component=name, kind="http", spec=None),))
        for name in NAMES
    )
    return Project(
        site=Site(name="Sample"),
        interval=timedelta(minutes=30),
        locations=(Location(id="here", name="Here"),),
        groups=(Group(id="all", name="All", components=components),),
    )


def test_it_is_the_same_for_the_same_instant() -> None:
    assert list(observations(project(), NOW)) == list(observations(project(), NOW))


def test_laying_it_twice_changes_nothing() -> None:
    state = MemoryStore()
    lay(project(), state, NOW)
    once = state.keys()
    lay(project(), state, NOW)
    assert state.keys() == once
    assert len(once) == DAYS + 1


def test_it_gives_every_component_ninety_days_without_a_gap(tmp_path: Path) -> None:
    state, notes = DirectoryStore(tmp_path, name="file:state"), Notes()
    lay(project(), state, NOW)
    record = history.recall(state, hold=project().hold, now=NOW, warn=notes.warn)
    page = evaluate(project(), record, NOW)
    assert notes.warnings == []
    assert [len(component.bars) for component in page.components] == [DAYS] * len(NAMES)
    assert {component.uptime.coverage for component in page.components} == {1.0}
    assert {outage.component for outage in page.outages} == {"edge-fremont", "redis", "timelines"}
    assert record.measured == NOW - project().interval
