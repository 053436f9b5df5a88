"""Whatever happens can be said in every language: with every name in it, and with nothing left to be filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statusgen.config.theme import load_theme
from statusgen.model.components import ComponentView
from statusgen.model.measured import Outage
from statusgen.model.page import Page
from statusgen.model.reason import PARTS, REASONS, is_reason
from statusgen.model.words import IncidentPhase, MaintenancePhase, Status
from statusgen.render import bars, sentence, stories
from statusgen.render.predicates import CLAIMED
from statusgen.render.tongue import Tongue, tongue_of
from tests.catalogues import LANGUAGES
from tests.unit.render.pages import NOW, component, group, outage, page, sight

NAMES = ("Alpha", "Beta", "Gamma", "Delta")
THEME = load_theme(Path(), "default", LANGUAGES)
TONGUES = [tongue_of(THEME, tag) for tag in ("en", *LANGUAGES)]

lengths = st.timedeltas(timedelta(0), timedelta(days=400))
reasons = st.sampled_from([None, "http_502", "streaming:timeout", *REASONS])


@st.composite
def stretches(draw: st.DrawFn, name: str) -> ComponentView:
    """Draw a component in any state that it can be in."""
    measured = draw(st.sampled_from(Status))
    status = draw(st.sampled_from([measured, *CLAIMED]))
    made = component(name, status, measured=measured, reason=draw(reasons))
    return replace(
        made,
        since=draw(st.none() | lengths.map(lambda length: NOW - length)),
        explained_by=draw(st.none() | st.sampled_from([other.lower() for other in NAMES if other != name])),
        times=draw(st.integers(1, 12)),
        episode=draw(st.none() | lengths.map(lambda length: NOW - length)),
        checks=(sight(measured, failing=draw(st.integers(0, 3)), reason=made.reason),),
    )


@st.composite
def situations(draw: st.DrawFn) -> Page:
    """Draw a page of some components in up to three groups."""
    shown = [draw(stretches(name)) for name in NAMES[: draw(st.integers(1, 4))]]
    cut = draw(st.integers(1, len(shown)))
    groups = [group("Core", *shown[:cut])] + ([group("Edge", *shown[cut:])] if shown[cut:] else [])
    return page(*groups, measured=draw(st.none() | st.just(NOW)))


@st.composite
def episodes(draw: st.DrawFn) -> list[Outage]:
    """Draw outages that began together."""
    return [
        outage(
            name.lower(),
            NOW - timedelta(hours=3),
            draw(st.none() | lengths.map(lambda length: NOW - timedelta(hours=3) + length)),
            reason=draw(reasons),
            number=draw(st.integers(1, 5)),
            lost=draw(st.booleans()),
        )
        for name in NAMES[: draw(st.integers(1, 4))]
    ]


def whole(text: str) -> bool:
    """Return whether nothing in a text waits to be filled in."""
    return "{" not in text and "}" not in text


@pytest.mark.parametrize("say", TONGUES, ids=lambda say: say.tag)
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40)
@given(situations())
def test_every_state_can_be_said(say: Tongue, page: Page) -> None:
    said = [sentence.headline(page, say), sentence.aside(page, say)]
    for one in page.components:
        standing = sentence.standing(one, say)
        assert one.name in standing
        said += [standing, sentence.lasting(one, page, say), sentence.note(one, page, say, near=NOW)]
        said += [
            say.coverage(one.uptime),
            bars.describe(one.bars, say),
            *(sentence.sight(check, say) for check in one.checks),
        ]
    said += [sentence.tally(each, say) for each in page.groups]
    assert all(map(whole, said)), said
    assert said[0]


@pytest.mark.parametrize("say", TONGUES, ids=lambda say: say.tag)
@settings(max_examples=40)
@given(episodes())
def test_every_story_names_whom_it_is_about(say: Tongue, outages: list[Outage]) -> None:
    names = {name.lower(): name for name in NAMES}
    for story in stories.stories(outages):
        told = stories.sentence(story, names, say, NOW)
        about = [names[episode.component] for episode in story.episodes]
        assert whole(told)
        assert len(about) > 3 or all(name in told for name in about)


@pytest.mark.parametrize("say", TONGUES, ids=lambda say: say.tag)
@given(length=lengths)
def test_a_length_of_time_is_said_with_its_numbers(say: Tongue, length: timedelta) -> None:
    for told in (say.duration(length), say.roughly(length), say.exactly(length)):
        assert told
        assert whole(told)
    days = length.days
    assert days < 3 or str(days) in say.duration(length)


@pytest.mark.parametrize("say", TONGUES, ids=lambda say: say.tag)
def test_every_reason_and_every_phase_has_words(say: Tongue) -> None:
    known = [*REASONS, *(f"{part}:timeout" for part in PARTS), "http_503"]
    assert all(map(is_reason, known))
    told = [*map(say.reason, known), *map(say.phase, [*IncidentPhase, *MaintenancePhase])]
    assert all(whole(text) and text for text in told)
