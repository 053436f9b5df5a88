"""Blindness: a location whose controls all failed in a run was offline itself, and accuses nobody.

| its controls in one run | what else it saw in that run |
| --- | --- |
| one was up or degraded | is believed |
| none was, and one was down | is `unknown`, `location_offline` |
| all were `unknown` or skipped, or it has none | is believed |

A control that is `unknown` says nothing either way. Controls keep what they saw themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from statusgen.model.observation import CONTROL_PREFIX, Observation
from statusgen.model.words import Outcome

OFFLINE = "location_offline"

_ANSWERED = frozenset({Outcome.UP, Outcome.DEGRADED})

Runs = frozenset[tuple[str, str]]
"""Runs, each by its location and its id."""


def blind_runs(observations: Iterable[Observation]) -> Runs:
    """Return the runs whose location was offline."""
    controls: dict[tuple[str, str], set[Outcome]] = defaultdict(set)
    for one in observations:
        if is_control(one):
            controls[one.location, one.run].add(one.outcome)
    return frozenset(run for run, outcomes in controls.items() if is_blind(outcomes))


def is_blind(controls: Iterable[Outcome]) -> bool:
    """Return whether a location is offline whose controls were these in one run."""
    seen = set(controls)
    return Outcome.DOWN in seen and not seen & _ANSWERED


def believed(one: Observation, blind: Runs) -> Observation:
    """Return what an observation is worth: nothing in a run that was blind, unless it is a control's."""
    if (one.location, one.run) not in blind or is_control(one):
        return one
    return replace(one, outcome=Outcome.UNKNOWN, reason=OFFLINE)


def is_control(one: Observation) -> bool:
    """Return whether an observation tells of its own place and not of a target."""
    return one.check.startswith(CONTROL_PREFIX)
