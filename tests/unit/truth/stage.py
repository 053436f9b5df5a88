"""Whole sites of written cases, made from their files at any instant, as the program makes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from statusgen.config import load, load_theme
from statusgen.evaluate import evaluate
from statusgen.evaluate.track import fold
from statusgen.model.observation import Observation
from statusgen.model.project import Project
from statusgen.model.theme import Theme
from statusgen.model.track import Record
from statusgen.model.words import Outcome
from statusgen.probes import KINDS
from statusgen.render import render
from tests.factories import observation, record
from tests.unit.truth.written import FOLDERS, SECOND, Case, Window

PACE = timedelta(minutes=30)
HOLD = PACE * 5 / 2
HOST = "status.example.org"
URL = f"https://{HOST}"
_SITE = f"""\
site: {{name: Example status, url: {URL}, description: How our instance is doing}}
interval: 30m
locations: [{{id: earth, name: Earth}}]
"""


@dataclass
class Play:
    """Cases that are one site: `at(now)` are its files, by path."""

    name: str
    cases: Sequence[Case]
    folder: Path
    _made: dict[datetime, dict[str, bytes]] = field(default_factory=dict)

    @property
    def instants(self) -> list[datetime]:
        """Every border of every case, a second before it and a second after it."""
        borders = {border for case in self.cases for border in case.borders}
        return sorted({border + step for border in borders for step in (-SECOND, SECOND * 0, SECOND)})

    def at(self, now: datetime) -> dict[str, bytes]:
        """Return the site as of an instant."""
        if now not in self._made:
            page = evaluate(self._project, self._record, now)
            self._made[now] = {one.path: one.body for one in render(page, self._theme)}
        return self._made[now]

    def component(self, key: str) -> str:
        """Return the name of a component."""
        return key.replace("-", " ").capitalize()

    @cached_property
    def _theme(self) -> Theme:
        return load_theme(self.folder, "default")

    @cached_property
    def _project(self) -> Project:
        return load(self.folder, kinds=KINDS)

    @cached_property
    def _record(self) -> Record:
        seen = tuple(self._observations())
        return record(*fold(seen, self._project.hold), latest=seen[-1:], since=seen[0].at, measured=seen[-1].at)

    def write(self, files: Mapping[str, str]) -> None:
        """Write the files of the project, and others beside those of the cases."""
        (self.folder / "statusgen.yaml").write_text(_SITE)
        keys = sorted({key for case in self.cases for key in case.components} | {"unnamed"})
        rows = "".join(
            f"  - {{id: {key}, name: {self.component(key)}, checks: [{{tcp: {key}.example.org:443}}]}}\n"
            for key in keys
        )
        (self.folder / "checks").mkdir()
        (self.folder / "checks/all.yaml").write_text(f"group: All\ncomponents:\n{rows}")
        for case in self.cases:
            folder = self.folder / "content" / FOLDERS[case.kind]
            folder.mkdir(parents=True, exist_ok=True)
            if case.file:
                (folder / f"{case.slug}.md").write_text(case.written())
        for path, text in files.items():
            (self.folder / "content" / path).write_text(text)

    def _observations(self) -> Iterator[Observation]:
        down = {key: case.down for case in self.cases for key in case.components}
        unseen = {key: case.unseen for case in self.cases for key in case.components}
        first, last = self.instants[0] - 24 * PACE, self.instants[-1] + 6 * PACE
        for index in range((last - first) // PACE + 1):
            now = first.replace(minute=0, second=0) + index * PACE
            for check in self._project.checks:
                bad = _holds(down.get(check.component), now)
                if not _holds(unseen.get(check.component), now):
                    yield observation(Outcome.DOWN if bad else Outcome.UP, now, check=check.id)


def _holds(window: Window | None, now: datetime) -> bool:
    return window is not None and window[0] <= now < window[1]
