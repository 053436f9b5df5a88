"""What is remembered comes back: a bounded window, up to an instant, and reports for as long as they speak."""

from __future__ import annotations

from datetime import datetime, timedelta

from statusgen.history import append, recall
from statusgen.model.observation import Observation
from statusgen.model.track import Record
from statusgen.model.words import Outcome
from tests.factories import CONTROL, DAY, HOLD, HOUR, INTERVAL, MINUTE, NOW, observation, series
from tests.fakes import MemoryStore, Notes
from tests.unit.history.recalling import MIDNIGHT, keep, kinds, recalled


def test_an_empty_state_is_an_empty_record(state: MemoryStore, notes: Notes) -> None:
    assert recalled(state, notes) == Record()
    assert state.keys() == ()
    assert notes.warnings == []


def test_what_was_kept_is_recalled(state: MemoryStore, notes: Notes) -> None:
    runs = series("uud", start=NOW - 2 * INTERVAL)
    keep(state, runs)
    found = recalled(state, notes)
    assert (found.since, found.measured, found.latest) == (runs[0].at, NOW, (runs[-1],))
    [track] = found.tracks
    assert [(one.start, one.outcome) for one in track.spans] == [
        (runs[0].at, Outcome.UP),
        (NOW, Outcome.DOWN),
    ]
    assert notes.warnings == []


def test_the_newest_observation_of_each_check_is_found_however_many_days_ago(state: MemoryStore, notes: Notes) -> None:
    old = observation(at=NOW - 40 * DAY, check="db")
    keep(state, [old, observation(at=NOW - DAY), observation(at=NOW)])
    for _ in range(2):
        assert recalled(state, notes).latest == (old, observation(at=NOW))


def test_the_window_is_so_many_days_with_today(state: MemoryStore, notes: Notes) -> None:
    keep(state, [observation(at=at) for at in (MIDNIGHT - 2 * DAY, MIDNIGHT - DAY - MINUTE, MIDNIGHT - DAY, NOW)])
    assert recalled(state, notes, days=2).since == MIDNIGHT - DAY
    assert recalled(state, notes, days=1).since == NOW
    assert recalled(state, notes, days=3).since == MIDNIGHT - 2 * DAY


def test_an_offline_location_is_blind_across_midnight(state: MemoryStore, notes: Notes) -> None:
    """A run is one object of one day, so its controls still tell of observations made after midnight."""
    at = MIDNIGHT + DAY - timedelta(seconds=1)
    run = [
        observation(Outcome.DOWN, at, check=CONTROL, run="r"),
        observation(Outcome.DOWN, at + timedelta(seconds=2), run="r"),
    ]
    append(state, run, warn=notes.warn)
    for now in (at + MINUTE, at + DAY):
        tracks = recalled(state, notes, now).tracks
        assert {track.check: track.spans[0].outcome for track in tracks} == {
            CONTROL: Outcome.DOWN,
            "web-http": Outcome.UNKNOWN,
        }


def test_nothing_is_recalled_that_is_later_than_now(state: MemoryStore, notes: Notes) -> None:
    """`--now` in the past shows what was known then, however it is stored by now."""
    runs = series("u" * 600, start=NOW - DAY)
    keep(state, runs)
    then = NOW - 3 * HOUR
    before = recalled(state, Notes(), then, tidy=False)
    assert before.measured == then + INTERVAL  # a clock may be five minutes ahead
    recalled(state, notes, NOW + 5 * DAY)
    assert ("raw", "2022-11-30") not in kinds(state)
    assert recalled(state, Notes(), then) == before


def test_what_came_after_an_instant_gone_by_is_not_from_the_future(state: MemoryStore, notes: Notes) -> None:
    keep(state, [observation(), observation(at=NOW + HOUR), *series("uu", start=NOW + 2 * DAY)])
    for now, present in ((NOW, NOW + 2 * DAY + HOUR), (NOW + DAY, NOW + 3 * DAY)):
        found = recall(state, hold=HOLD, now=now, present=present, warn=notes.warn, tidy=False)
        assert found == recall(state, hold=HOLD, now=now, warn=Notes().warn, tidy=False)
    assert notes.warnings == []


class TestHeartbeats:
    """Reports speak for as long as they say, on days that are closed as on days that are not."""

    HOLDS = 26 * HOUR

    def report(self, at: datetime) -> Observation:
        return observation(at=at, check="backup", latency_ms=None, holds=self.HOLDS)

    def spans(self, record: Record) -> list[tuple[datetime, datetime]]:
        return [(span.start, span.end) for track in record.tracks for span in track.spans if track.check == "backup"]

    def test_a_closed_day_keeps_how_long_its_reports_speak(self, state: MemoryStore, notes: Notes) -> None:
        reports = [NOW, NOW + 4 * DAY]
        keep(state, [self.report(at) for at in reports])
        for _ in range(2):
            found = self.spans(recalled(state, notes, NOW + 6 * DAY))
            assert found == [(at, at + self.HOLDS) for at in reports]
        assert ("summaries", "2022-12") in kinds(state)
        assert notes.warnings == []

    def test_the_next_report_takes_over_across_midnight(self, state: MemoryStore, notes: Notes) -> None:
        keep(state, [self.report(NOW), self.report(NOW + DAY)])
        assert self.spans(recalled(state, notes, NOW + 6 * DAY)) == [(NOW, NOW + DAY + self.HOLDS)]

    def test_a_report_dated_ahead_counts_for_nothing_until_its_time_has_come(
        self, state: MemoryStore, notes: Notes
    ) -> None:
        ahead = NOW + 3 * HOUR
        append(state, [self.report(ahead)], warn=notes.warn)
        assert self.spans(recalled(state, notes, NOW)) == []
        assert "dated in the future; check the clock of that location" in notes.warnings[0]
        assert self.spans(recalled(state, notes, ahead)) == [(ahead, ahead + self.HOLDS)]

    def test_a_report_from_tomorrow_waits_in_the_state_too(self, state: MemoryStore, notes: Notes) -> None:
        ahead = NOW + 2 * DAY
        append(state, [self.report(ahead)], warn=notes.warn)
        assert self.spans(recalled(state, notes, NOW)) == []
        assert "dated in the future; check the clock of that location" in notes.warnings[0]
        assert self.spans(recalled(state, notes, ahead)) == [(ahead, ahead + self.HOLDS)]
