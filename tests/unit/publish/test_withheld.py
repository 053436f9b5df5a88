"""What would leak stays in, and nothing that is out leads to what is not."""

from __future__ import annotations

import pytest

from statusgen.model.artifact import Artifact
from statusgen.publish.leaks import Leak
from statusgen.publish.withheld import first_words, never_out, told, withhold
from tests.factories import NOW, incident, post, project, site
from tests.unit.publish.test_leaks import page

LEAK = Leak("posts/new.html", "a private address")


def stays(bodies: dict[str, str], *there: str, leak: Leak = LEAK) -> list[str]:
    artifacts = [page(body, path) for path, body in bodies.items()]
    return [f"{one.path}: {one.what}" for one in withhold(artifacts, [leak], there)]


def test_what_is_there_already_may_be_referred_to() -> None:
    assert stays({"index.html": '<a href="posts/new.html">'}, "posts/new.html") == ["posts/new.html: a private address"]


@pytest.mark.parametrize(
    "body",
    [
        '<a href="posts/new.html">',
        '<a href="new.html#update-1">',
        '{"url":"https://s.example/posts/new.html"}',
        "<link>https://s.example/posts/new.html</link>",
        "URL:https://s.example/posts/new.html\r\n",
        "https://s.example/posts/new.html",
    ],
)
def test_what_refers_to_what_is_missing_stays_in_too(body: str) -> None:
    found = stays({"a.html": body, "b.html": "posts/old.html renew.html"})
    assert found == ["a.html: a link to posts/new.html, which is not out", "posts/new.html: a private address"]


def test_and_what_refers_to_that_as_far_as_it_is_missing() -> None:
    bodies = {"a.html": '"posts/new.html"', "b.html": '"a.html"', "c.html": '"b.html"', "d.html": '"c.html"'}
    assert [line.split(":")[0] for line in stays(bodies, "b.html")] == ["a.html", "b.html", "posts/new.html"]


def test_an_index_is_told_from_others_by_its_folder() -> None:
    leak = Leak("history/index.html", "a private address")
    bodies = {"a.html": '"history/index.html"', "b.html": '"index.html" "posts/index.html"'}
    assert [line.split(":")[0] for line in stays(bodies, leak=leak)] == ["a.html", "history/index.html"]


def test_what_is_kept_refers_to_what_was_there() -> None:
    kept = Artifact(path="a.html", parts=(b'"posts/new.html"',), content_type="", cache_control="", kept=True)
    assert withhold([kept], [LEAK], ()) == (LEAK,)


def test_an_announcement_is_never_out_whose_page_is_in_no_language() -> None:
    new, old = post("new", published=NOW), incident("old", started=NOW)
    of = project(announcements=(new, old), of=site())
    leaks = [LEAK, Leak("incidents/old.html", "a private address")]
    assert never_out(of, leaks, {"incidents/old.html"}) == (new,)
    assert never_out(of, leaks, ()) == (new, old)
    assert never_out(of, [Leak("maintenance/x.ics", "a private address")], ()) == ()


def test_people_are_told_files_and_kinds_and_never_the_value() -> None:
    withheld = [
        Leak("index.html", "a link to posts/hunter2-hunter2.html, which is not out"),
        Leak("posts/hunter2-hunter2.html", "the value of WORD, in its name"),
    ]
    text = told(withheld, first_words(withheld), ["content/posts/a.md:7 (the value of WORD)"])
    assert "hunter2" not in text
    assert text.splitlines()[:4] == [
        f"{first_words(withheld)}:",
        "    index.html: holds a link to a file in 'posts/', which is not out",
        "    a file in 'posts/': holds the value of WORD, in its name",
        "    it stands in content/posts/a.md:7 (the value of WORD)",
    ]
    assert first_words(withheld).startswith(
        "2 files were not published, because something would leak, the front page too;"
    )
    assert first_words([LEAK]).startswith("a file was not published, because something would leak; all")
