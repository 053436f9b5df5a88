"""A team's colour can be read in both schemes, whatever it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.render import accent
from statusgen.render.accent import ENOUGH, contrast, parse, readable

PARTS = st.integers(0, 255)
COLOURS = st.tuples(PARTS, PARTS, PARTS)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21.0), ("#767676", "#ffffff", 4.54), ("#7a3eb1", "#7a3eb1", 1.0)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert contrast(parse(one), parse(other)) == pytest.approx(expected, abs=0.005)


@given(COLOURS)
def test_any_colour_becomes_readable_on_light_and_on_dark(colour: tuple[int, int, int]) -> None:
    for paper, towards in accent._SCHEMES:
        found = readable(colour, paper, towards)
        assert contrast(found, paper) >= ENOUGH
        assert found == colour or contrast(colour, paper) < ENOUGH, "and what is readable stays what it is"


def test_the_style_has_a_colour_for_each_scheme() -> None:
    light, dark = re.findall("--link:(#[0-9a-f]{6})", accent.style("#7a3eb1"))
    assert (light, dark) == ("#7a3eb1", "#9f73c6")
    assert accent.style("") == ""
