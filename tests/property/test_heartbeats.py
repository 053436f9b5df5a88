"""Law: something that has to report is up while its newest report speaks, from anywhere, and down from then on."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from statusgen.evaluate.track import fold, stitch
from statusgen.evaluate.verdict import MISSED, verdicts
from statusgen.model.observation import Observation
from statusgen.model.words import Outcome
from tests.factories import HOLD, MINUTE, minutes, observation
from tests.property.strategies import LOCATIONS, MIDNIGHT, instants

reports = st.lists(
    st.builds(
        lambda at, location, holds: observation(at=at, location=location, latency_ms=None, holds=holds),
        instants,
        st.sampled_from(LOCATIONS),
        st.integers(1, 90).map(lambda count: MINUTE * count),
    ),
    max_size=8,
)


def speaks(made: list[Observation], at: datetime) -> bool:
    """Return whether the newest report of any location speaks at an instant; of several at once the longest."""
    newest: dict[str, tuple[datetime, timedelta]] = {}
    for one in made:
        if one.at <= at and one.holds is not None:
            newest[one.location] = max(newest.get(one.location, (one.at, one.holds)), (one.at, one.holds))
    return any(at < told + holds for told, holds in newest.values())


@given(reports, instants)
def test_it_is_up_exactly_while_a_report_speaks_and_down_after_the_first(
    made: list[Observation], now: datetime
) -> None:
    spans = verdicts([track.spans for track in fold(made, HOLD)], silence=MISSED)
    here = [span for span in spans if span.start <= now < span.end]
    if not any(one.at <= now for one in made):
        assert here == []
    else:
        assert [span.outcome for span in here] == [Outcome.UP if speaks(made, now) else Outcome.DOWN]


@given(reports, st.permutations(range(8)))
def test_the_order_in_which_reports_arrive_changes_nothing(made: list[Observation], order: list[int]) -> None:
    assert fold([made[index] for index in order if index < len(made)], HOLD) == fold(made, HOLD)


@given(reports)
def test_days_folded_apart_are_what_all_of_it_is(made: list[Observation]) -> None:
    days = [[one for one in made if (one.at < MIDNIGHT) is before] for before in (True, False)]
    assert stitch(fold(day, HOLD) for day in days) == fold(made, HOLD)


@given(reports)
def test_one_more_report_never_makes_it_look_worse(made: list[Observation]) -> None:
    more = observation(at=minutes(0, since=MIDNIGHT), location="another", latency_ms=None, holds=MINUTE)
    before, after = ([track.spans for track in fold(seen, HOLD)] for seen in (made, [*made, more]))
    up_before = {span for span in verdicts(before, silence=MISSED) if span.outcome is Outcome.UP}
    up_after = [span for span in verdicts(after, silence=MISSED) if span.outcome is Outcome.UP]
    assert all(any(new.start <= old.start and old.end <= new.end for new in up_after) for old in up_before)
