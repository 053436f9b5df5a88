"""Law: folding in any grouping gives the same, as long as no run is split."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from statusgen.evaluate.track import fold, stitch
from statusgen.model.observation import Observation
from tests.factories import HOLD
from tests.property.strategies import History, flat, histories, instants, shaky


def days(history: History, cuts: list[datetime]) -> list[list[Observation]]:
    """Return the observations divided at the cuts, each run whole; the last part holds what comes after all cuts."""
    edges = sorted(cuts)
    parts: list[list[Observation]] = [[] for _ in range(len(edges) + 1)]
    for run in filter(None, history):
        start = min(one.at for one in run).replace(second=0)
        parts[sum(edge <= start for edge in edges)].extend(run)
    return parts


@given(histories | shaky, st.lists(instants, max_size=4))
def test_days_folded_apart_and_stitched_are_what_all_of_it_folded_at_once_is(
    history: History, cuts: list[datetime]
) -> None:
    assert stitch(fold(day, HOLD) for day in days(history, cuts)) == fold(flat(history), HOLD)


@given(histories | shaky, st.lists(instants, max_size=4))
def test_stitched_days_can_be_stitched_again(history: History, cuts: list[datetime]) -> None:
    first, *rest = (fold(day, HOLD) for day in days(history, cuts))
    whole = first
    for day in rest:
        whole = stitch([whole, day])
    assert stitch([whole]) == fold(flat(history), HOLD)


@given(histories | shaky)
def test_spans_are_in_order_apart_from_each_other_and_merged(history: History) -> None:
    for track in fold(flat(history), HOLD):
        assert all(span.start < span.end for span in track.spans)
        for one, following in pairwise(track.spans):
            assert one.end <= following.start
            same = (one.outcome, one.reason) == (following.outcome, following.reason)
            assert not (same and one.end == following.start)


@given(histories | shaky)
def test_every_observation_lies_within_a_span_of_its_track(history: History) -> None:
    tracks = {(track.check, track.location): track for track in fold(flat(history), HOLD)}
    for one in flat(history):
        assert sum(span.start <= one.at < span.end for span in tracks[one.check, one.location].spans) == 1
