"""A team's own colour for links and the masthead, made as light or as dark as it must be to be read.

It touches nothing that says a status. The contrast is that of WCAG 2.2 (relative luminance, success criterion 1.4.3),
taken against the paper of the default theme in both schemes.
"""

from __future__ import annotations

from collections.abc import Sequence

ENOUGH = 4.5
"""The contrast that text needs (AA)."""

_LIGHT_PAPER, _DARK_PAPER = (0xF1, 0xF3, 0xF5), (0x19, 0x1D, 0x24)
"""The default theme's `--faint` in both schemes: the darkest light background, and the lightest dark one."""

_LINEAR_BELOW = 0.04045
"""Where sRGB's curve begins (IEC 61966-2-1)."""

_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)
_STEPS = 40

Colour = tuple[int, int, int]


def style(colour: str) -> str:
    """Return the CSS that gives links and the name on top a colour such as `#7a3eb1`; empty without one."""
    if not colour:
        return ""
    light, dark = (_css(readable(parse(colour), paper, towards)) for paper, towards in _SCHEMES)
    scheme = f"@media (prefers-color-scheme:dark){{:root{{--link:{dark}}}}}"
    return f":root{{--link:{light}}}{scheme}.mast .name{{color:var(--link)}}"


_SCHEMES = ((_LIGHT_PAPER, _BLACK), (_DARK_PAPER, _WHITE))


def parse(colour: str) -> Colour:
    """Return a colour written as `#rrggbb`."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def readable(colour: Colour, paper: Colour, towards: Colour) -> Colour:
    """Return the colour, mixed with black or white as little as it takes to be read on a paper."""
    mixed = (_mix(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next(one for one in mixed if contrast(one, paper) >= ENOUGH)


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= _LINEAR_BELOW else float(((part + 0.055) / 1.055) ** 2.4)


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _css(colour: Sequence[int]) -> str:
    return "#" + bytes(colour).hex()
