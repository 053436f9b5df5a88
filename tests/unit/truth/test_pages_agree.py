"""Every page that mentions an announcement says of it what was written, and what the feeds say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.unit.truth import pages
from tests.unit.truth.matching import moments, named, still, texts
from tests.unit.truth.stage import Play
from tests.unit.truth.written import State


def test_the_page_of_an_announcement_tells_it_as_it_stands(play: Play) -> None:
    for now, files, out in moments(play):
        for path, (case, state) in out.items():
            found = pages.announcement(files[path], path)
            assert (found.title, found.phase) == (case.name, state.phase), (path, now)
            assert (found.start, found.end) == (state.window or (case.began, state.ended)), (path, now)
            assert found.components == named(play, state.affects), (path, now)
            assert found.text == case.body
            written = [one for one in state.said if one.number]
            assert [(one.at, one.phase, one.number, texts(case, one), one.window) for one in found.said or ()] == [
                (
                    one.at,
                    one.phase,
                    one.number,
                    tuple(text for text in one.texts if text != case.body),
                    one.window if one.was else None,
                )
                for one in written
            ], (path, now)


def test_an_announcement_that_is_not_public_has_no_page(play: Play) -> None:
    for now, files, out in moments(play):
        assert {case.path for case in play.cases if case.path in files and case.kind != "post"} == set(out), now


def test_the_page_of_a_maintenance_says_what_it_was_to_be_and_what_became_of_it(play: Play) -> None:
    for now, files, out in moments(play, "maintenance"):
        for path, (_, state) in out.items():
            facts = pages.sheet(pages.tree(files[path]))
            earlier = [pages.window_of(one) for one in facts.get("It was to be", [])]
            assert earlier == list(reversed(state.earlier)), (path, now)
            assert ("Called off" in facts) is (state.phase == "cancelled")
            for name in ("Called off", "Actual end"):
                assert name not in facts or pages.time_of(facts[name][0]) == state.ended, (path, now)
            assert "Actual start" not in facts or pages.time_of(facts["Actual start"][0]) == begun(state), (path, now)
            assert ("past its announced end" in pages.words(facts["Now"][0])) is ("overrun" in state.marks)


def begun(state: State) -> datetime | None:
    """Return when a maintenance first told that it had begun, by the last window that it had."""
    return next((one.at for one in state.said if one.phase == "in_progress" and one.window == state.window), None)


def test_the_front_page_tells_what_is_not_over_as_it_stands(play: Play) -> None:
    for now, files, out in moments(play, "incident"):
        told = pages.front_incidents(files["index.html"])
        assert set(told) == set(still(out)), now
        for path, (case, state) in still(out).items():
            found = told[path]
            last = state.said[-1]
            assert (found.title, found.phase, found.start) == (case.name, state.phase, case.began), (path, now)
            assert found.components == named(play, state.affects), (path, now)
            assert all(text in found.text for text in last.texts if text != case.body or not last.number)
            assert found.updated == (last.at if last.number else None)
            assert ("is late" in found.text) is ("late" in state.marks), (path, now)
            assert ("nobody has said that it is over" in found.text) is ("forgotten" in state.marks), (path, now)


def test_the_front_page_and_the_plans_show_the_same_maintenance_at_its_time(play: Play) -> None:
    for now, files, out in moments(play, "maintenance"):
        for here in ("index.html", "maintenance/index.html"):
            told = pages.plans(files[here], here)
            assert set(told) == set(still(out)), now
            for path, (case, state) in still(out).items():
                found = told[path]
                assert (found.title, found.phase) == (case.name, state.phase), (path, now)
                assert (found.start, found.end) == state.window, (path, now)
                assert found.components == named(play, state.affects), (path, now)
                assert ("is not over" in found.text) is ("overrun" in state.marks), (path, now)
                assert ("It was to be" in found.text) is bool(state.earlier)


def test_the_plans_list_what_is_over(play: Play) -> None:
    for now, files, out in moments(play, "maintenance"):
        past = pages.tree(files["maintenance/index.html"]).xpath("//section[@aria-labelledby='past']")[0]
        found = pages.rows(past, "maintenance/index.html")
        assert set(found) == set(out) - set(still(out)), now
        for path, soft in found.items():
            assert soft.startswith(out[path][1].phase), (path, now)


def test_history_and_lately_tell_what_has_begun_with_its_phase(play: Play) -> None:
    for now, files, out in moments(play):
        begun = {path: state for path, (_, state) in out.items() if in_history(state)}
        months = [path for path in files if path.startswith("history/") and path.count("-") == 1]
        found: dict[str, str] = {}
        recent: dict[str, str] = {}
        for month in months:
            for day in pages.tree(files[month]).xpath("//dl[@class='days']/div"):
                rows = pages.rows(day, month)
                found |= rows
                if date.fromisoformat(day.get("id")) > now.date() - timedelta(days=14):
                    recent |= {path: soft for path, soft in rows.items() if path in out}
        lately = pages.tree(files["index.html"]).xpath("//section[@aria-labelledby='lately']")[0]
        assert pages.rows(lately, "index.html") == recent, now
        told = {path: soft for path, soft in found.items() if path in out}
        assert set(told) == set(begun), now
        for path, soft in told.items():
            phase = begun[path].phase.replace("_", " ").replace("postmortem", "resolved")
            assert phase in soft, (path, now)
            assert ("postmortem" in soft) is (begun[path].phase == "postmortem")


def in_history(state: State) -> bool:
    """Return whether it is a thing of the past: all but maintenance that is still to come, or is to come again."""
    return any(one.phase != "scheduled" and one.window == state.window for one in state.said)


def test_a_component_page_says_the_status_that_the_front_page_shows(play: Play) -> None:
    for now, files, _ in moments(play):
        for key in {key for case in play.cases for key in case.components}:
            status = pages.components(files["index.html"])[play.component(key)]
            shape = pages.tree(files[f"components/{key}.html"]).xpath("//h1/svg")[0]
            assert shape.get("class") == f"shape {status}", (key, now)
