"""What was said when: announcements as a row of dated tellings, the unit of feeds and of the JSON's updates.

The announcement itself is the first telling; every update is one more; a maintenance that begins or ends by its
window alone, without anybody writing, tells that too. A telling's key never changes once it is out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from statusgen.model.announcement import Window
from statusgen.model.page import IncidentView, MaintenanceView
from statusgen.model.words import IncidentPhase, MaintenancePhase, Phase, Status
from statusgen.render import links

_UPDATE = "update/"
_BEGAN = "The announced window has begun."
_ENDED = "The maintenance is over."


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One thing said of an announcement; `body` is Markdown, `fragment` its place on the announcement's page.

    `above` is how the body begins when an update says both: with the announcement's own text.
    `plan` is the window of a maintenance that stood announced with it; `was` the one before, when this moved it.
    `affects` is what people said of each component, as it stood with this.
    """

    key: str
    at: datetime
    phase: Phase
    body: str
    above: str = ""
    fragment: str = ""
    plan: Window | None = None
    was: Window | None = None
    affects: Mapping[str, Status] = field(default_factory=dict)

    @property
    def moved(self) -> bool:
        """Whether it gives a maintenance another start."""
        return self.plan is not None and self.was is not None and self.plan.start != self.was.start


def tellings(view: IncidentView | MaintenanceView) -> tuple[Telling, ...]:
    """Return what was said, oldest first; of the same instant in the order of the announcement."""
    told = sorted([*_opening(view), *_updates(view), *_lifecycle(view)], key=lambda telling: telling.at)
    return tuple(_situated(view, telling) for telling in told)


def _situated(view: IncidentView | MaintenanceView, telling: Telling) -> Telling:
    """Return a telling with what stood announced at its instant, so that what comes later does not change it."""
    affects = view.source.affected(telling.at)
    if isinstance(view, IncidentView):
        return replace(telling, affects=affects)
    plans = view.source.plans(telling.at)
    moves = len(plans) > 1 and plans[-1].since == telling.at and telling.key.startswith(_UPDATE)
    return replace(telling, affects=affects, plan=plans[-1].window, was=plans[-2].window if moves else None)


def _opening(view: IncidentView | MaintenanceView) -> Iterator[Telling]:
    if _opens_with_update(view):
        return
    source = view.source
    if isinstance(view, IncidentView):
        yield Telling(key="", at=view.source.started, phase=IncidentPhase.INVESTIGATING, body=source.body)
    else:
        yield Telling(key="", at=view.source.announced, phase=MaintenancePhase.SCHEDULED, body=source.body)


def _opens_with_update(view: IncidentView | MaintenanceView) -> bool:
    """Whether the first update is as old as an incident itself, so that one telling says both."""
    return (
        isinstance(view, IncidentView)
        and bool(view.updates)
        and (view.updates[0].at <= view.source.started or not view.source.body)
    )


def _updates(view: IncidentView | MaintenanceView) -> Iterator[Telling]:
    for update in view.updates:
        above = view.source.body if update is view.updates[0] and _opens_with_update(view) else ""
        body = f"{above}\n\n{update.body}".strip()
        name = links.update(update.number)
        yield Telling(
            key=f"{_UPDATE}{update.number}", at=update.at, phase=update.phase, body=body, above=above, fragment=name
        )


def _lifecycle(view: IncidentView | MaintenanceView) -> Iterator[Telling]:
    """Yield what windows tell by themselves, never before they were announced: an emergency is told after it began."""
    if isinstance(view, IncidentView):
        return
    written = {update.phase for update in view.updates}
    began = MaintenancePhase.IN_PROGRESS
    ended = MaintenancePhase.COMPLETED
    for number, plan in enumerate(view.earlier):
        if plan.began:
            yield Telling(key=_numbered(began, number), at=max(plan.began, plan.since), phase=began, body=_BEGAN)
        if plan.ended:
            yield Telling(key=_numbered(ended, number), at=max(plan.ended, plan.since), phase=ended, body=_ENDED)
    number = len(view.earlier)
    since = next((one.at for one in reversed(view.updates) if one.window), view.source.announced)
    again = any(plan.began == view.began for plan in view.earlier)
    if view.began and began not in written and not again:
        yield Telling(key=_numbered(began, number), at=max(view.began, since), phase=began, body=_BEGAN)
    if view.ended and view.phase is ended and ended not in written:
        yield Telling(key=_numbered(ended, number), at=max(view.ended, since), phase=ended, body=_ENDED)


def _numbered(phase: MaintenancePhase, number: int) -> str:
    """Return the key of what a window tells by itself; each further window of a maintenance tells it anew."""
    return f"{phase}/{number + 1}" if number else phase
