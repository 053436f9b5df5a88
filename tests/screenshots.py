"""Draws the pictures in `docs/images/`: the example site with a made-up quarter behind it, as Chromium shows it.

`make pictures` runs it. The same code gives the same pictures, but for the fonts of the machine.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from statusgen import pipeline
from statusgen.config import load
from statusgen.config.theme import load_theme
from statusgen.history import backfill
from statusgen.model.observation import Observation
from statusgen.model.project import Check, Location, Project
from statusgen.model.words import Outcome
from statusgen.probes import KINDS
from tests.browser.conftest import chromium
from tests.conftest import ROOT
from tests.fakes import MemoryStore, Notes

NOW = datetime.fromisoformat("2022-11-29T22:04Z")
FOLDER = ROOT / "docs/images"
DAY = timedelta(days=1)
NOW_OF_DAY = timedelta(hours=NOW.hour, minutes=NOW.minute)
DAYS = 90
COLOURS = 128
"""More than a page has, but for the edges of its letters; a picture is a third of what it would be."""

APART = timedelta(minutes=20)
"""Every second run of the example's, which is as often as it takes to leave no gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that went wrong with all checks whose name begins so, as they are seen from some places or all."""

    checks: str
    began: str
    minutes: int
    outcome: Outcome = Outcome.DOWN
    reason: str = "timeout"
    places: tuple[str, ...] = ()

    def holds(self, check: str, place: str, at: datetime) -> bool:
        """Return whether it is what a check saw."""
        start = datetime.fromisoformat(self.began)
        return (
            check.startswith(self.checks)
            and (not self.places or place in self.places)
            and start <= at < start + timedelta(minutes=self.minutes)
        )


SLOW = {"outcome": Outcome.DEGRADED, "reason": "slow"}
QUARTER = (
    Trouble(checks="web", began="2022-09-21T05:10Z", minutes=50, reason="http_5xx"),
    Trouble(checks="edge-fremont", began="2022-10-14T17:00Z", minutes=130, reason="connection_refused"),
    Trouble(checks="media", began="2022-10-30T20:00Z", minutes=200, **SLOW),
    Trouble(checks="web", began="2022-11-06T18:00Z", minutes=320, **SLOW),
    Trouble(checks="queues", began="2022-11-06T18:00Z", minutes=500, **SLOW),
    Trouble(checks="database", began="2022-11-24T00:50Z", minutes=150, **SLOW),
    Trouble(checks="web", began="2022-11-24T01:41Z", minutes=105, reason="http_5xx"),
    Trouble(checks="queues", began="2022-11-24T00:55Z", minutes=315, **SLOW),
    Trouble(checks="media", began="2022-11-29T20:50Z", minutes=200, **SLOW),
    Trouble(checks="edge-frankfurt", began="2022-11-29T20:50Z", minutes=200, **SLOW),
)


class Shot(NamedTuple):
    """A page, and the screen that shows it."""

    path: str
    width: int = 1280
    height: int = 1400
    scheme: Literal["light", "dark"] = "light"


PICTURES = {
    "page-light": Shot("index.html"),
    "page-dark": Shot("index.html", scheme="dark"),
    "phone-dark": Shot("index.html", 390, 1100, "dark"),
    "component": Shot("components/media.html", height=1500),
    "incident": Shot("incidents/2022-11-23-the-disk-that-could-not-keep-up.html", height=1500),
    "maintenance-phone": Shot("maintenance/2022-12-01-moving-the-database.html", 390, 1100),
    "history": Shot("history/2022-11.html", height=600),
}


def main() -> None:
    """Build the site, and take every picture anew."""
    project = load(ROOT, kinds=KINDS)
    state = MemoryStore()
    backfill(state, list(seen(project)))
    site = pipeline.build(project, load_theme(ROOT, "default"), state, secrets={}, now=NOW, progress=Notes())
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        for artifact in site.artifacts:
            file = Path(folder) / artifact.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(artifact.body)
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name, shot in PICTURES.items():
            _take(browser, Path(folder), shot, FOLDER / f"{name}.png")
        browser.close()


def seen(project: Project) -> Iterator[Observation]:
    """Yield what every place saw of everything it looks at, as often as no gap is left."""
    chance = random.Random(2022)
    for location in project.locations:
        for check in project.checks_from(location):
            usual = chance.lognormvariate(4.6, 0.5)
            for number in range(DAYS * (DAY // APART)):
                yield _one(check, location, NOW - timedelta(minutes=4) - number * APART, chance, usual)
    for check in (one for one in project.checks if one.passive):
        for number in range(DAYS):
            at = NOW - NOW_OF_DAY + timedelta(hours=3) - number * DAY
            yield replace(_one(check, project.locations[-1], at, chance, 1), latency_ms=None, holds=check.holds)


def _one(check: Check, location: Location, at: datetime, chance: random.Random, usual: float) -> Observation:
    trouble = next((one for one in QUARTER if one.holds(check.id, location.id, at)), None)
    slow = 6 if trouble and trouble.outcome is Outcome.DEGRADED else 1
    swing = chance.lognormvariate(0, 0.25) * (1 + (17 <= at.hour < 22) / 3) * (1 + (at.toordinal() * 7 % 11) / 20)
    return Observation(
        check=check.id,
        location=location.id,
        run=f"{at:%Y%m%d%H%M}",
        at=at,
        outcome=trouble.outcome if trouble else Outcome.UP,
        reason=trouble.reason if trouble else None,
        latency_ms=None if trouble and slow == 1 else round(usual * swing * slow, 1),
    )


def _take(browser: Browser, site: Path, shot: Shot, picture: Path) -> None:
    size: ViewportSize = {"width": shot.width, "height": shot.height}
    shown = browser.new_page(viewport=size, color_scheme=shot.scheme, timezone_id="UTC")
    shown.clock.install(time=NOW)
    shown.goto((site / shot.path).as_uri())
    with Image.open(BytesIO(shown.screenshot())) as taken:
        few = taken.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(picture, optimize=True)
    shown.close()


if __name__ == "__main__":
    main()
