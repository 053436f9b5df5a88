"""Law: at every instant a component is what the observations that speak then amount to, and nothing else.

Except one thing: what is operational now counts as degraded, and says so, while it went down too often just before.
The oracle looks at one instant alone, with no sweep, no spans and no merging.
"""

from __future__ import annotations

from datetime import datetime

from hypothesis import given

from statusgen.evaluate import evaluate
from statusgen.evaluate.flapping import FLAPPING, RECOVERING, pace
from statusgen.evaluate.track import fold
from statusgen.model.observation import Observation
from statusgen.model.words import Outcome, Status
from tests.factories import CONTROL, HOLD, INTERVAL, MINUTE, record
from tests.property.strategies import PROJECT, History, flat, histories, instants

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


def status_of_check(seen: list[Observation], check: str, now: datetime) -> Status | None:
    """Return the verdict on a check now; None before anybody ever saw it."""
    if not any(one.check == check and one.at <= now for one in seen):
        return None
    votes = [spoken(seen, check, location, now) for location in {one.location for one in seen}]
    measured = [vote for vote in votes if vote not in {None, Outcome.UNKNOWN}]
    if not measured:
        return Status.UNKNOWN
    if 2 * measured.count(Outcome.DOWN) > len(measured):
        return Status.MAJOR_OUTAGE
    return Status.OPERATIONAL if set(measured) == {Outcome.UP} else Status.DEGRADED_PERFORMANCE


def expected(seen: list[Observation], checks: list[str], now: datetime) -> Status:
    """Return the status of a component of these checks."""
    found = [status for check in checks if (status := status_of_check(seen, check, now))]
    return min(found, key=BAD_FIRST.index, default=Status.UNKNOWN)


def minutes_before(now: datetime) -> list[datetime]:
    """Return the minutes in which an outage would make what is operational now unsteady."""
    quiet = pace(INTERVAL).quiet
    return [now - MINUTE * back for back in range(1, quiet // MINUTE + 1)]


@given(histories, instants)
def test_each_component_is_what_the_observations_of_the_instant_amount_to(history: History, now: datetime) -> None:
    seen = flat(history)
    page = evaluate(PROJECT, record(*fold(seen, HOLD)), now)
    for component, view in zip(PROJECT.components, page.components, strict=True):
        checks = [check.id for check in component.checks]
        if view.reason in {FLAPPING, RECOVERING}:
            assert view.measured is Status.DEGRADED_PERFORMANCE
            assert expected(seen, checks, now) is Status.OPERATIONAL
            assert any(expected(seen, checks, at) is Status.MAJOR_OUTAGE for at in minutes_before(now))
        else:
            assert view.measured is expected(seen, checks, now)
        assert view.status is view.measured
        assert (view.reason is None) == (view.measured is Status.OPERATIONAL)
        assert view.since is None or view.since <= now


@given(histories, instants)
def test_a_component_without_fresh_data_is_never_green(history: History, now: datetime) -> None:
    stale = [one for one in flat(history) if one.at + HOLD <= now]
    page = evaluate(PROJECT, record(*fold(stale, HOLD)), now)
    assert {view.status for view in page.components} == {Status.UNKNOWN}
    assert page.status is Status.UNKNOWN
