"""Every feed tells what was written, when, of which components and in which phase, and all of them tell the same."""

from __future__ import annotations

from dataclasses import replace

from statusgen.render import links
from tests.unit.truth.feeds import Entry, by_announcement, json_feed, whole, xml
from tests.unit.truth.matching import moments, named, texts
from tests.unit.truth.stage import Play


def matter(entry: Entry) -> tuple[object, ...]:
    """Return all that readers of every format get of an entry."""
    return (entry.id, entry.title, entry.path, entry.place, entry.at, entry.category, entry.author, entry.words)


def test_rss_atom_and_json_feed_are_the_same_entry_for_entry(play: Play) -> None:
    for _, files, _ in moments(play):
        atom = [matter(entry) for entry in xml(files["feed.atom"])]
        assert len(atom) < 100, "a full feed leaves out the oldest"
        assert [matter(entry) for entry in xml(files["feed.xml"])] == atom
        assert [matter(entry) for entry in json_feed(files["feed.json"])] == atom


def test_a_feed_tells_each_thing_said_with_what_stood_then(play: Play) -> None:
    for now, files, out in moments(play):
        told = by_announcement(xml(files["feed.atom"]))
        assert set(told) == set(out), now
        for path, (case, state) in out.items():
            found = told[path]
            assert found.title == case.name
            assert [
                (one.at, one.phase, texts(case, one), one.affects, one.window, one.was, one.number)
                for one in found.said or ()
            ] == [
                (one.at, one.label, one.texts, named(play, one.affects), one.window, one.was, one.number)
                for one in state.said
            ], (path, now)


def test_an_entry_is_told_once_and_never_changes(play: Play) -> None:
    """An outage leads to what people write of it, once they have."""
    known: dict[str, tuple[object, ...]] = {}
    for now, files, _ in moments(play):
        entries = xml(files["feed.atom"])
        assert len({entry.id for entry in entries}) == len(entries)
        for entry in entries:
            told = replace(entry, path="", place="") if entry.category == "outage" else entry
            assert known.setdefault(entry.id, matter(told)) == matter(told), now


def test_the_feed_of_maintenance_is_that_part_of_the_main_feed(play: Play) -> None:
    for _, files, _ in moments(play):
        main = [matter(entry) for entry in xml(files["feed.atom"]) if entry.category == "maintenance"]
        assert [matter(entry) for entry in xml(files["maintenance.atom"])] == main


def test_the_feed_of_a_component_holds_what_names_it_and_nothing_else(play: Play) -> None:
    keys = {key for case in play.cases for key in case.components} | {"unnamed"}
    for now, files, out in moments(play):
        main = [entry for entry in xml(files["feed.atom"]) if entry.category != "outage"]
        for key in keys:
            naming = {path for path, (_, state) in out.items() if key in state.affects}
            entries = [entry for entry in xml(files[links.component_feed(key)]) if entry.category != "outage"]
            assert entries == [entry for entry in main if entry.path in naming], (key, now)


def test_the_feed_of_whole_announcements_tells_each_once_with_all_that_was_said(play: Play) -> None:
    for now, files, out in moments(play):
        told = whole(xml(files["history.atom"]))
        assert set(told) == set(out)
        for path, (case, state) in out.items():
            found = told[path]
            assert (found.title, found.phase, found.updated) == (case.name, state.phase, state.said[-1].at), (path, now)
            assert found.components == named(play, state.affects)
            assert (found.start, found.end) == (state.window or (state.said[0].at, None)), (path, now)
            assert [(one.at, one.phase, texts(case, one)) for one in found.said or ()] == [
                (one.at, one.phase, one.texts) for one in state.said
            ], (path, now)
