"""What is written, in the form that readers find it in, and which cases are out at an instant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from tests.unit.truth.stage import Play
from tests.unit.truth.told import Part
from tests.unit.truth.written import Case, State

Out = dict[str, tuple[Case, State]]


def moments(play: Play, kind: str = "") -> Iterator[tuple[datetime, dict[str, bytes], Out]]:
    """Yield every instant of a play with its site, and with the cases that are public then by path; posts apart."""
    for now in play.instants:
        found = {}
        for case in play.cases:
            state = case.state(now)
            if state and (case.kind == kind if kind else case.kind != "post"):
                found[case.path] = (case, state)
        yield now, play.at(now), found


def named(play: Play, affects: Mapping[str, str]) -> dict[str, str]:
    """Return statuses by the names of their components."""
    return {play.component(key): status for key, status in affects.items()}


def texts(case: Case, part: Part) -> tuple[str, ...]:
    """Return the texts of a case that a part holds."""
    return tuple(text for text in case.texts if text in part.text)


def still(out: Out) -> Out:
    """Return the cases that are not over."""
    return {path: (case, state) for path, (case, state) in out.items() if state.open}
