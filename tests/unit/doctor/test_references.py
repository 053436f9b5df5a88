"""What a page loads from elsewhere is found, and links are not."""

from __future__ import annotations

import pytest

from statusgen.config.theme import load_theme
from statusgen.doctor.references import judge, loaded
from statusgen.model.artifact import Artifact
from statusgen.render import render
from tests.conftest import ROOT
from tests.unit.render import situations


def page(body: str, path: str = "index.html", content_type: str = "text/html; charset=utf-8") -> Artifact:
    return Artifact(path=path, parts=(body.encode(),), content_type=content_type, cache_control="no-cache")


@pytest.mark.parametrize(
    ("body", "hosts"),
    [
        ("<img src=https://a.example/x.png>", {"a.example"}),
        ("<img srcset='//a.example/x.png 1x, https://B.example/y.png 2x'>", {"a.example", "b.example"}),
        ("<script src='https://a.example/x.js'></script>", {"a.example"}),
        ("<link rel='stylesheet' href='https://a.example/x.css'>", {"a.example"}),
        ("<link rel='preconnect' href='https://a.example'>", {"a.example"}),
        ("<svg><use xlink:href='https://a.example/x.svg#y'/></svg>", {"a.example"}),
        ("<iframe src=https://a.example></iframe>", {"a.example"}),
        ("<a href=https://a.example>there</a>", set()),
        ("<link rel='alternate' href='https://a.example/feed.xml'>", set()),
        ("<link rel='canonical' href='https://a.example/'>", set()),
        ("<img src=pictures/x.png>", set()),
        ("<img src='data:image/png;base64,AA=='>", set()),
        ("<img src='https://[broken/x.png'>", set()),
        ("<img src>", set()),
    ],
)
def test_what_a_browser_loads_by_itself(body: str, hosts: set[str]) -> None:
    assert loaded(body) == hosts


def test_what_is_probed_is_a_problem_and_others_are_a_warning() -> None:
    artifacts = [
        page("<img src=https://media.example.org/x.png><img src=https://fonts.example/y>", "a.html"),
        page("<img src=https://media.example.org/x.png><img src=https://status.example/own.png>", "b.html"),
        page("<img src=https://feed.example/x.png>", "feed.xml", "application/xml"),
    ]
    found = judge(artifacts, {"status.example"}, {"media.example.org"})
    assert [(str(one.severity), one.title) for one in found] == [
        ("warning", "a.html loads something from fonts.example"),
        ("problem", "a.html loads something from media.example.org, which is probed"),
    ]


def test_our_own_pages_load_nothing_from_anywhere() -> None:
    for name, situation in situations.SITUATIONS.items():
        assert judge(render(situation(), load_theme(ROOT, "default")), set(), set()) == (), name
