"""Badges in a real browser: the widths that were reckoned for their texts are those that the texts have."""

from __future__ import annotations

from typing import Any

import pytest

MEASURE = """() => [...document.querySelectorAll('text')].map(one => {
    const reckoned = Number(one.getAttribute('textLength'));
    one.removeAttribute('textLength');
    return [reckoned, one.getComputedTextLength()];
})"""


@pytest.mark.parametrize(
    ("name", "path"),
    [
        *(("busy", f"badges/{one}.svg") for one in ("media", "web", "redis", "moderation")),
        *(("unseen", "badge.svg"), ("crowded", "badges/edge-node-0-8-in-frankfurt-am-main,-rack-8.svg")),
    ],
)
def test_a_text_is_neither_squeezed_nor_stretched(name: str, path: str, visit: Any) -> None:
    with visit(name, path, now=None) as opened:
        widths = opened.page.evaluate(MEASURE)
        assert len(widths) == 2
        for reckoned, real in widths:
            assert abs(reckoned - real) <= max(4, 0.2 * real)
