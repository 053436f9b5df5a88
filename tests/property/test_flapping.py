"""Law: flapping makes time that was measured operational worse, changes nothing else, and judges no past anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby, pairwise

from hypothesis import given

from statusgen.evaluate import evaluate
from statusgen.evaluate.flapping import FLAPPING, RECOVERING, episodes, pace, with_flapping
from statusgen.evaluate.outage import outages
from statusgen.evaluate.timeline import present
from statusgen.evaluate.track import fold
from statusgen.model.project import Project
from statusgen.model.words import Status
from tests.factories import HOLD, INTERVAL, record
from tests.property.strategies import History, flat, histories, instants, projects, shaky
from tests.property.test_outages import line_of

PACE = pace(INTERVAL)
some = histories | shaky


@given(some)
def test_only_time_without_trouble_becomes_worse(history: History) -> None:
    line = line_of(history)
    judged = with_flapping(line, PACE)
    assert [one.start for one in judged[:1]] == [one.start for one in line[:1]]
    for one, following in pairwise(judged):
        assert one.start < one.end == following.start
        assert (one.status, one.reason, one.partly) != (following.status, following.reason, following.partly)
    for one in judged:
        was = present(line, one.start)
        assert was
        assert was.start <= one.start < one.end <= was.end
        if one.reason in {FLAPPING, RECOVERING}:
            assert (was.status, one.status) == (Status.OPERATIONAL, Status.DEGRADED_PERFORMANCE)
        else:
            assert (one.status, one.reason) == (was.status, was.reason)


@given(some)
def test_none_of_it_is_far_from_an_outage(history: History) -> None:
    judged = with_flapping(line_of(history), PACE)
    ends = [one.end for one in judged if one.status is Status.MAJOR_OUTAGE]
    for one in judged:
        if one.reason in {FLAPPING, RECOVERING}:
            assert any(timedelta() < one.end - end <= PACE.quiet for end in ends)


@given(projects, some, instants)
def test_what_comes_later_changes_no_status(of: Project, history: History, now: datetime) -> None:
    seen = flat(history)
    begun = {(one.location, one.run) for one in seen if one.at <= now}
    told = evaluate(of, record(*fold(seen, HOLD)), now)
    then = evaluate(of, record(*fold([one for one in seen if (one.location, one.run) in begun], HOLD)), now)
    for one, other in zip(told.components, then.components, strict=True):
        assert (one.status, one.reason, one.since) == (other.status, other.reason, other.since)
        assert (one.times, one.episode, one.uptime, one.bars) == (other.times, other.episode, other.uptime, other.bars)
    assert told.outages == then.outages


@given(some, instants)
def test_every_outage_is_of_one_episode_and_they_are_counted(history: History, now: datetime) -> None:
    line = line_of(history)
    found = episodes(outages("web", line, now, patience=HOLD), line, now, PACE)
    together = [list(group) for _, group in groupby(found, key=lambda one: one.episode)]
    for group in together:
        assert group[0].start == group[0].episode
        assert group[0].number == 1
        for one, following in pairwise(group):
            assert one.end
            assert following.start - one.end < PACE.quiet
            assert following.number - one.number in {0, 1}
        assert len({one.over for one in group}) == 1
    for group, following in pairwise(together):
        assert group[-1].over
        assert group[-1].end
        assert following[0].start - group[-1].end >= PACE.quiet
