"""A team's colour can be read in both schemes, whatever it is."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.model.theme import Theme
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


def srgb(lightness: float, chroma: float, hue: float) -> tuple[int, int, int]:
    """Return an `oklch()` colour as sRGB (CSS Color 4, §10)."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long, middle, short = (
        (lightness + x * a + y * b) ** 3
        for x, y in ((0.3963377774, 0.2158037573), (-0.1055613458, -0.0638541728), (-0.0894841775, -1.2914855480))
    )
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    red, green, blue = (
        round(255 * (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055)) for part in linear
    )
    return red, green, blue


def test_every_background_of_the_default_theme_leaves_enough_contrast(theme: Theme) -> None:
    style = theme.assets["style.css"].decode()
    schemes = re.findall(r"--paper: oklch\((.*?)\);\s*--faint: oklch\((.*?)\);", style)
    assert len(schemes) == len(accent._SCHEMES)
    for backgrounds, (paper, towards) in zip(schemes, accent._SCHEMES, strict=True):
        for background in backgrounds:
            lightness, chroma, hue = background.split()
            shown = srgb(float(lightness.rstrip("%")) / 100, float(chroma), float(hue))
            worst = min(contrast(readable((grey, grey, grey), paper, towards), shown) for grey in range(256))
            assert worst >= ENOUGH, background


def test_the_style_has_a_colour_for_each_scheme() -> None:
    light, dark = re.findall("--link:(#[0-9a-f]{6})", accent.style("#7a3eb1"))
    assert (light, dark) == ("#7a3eb1", "#9f73c6")
    assert ".mast .name{color:var(--link)}" in accent.style("#7a3eb1")
    assert accent.style("") == ""
