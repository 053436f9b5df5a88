"""Law: at every instant a component is what the observations that speak then amount to, and nothing else.

The oracle looks at one instant alone, with no sweep, no spans and no merging.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from hypothesis import given

from statusgen.evaluate import evaluate, flapping
from statusgen.evaluate.track import fold
from statusgen.model.observation import Observation
from statusgen.model.project import Check, Project
from statusgen.model.words import Outcome, Status
from tests.factories import CONTROL, HOLD, INTERVAL, record
from tests.property.strategies import PROJECT, History, flat, histories, instants, projects, shaky

ORDER = [Outcome.UNKNOWN, Outcome.UP, Outcome.DEGRADED, Outcome.DOWN]
BAD_FIRST = [Status.MAJOR_OUTAGE, Status.DEGRADED_PERFORMANCE, Status.UNKNOWN, Status.OPERATIONAL]


def spoken(seen: list[Observation], check: str, location: str, now: datetime) -> Outcome | None:
    """Return what a location says of a check now; None when it has no fresh data."""
    own = [one for one in seen if (one.check, one.location) == (check, location) and one.at <= now]
    newest = [one for one in own if one.at == max(other.at for other in own) and now < one.at + HOLD]

    def judged(one: Observation) -> Outcome:
        controls = {
            other.outcome for other in seen if (other.check, other.location, other.run) == (CONTROL, location, one.run)
        }
        offline = Outcome.DOWN in controls and not controls & {Outcome.UP, Outcome.DEGRADED}
        return Outcome.UNKNOWN if offline else one.outcome

    return max((judged(one) for one in newest), key=ORDER.index, default=None)


def status_of_check(seen: list[Observation], check: Check, now: datetime) -> Status | None:
    """Return the verdict on a check now; None before anybody ever saw it."""
    if not any(one.check == check.id and one.at <= now for one in seen):
        return None
    votes = [spoken(seen, check.id, location, now) for location in {one.location for one in seen}]
    measured = [vote for vote in votes if vote not in {None, Outcome.UNKNOWN}]
    if not measured:
        return Status.UNKNOWN
    down, wanted = measured.count(Outcome.DOWN), check.quorum
    if 2 * down > len(measured) if wanted is None else down >= min(wanted, len(measured)):
        return Status.MAJOR_OUTAGE
    return Status.OPERATIONAL if set(measured) == {Outcome.UP} else Status.DEGRADED_PERFORMANCE


def seen_at(seen: list[Observation], checks: Sequence[Check], now: datetime) -> Status:
    """Return the status of a component of these checks, whatever was before."""
    found = [status for check in checks if (status := status_of_check(seen, check, now))]
    return min(found, key=BAD_FIRST.index, default=Status.UNKNOWN)


def is_shaken(seen: list[Observation], checks: Sequence[Check], now: datetime) -> bool:
    """Return whether enough instants that lie apart were down in the trouble that is not over now."""
    changes = sorted({now, *(at for one in seen for at in (one.at, one.at + HOLD) if at < now)})
    down = [(start, end) for start, end in pairwise(changes) if seen_at(seen, checks, start) is Status.MAJOR_OUTAGE]
    pace, marks = flapping.pace(INTERVAL), list[datetime]()
    for index, (start, end) in enumerate(down):
        if index and start - down[index - 1][1] >= pace.quiet:
            marks = []
        at = max(start, marks[-1] + pace.apart) if marks else start
        while at < end:
            marks.append(at)
            at += pace.apart
    return len(marks) >= flapping.TIMES and now - down[-1][1] < pace.quiet


def expected(seen: list[Observation], checks: Sequence[Check], now: datetime) -> Status:
    """Return the status of a component of these checks."""
    found = seen_at(seen, checks, now)
    shaken = found is Status.OPERATIONAL and is_shaken(seen, checks, now)
    return Status.DEGRADED_PERFORMANCE if shaken else found


@given(projects, histories | shaky, instants)
def test_each_component_is_what_the_observations_of_the_instant_amount_to(
    of: Project, history: History, now: datetime
) -> None:
    seen = flat(history)
    page = evaluate(of, record(*fold(seen, HOLD)), now)
    for component, view in zip(of.components, page.components, strict=True):
        assert view.measured is expected(seen, component.checks, now)
        assert view.status is view.measured
        assert (view.reason is None) == (view.measured is Status.OPERATIONAL)
        assert view.since is None or view.since <= now
        for check, one in zip(component.checks, view.checks, strict=True):
            assert one.status is (status_of_check(seen, check, now) or Status.UNKNOWN)


@given(histories, instants)
def test_a_component_without_fresh_data_is_never_green(history: History, now: datetime) -> None:
    stale = [one for one in flat(history) if one.at + HOLD <= now]
    page = evaluate(PROJECT, record(*fold(stale, HOLD)), now)
    assert {view.status for view in page.components} == {Status.UNKNOWN}
    assert page.status is Status.UNKNOWN
