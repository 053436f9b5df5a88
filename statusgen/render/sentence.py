"""The sentence at the top of the page, and the notes beside components: what is wrong, in people's words.

One component in trouble is named, two are both named, more are counted by group, and many groups are counted too.
What fails only because something it depends on fails is told with its cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from statusgen.model.components import CheckView, ComponentView, GroupView, PlaceView
from statusgen.model.page import Page
from statusgen.model.reason import describe
from statusgen.model.told import IncidentView, MaintenanceView
from statusgen.model.words import Status
from statusgen.render import words

_NAMED = 2
"""How many components, or groups of them, a sentence names before it counts them."""

_DEGRADED: Mapping[str | None, str] = MappingProxyType(
    {"slow": "slow", "flapping": "unstable", "recovering": "recovering"}
)
"""What a component is that is degraded for one of these reasons."""


def headline(page: Page) -> str:
    """Return the one sentence that says how things are."""
    troubled = in_status(page.components, *words.TROUBLE)
    unseen = in_status(page.components, Status.UNKNOWN)
    if troubled:
        return _trouble(page, troubled)
    if len(unseen) == len(page.components):
        return f"We cannot see {_subject(page)} right now" if page.measured else "Nothing has been measured yet"
    if page.active_maintenance:
        return _maintenance(page, page.active_maintenance)
    if unseen:
        return f"{_unseen(page, unseen)}; everything else is operational"
    if page.open_incidents:
        still = words.count(len(page.open_incidents), "incident is", "incidents are")
        return f"Everything measured is operational, but {still} open"
    return "All systems operational"


def aside(page: Page) -> str:
    """Return what the headline leaves out: since when and why, and what cannot be seen; empty when it says it all."""
    components = page.components
    roots = _roots(in_status(components, *words.TROUBLE))
    unseen = in_status(components, Status.UNKNOWN)
    parts = [words.capital(since(root, page.published)) for root in roots[:1] if len(roots) == 1 and root.since]
    if unseen and (roots or page.active_maintenance) and len(unseen) < len(components):
        parts.append(_unseen(page, unseen))
    return ". ".join(parts)


def in_status(components: Sequence[ComponentView], *statuses: Status) -> tuple[ComponentView, ...]:
    """Return the components that are in one of the statuses."""
    return tuple(component for component in components if component.status in statuses)


def since(component: ComponentView, now: datetime | None) -> str:
    """Return since when and why: `since 18:02 UTC, for 42 minutes: the connection was refused`.

    Without `now` it says nothing that changes by the minute.
    """
    why = f": {describe(component.reason)}" if component.reason else ""
    if component.since is None:
        return f"for an unknown time{why}"
    long = f", for {words.duration(now - component.since)}" if now else ""
    return f"since {words.instant(component.since, now)}{long}{why}"


def note(component: ComponentView, page: Page, *, near: datetime | None) -> str:
    """Return what stands below a component that is not simply operational; empty for one that is.

    Times are told relative to `near`; without it nothing is said that changes by the minute.
    """
    measured = words.LABELS[component.measured]
    if component.manual and component.status is Status.OPERATIONAL:
        return ""
    parts: list[str] = []
    if component.status is not component.measured:
        parts.append(_disagreement(component))
    if component.measured in words.TROUBLE:
        parts.append(f"{measured} {since(component, near)}")
    elif component.measured is Status.UNKNOWN and not component.manual:
        parts.append(_no_data(component, near))
    if told := next((check for check in component.checks if check.status is component.measured), None):
        parts += [sight(told)] if told.disputed else []
    if component.times > 1 and component.episode:
        parts.append(f"down {component.times} times since {words.instant(component.episode, near)}")
    if component.explained_by:
        parts.append(_cause(component, page))
    return words.capital("; ".join(parts))


def sight(check: CheckView) -> str:
    """Return from how many places trouble is seen: `seen from 1 of 3 places`; empty when it is not."""
    return f"seen from {check.failing} of {words.count(check.voters, 'place')}" if check.failing else ""


def says(place: PlaceView) -> str:
    """Return what a place says of a check: `operational`, `down`, `offline itself`, `not measured here`."""
    if place.status is None:
        return "not measured here"
    if place.status is Status.UNKNOWN and place.reason == "location_offline":
        return "offline itself"
    return words.LABELS[place.status]


def standing(component: ComponentView) -> str:
    """Return how a component stands in one sentence: `Web is operational`."""
    if component.status is Status.UNKNOWN:
        return f"We cannot see {component.name}"
    return f"{component.name} is {_verb(component)}"


def lasting(component: ComponentView, page: Page) -> str:
    """Return since when and why a component stands as it does, in words that stay the same while nothing happens."""
    if told := note(component, page, near=None):
        return told
    return f"Since {beginning(component.since, page)}" if component.since else ""


def beginning(at: datetime, page: Page) -> str:
    """Return when something began: `30 November 2022, 14:00 UTC`, or `3 September 2022 or earlier`."""
    return f"{words.full_day(at)} or earlier" if is_before_window(at, page) else words.instant(at)


def is_before_window(at: datetime, page: Page) -> bool:
    """Return whether an instant is of the first day of the window, so that what began then may be older."""
    return any(component.bars and at.date() <= component.bars[0].day for component in page.components)


def forgotten(view: IncidentView, near: datetime | None) -> str:
    """Return why an open incident seems to be over: `Everything it names has been up since …`; empty when not."""
    if view.forgotten is None:
        return ""
    up = words.instant(view.forgotten, near)
    return f"Everything it names has been up since {up}, but nobody has said that it is over."


def tally(group: GroupView) -> str:
    """Return a group's state in words: `operational`, `down`, `2 of 8 down, 1 degraded`."""
    parts: list[str] = []
    size = len(group.components)
    order = (*words.TROUBLE, Status.UNKNOWN, Status.UNDER_MAINTENANCE)
    for status in order:
        number = len(in_status(group.components, status))
        if number == size:
            return words.LABELS[status]
        if number:
            parts.append(f"{number} {words.LABELS[status]}" if parts else f"{number} of {size} {words.LABELS[status]}")
    return ", ".join(parts) or words.LABELS[Status.OPERATIONAL]


def _trouble(page: Page, troubled: Sequence[ComponentView]) -> str:
    if len(troubled) == len(page.components) and {c.status for c in troubled} == {Status.MAJOR_OUTAGE}:
        return f"{page.components[0].name} is down" if len(troubled) == 1 else "Everything is down"
    roots = _roots(troubled)
    if len(roots) > _NAMED:
        return _counted(page, troubled)
    followers = [component.name for component in troubled if component not in roots]
    named = _named(roots)
    if not followers:
        return named
    with_it = words.join(followers) if len(followers) <= _NAMED else words.count(len(followers), "other component")
    return f"{named}, and with {'it' if len(roots) == 1 else 'them'} {with_it}"


def _roots(troubled: Sequence[ComponentView]) -> tuple[ComponentView, ...]:
    """Return those that nothing else in trouble explains; in a ring of dependencies all of them."""
    known = {component.id for component in troubled}
    return tuple(c for c in troubled if c.explained_by not in known) or tuple(troubled)


def _verb(component: ComponentView) -> str:
    plain = words.LABELS[component.status]
    return _DEGRADED.get(component.reason, plain) if component.status is Status.DEGRADED_PERFORMANCE else plain


def _named(roots: Sequence[ComponentView]) -> str:
    if len({_verb(component) for component in roots}) == 1:
        verb = "is" if len(roots) == 1 else "are"
        return f"{words.join([component.name for component in roots])} {verb} {_verb(roots[0])}"
    return " and ".join(f"{component.name} is {_verb(component)}" for component in roots)


def _counted(page: Page, troubled: Sequence[ComponentView]) -> str:
    verbs = {_verb(component) for component in troubled}
    state = verbs.pop() if len(verbs) == 1 else "in trouble"
    shares = [(group, len(in_status(group.components, *words.TROUBLE))) for group in page.groups]
    shares = [(group, number) for group, number in shares if number]
    if len(shares) == 1:
        group, number = shares[0]
        size = len(group.components)
        return f"{group.name}: {f'all {size}' if number == size else f'{number} of {size}'} are {state}"
    if len(shares) > _NAMED:
        return f"{len(troubled)} components in {len(shares)} groups are {state}"
    where = words.join([f"{number} in {group.name}" for group, number in shares])
    return f"{len(troubled)} components are {state}: {where}"


def _subject(page: Page) -> str:
    """Return what the page is about: its name without the word `status` that many end with."""
    name = page.site.name
    return name[: -len(" status")] if name.lower().endswith(" status") else name


def _unseen(page: Page, unseen: Sequence[ComponentView]) -> str:
    if len(unseen) <= _NAMED:
        what = words.join([component.name for component in unseen])
    else:
        what = f"{len(unseen)} of {len(page.components)} components"
    return f"We cannot see {what} right now"


def _maintenance(page: Page, active: Sequence[MaintenanceView]) -> str:
    covered = [component.name for component in in_status(page.components, Status.UNDER_MAINTENANCE)]
    what = f"{words.join(covered)} maintenance" if 0 < len(covered) <= _NAMED else "Maintenance"
    ends = max(view.ends for view in active)
    if any(view.overrun for view in active) or ends <= page.published:
        return f"{what} runs late: it was to end at {words.instant(ends, page.published)}"
    return f"{what} until {words.instant(ends, page.published)}"


def _cause(component: ComponentView, page: Page) -> str:
    """Return what explains a component's trouble, and how that is doing."""
    name = page.names.get(component.explained_by or "", component.explained_by)
    state = next((_measured(one) for one in page.components if one.id == component.explained_by), "down")
    return f"it depends on {name}, which is {state}{' too' if state == _measured(component) else ''}"


def _measured(component: ComponentView) -> str:
    plain = words.LABELS[component.measured]
    return _DEGRADED.get(component.reason, plain) if component.measured is Status.DEGRADED_PERFORMANCE else plain


def _disagreement(component: ComponentView) -> str:
    told = words.LABELS[component.status]
    if component.status is not Status.UNDER_MAINTENANCE:
        told += ", say the people who run it"
    return f"{told}; our checks find it up" if component.measured is Status.OPERATIONAL else told


def _no_data(component: ComponentView, now: datetime | None) -> str:
    why = f": {describe(component.reason)}" if component.reason else ""
    return f"no fresh data since {words.instant(component.since, now)}{why}" if component.since else f"no data yet{why}"
