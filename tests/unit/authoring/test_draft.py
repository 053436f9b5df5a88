"""A draft is a template filled in, of ours or of the team's own."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from statusgen.authoring import draft, template_for
from statusgen.errors import ThemeError

VALUES = {
    "title": "It's down: all of it",
    "at": "2022-12-01T12:00Z",
    "impact": "major",
    "starts": "2022-12-01T14:00Z",
    "ends": "2022-12-01T18:00Z",
    "affects": {"media": "partial_outage"},
    "text": None,
}


@pytest.mark.parametrize("kind", ["incident", "maintenance", "post"])
def test_a_title_is_quoted_so_that_it_stays_what_it_is(kind: str, tmp_path: Path) -> None:
    text = draft(*template_for(tmp_path, kind), VALUES)
    assert text.count("---\n") == 2
    assert yaml.safe_load(text.split("---\n")[1])["title"] == "It's down: all of it"


def test_an_incident_begins_with_its_first_update(tmp_path: Path) -> None:
    assert draft(*template_for(tmp_path, "incident"), VALUES | {"title": "Pictures", "text": "None load."}) == (
        "---\ntitle: Pictures\nimpact: major\naffects: {media: partial_outage}\n---\n\n"
        "## 2022-12-01T12:00Z investigating\nNone load.\n"
    )


def test_what_is_not_given_has_no_key(tmp_path: Path) -> None:
    assert "affects" not in draft(*template_for(tmp_path, "incident"), VALUES | {"affects": []})


def test_a_team_has_templates_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "content/templates").mkdir(parents=True)
    (tmp_path / "content/templates/post.md").write_text("---\ntitle: {{ title | yaml }}\n---\nHello!\n")
    name, template = template_for(tmp_path, "post")
    assert name == "content/templates/post.md"
    assert draft(name, template, VALUES | {"title": "Hi"}) == "---\ntitle: Hi\n---\nHello!\n"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("one\n{{ title\n", "x.md:2:1: unexpected end of template"),
        ("one\n{{ titel }}", "x.md:2:1: 'titel' is undefined"),
        ("one\n{{ titel | yaml }}", "x.md:2:1: 'titel' is undefined"),
        ("one\n\n{{ title + 1 }}", "x.md:3:1: can only concatenate str"),
        ("{{ title.__class__.__mro__ }}", "x.md:1:1: access to attribute '__class__' of 'str' object is unsafe"),
    ],
)
def test_a_template_at_fault_is_named_with_its_line(template: str, message: str) -> None:
    with pytest.raises(ThemeError) as caught:
        draft("x.md", template, VALUES)
    assert message in str(caught.value)


def test_a_template_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "content/templates").mkdir(parents=True)
    (tmp_path / "content/templates/post.md").write_bytes(b"\xff")
    with pytest.raises(ThemeError, match=r"content/templates/post\.md: expected UTF-8"):
        template_for(tmp_path, "post")
