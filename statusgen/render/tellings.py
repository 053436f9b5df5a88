"""What was said when: announcements as a row of dated tellings, the unit of feeds and of the JSON's updates.

The announcement itself is the first telling; every update is one more; a maintenance that begins or ends by its
window alone, without anybody writing, tells that too. A telling's key never changes once it is out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from statusgen.model.page import IncidentView, MaintenanceView
from statusgen.model.words import IncidentPhase, MaintenancePhase, Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One thing said of an announcement; `body` is Markdown, `fragment` its place on the announcement's page."""

    key: str
    at: datetime
    phase: Phase
    body: str
    fragment: str = ""


def tellings(view: IncidentView | MaintenanceView) -> tuple[Telling, ...]:
    """Return what was said, oldest first; of the same instant in the order of the announcement."""
    return tuple(sorted([*_opening(view), *_updates(view), *_lifecycle(view)], key=lambda telling: telling.at))


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
        body = update.body
        if update is view.updates[0] and _opens_with_update(view):
            body = f"{view.source.body}\n\n{update.body}".strip()
        name = f"update-{update.number}"
        yield Telling(key=f"update/{update.number}", at=update.at, phase=update.phase, body=body, fragment=name)


def _lifecycle(view: IncidentView | MaintenanceView) -> Iterator[Telling]:
    if isinstance(view, IncidentView):
        return
    written = {update.phase for update in view.updates}
    began = MaintenancePhase.IN_PROGRESS
    ended = MaintenancePhase.COMPLETED
    if view.began and began not in written:
        yield Telling(key=began, at=view.began, phase=began, body="The announced window has begun.")
    if view.ended and view.phase is ended and ended not in written:
        yield Telling(key=ended, at=view.ended, phase=ended, body="The maintenance is over.")
