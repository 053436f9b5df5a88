"""Whatever lies in the state, the rest is recalled: what is foreign, damaged, from the future or lost."""

from __future__ import annotations

import pytest

from statusgen.history import append, codec
from statusgen.history.contents import pack
from statusgen.history.keys import raw_key, segment_key
from tests.factories import DAY, HOUR, MINUTE, NOW, observation, series
from tests.fakes import MemoryStore, Notes
from tests.unit.history.recalling import MIDNIGHT, keep, kinds, recalled


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


def test_runs_of_the_same_day_that_are_dated_in_the_future_are_one_warning_too(
    state: MemoryStore, notes: Notes
) -> None:
    """As when a site is built as it stood this morning."""
    runs = [NOW - HOUR, *(NOW + hours * HOUR for hours in (1, 2, 3, 30))]
    keep(state, [observation(at=at) for at in runs])
    assert recalled(state, notes).measured == NOW - HOUR
    [warning] = notes.warnings
    assert warning.startswith("4 objects are set aside, the first of them 'raw/earth/2022-12-01/")
    assert recalled(state, notes, NOW + 31 * HOUR).measured == NOW + 30 * HOUR
    assert len(notes.warnings) == 1


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
