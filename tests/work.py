"""How much work something is, counted in calls: a figure that a busy or slow machine cannot change."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType


def steps(act: Callable[[], object]) -> int:
    """Return how many lines of Python it takes to carry something out; it sees loops that call nothing, too."""
    count = 0

    def counting(frame: FrameType, event: str, argument: object) -> Callable[..., object]:
        nonlocal count
        count += event == "line"
        return counting

    before = sys.gettrace()
    sys.settrace(counting)
    try:
        act()
    finally:
        sys.settrace(before)
    return count


def calls(act: Callable[[], object]) -> int:
    """Return how many calls, of Python and of C, it takes to carry something out."""
    count = 0

    def counting(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        act()
    finally:
        sys.setprofile(before)
    return count
