"""A run that has nothing to tell sends a handful of files, whatever the size of the site, and draws as few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from jinja2 import Environment

from statusgen.model.announcement import Announcement
from statusgen.model.theme import Theme
from statusgen.model.words import IncidentPhase
from statusgen.pipeline import Published, publish
from statusgen.render import templates
from tests.factories import DAY, HOUR, NOW, incident, updates
from tests.unit.pipeline.world import PROJECT, THEME, World

MOST_SENT, MOST_REQUESTS = 8, 12
OLD = tuple(
    incident(
        f"old-{number}",
        started=NOW - number * DAY,
        updates=updates((NOW - number * DAY + HOUR, IncidentPhase.RESOLVED)),
    )
    for number in range(1, 301)
)
NEW = incident("new", started=NOW - 50 * DAY, updates=updates((NOW - 49 * DAY, IncidentPhase.RESOLVED)))


def run(world: World, said: Sequence[Announcement]) -> tuple[Published, int]:
    """Publish; return what came of it, and how many requests that took of the target besides its listing."""
    world.wait(timedelta(minutes=5))
    world.target.calls.clear()
    published = publish(
        replace(PROJECT, announcements=tuple(said)),
        THEME,
        world.vantage(),
        world.memory,
        world.target,
        secrets={"TOKEN": "not in any page"},
        clock=world.clock,
        progress=world.progress,
        engine="1.0",
    )
    return published, sum(len(call.keys) for call in world.target.calls if call.method != "list")


def test_an_uneventful_run_sends_a_handful_and_draws_none_of_the_past(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    run(world, OLD)
    drawn: list[str] = []
    draw = templates.draw

    def note(environment: Environment, theme: Theme, name: str, context: Mapping[str, Any]) -> str:
        drawn.append(name)
        return draw(environment, theme, name, context)

    monkeypatch.setattr(templates, "draw", note)
    published, requests = run(world, OLD)
    assert len(world.target.keys()) > len(OLD)
    assert [call.method for call in world.target.calls].count("list") == 1
    assert requests <= MOST_REQUESTS
    sent = {upload.artifact.path for upload in published.plan.uploads}
    assert len(sent) + 1 <= MOST_SENT, "one more is the manifest"
    assert not any(path.startswith(("incidents/", "history/")) for path in sent)
    assert "front.html" in drawn
    assert {"incident.html", "month.html", "year.html"}.isdisjoint(drawn)
    assert len(drawn) < 12, drawn


def test_one_announcement_more_sends_only_what_carries_it() -> None:
    world = World()
    run(world, OLD)
    uneventful = {upload.artifact.path for upload in run(world, OLD)[0].plan.uploads}
    published, requests = run(world, (*OLD, NEW))
    kept = len(published.plan.parting) + len(("the old bodies", "their manifest", "is one too many?"))
    sent = {upload.artifact.path for upload in published.plan.uploads} - uneventful
    assert sent >= {"incidents/new.html"}
    assert len(sent) <= 10, sorted(sent)
    assert requests <= MOST_REQUESTS + len(sent) + kept
