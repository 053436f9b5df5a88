"""What is remembered comes back: a bounded window, at a bounded cost, whatever lies in the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest

from statusgen.errors import StateError
from statusgen.history import append, backfill, codec, recall
from statusgen.history.contents import pack
from statusgen.history.keys import parse, raw_key, segment_key
from statusgen.history.recall import LISTINGS, PILE
from statusgen.model.observation import Observation
from statusgen.model.track import Record
from statusgen.model.words import Outcome
from tests.factories import CONTROL, DAY, HOLD, HOUR, INTERVAL, MINUTE, NOW, observation, series
from tests.fakes import MemoryStore, Notes

MIDNIGHT = NOW.replace(hour=0)


@pytest.fixture
def state() -> MemoryStore:
    return MemoryStore("s3://bucket/state")


@pytest.fixture
def notes() -> Notes:
    return Notes()


def keep(state: MemoryStore, runs: Sequence[Observation]) -> None:
    """Keep each observation as a run of its own, stored when it was made."""
    for one in runs:
        state.now = one.at
        append(state, [one], warn=pytest.fail)


def recalled(state: MemoryStore, notes: Notes, now: datetime = NOW, *, tidy: bool = True, days: int = 90) -> Record:
    """Recall, and count only the calls of that."""
    state.calls.clear()
    state.now = max(state.now, now)
    return recall(state, hold=HOLD, now=now, days=days, warn=notes.warn, tidy=tidy)


def kinds(state: MemoryStore) -> list[tuple[str, str]]:
    """Return folder and day or month of everything in the state."""
    held = state.keys()
    return [(key.split("/")[0], str(found.day) if (found := parse(key)) else key.split("/")[1][:7]) for key in held]


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


# What it costs.


def test_a_quiet_run_reads_little(state: MemoryStore, notes: Notes) -> None:
    keep(state, series("uuu", start=NOW - 2 * INTERVAL))
    recalled(state, notes)
    assert [(call.method, len(call.keys)) for call in state.calls] == [
        *[("list", 1)] * 5,
        ("read", 1),
        ("read", 3),
        ("read", 3),
    ]


def test_of_the_past_one_object_is_read(state: MemoryStore, notes: Notes) -> None:
    keep(state, [*series("uud" * 20, start=NOW - 80 * DAY, step=DAY), *series("uuu", start=NOW - 2 * INTERVAL)])
    before = recalled(state, notes)
    assert recalled(state, notes) == before
    assert [call.keys for call in state.calls if call.method == "read"] == [
        ("summaries/window.jsonl.gz",),
        tuple(key for key in state.keys("raw/") if "2022-12-01" in key),
    ]
    assert {call.method for call in state.calls} == {"list", "read"}


def test_segments_are_listed_by_the_months_of_the_window(state: MemoryStore, notes: Notes) -> None:
    recalled(state, notes, datetime.fromisoformat("2023-02-01T12:00Z"))
    assert [call.keys for call in state.calls if call.method == "list"] == [
        ("raw/",),
        ("segments/2022-11-",),
        ("segments/2022-12-",),
        ("segments/2023-01-",),
        ("segments/2023-02-",),
    ]


def test_objects_of_today_are_merged_when_they_have_piled_up(state: MemoryStore, notes: Notes) -> None:
    """The three newest are left alone for a quarter of an hour."""
    keep(state, series("u" * (PILE + 3), start=NOW - (PILE + 2) * INTERVAL))
    before = recalled(state, notes)
    assert len(state.keys()) == PILE + 3
    keep(state, [observation(at=NOW + INTERVAL)])
    recalled(state, notes, NOW + INTERVAL)
    assert kinds(state) == [("raw", "2022-12-01")] * 3 + [("segments", "2022-12-01")]
    assert recalled(state, notes, NOW + INTERVAL).tracks[0].spans[0].start == before.since


def test_a_day_is_merged_and_summed_up_an_hour_after_its_end(state: MemoryStore, notes: Notes) -> None:
    keep(state, series("u" * 5))
    end = MIDNIGHT + DAY + HOUR
    state.now = end
    recalled(state, notes, end - timedelta(microseconds=1))
    assert ("summaries", "2022-12") not in kinds(state)
    keep(state, [observation(at=end)])
    before = recalled(state, Notes(), end, tidy=False)
    assert recalled(state, notes, end) == before
    assert kinds(state) == [
        ("raw", "2022-12-02"),
        ("segments", "2022-12-01"),
        ("summaries", "2022-12"),
        ("summaries", "window."),
    ]
    assert recalled(state, notes, end) == before
    assert [key for call in state.calls for key in call.keys if "2022-12-01" in key] == []
    assert notes.warnings == []


def test_a_late_observation_is_noticed_and_its_day_summed_up_again(state: MemoryStore, notes: Notes) -> None:
    keep(state, [observation(at=NOW - DAY), observation(at=NOW)])
    recalled(state, notes)
    late = observation(at=NOW - DAY + HOUR, location="mars")
    state.now = NOW
    append(state, [late], warn=notes.warn)
    assert late in recalled(state, notes).latest
    assert late in recalled(state, notes).latest
    keep(state, [observation(at=NOW + HOUR)])
    assert late in recalled(state, notes, NOW + HOUR).latest
    assert kinds(state).count(("segments", "2022-11-30")) == 1
    assert ("raw", "2022-11-30") not in kinds(state)


def test_a_closed_day_of_which_the_newest_run_is_still_left_unmerged_is_read_as_one_object_too(
    state: MemoryStore, notes: Notes
) -> None:
    keep(state, [*series("uud", start=NOW - DAY + 2 * HOUR), observation(at=NOW - DAY + 3 * HOUR, location="mars")])
    keep(state, [observation(at=NOW)])
    before = recalled(state, notes)
    assert kinds(state) == [
        ("raw", "2022-12-01"),
        ("raw", "2022-11-30"),
        ("segments", "2022-11-30"),
        ("summaries", "2022-11"),
        ("summaries", "window."),
    ]
    assert recalled(state, notes) == before
    assert [key for call in state.calls if call.method == "read" for key in call.keys] == [
        "summaries/window.jsonl.gz",
        *state.keys("raw/earth/"),
    ]
    assert {call.method for call in state.calls} == {"list", "read"}


def test_a_run_dated_ahead_does_not_stand_for_the_newest_of_its_location(state: MemoryStore, notes: Notes) -> None:
    keep(state, series("u" * (PILE + 6), start=NOW - (PILE + 5) * INTERVAL))
    append(state, [observation(at=NOW + 2 * DAY)], warn=notes.warn)
    recalled(state, notes, NOW + 2 * HOUR)
    left = [("raw", "2022-12-01")] * 3 + [("raw", "2022-12-03"), ("segments", "2022-12-01")]
    assert kinds(state) == left


def test_a_closed_day_keeps_the_hold_it_was_judged_with(state: MemoryStore, notes: Notes) -> None:
    """A shorter interval today must not turn the days measured at a longer one into gaps."""
    keep(state, [*series("uuuu", start=NOW - DAY), observation(at=NOW)])
    before = recalled(state, notes)
    after = recall(state, hold=MINUTE, now=NOW, warn=notes.warn)
    assert after.tracks[0].spans[0] == before.tracks[0].spans[0]
    assert after.tracks[0].spans[1].end == NOW + MINUTE
    state.now = NOW
    append(state, [observation(at=NOW - DAY + HOUR)], warn=notes.warn)
    found = recall(state, hold=MINUTE, now=NOW, warn=notes.warn)
    assert found.tracks[0].spans[1].end == NOW - DAY + HOUR + HOLD


def test_raw_objects_from_before_the_window_are_read_once_and_left_for_later(state: MemoryStore, notes: Notes) -> None:
    keep(state, [*series("uuu", start=NOW - 100 * DAY), *series("uu", start=NOW - 91 * DAY), observation(at=NOW)])
    assert recalled(state, notes).latest == (observation(at=NOW),)
    assert [kind for kind, _ in kinds(state)] == ["raw"] * 6
    assert state.requests() == 5 + 5 + 1 + 3 + 1


def test_a_young_raw_object_from_before_the_window_is_not_even_read(state: MemoryStore, notes: Notes) -> None:
    append(state, [observation(at=NOW - 100 * DAY)], warn=notes.warn)
    assert recalled(state, notes).late == frozenset()
    assert kinds(state) == [("raw", "2022-08-23")]


@pytest.mark.parametrize("tidy", [True, False])
def test_nothing_is_written_unless_allowed(state: MemoryStore, notes: Notes, *, tidy: bool) -> None:
    keep(
        state,
        series("u" * 30, start=NOW - DAY) + series("uu", start=NOW - 99 * DAY) + series("u" * 30, start=NOW - 3 * HOUR),
    )
    recalled(state, notes, tidy=tidy)
    assert {"write", "delete"}.issubset(call.method for call in state.calls) is tidy


def age(state: MemoryStore, days: int) -> int:
    """Let the state grow for so many days, the last of them run by run, and return what the last run costs."""
    backfill(state, series("u" * (days - 1), start=NOW - days * DAY, step=DAY))
    state.now = NOW - DAY
    notes = Notes()
    for number in range(25):
        now = NOW - DAY + number * HOUR
        keep(state, [observation(at=now)])
        recalled(state, notes, now)
    assert notes.warnings == []
    return state.requests()


def test_a_run_costs_the_same_after_ninety_days_and_after_two_years() -> None:
    costs = {days: age(MemoryStore(), days) for days in (90, 730)}
    assert len(set(costs.values())) == 1
    assert costs[730] < 25


# What may lie in the state.


def test_foreign_objects_are_set_aside(state: MemoryStore, notes: Notes) -> None:
    keep(state, [observation()])
    state.objects["raw/readme.txt"] = (b"hello", NOW)
    assert recalled(state, notes).measured == NOW
    assert notes.warnings == ["'raw/readme.txt' is set aside: its name is not one of ours; remove it from the state"]


def test_thousands_of_foreign_objects_are_one_warning(state: MemoryStore, notes: Notes) -> None:
    keep(state, [observation()])
    state.objects |= {f"segments/2022-12-01/{number:04}.txt": (b"hello", NOW) for number in range(2000)}
    assert recalled(state, notes).measured == NOW
    first = "the first of them 'segments/2022-12-01/0000.txt'"
    told = f"2000 objects are set aside, {first}: their names are not ours; remove them from the state"
    assert notes.warnings == [told]


def test_each_listing_tells_of_its_own_foreign_objects(state: MemoryStore, notes: Notes) -> None:
    """So that who reads many days one after the other hears the same of what all of them list."""
    state.objects |= dict.fromkeys(("raw/readme", "segments/2022-11-x", "segments/2022-12-y"), (b"", NOW))
    recalled(state, notes)
    assert [message.split()[0] for message in notes.warnings] == [
        "'raw/readme'",
        "'segments/2022-11-x'",
        "'segments/2022-12-y'",
    ]


def test_damaged_objects_are_set_aside_and_stay(state: MemoryStore, notes: Notes) -> None:
    keep(state, [observation(at=NOW - DAY), observation()])
    damaged = [
        str(raw_key("earth", NOW - DAY, "damaged")),
        str(segment_key((NOW - DAY).date(), ["damaged"])),
        str(raw_key("earth", NOW, "damaged")),
    ]
    for key in damaged:
        state.objects[key] = (b"\xff", NOW - DAY)
    for _ in range(3):
        found = recalled(state, notes)
        assert (found.since, found.measured) == (NOW - DAY, NOW)
    assert set(damaged) <= set(state.keys())
    assert kinds(state).count(("raw", "2022-11-30")) == 1
    assert [message for message in notes.warnings if damaged[0] in message] == [
        f"{damaged[0]!r} is set aside: it is not UTF-8"
    ]


def test_objects_dated_in_the_future_are_set_aside_until_then(state: MemoryStore, notes: Notes) -> None:
    keep(state, [observation()])
    state.now = NOW
    for days in (2, 3):
        append(state, [observation(at=NOW + days * DAY)], warn=notes.warn)
    assert recalled(state, notes).measured == NOW
    assert notes.warnings == [
        (
            "2 objects are set aside, the first of them 'raw/earth/2022-12-03/120000-run-20221203-120000.jsonl': "
            "they are dated in the future; check the clock of that location"
        )
    ]
    assert recalled(state, notes, NOW + 2 * DAY).measured == NOW + 2 * DAY


def test_shortly_before_midnight_tomorrow_is_read_too(state: MemoryStore, notes: Notes) -> None:
    keep(state, [observation(at=MIDNIGHT + DAY + MINUTE)])
    assert recalled(state, notes, MIDNIGHT + DAY - 2 * MINUTE).measured == MIDNIGHT + DAY + MINUTE
    assert notes.warnings == []


def test_a_lost_or_damaged_summary_is_made_again(state: MemoryStore, notes: Notes) -> None:
    keep(state, [*series("uud", start=NOW - DAY), observation()])
    before = recalled(state, notes)
    names = ("summaries/2022-11.jsonl.gz", "summaries/window.jsonl.gz")
    kept = {name: state.objects[name][0] for name in names}
    for name in names:
        del state.objects[name]
    assert recalled(state, notes) == before
    assert {name: state.objects[name][0] for name in names} == kept
    state.objects |= dict.fromkeys(names, (b"damaged", NOW))
    assert recalled(state, notes) == before
    assert {name: state.objects[name][0] for name in names} == kept
    assert sorted(notes.warnings) == [
        f"{name!r} cannot be read; it is made again from the observations" for name in names
    ]


@pytest.mark.parametrize("said", [{}, {"format": 0}, {"format": 1, "days": 89}, []])
def test_a_window_of_another_version_is_made_again(state: MemoryStore, notes: Notes, said: object) -> None:
    keep(state, [*series("uud", start=NOW - DAY), observation()])
    before = recalled(state, notes)
    window = state.objects["summaries/window.jsonl.gz"][0]
    state.objects["summaries/window.jsonl.gz"] = (pack([codec.dump(said)] if said != [] else []), NOW)
    assert recalled(state, notes) == before
    assert state.objects["summaries/window.jsonl.gz"][0] == window


def test_a_window_of_yesterday_or_of_another_length_is_not_taken(state: MemoryStore, notes: Notes) -> None:
    runs = [*series("uud" * 3, start=NOW - 9 * DAY, step=DAY), observation()]
    keep(state, runs)
    recalled(state, notes, NOW - DAY)
    other = MemoryStore()
    keep(other, runs)
    assert recalled(state, notes) == recalled(other, notes)
    assert recalled(state, notes, days=5) == recalled(other, notes, days=5)
    assert recalled(state, notes) == recalled(other, notes)


def test_a_day_whose_observations_were_removed_on_purpose_keeps_its_summary(state: MemoryStore, notes: Notes) -> None:
    keep(state, [*series("uud", start=NOW - DAY), observation()])
    before = recalled(state, notes)
    state.delete(state.keys("segments/2022-11-30/"))
    assert recalled(state, notes) == before


# What may happen to the state.


class Restless(MemoryStore):
    """A store whose raw objects are merged by somebody else just before they are read, so many times."""

    def __init__(self, times: int) -> None:
        super().__init__("s3://bucket/state")
        self.times = times

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        raw = [key for key in keys if key.startswith("raw/")]
        if raw and self.times:
            self.times -= 1
            body, _ = self.objects.pop(raw[0])
            backfill(self, [codec.decode(line) for line in body.decode().splitlines()])
        return super().read(keys)


@pytest.mark.parametrize("times", [1, LISTINGS - 1])
def test_an_object_that_vanishes_is_looked_for_again(notes: Notes, times: int) -> None:
    state = Restless(times)
    runs = series("u" * 8)
    keep(state, runs)
    found = recalled(state, notes, NOW + HOUR)
    assert (found.since, found.measured) == (runs[0].at, runs[-1].at)
    assert [call.keys for call in state.calls].count(("raw/",)) == times + 1
    assert notes.warnings == []


def test_a_state_that_never_rests_is_read_as_it_is(notes: Notes) -> None:
    state = Restless(LISTINGS)
    runs = series("u" * 8)
    keep(state, runs)
    assert recalled(state, notes, NOW + HOUR).since == runs[0].at
    assert [call.keys for call in state.calls].count(("raw/",)) == LISTINGS
    [message] = notes.warnings
    assert message.endswith("is listed but does not exist; what it held may be missing until the next run")


def test_a_warning_comes_once_however_often_everything_is_read(notes: Notes) -> None:
    state = Restless(3)
    keep(state, series("u" * 8))
    state.objects["raw/readme.txt"] = (b"", NOW)
    recalled(state, notes, NOW + HOUR)
    assert len(notes.warnings) == 1


@pytest.mark.parametrize("method", ["list", "read"])
def test_a_state_that_cannot_be_read_is_an_error_that_says_what_to_do(
    state: MemoryStore, notes: Notes, method: str
) -> None:
    state.broken[method] = "no answer in time"
    with pytest.raises(StateError) as failure:
        recalled(state, notes)
    assert str(failure.value) == (
        "observations cannot be read from 's3://bucket/state': no answer in time; "
        "check the address and the credentials under 'state' in statusgen.yaml and run again"
    )


@pytest.mark.parametrize("method", ["write", "delete"])
def test_a_state_that_cannot_be_kept_tidy_is_still_read(state: MemoryStore, notes: Notes, method: str) -> None:
    keep(state, [*series("uud", start=NOW - 3 * DAY), *series("uud", start=NOW - DAY), observation()])
    before = recalled(state, notes, tidy=False)
    objects = set(state.keys())
    state.broken[method] = "access denied"
    assert recalled(state, notes) == before
    assert objects <= set(state.keys())
    [message] = notes.warnings
    assert message.startswith(f"'s3://bucket/state' is not kept tidy: cannot {method} '")
    assert message.endswith("access denied; nothing is lost, the next run tries again")
    assert [call.method for call in state.calls].count(method) == 1
    state.broken.clear()
    assert recalled(state, notes) == before
    assert ("raw", "2022-11-30") not in kinds(state)


@pytest.mark.parametrize("name", ["summaries/2022-11.jsonl.gz", "summaries/window.jsonl.gz"])
def test_summaries_that_cannot_be_written_are_a_warning(state: MemoryStore, notes: Notes, name: str) -> None:
    keep(state, [*series("uud", start=NOW - DAY), observation()])
    state.refused.add(name)
    before = recalled(state, notes)
    refused = f"'s3://bucket/state' is not kept tidy: cannot write {name!r}: access denied"
    assert notes.warnings == [f"{refused}; nothing is lost, the next run tries again"]
    assert recalled(state, notes) == before


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
        assert "dated in the future; check that location's clock" in notes.warnings[0]
        assert self.spans(recalled(state, notes, ahead)) == [(ahead, ahead + self.HOLDS)]

    def test_a_report_from_tomorrow_waits_in_the_state_too(self, state: MemoryStore, notes: Notes) -> None:
        ahead = NOW + 2 * DAY
        append(state, [self.report(ahead)], warn=notes.warn)
        assert self.spans(recalled(state, notes, NOW)) == []
        assert "dated in the future; check the clock of that location" in notes.warnings[0]
        assert self.spans(recalled(state, notes, ahead)) == [(ahead, ahead + self.HOLDS)]
