"""A HackMD note, pasted into `content/posts/` as it is, becomes a post."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from statusgen.config.notes import IGNORED
from statusgen.model.announcement import Post
from statusgen.model.project import Project

Reader = Callable[[Mapping[str, str]], Project]
Teller = Callable[[Mapping[str, str]], list[str]]

NOTE = """---
title: Moving out of the basement
tags: infrastructure, migration
description: What we do and when
image: https://media.example.org/rack.png
lang: en
dir: ltr
robots: noindex, nofollow
GA: UA-12345678-1
disqus: team
breaks: false
type: slide
slideOptions:
  transition: fade
  theme: white
opengraph:
  title: Moving
---

# Moving out of the basement

###### tags: `infrastructure` `migration`

The disks are full.
"""


def post(read: Reader, text: str, name: str = "2022-11-25-moving") -> Post:
    """Return the post of a note in a file of this name."""
    (found,) = read({f"content/posts/{name}.md": text}).announcements
    assert isinstance(found, Post)
    return found


def test_a_note_with_everything_that_hackmd_knows_is_a_post(read: Reader) -> None:
    found = post(read, NOTE)
    assert (found.title, found.body) == ("Moving out of the basement", "The disks are full.")
    assert found.published == datetime(2022, 11, 25, tzinfo=UTC)
    assert all(f"\n{key}:" in NOTE for key in IGNORED)


@pytest.mark.parametrize(
    "text",
    [
        "# Moving *out* :rocket:\n\nThe disks are full.\n",
        "\n# Moving out :rocket: ##\nThe disks are full.\n",
        "Moving out :rocket:\n===\n\nThe disks are full.\n",
        "---\ntags: infrastructure\n---\n\n# Moving out :rocket:\n\nThe disks are full.\n",
        "---\ntags: infrastructure\n---\nMoving out 🚀\n======\nThe disks are full.\n",
    ],
)
def test_without_a_title_the_first_heading_is_it(text: str, read: Reader) -> None:
    found = post(read, text)
    assert (found.title.removesuffix(" ##"), found.body) == ("Moving out 🚀", "The disks are full.")


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("###### tags: `a`\n\n# Moving\n\n[TOC]\n\nOn Monday.", "On Monday."),
        ("# Moving\n{%youtube x_-9 %}", "<https://www.youtube.com/watch?v=x_-9>"),
        ("# Moving\n{% vimeo 12 %}", "<https://vimeo.com/12>"),
        ("# Moving\n{%pdf https://example.org/a.pdf %}", "<https://example.org/a.pdf>"),
        ("# Moving\n{%hackmd @us/notes %}", "{%hackmd @us/notes %}"),
        ("# Moving\nSee {%youtube x %} and [TOC].", "See {%youtube x %} and [TOC]."),
    ],
)
def test_what_only_hackmd_can_show_is_a_link_or_left_out(text: str, body: str, read: Reader) -> None:
    found = post(read, text)
    assert (found.title, found.body) == ("Moving", body)


def test_a_heading_that_says_something_else_than_the_title_stays(read: Reader) -> None:
    found = post(read, NOTE.replace("# Moving out of the basement", "# Why"))
    assert found.body.startswith("# Why\n")


@pytest.mark.parametrize(
    ("keys", "published"),
    [
        ("published: 2022-11-24T10:00Z\ndate: 2022-11-23", datetime(2022, 11, 24, 10, tzinfo=UTC)),
        ("date: 2022-11-23", datetime(2022, 11, 23, tzinfo=UTC)),
        ("date: 2022-11-23T10:00+01:00", datetime(2022, 11, 23, 9, tzinfo=UTC)),
        ("tags: none", datetime(2022, 11, 25, tzinfo=UTC)),
    ],
)
def test_it_is_published_when_it_says_or_on_its_date_or_on_the_day_in_its_name(
    keys: str, published: datetime, read: Reader
) -> None:
    assert post(read, f"---\n{keys}\n---\n# Moving\n\nText.\n").published == published


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("# Moving\n\nText.\n", "moving", [":1:1: published: the key is missing"]),
        ("# Moving\n\nText.\n", "2022-13-01-moving", [":1:1: published: the key is missing"]),
        ("---\ntags: a\n---\nText.\n", "2022-12-01-a", [":2:1: title: the key is missing"]),
        ("---\ndate: 2022-12-01 10:00\n---\n# A\n\nText.\n", "a", [":2:7: published: expected a time with a zone"]),
        ("---\ndate: [soon]\n---\n# A\n\nText.\n", "a", [":2:7: published: expected a date and time"]),
        ("---\ntitle: [A]\n---\n# A\n\nText.\n", "2022-12-01-a", [":2:8: title: expected text, got a list"]),
        ("---\nslides: a\n---\n# A\n\nText.\n", "2022-12-01-a", [":2:1: slides: unknown key"]),
        (f"\n# {'a' * 201}\n\nText.\n", "2022-12-01-a", [":2:1: title: expected at most 200 characters"]),
        ("# A\n", "2022-12-01-a", [":1:1: expected text below the front matter"]),
        ("Text.\n", "2022-12-01-a", [":1:1: expected '---', got 'Text.'"]),
    ],
)
def test_what_a_note_lacks_is_told_at_its_place(text: str, name: str, said: list[str], problems: Teller) -> None:
    found = problems({f"content/posts/{name}.md": text})
    assert [
        line.removeprefix(f"content/posts/{name}.md")[: len(start)] for line, start in zip(found, said, strict=True)
    ] == said


def test_a_mistake_below_the_heading_is_told_at_its_line(problems: Teller) -> None:
    (said,) = problems({"content/posts/2022-12-01-a.md": "# A\n\n###### tags: `a`\n\n```\ncode\n"})
    assert said.startswith("content/posts/2022-12-01-a.md:5:1: the code block that starts here is not closed")


def test_breaks_are_shown_where_a_note_asks_for_them(read: Reader) -> None:
    text = "One\ntwo\n\n- three\n  four\n\n```\nfive\nsix\n```\n"
    assert post(read, f"---\nbreaks: false\n---\n# A\n\n{text}").body == text.rstrip()
    broken = text.replace("One", "One  ").replace("three", "three  ")
    assert post(read, f"---\nbreaks: true\n---\n# A\n\n{text}").body == broken.rstrip()


def test_an_incident_needs_its_front_matter(problems: Teller) -> None:
    (said,) = problems({"content/incidents/a.md": "# Slow\n\nText.\n"})
    assert "expected '---'" in said
