"""Pages that are made of a few observations."""

from __future__ import annotations

from statusgen.evaluate import evaluate
from statusgen.evaluate.track import fold
from statusgen.model.components import ComponentView
from statusgen.model.observation import Observation
from statusgen.model.page import Page
from statusgen.model.project import Project
from statusgen.model.words import Status
from tests.factories import (
    HOLD,
    minutes,
    project,
    record,
)

WELL, SLOW, GONE = Status.OPERATIONAL, Status.DEGRADED_PERFORMANCE, Status.MAJOR_OUTAGE


PARTIAL, UNSEEN, MAINTAINED = Status.PARTIAL_OUTAGE, Status.UNKNOWN, Status.UNDER_MAINTENANCE


def page_of(seen: list[Observation], *, of: Project | None = None, now: float = 1.0) -> Page:
    """Return the page some minutes after noon, from observations."""
    return evaluate(of or project(), record(*fold(seen, HOLD)), minutes(now))


def web_of(page: Page) -> ComponentView:
    """Return the component `web`."""
    return next(view for view in page.components if view.id == "web")
