"""How things stand, in words: sentences, statuses, phases, and what announcements name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from statusgen.model.components import CheckView, ComponentView, GroupView, PlaceView
from statusgen.model.told import IncidentView, MaintenanceView
from statusgen.model.words import Status
from statusgen.render import sentence, words
from statusgen.render.vocabulary.base import Base

_MOST_NAMED = 6
"""Components that an announcement names one by one where it is told among others."""


@dataclass(frozen=True, slots=True)
class States(Base):
    """The functions that say how things stand."""

    def headline(self) -> str:
        """The one sentence that says how things are, such as `Media is down`."""
        return sentence.headline(self.page, self.say)

    def aside(self) -> str:
        """What the headline leaves out: since when and why; empty when it says it all."""
        return sentence.aside(self.page, self.say)

    def note(self, component: ComponentView) -> str:
        """What stands below a component that is not simply operational; else empty."""
        return sentence.note(component, self.page, self.say, near=self.near)

    def tally(self, group: GroupView) -> str:
        """A group's state in words, such as `2 of 8 down`."""
        return sentence.tally(group, self.say)

    def label(self, status: Status) -> str:
        """A status in words, such as `partly down`."""
        return self.say.label(status)

    def phase(self, phase: Any) -> str:
        """A phase in words, such as `In progress`."""
        return self.say.phase(phase)

    def phase_within(self, phase: Any) -> str:
        """A phase in words, for the middle of a line, such as `in progress`."""
        return self.say.phase_within(phase)

    def mark(self, incident: IncidentView) -> Status:
        """The status whose shape stands beside an incident: `operational` once it is resolved, else by its impact."""
        return words.IMPACT_MARKS[incident.source.impact] if incident.open else Status.OPERATIONAL

    def forgotten(self, incident: IncidentView) -> str:
        """Why an open incident seems to be over, in a sentence; empty when it does not."""
        return sentence.forgotten(incident, self.near, self.say)

    def named(self, affects: Mapping[str, Status]) -> str:
        """What is said of components in words, in their order on the page: `Web (degraded), Media (operational)`."""
        names = self.page.names.items()
        return self.say.row([self._stands(name, affects[key]) for key, name in names if key in affects])

    def affected(self, view: IncidentView | MaintenanceView) -> str:
        """What an announcement names in words: `Web (degraded), Media (operational)`."""
        return self.say.row([self._stands(one.name, one.status) for one in view.affected])

    def briefly(self, view: IncidentView | MaintenanceView) -> str:
        """What an announcement names, counted where that is more than six: `Web (down), 12 components (degraded)`."""
        if len(view.affected) <= _MOST_NAMED:
            return self.affected(view)
        told: dict[Status, list[str]] = {}
        for one in view.affected:
            told.setdefault(one.status, []).append(one.name)
        return self.say.row([self._stands(self._counted(names), status) for status, names in told.items()])

    def _counted(self, names: Sequence[str]) -> str:
        return names[0] if len(names) == 1 else self.say.many("{n} component", "{n} components", len(names))

    def _stands(self, name: str, status: Status) -> str:
        return self.say("{name} ({state})", name=name, state=self.say.label(status))

    def impact(self, impact: Any) -> str:
        """An impact in words."""
        return self.say(words.IMPACTS[impact])

    def reason(self, reason: str) -> str:
        """A reason from the closed list in words, such as `the connection was refused`."""
        return self.say.reason(reason)

    def asked(self, component: ComponentView) -> str:
        """How a component is asked, in words: `a page is fetched and its certificate is looked at`."""
        kinds = dict.fromkeys(check.kind for check in component.checks)
        return self.say.join([self.say(words.KINDS.get(kind, kind)) for kind in kinds])

    def way(self, check: CheckView) -> str:
        """The name that people gave a check, or else how it asks, in words: `A page is fetched`."""
        name = check.id.rpartition("/")[2]
        if name != check.kind:
            return name
        asks = self.say(words.KINDS.get(name, name))
        return asks[:1].upper() + asks[1:]

    def standing(self, component: ComponentView) -> str:
        """How a component stands in one sentence, such as `Web is operational`."""
        return sentence.standing(component, self.say)

    def lasting(self, component: ComponentView) -> str:
        """Since when and why it stands so, in words that do not change while nothing happens; may be empty."""
        return sentence.lasting(component, self.page, self.say)

    def sight(self, check: CheckView) -> str:
        """From how many places trouble is seen, such as `seen from 1 of 3 places`; empty when it is not."""
        return sentence.sight(check, self.say)

    def says(self, place: PlaceView) -> str:
        """What a place says of a check in words, such as `down`, `offline itself` or `not measured here`."""
        return sentence.says(place, self.say)
