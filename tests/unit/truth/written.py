"""Announcements as people write them, each with what is true of it from one instant to the next.

A case is a file and a row of steps. Most steps are updates in the file; what a maintenance tells by its window alone is
a step too, which nobody writes. From both follows what any reader of any format must find at an instant: nothing here
asks the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

SECOND = timedelta(seconds=1)
FOLDERS = {"incident": "incidents", "maintenance": "maintenance", "post": "posts"}
OVER = frozenset({"resolved", "postmortem", "completed", "cancelled"})
UNDER_WAY = frozenset({"in_progress", "verifying"})

Window = tuple[datetime, datetime]


def at(hour: int, minute: int = 0, *, day: int = 1) -> datetime:
    """Return an instant of a day of December 2022; days below 1 are of November."""
    return datetime(2022, 12, 1, hour, minute, tzinfo=UTC) + timedelta(days=day - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing said. `unwritten`: the window tells it; `until`: then an update takes its place.

    `lines` stand below the heading of the update and say what else it changes.
    """

    at: datetime
    phase: str
    text: str = ""
    window: Window | None = None
    affects: Mapping[str, str] = field(default_factory=dict)
    lines: str = ""
    unwritten: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that is out at an instant, with what stood when it was said; `was` is the window that it moved."""

    at: datetime
    phase: str
    texts: tuple[str, ...]
    affects: Mapping[str, str]
    window: Window | None = None
    was: Window | None = None
    number: int | None = None

    @property
    def label(self) -> str:
        """What stands before a title where this is told: the phase, or that it was moved to another start."""
        return "rescheduled" if self.window and self.was and self.window[0] != self.was[0] else self.phase


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """An announcement at an instant."""

    phase: str
    affects: Mapping[str, str]
    said: tuple[Said, ...]
    window: Window | None = None
    earlier: tuple[Window, ...] = ()
    marks: frozenset[str] = frozenset()

    @property
    def open(self) -> bool:
        """Whether it is not over yet."""
        return self.phase not in OVER

    @property
    def ended(self) -> datetime | None:
        """When it was first said to be over."""
        return next((one.at for one in self.said if one.phase in OVER), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A word that stands beside an announcement for a time: late, forgotten, overrun."""

    name: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A file and its steps. `began` is when it is public; `down` and `unseen` tell how what it affects is measured.

    Without a `file` of its own it is an occurrence of a series.
    """

    slug: str
    began: datetime
    kind: str = "incident"
    body: str = ""
    affects: Mapping[str, str] = field(default_factory=dict)
    window: Window | None = None
    steps: tuple[Step, ...] = ()
    marks: tuple[Mark, ...] = ()
    front: str = ""
    down: Window | None = None
    unseen: Window | None = None
    file: bool = True
    first_name: str = ""
    title: str = ""

    @property
    def name(self) -> str:
        """Its title."""
        return self.title or f"All about {self.slug}"

    @property
    def path(self) -> str:
        """Where its page lies."""
        return f"{FOLDERS[self.kind]}/{self.slug}.html"

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of it that can be found again."""
        return tuple(text for text in (self.body, *(step.text for step in self.steps)) if text)

    @property
    def components(self) -> tuple[str, ...]:
        """The ids of all components that it ever names."""
        return tuple(dict.fromkeys([*self.affects, *(key for step in self.steps for key in step.affects)]))

    @property
    def borders(self) -> frozenset[datetime]:
        """Every instant at which something of it changes."""
        steps = {found for step in self.steps for found in (step.at, step.until) if found}
        marks = {found for mark in self.marks for found in (mark.since, mark.until) if found}
        return frozenset({self.began, *steps, *marks})

    def state(self, now: datetime) -> State | None:
        """Return what is true of it at an instant; None before it is public."""
        if now < self.began:
            return None
        said = tuple(self._said(now))
        windows = [one.window for one in said if one.was] if self.window else []
        plans = [found for found in (self.window, *windows) if found]
        return State(
            phase=said[-1].phase,
            affects=said[-1].affects,
            said=said,
            window=plans[-1] if plans else None,
            earlier=tuple(plans[:-1]),
            marks=frozenset(
                one.name for one in self.marks if one.since <= now and not (one.until and one.until <= now)
            ),
        )

    def _said(self, now: datetime) -> Iterator[Said]:
        first = {"incident": "investigating", "maintenance": "scheduled", "post": ""}[self.kind]
        affects, window = dict(self.affects), self.window
        steps = [one for one in self.steps if one.at <= now and not (one.until and one.until <= now)]
        merged = self.kind == "incident" and bool(steps) and (steps[0].at == self.began or not self.body)
        body = (self.body,) if self.body else ()
        if not merged:
            yield Said(at=self.began, phase=first, texts=body, affects=dict(affects), window=window)
        for index, step in enumerate(steps):
            affects, was = {**affects, **step.affects}, window
            window = step.window or window
            above = body if merged and not index else ()
            yield Said(
                at=step.at,
                phase=step.phase,
                texts=(*above, *([step.text] if step.text else [])),
                affects=affects,
                window=window,
                was=was if step.window else None,
                number=None if step.unwritten else [one for one in self.steps if not one.unwritten].index(step) + 1,
            )

    def written(self) -> str:
        """Return the file."""
        times = {
            "incident": [f"started: {self.began:%FT%TZ}"],
            "maintenance": [f"announced: {self.began:%FT%TZ}", *_window_lines(self.window)],
            "post": [f"published: {self.began:%FT%TZ}"],
        }[self.kind]
        affects = [f"affects: {_mapping(self.affects)}"] if self.affects else []
        front = [f"title: {self.name}", *times, *affects, *([self.front] if self.front else [])]
        updates = [_update(step) for step in self.steps if not step.unwritten]
        return "\n".join(["---", *front, "---", self.body, "", *updates])


def _update(step: Step) -> str:
    affects = [f"affects: {_mapping(step.affects)}"] if step.affects else []
    window = _window_lines(step.window)[0 if step.phase == "scheduled" else 1 :]  # later, only the end may change
    lines = [*window, *affects, *([step.lines] if step.lines else [])]
    return "\n".join([f"## {step.at:%FT%TZ} {step.phase}", *lines, *([""] if lines else []), step.text, ""])


def _window_lines(window: Window | None) -> list[str]:
    return [f"{key}: {at:%FT%TZ}" for key, at in zip(("starts", "ends"), window, strict=True)] if window else []


def _mapping(affects: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {status}" for key, status in affects.items()) + "}"


def say(at: datetime, phase: str, **more: Any) -> Step:
    """Return an update with a text of its own."""
    return Step(**{"at": at, "phase": phase, "text": f"We said at {at:%H.%M} that it is {phase}.", **more})


def tell(at: datetime, phase: str, until: datetime | None = None) -> Step:
    """Return what a window tells by itself, until an update takes its place."""
    return Step(at=at, phase=phase, unwritten=True, until=until)
