"""`content/`: what is read of incidents, maintenance and posts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from statusgen.model.announcement import Checklist, Incident, Maintenance, Post, Update, Window
from statusgen.model.project import Project
from statusgen.model.words import Impact, IncidentPhase, MaintenancePhase, Status

Reader = Callable[[Mapping[str, str]], Project]
Teller = Callable[[Mapping[str, str]], list[str]]

TWO = datetime(2022, 12, 1, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)

INCIDENT = """---
title: Timelines load slowly
kind: incident
impact: major
affects: {web: major_outage, media: operational}
started: 2022-12-01T14:00Z
next_update: 2022-12-01T17:00Z
authors: [nova, Infrastructure team]
aliases: [slow, slower]
---

Pages take long.

- [x] look at the disk
- [ ] replace it

```
## 2022-12-01T10:00Z resolved
- [ ] not a step
```

## 2022-12-01T15:00Z investigating

We are looking.

- [ ] a step of the update only

### Not an update

More.

## 2022-12-01T17:00+01:00 identified
"""

MAINTENANCE = """---
title: Moving the database
starts: 2022-12-01T14:00Z
ends: 2022-12-01T18:00Z
announced: 2022-12-01T13:00Z
affects: [web, media]
---
We move it.

## 2022-12-01 15:00Z in_progress
It has begun.
"""

POST = """---
title: "The plan: moving"
published: 2022-12-01T14:00Z
pinned: true
authors: [nova]
---
## The steps

1. [X] one
   - [ ] two
"""


def test_an_incident_is_what_its_file_says(read: Reader) -> None:
    assert read({"content/incidents/2022/2022-12-01-slow.md": INCIDENT}).announcements == (
        Incident(
            slug="2022-12-01-slow",
            title="Timelines load slowly",
            started=TWO,
            impact=Impact.MAJOR,
            body="Pages take long.\n\n- [x] look at the disk\n- [ ] replace it\n\n"
            "```\n## 2022-12-01T10:00Z resolved\n- [ ] not a step\n```",
            affects={"web": Status.MAJOR_OUTAGE, "media": Status.OPERATIONAL},
            updates=(
                Update(
                    number=1,
                    at=TWO + HOUR,
                    phase=IncidentPhase.INVESTIGATING,
                    body="We are looking.\n\n- [ ] a step of the update only\n\n### Not an update\n\nMore.",
                ),
                Update(number=2, at=TWO + 2 * HOUR, phase=IncidentPhase.IDENTIFIED, body=""),
            ),
            next_update=TWO + 3 * HOUR,
            authors=("nova", "Infrastructure team"),
            aliases=("slow", "slower"),
            checklist=Checklist(done=1, total=2),
        ),
    )


def test_a_maintenance_is_what_its_file_says(read: Reader) -> None:
    assert read({"content/maintenance/move.md": MAINTENANCE}).announcements == (
        Maintenance(
            slug="move",
            title="Moving the database",
            starts=TWO,
            ends=TWO + 4 * HOUR,
            announced=TWO - HOUR,
            body="We move it.",
            affects={"web": Status.UNDER_MAINTENANCE, "media": Status.UNDER_MAINTENANCE},
            updates=(Update(number=1, at=TWO + HOUR, phase=MaintenancePhase.IN_PROGRESS, body="It has begun."),),
        ),
    )


def test_a_post_is_what_its_file_says(read: Reader) -> None:
    assert read({"content/posts/plan.md": POST}).announcements == (
        Post(
            slug="plan",
            title="The plan: moving",
            published=TWO,
            body="## The steps\n\n1. [X] one\n   - [ ] two",
            authors=("nova",),
            pinned=True,
            checklist=Checklist(done=1, total=2),
        ),
    )


def test_an_incident_starts_with_its_first_update_unless_it_says_otherwise(read: Reader) -> None:
    (incident,) = read({"content/incidents/a.md": INCIDENT.replace("started: 2022-12-01T14:00Z\n", "")}).announcements
    assert isinstance(incident, Incident)
    assert incident.started == TWO + HOUR


def test_a_maintenance_is_announced_by_its_first_update_unless_it_says_otherwise(read: Reader) -> None:
    text = MAINTENANCE.replace("announced: 2022-12-01T13:00Z\n", "")
    (maintenance,) = read({"content/maintenance/a.md": text}).announcements
    assert isinstance(maintenance, Maintenance)
    assert maintenance.announced == TWO + HOUR


@pytest.mark.parametrize(
    ("impact", "status"),
    [
        ("none", Status.OPERATIONAL),
        ("minor", Status.DEGRADED_PERFORMANCE),
        ("major", Status.PARTIAL_OUTAGE),
        ("critical", Status.MAJOR_OUTAGE),
    ],
)
def test_the_impact_says_what_becomes_of_components_without_a_status(impact: str, status: Status, read: Reader) -> None:
    text = INCIDENT.replace("{web: major_outage, media: operational}", "[web]").replace("major\n", f"{impact}\n", 1)
    (incident,) = read({"content/incidents/a.md": text}).announcements
    assert isinstance(incident, Incident)
    assert incident.affects == {"web": status}


def test_one_name_may_stand_in_two_folders_because_their_addresses_differ(read: Reader) -> None:
    files = {"content/incidents/a.md": INCIDENT, "content/maintenance/a.md": MAINTENANCE, "content/posts/a.md": POST}
    assert [(item.kind, item.slug) for item in read(files).announcements] == [
        ("incident", "a"),
        ("maintenance", "a"),
        ("post", "a"),
    ]


def test_what_is_no_announcement_is_passed_over(read: Reader) -> None:
    files = {
        "content/README.md": "How we write.",
        "content/incidents/_draft.md": "[",
        "content/incidents/.hidden.md": "[",
        "content/incidents/disk.svg": "<svg/>",
        "content/templates/post.md": "---\ntitle: {{ title | yaml }}\n---\n",
    }
    assert read(files).announcements == ()


def test_an_update_that_is_wrong_hides_no_other_and_its_order_is_not_guessed(problems: Teller) -> None:
    text = INCIDENT.replace("identified", "resolvd") + "\n## 2022-12-01T18:00Z postmortem\n\n## soon\n"
    assert [line.split("\n")[0].split(": ", 2)[2][:40] for line in problems({"content/incidents/a.md": text})] == [
        "expected 'investigating', 'identified', ",
        "a second-level heading is an update, got",
    ]


@pytest.mark.parametrize("key", ["title", "impact"])
def test_a_problem_above_hides_none_below(key: str, problems: Teller) -> None:
    text = INCIDENT.replace(f"{key}: ", f"x{key}: ").replace("identified", "resolvd")
    assert len(problems({"content/incidents/a.md": text})) == 3


def test_of_a_maintenance_too(problems: Teller) -> None:
    said = problems(
        {"content/maintenance/a.md": MAINTENANCE.replace("title: ", "titel: ").replace("in_progress", "begun")}
    )
    assert [line.split(": ")[1] for line in said] == ["titel", "title", "update"]


def test_and_of_a_post(problems: Teller) -> None:
    said = problems({"content/posts/a.md": POST.replace("title: ", "titel: ")})
    assert [line.split(": ")[1] for line in said] == ["titel", "title"]


def test_tasks_are_list_items_and_nothing_else(read: Reader) -> None:
    body = "[x] not a task\n\n- [x] one\n- [x]none\n- text [x]\n-\n- # [x] heading\n> - [ ] quoted\n\n* [ ] three\n"
    (post,) = read({"content/posts/a.md": POST.split("## The", maxsplit=1)[0] + body}).announcements
    assert post.checklist == Checklist(done=1, total=3)


@pytest.mark.parametrize(
    "block", ["```\ncode\n```", "~~~~\ncode\n~~~~~", "    code", "- ```\n  code", "> ```\n> code\n"]
)
def test_a_code_block_that_ends_is_right(block: str, read: Reader) -> None:
    (post,) = read({"content/posts/a.md": POST.split("## The", maxsplit=1)[0] + block + "\n"}).announcements
    assert post.body.startswith(block.rstrip())


def test_a_fence_is_not_closed_by_a_shorter_one(problems: Teller) -> None:
    (said,) = problems({"content/posts/a.md": POST.split("## The", maxsplit=1)[0] + "````\ncode\n```\n"})
    assert said.startswith("content/posts/a.md:7:1: the code block that starts here is not closed")


@pytest.mark.parametrize("lead", ["\n### ", "\n##", "\n", "\n- item\n##"])
def test_what_looks_like_an_update_is_not_passed_over(lead: str, problems: Teller) -> None:
    (said,) = problems({"content/incidents/a.md": f"{INCIDENT}{lead}2022-12-01T16:00Z resolved\n"})
    assert "this looks like an update, but is none" in said


def test_a_timeline_may_be_a_list(read: Reader) -> None:
    text = f"{INCIDENT}\n- 2022-12-01T16:00Z resolved\n- text\n"
    assert len(read({"content/incidents/a.md": text}).announcements) == 1


def test_an_underlined_heading_in_a_list_is_the_list_s_own(read: Reader) -> None:
    text = INCIDENT.replace("Pages take long.", "> ## Quoted\n\n- item\n  ---\n")
    (incident,) = read({"content/incidents/a.md": text}).announcements
    assert isinstance(incident, Incident)
    assert len(incident.updates) == 2


def updates_of(read: Reader, text: str, kind: str = "incidents") -> tuple[Update, ...]:
    """Return the updates of the only announcement."""
    (one,) = read({f"content/{kind}/a.md": text}).announcements
    assert isinstance(one, Incident | Maintenance)
    return one.updates


@pytest.mark.parametrize(
    "lines",
    [
        "affects: {web: operational, media: partial_outage}\nnext_update: 2022-12-01T19:00Z\n\nBetter.",
        "\naffects: {web: operational, media: partial_outage}\nnext_update: 2022-12-01T19:00Z\nBetter.",
        "\n\naffects:\n  web: operational\n  media: partial_outage\nnext_update: 2022-12-01T19:00Z\n\n\nBetter.",
    ],
)
def test_lines_below_the_heading_of_an_update_change_what_stands_above(lines: str, read: Reader) -> None:
    *_, last = updates_of(read, f"{INCIDENT}{lines}\n")
    assert last.affects == {"web": Status.OPERATIONAL, "media": Status.PARTIAL_OUTAGE}
    assert last.next_update == TWO + 5 * HOUR
    assert last.body == "Better."


def test_ids_alone_in_an_update_mean_what_they_mean_above(read: Reader) -> None:
    *_, last = updates_of(read, f"{INCIDENT}affects: [media]\n")
    assert (last.affects, last.body) == ({"media": Status.PARTIAL_OUTAGE}, "")


def test_ids_alone_in_an_update_of_maintenance_too(read: Reader) -> None:
    (last,) = updates_of(read, MAINTENANCE.replace("It has begun.", "affects: [media]"), "maintenance")
    assert last.affects == {"media": Status.UNDER_MAINTENANCE}


@pytest.mark.parametrize(
    "text",
    [
        "Note: we look.",
        "Text.\naffects: [web]",
        "https://example.org",
        "starts: tomorrow",
        "- affects: [web]",
        "`affects: x`",
    ],
)
def test_other_words_with_a_colon_are_text(text: str, read: Reader) -> None:
    *_, last = updates_of(read, f"{INCIDENT}{text}\n")
    assert (last.body, last.affects) == (text, {})


def test_an_update_moves_a_window_or_only_its_end(read: Reader) -> None:
    first, moved, longer = updates_of(
        read,
        MAINTENANCE.replace(
            "## 2022-12-01 15:00Z in_progress",
            "## 2022-12-01T13:30Z scheduled\nstarts: 2022-12-01T15:00Z\nends: 2022-12-01T19:00Z\n\n"
            "## 2022-12-01T15:00Z in_progress\nends: 2022-12-01T20:00Z\n\n## 2022-12-01T15:00Z verifying",
        ),
        "maintenance",
    )
    assert first.window == Window(TWO + HOUR, TWO + 5 * HOUR)
    assert moved.window == Window(TWO + HOUR, TWO + 6 * HOUR)
    assert longer.window is None


def test_a_former_name_may_be_that_of_another_kind(read: Reader) -> None:
    files = {"content/incidents/a.md": INCIDENT, "content/posts/slow.md": POST}
    assert len(read(files).announcements) == 2
