"""Posts, maintenance that comes again, and announcements that were renamed: every format tells them alike."""

from __future__ import annotations

from tests.unit.truth import pages
from tests.unit.truth.feeds import json_feed, xml
from tests.unit.truth.matching import moments
from tests.unit.truth.stage import HOST, Play


def test_a_post_is_one_entry_of_the_feeds_and_has_its_page(play: Play) -> None:
    for now, files, out in moments(play, "post"):
        entries = [entry for entry in xml(files["feed.atom"]) if entry.category == "post"]
        assert [entry for entry in json_feed(files["feed.json"]) if entry.category == "post"] == entries
        assert {entry.path for entry in entries} == set(out), now
        for entry in entries:
            case, _ = out[entry.path]
            assert (entry.title, entry.at, entry.words) == (case.name, case.began, case.body)
            page = pages.tree(files[entry.path])
            assert pages.words(page.find(".//h1")) == case.name
            assert case.body in pages.words(page)


def test_posts_are_listed_and_stand_in_the_history_on_their_day(play: Play) -> None:
    for now, files, out in moments(play, "post"):
        listed = pages.tree(files["posts/index.html"]).find(".//main")
        assert {pages.path_of(link, "posts/index.html") for link in listed.iter("a")} == set(out), now
        for path, (case, _) in out.items():
            month = f"history/{case.began:%Y-%m}.html"
            (day,) = pages.tree(files[month]).xpath(f"//div[@id='{case.began.date()}']")
            assert path in pages.rows(day, month), (path, now)


def test_ids_are_made_of_the_first_name(play: Play) -> None:
    for _, files, _ in moments(play):
        for entry in xml(files["feed.atom"]):
            for case in play.cases:
                if entry.path == case.path and entry.category == case.kind:
                    year = case.began.year
                    assert entry.id.startswith(f"tag:{HOST},{year}:{case.kind}/{case.first_name or case.slug}")


def test_an_old_name_leads_to_the_new_one(play: Play) -> None:
    for now, files, _ in moments(play):
        for case in play.cases:
            if case.first_name and case.state(now):
                old = case.path.replace(case.slug, case.first_name)
                (link,) = pages.tree(files[old]).xpath("//main//a")
                assert (pages.words(link), pages.path_of(link, old)) == (case.name, case.path)


def test_the_page_of_a_series_lists_every_time_with_its_phase(play: Play) -> None:
    for now, files, out in moments(play, "maintenance"):
        times = {path: state for path, (case, state) in out.items() if not case.file}
        if times:
            here = "maintenance/patches.html"
            page = pages.tree(files[here])
            links = {pages.path_of(link, here): link for link in page.xpath("//main//li/a")}
            assert set(links) == set(times), now
            assert {path: pages.window_of(link) for path, link in links.items()} == {
                path: state.window for path, state in times.items()
            }
            assert {path: soft.replace(" ", "_") for path, soft in pages.rows(page, here).items()} == {
                path: state.phase for path, state in times.items()
            }
