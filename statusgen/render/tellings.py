"""What was said when: announcements as a row of dated tellings, the unit of feeds and of the JSON's updates.

The announcement itself is the first telling; every update is one more; a maintenance that begins or ends by its
window alone, without anybody writing, tells that too. A telling's key never changes once it is out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from statusgen.model.announcement import Incident, Maintenance, Window
from statusgen.model.catalogue import msg
from statusgen.model.told import IncidentView, MaintenanceView
from statusgen.model.words import IncidentPhase, MaintenancePhase, Phase, Status
from statusgen.render import links
from statusgen.render.tongue import Tongue

_UPDATE = "update/"
_BEGUN = frozenset({MaintenancePhase.IN_PROGRESS, MaintenancePhase.VERIFYING})
_BY_CLOCK = {
    MaintenancePhase.IN_PROGRESS: msg("The announced window has begun."),
    MaintenancePhase.COMPLETED: msg("The maintenance is over."),
}
"""What a window says by itself when it begins and when it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One thing said of an announcement; `body` is Markdown, `fragment` its place on the announcement's page.

    `above` is how the body begins when an update says both: with the announcement's own text.
    What stood announced at its instant is told with it, so that what comes later does not change it. `by_clock`: nobody
    wrote it, so that its body is a message of ours. `language` is that of its body, where it is not the page's.
    """

    source: Incident | Maintenance
    key: str
    at: datetime
    phase: Phase
    body: str
    above: str = ""
    fragment: str = ""
    by_clock: bool = False
    language: str = ""

    def text(self, say: Tongue) -> str:
        """Return its body in the language of the page, as far as that is ours to say."""
        return say(self.body) if self.by_clock else self.body

    @property
    def affects(self) -> Mapping[str, Status]:
        """What people said of each component, as it stood with this."""
        return self.source.affected(self.at)

    @property
    def plan(self) -> Window | None:
        """The window that stood announced with this; None of an incident."""
        return None if isinstance(self.source, Incident) else self.source.plans(self.at)[-1].window

    @property
    def was(self) -> Window | None:
        """The window that stood before, when this is what moved it."""
        if isinstance(self.source, Incident) or not self.key.startswith(_UPDATE):
            return None
        plans = self.source.plans(self.at)
        return plans[-2].window if len(plans) > 1 and plans[-1].since == self.at else None

    @property
    def moved(self) -> bool:
        """Whether it gives a maintenance another start."""
        return self.plan is not None and self.was is not None and self.plan.start != self.was.start


def tellings(view: IncidentView | MaintenanceView) -> tuple[Telling, ...]:
    """Return what was said, oldest first; of the same instant in the order of the announcement."""
    return tuple(sorted([*_opening(view), *_updates(view), *_lifecycle(view)], key=lambda one: (one.at, _turn(one))))


def _turn(telling: Telling) -> int:
    """Return when it is its turn among what is told of one instant: a window begins after it was announced.

    Whoever writes at that instant that it is being verified writes of one that has begun.
    """
    if telling.by_clock:
        return 1 if telling.phase is MaintenancePhase.IN_PROGRESS else 3
    return 0 if telling.phase is MaintenancePhase.SCHEDULED else 2


def last_told(view: IncidentView | MaintenanceView) -> datetime:
    """Return when something was last said; of an incident without working out what."""
    return view.updated if isinstance(view, IncidentView) else tellings(view)[-1].at


def _opening(view: IncidentView | MaintenanceView) -> Iterator[Telling]:
    if _opens_with_update(view):
        return
    source = view.source
    at, phase = _beginning(source)
    yield Telling(
        source=source,
        key="",
        at=at,
        phase=phase,
        body=source.body,
        language=source.language,
    )


def _beginning(source: Incident | Maintenance) -> tuple[datetime, Phase]:
    if isinstance(source, Incident):
        return source.started, IncidentPhase.INVESTIGATING
    return source.announced, MaintenancePhase.SCHEDULED


def _opens_with_update(view: IncidentView | MaintenanceView) -> bool:
    """Whether the first update is as old as an incident itself, so that one telling says both."""
    return (
        isinstance(view, IncidentView)
        and bool(view.updates)
        and (view.updates[0].at <= view.source.started or not view.source.body)
    )


def _updates(view: IncidentView | MaintenanceView) -> Iterator[Telling]:
    source = view.source
    for update in view.updates:
        above = view.source.body if update is view.updates[0] and _opens_with_update(view) else ""
        body = f"{above}\n\n{update.body}".strip()
        name = links.update(update.number)
        yield Telling(
            source=source,
            key=f"{_UPDATE}{update.number}",
            at=update.at,
            phase=update.phase,
            body=body,
            above=above,
            fragment=name,
            language=update.language,
        )


def _lifecycle(view: IncidentView | MaintenanceView) -> Iterator[Telling]:
    """Yield what windows tell by themselves, never before they were announced: an emergency is told after it began."""
    if isinstance(view, IncidentView):
        return
    written = [update.phase for update in view.updates]
    begun = next((phase for phase in written if phase in _BEGUN), None)
    for number, plan in enumerate(view.earlier):
        if plan.began:
            yield _by_clock(view, MaintenancePhase.IN_PROGRESS, number, max(plan.began, plan.since))
        if plan.ended:
            yield _by_clock(view, MaintenancePhase.COMPLETED, number, max(plan.ended, plan.since))
    number = len(view.earlier)
    since = next((one.at for one in reversed(view.updates) if one.window), view.source.announced)
    again = any(plan.began == view.began for plan in view.earlier)
    if view.began and begun is not MaintenancePhase.IN_PROGRESS and not again:
        yield _by_clock(view, MaintenancePhase.IN_PROGRESS, number, max(view.began, since))
    ended = view.ended or view.unseen
    if ended and view.phase is MaintenancePhase.COMPLETED and MaintenancePhase.COMPLETED not in written:
        yield _by_clock(view, MaintenancePhase.COMPLETED, number, max(ended, since))


def _by_clock(view: MaintenanceView, phase: MaintenancePhase, number: int, at: datetime) -> Telling:
    """Return what a window tells by itself; each further window of a maintenance tells it under a key of its own."""
    key = f"{phase}/{number + 1}" if number else phase
    return Telling(source=view.source, key=key, at=at, phase=phase, body=_BY_CLOCK[phase], by_clock=True)
