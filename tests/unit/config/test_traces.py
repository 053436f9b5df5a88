"""Where something stands is told by file and line; hosts and their addresses belong in checks."""

from __future__ import annotations

from pathlib import Path

from statusgen.config.traces import traces
from statusgen.publish.leaks import Search

SEARCH = Search(secrets={"WORD": "hunter2-hunter2"}, hosts=frozenset({"db.internal"}))


def lay_out(root: Path) -> None:
    for folder in ("checks", "content/posts", "themes/own"):
        (root / folder).mkdir(parents=True)
    (root / "checks/web.yaml").write_text("a: db.internal\nb: hunter2-hunter2 on db.internal\n")
    (root / "content/posts/a.md").write_text("one\n\nat 10.0.0.5 and db.internal\n")
    (root / "themes/own/style.css").write_text("/* hunter2-hunter2 */")


def test_every_line_that_holds_something_is_told_with_what_it_is(tmp_path: Path) -> None:
    lay_out(tmp_path)
    found = [f"{at.file}:{at.line} {what}" for at, what in traces(tmp_path, SEARCH)]
    assert found == [
        "content/posts/a.md:3 a private address",
        "content/posts/a.md:3 the name of an internal host",
        "themes/own/style.css:1 the value of WORD",
        "checks/web.yaml:2 the value of WORD",
    ]


def test_of_what_readers_see_checks_and_settings_are_no_part(tmp_path: Path) -> None:
    lay_out(tmp_path)
    (tmp_path / "statusgen.yaml").write_text("# hunter2-hunter2\n")
    assert {at.file for at, _ in traces(tmp_path, SEARCH, everything=False)} == {
        "content/posts/a.md",
        "themes/own/style.css",
    }
    assert [*traces(tmp_path, Search())][1:] == []
