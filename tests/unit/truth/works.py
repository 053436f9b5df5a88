"""Maintenance in every state, and posts: by the clock and by word, moved, called off, overrun and coming again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.unit.truth.stage import HOLD
from tests.unit.truth.written import Case, Mark, Step, Window, at, say, tell

UNBELIEVED = at(14) + HOLD
"""When what was seen last at two is not believed any more."""

NIGHT: Window = (at(10), at(14))


def work(slug: str, *steps: Step, **more: Any) -> Case:
    """Return a maintenance from ten to two that was announced the day before."""
    about = {"began": at(12, day=0), "body": f"We work on {slug}.", "window": NIGHT, **more}
    about.setdefault("affects", {f"{slug}-a": "major_outage", f"{slug}-b": "degraded_performance"})
    return Case(slug=slug, kind="maintenance", steps=tuple(steps), **about)


MAINTENANCE = (
    work("by-the-clock", tell(at(10), "in_progress"), tell(at(14), "completed")),
    work(
        "by-word",
        tell(at(10), "in_progress", until=at(11)),
        say(at(11), "in_progress"),
        say(at(12), "verifying"),
        say(at(13), "completed"),
    ),
    work("begun-early", say(at(9), "in_progress"), tell(at(14), "completed")),
    work("on-the-dot", say(at(10), "in_progress"), say(at(14), "completed")),
    work("finished-early", tell(at(10), "in_progress"), say(at(12), "completed")),
    work(
        "said-afterwards",
        tell(at(10), "in_progress"),
        tell(at(14), "completed", until=at(15)),
        say(at(15), "completed"),
    ),
    work(
        "talked-about",
        say(at(9), "scheduled"),
        tell(at(10), "in_progress"),
        say(at(13), "verifying"),
        tell(at(14), "completed"),
    ),
    work(
        "at-the-start",
        say(at(10), "scheduled"),
        tell(at(10), "in_progress"),
        tell(at(14), "completed"),
    ),
    work("called-off", say(at(9), "cancelled")),
    work("broken-off", tell(at(10), "in_progress"), say(at(12), "cancelled")),
    work(
        "never-took-place",
        tell(at(10), "in_progress"),
        tell(at(14), "completed", until=at(15)),
        say(at(15), "cancelled"),
    ),
    work("emergency", tell(at(12), "in_progress"), tell(at(14), "completed"), began=at(12)),
    work("at-the-end", tell(at(14), "in_progress"), tell(at(14), "completed"), began=at(14)),
    work("of-nothing", tell(at(10), "in_progress"), tell(at(14), "completed"), affects={}, body=""),
    work(
        "renamed-work",
        tell(at(10), "in_progress"),
        tell(at(14), "completed"),
        first_name="old-work",
        front="aliases: [old-work]",
    ),
    work(
        "overrun",
        tell(at(10), "in_progress"),
        tell(at(15), "completed"),
        affects={"overrun-a": "major_outage"},
        down=(at(11), at(15)),
        marks=(Mark(name="overrun", since=at(14), until=at(15)),),
    ),
    work(
        "overrun-by-word",
        tell(at(10), "in_progress"),
        say(at(15), "completed"),
        affects={"overrun-by-word-a": "major_outage"},
        down=(at(11), at(16)),
        marks=(Mark(name="overrun", since=at(14), until=at(15)),),
    ),
    work(
        "never-seen-again",
        tell(at(10), "in_progress"),
        tell(UNBELIEVED, "completed"),
        affects={"never-seen-again-a": "major_outage"},
        down=(at(11), at(20)),
        unseen=(at(14, 30), at(20)),
        marks=(Mark(name="overrun", since=at(14), until=UNBELIEVED),),
    ),
)

LATER: Window = (at(12), at(15))
LAST: Window = (at(13), at(16))

MOVED = (
    work("once", say(at(9), "scheduled", window=LATER), tell(at(12), "in_progress"), tell(at(15), "completed")),
    work(
        "twice",
        say(at(8), "scheduled", window=LATER),
        say(at(9), "scheduled", window=LAST, affects={"twice-c": "partial_outage"}),
        tell(at(13), "in_progress"),
        tell(at(16), "completed"),
    ),
    work(
        "and-back",
        say(at(8), "scheduled", window=LATER),
        say(at(9), "scheduled", window=NIGHT),
        tell(at(10), "in_progress"),
        tell(at(14), "completed"),
    ),
    work(
        "earlier",
        say(at(8), "scheduled", window=(at(9), at(12))),
        tell(at(9), "in_progress"),
        tell(at(12), "completed"),
    ),
    work(
        "then-called-off", say(at(8), "scheduled", window=LATER), tell(at(12), "in_progress"), say(at(13), "cancelled")
    ),
    work(
        "longer",
        tell(at(10), "in_progress", until=at(12)),
        say(at(12), "in_progress", window=(at(10), at(16))),
        tell(at(16), "completed"),
    ),
    work(
        "shorter",
        tell(at(10), "in_progress"),
        say(at(11), "verifying", window=(at(10), at(13))),
        tell(at(13), "completed"),
    ),
    work(
        "only-parts",
        tell(at(10), "in_progress"),
        say(at(12), "verifying", affects={"only-parts-a": "operational"}),
        tell(at(14), "completed"),
    ),
    work(
        "after-it-began",
        tell(at(10), "in_progress"),
        say(at(11), "scheduled", window=LAST),
        tell(at(13), "in_progress"),
        tell(at(16), "completed"),
    ),
)

WEEKLY = """\
---
title: All about patches
announced: 2022-11-20T12:00Z
starts: 2022-11-24T11:00+01:00
ends: 2022-11-24T15:00+01:00
repeats: FREQ=WEEKLY;BYDAY=TH
zone: Europe/Berlin
skips: [2022-12-01]
affects: {patches-a: degraded_performance}
---
Every server is restarted.

## 2022-12-08T11:00Z in_progress
We said at 11.00 that it is in_progress.

## 2022-12-08T12:00Z completed
We said at 12.00 that it is completed.

## 2022-12-14T09:00Z scheduled
starts: 2022-12-16T10:00Z
ends: 2022-12-16T14:00Z

We said at 09.00 that it is scheduled.
"""
"""A maintenance of every Thursday: what follows are the times that it comes."""


def time(day: int, *steps: Step, began: datetime) -> Case:
    """Return one time of the weekly maintenance."""
    start = at(10, day=day)
    return work(
        f"patches-{start.date()}",
        *steps,
        title="All about patches",
        began=began,
        window=(start, at(14, day=day)),
        body="Every server is restarted.",
        affects={"patches-a": "degraded_performance"},
        file=False,
    )


FIRST = at(10, day=-6)
OTHERS = (
    time(-6, tell(FIRST, "in_progress"), tell(at(14, day=-6), "completed"), began=at(12, day=-10)),
    time(1, Step(at=FIRST, phase="cancelled"), began=FIRST),
    time(
        8,
        tell(at(10, day=8), "in_progress", until=at(11, day=8)),
        say(at(11, day=8), "in_progress"),
        say(at(12, day=8), "completed"),
        began=FIRST,
    ),
    time(
        15,
        say(at(9, day=14), "scheduled", window=(at(10, day=16), at(14, day=16))),
        tell(at(10, day=16), "in_progress"),
        tell(at(14, day=16), "completed"),
        began=at(10, day=8),
    ),
    time(22, began=at(10, day=15)),
    Case(slug="thanks", kind="post", began=FIRST, body="You carried us."),
    Case(slug="plan", kind="post", began=at(12, day=8), body="More disks.", front="pinned: true"),
    Case(
        slug="new-plan",
        kind="post",
        began=at(12, day=8),
        body="Fewer disks.",
        front="aliases: [old-plan]",
        first_name="old-plan",
    ),
)
