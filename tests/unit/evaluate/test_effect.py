"""Effects: what a feed leaves to the outage that it began with, and never takes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from statusgen.evaluate.effect import with_effects
from statusgen.model.measured import Outage
from tests.factories import HOLD, minutes

CHAIN: Mapping[str, tuple[str, ...]] = {"edge": ("web",), "web": ("database",), "database": ()}
CIRCLE: Mapping[str, tuple[str, ...]] = {"edge": ("web",), "web": ("edge", "database"), "database": ()}

Spans = Mapping[str, Sequence[tuple[float, float | None]]]


def seen(spans: Spans, now: float, depends_on: Mapping[str, tuple[str, ...]]) -> dict[str, list[datetime | None]]:
    """Return since when each outage is news, by component, as known at a minute; None for an effect."""
    by_component = {
        key: tuple(
            Outage(component=key, start=minutes(start), end=None if end is None or end > now else minutes(end))
            for start, end in spans.get(key, ())
            if start <= now
        )
        for key in depends_on
    }
    marked = with_effects(by_component, depends_on, minutes(now), patience=HOLD)
    return {key: [None if one.effect else one.told for one in outages] for key, outages in marked.items()}


@pytest.mark.parametrize(
    ("database", "web", "now", "news"),
    [
        ((0, None), (0, None), 60, None),
        ((0.1, None), (0, None), 60, 0),
        ((0, 20), (10, None), 21, None),
        ((0, 20), (10, None), 32.5, None),
        ((0, 20), (10, None), 33, 32.5),
        ((0, 20), (10, 32.5), 90, None),
        ((0, 20), (10, 33), 90, 32.5),
        ((0, 20), (32, None), 32, None),
        ((0, 20), (33, None), 33, 33),
        ((40, None), (0, None), 60, 0),
    ],
)
def test_it_is_an_effect_until_it_outlives_what_it_began_with(
    database: tuple[float, float | None], web: tuple[float, float | None], now: float, news: float | None
) -> None:
    found = seen({"database": [database], "web": [web]}, now, CHAIN)
    assert found["web"] == [None if news is None else minutes(news)]
    assert found["database"] == [minutes(database[0])]


def test_what_it_began_with_may_go_down_again() -> None:
    again = {"database": [(0, 20), (30, 50), (70, 80)], "web": [(0, None)]}
    assert seen(again, 62, CHAIN)["web"] == [None]
    assert seen(again, 90, CHAIN)["web"] == [minutes(62.5)]
    assert seen({"database": [(0, 20), (30, None)], "web": [(0, None)]}, 90, CHAIN)["web"] == [None]


def test_of_a_chain_only_the_far_end_is_news_until_one_outlives_it() -> None:
    down = {"database": [(0, 20)], "web": [(0, 60)], "edge": [(0, None)]}
    assert seen(down, 25, CHAIN) == {"database": [minutes(0)], "web": [None], "edge": [None]}
    assert seen(down, 40, CHAIN) == {"database": [minutes(0)], "web": [minutes(32.5)], "edge": [None]}
    assert seen(down, 90, CHAIN)["edge"] == [minutes(72.5)]


def test_a_circle_is_nobodys_effect_but_what_stands_behind_it_has_some() -> None:
    assert seen({"web": [(0, 20)], "edge": [(0, None)]}, 60, CIRCLE) == {
        "edge": [minutes(0)],
        "web": [minutes(0)],
        "database": [],
    }
    behind = seen({"web": [(0, None)], "edge": [(0, None)], "database": [(0, None)]}, 60, CIRCLE)
    assert behind == {"edge": [None], "web": [None], "database": [minutes(0)]}


@st.composite
def rows(draw: st.DrawFn) -> Spans:
    """Return outages of each component, apart from each other."""
    found = {}
    for key in CHAIN:
        edges = sorted(draw(st.sets(st.integers(min_value=0, max_value=120), max_size=6)))
        found[key] = [(start, end) for start, end in zip(edges[::2], [*edges[1::2], None], strict=False)]
    return found


@given(spans=rows(), depends_on=st.sampled_from([CHAIN, CIRCLE]))
@example(spans={"web": [(105, None)], "database": [(0, 1), (106, None)]}, depends_on=CHAIN)
def test_nothing_that_was_told_is_taken_back_or_told_again(
    spans: Spans, depends_on: Mapping[str, tuple[str, ...]]
) -> None:
    told: dict[tuple[str, int], datetime] = {}
    for now in range(0, 200, 3):
        for key, news in seen(spans, now, depends_on).items():
            for number, since in enumerate(news):
                assert since is not None or (key, number) not in told
                if since is not None:
                    assert since <= minutes(now)
                    assert told.setdefault((key, number), since) == since


def test_what_outlives_several_things_is_news_from_the_latest() -> None:
    outage = Outage(component="web", start=minutes(0), end=None)
    assert outage.told == minutes(0)
    assert replace(outage, outlived=minutes(20), overran=minutes(30)).told == minutes(30)
