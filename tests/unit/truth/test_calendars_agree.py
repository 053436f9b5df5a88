"""Calendars tell the maintenance that is written, at its time, and say what became of it."""

from __future__ import annotations

from datetime import datetime

from tests.unit.truth.matching import moments, named, still
from tests.unit.truth.programs import Event, events
from tests.unit.truth.stage import HOST, Play


def test_the_calendar_holds_every_maintenance_as_it_stands(play: Play) -> None:
    for now, files, out in moments(play, "maintenance"):
        found = events(files["maintenance.ics"])
        assert set(found) == set(out), now
        for path, (case, state) in out.items():
            event, told = found[path], found[path].told
            assert event.uid == f"maintenance-{case.first_name or case.slug}@{HOST}"
            assert (told.title, told.phase) == (case.name, state.phase), (path, now)
            assert (told.start, told.end) == state.window, (path, now)
            assert told.components == named(play, state.affects)
            assert event.status == ("CANCELLED" if state.phase == "cancelled" else "CONFIRMED")
            assert event.created == case.began
            assert event.changed == event.stamped == state.said[-1].at, (path, now)
            latest = state.said[-1].texts
            assert all(text in told.text for text in latest)


def test_an_event_to_add_by_hand_is_there_while_it_is_planned_and_is_the_same(play: Play) -> None:
    for _, files, out in moments(play, "maintenance"):
        alone = {path for path in files if path.startswith("maintenance/") and path.endswith(".ics")}
        assert alone == {f"{path.removesuffix('.html')}.ics" for path in still(out)}
        whole = events(files["maintenance.ics"])
        for path in alone:
            assert list(events(files[path]).values()) == [whole[f"{path.removesuffix('.ics')}.html"]]


def test_a_sequence_grows_with_every_change_of_an_event_and_with_nothing_else(play: Play) -> None:
    known: dict[str, tuple[datetime, Event]] = {}
    for now, files, _ in moments(play, "maintenance"):
        for path, event in events(files["maintenance.ics"]).items():
            before, old = known.get(path, (now, event))
            assert (event.sequence > old.sequence) is (event != old), (path, before, now)
            known[path] = now, event
