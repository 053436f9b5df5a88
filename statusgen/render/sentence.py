"""The sentence at the top of the page, and the notes beside components: what is wrong, in people's words.

One component in trouble is named, two are both named, more are counted by group, and many groups are counted too.
What fails only because something it depends on fails is told with its cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from statusgen.model.components import CheckView, ComponentView, GroupView, PlaceView
from statusgen.model.page import Page
from statusgen.model.told import IncidentView, MaintenanceView
from statusgen.model.words import Status
from statusgen.render import words
from statusgen.render.predicates import (
    CAUSES,
    CLAIMED,
    IN_TROUBLE,
    LASTING,
    PREDICATES,
    REASONED,
    REASONED_CAUSES,
    STANDING,
    Predicate,
)
from statusgen.render.tongue import Tongue, capital

_NAMED = 2
"""How many components, or groups of them, a sentence names before it counts them."""

_NAMES = 50
"""How many characters names of groups may have together, to be named."""


def headline(page: Page, say: Tongue) -> str:
    """Return the one sentence that says how things are."""
    troubled = in_status(page.components, *words.TROUBLE)
    unseen = in_status(page.components, Status.UNKNOWN)
    if troubled:
        return _trouble(page, troubled, say)
    if len(unseen) == len(page.components):
        return _blind(page, say)
    if page.active_maintenance:
        return _maintenance(page, page.active_maintenance, say)
    if unseen:
        return say("{what}; everything else is operational", what=_unseen(page, unseen, say))
    if page.open_incidents:
        return say.many(
            "Everything measured is operational, but {n} incident is open",
            "Everything measured is operational, but {n} incidents are open",
            len(page.open_incidents),
        )
    return say("All systems operational")


def _blind(page: Page, say: Tongue) -> str:
    if page.measured:
        return say("We cannot see {what} right now", what=_subject(page))
    return say("Nothing has been measured yet")


def aside(page: Page, say: Tongue) -> str:
    """Return what the headline leaves out: since when and why, and what cannot be seen; empty when it says it all."""
    components = page.components
    roots = _roots(in_status(components, *words.TROUBLE))
    unseen = in_status(components, Status.UNKNOWN)
    whole = len(roots) > 1 and len(in_status(components, Status.MAJOR_OUTAGE)) == len(components)
    parts = _begun(components if whole else roots, page.published, say, together=whole)
    if unseen and (roots or page.active_maintenance) and len(unseen) < len(components):
        parts.append(_unseen(page, unseen, say))
    return say.within("between sentences", ". ").join(parts)


def in_status(components: Sequence[ComponentView], *statuses: Status) -> tuple[ComponentView, ...]:
    """Return the components that are in one of the statuses."""
    return tuple(component for component in components if component.status in statuses)


def _begun(troubled: Sequence[ComponentView], now: datetime, say: Tongue, *, together: bool) -> list[str]:
    """Return since when and why: `Since 18:02 UTC, for 42 minutes: the connection was refused`.

    Of several it is said where they began in the same minute, or when they are told of `together`, since the last did;
    and not why, for reasons speak of one.
    """
    began = [one.since for one in troubled if one.since and one.status is one.measured]
    whens = {say.moment(since, now) for since in began}
    if not began or len(began) < len(troubled) or (len(whens) > 1 and not together):
        return []
    last = max(began)
    when = say("Since {when}, for {length}", when=say.moment(last, now), length=say.duration(now - last))
    return [say.because(when, troubled[0].reason if len(troubled) == 1 else None)]


def _lasting(component: ComponentView, now: datetime | None, say: Tongue) -> str:
    """Return since when and why a component is in trouble: `down since 18:02 UTC: the connection was refused`.

    Without `now` it says nothing that changes by the minute.
    """
    forms = LASTING[component.measured]
    if component.since is None:
        told = say(forms.unknown)
    elif now is None:
        told = say(forms.since, when=say.moment(component.since))
    else:
        length = say.duration(now - component.since)
        told = say(forms.for_, when=say.moment(component.since, now), length=length)
    return say.because(told, component.reason)


def note(component: ComponentView, page: Page, say: Tongue, *, near: datetime | None) -> str:
    """Return what stands below a component that is not simply operational; empty for one that is.

    Times are told relative to `near`; without it nothing is said that changes by the minute.
    """
    if component.manual and component.status is Status.OPERATIONAL:
        return ""
    parts: list[str] = []
    if component.status is not component.measured:
        parts.append(say(CLAIMED[component.status]))
        parts += [say("our checks find it up")] if component.measured is Status.OPERATIONAL else []
    if component.measured in words.TROUBLE:
        parts.append(_lasting(component, near, say))
    elif component.measured is Status.UNKNOWN and not component.manual:
        parts.append(_no_data(component, near, say))
    if told := next((check for check in component.checks if check.status is component.measured), None):
        parts += [sight(told, say)] if told.disputed else []
    if component.times > 1 and component.episode:
        began = say.moment(component.episode, near)
        parts.append(say.many("down {n} time since {when}", "down {n} times since {when}", component.times, when=began))
    if component.explained_by:
        parts.append(_cause(component, page, say))
    return capital(say.clauses(parts))


def sight(check: CheckView, say: Tongue) -> str:
    """Return from how many places trouble is seen: `seen from 1 of 3 places`; empty when it is not."""
    if not check.failing:
        return ""
    some, every = check.failing, check.voters
    return say.many("seen from {some} of {n} place", "seen from {some} of {n} places", every, some=some)


def says(place: PlaceView, say: Tongue) -> str:
    """Return what a place says of a check: `operational`, `down`, `offline itself`, `not measured here`."""
    if place.status is None:
        return say("not measured here")
    if place.status is Status.UNKNOWN and place.reason == "location_offline":
        return say("offline itself")
    return say.label(place.status)


def standing(component: ComponentView, say: Tongue) -> str:
    """Return how a component stands in one sentence: `Web is operational`."""
    if component.status in STANDING:
        return say(STANDING[component.status], name=component.name)
    return _named([component], say)


def lasting(component: ComponentView, page: Page, say: Tongue) -> str:
    """Return since when and why a component stands as it does, in words that stay the same while nothing happens."""
    if told := note(component, page, say, near=None):
        return told
    if component.since is None:
        return ""
    when = say.moment_form(component.since).format(when=beginning(component.since, page, say))
    return say("Since {when}", when=when)


def beginning(at: datetime, page: Page, say: Tongue) -> str:
    """Return when something began: `30 November 2022, 14:00 UTC`, or `3 September 2022 or earlier`."""
    return say("{day} or earlier", day=say.full_day(at)) if is_before_window(at, page) else say.instant(at)


def is_before_window(at: datetime, page: Page) -> bool:
    """Return whether an instant is of the first day of the window, so that what began then may be older."""
    return any(component.bars and at.date() <= component.bars[0].day for component in page.components)


def forgotten(view: IncidentView, near: datetime | None, say: Tongue) -> str:
    """Return why an open incident seems to be over: `Everything it names has been up since …`; empty when not."""
    if view.forgotten is None:
        return ""
    up = say.moment(view.forgotten, near)
    return say("Everything it names has been up since {when}, but nobody has said that it is over.", when=up)


def tally(group: GroupView, say: Tongue) -> str:
    """Return a group's state in words: `operational`, `down`, `2 of 8 down, 1 degraded`."""
    parts: list[str] = []
    size = len(group.components)
    order = (*words.TROUBLE, Status.UNKNOWN, Status.UNDER_MAINTENANCE)
    for status in order:
        number = len(in_status(group.components, status))
        if number == size:
            return say.label(status)
        if number and parts:
            parts.append(say("{n} {state}", n=number, state=say.label(status)))
        elif number:
            parts.append(say("{n} of {total} {state}", n=number, total=size, state=say.label(status)))
    return say.row(parts) or say.label(Status.OPERATIONAL)


def _trouble(page: Page, troubled: Sequence[ComponentView], say: Tongue) -> str:
    if len(troubled) == len(page.components) and {c.status for c in troubled} == {Status.MAJOR_OUTAGE}:
        return _named(troubled, say) if len(troubled) == 1 else say("Everything is down")
    roots = _roots(troubled)
    if len(roots) > _NAMED:
        return _counted(page, troubled, say)
    followers = [component.name for component in troubled if component not in roots]
    told = _named(roots, say)
    if not followers:
        return told
    others = say.join(followers)
    if len(followers) > _NAMED:
        others = say.many("{n} other component", "{n} other components", len(followers))
    return say.many(
        "{trouble}, and with it {others}",
        "{trouble}, and with them {others}",
        len(roots),
        trouble=told,
        others=others,
    )


def _roots(troubled: Sequence[ComponentView]) -> tuple[ComponentView, ...]:
    """Return those that nothing else in trouble explains; in a ring of dependencies all of them."""
    known = {component.id for component in troubled}
    return tuple(c for c in troubled if c.explained_by not in known) or tuple(troubled)


def _predicate(component: ComponentView) -> Predicate:
    plain = PREDICATES[component.status]
    return REASONED.get(component.reason, plain) if component.status is Status.DEGRADED_PERFORMANCE else plain


def _named(roots: Sequence[ComponentView], say: Tongue) -> str:
    """Return a sentence for all when they are in one state, else one for each."""
    alike = len({id(_predicate(component)) for component in roots}) == 1
    rows = [roots] if alike else [[component] for component in roots]
    return say.join(
        [say.counted(_predicate(row[0]).named, len(row), names=say.join([one.name for one in row])) for row in rows]
    )


def _counted(page: Page, troubled: Sequence[ComponentView], say: Tongue) -> str:
    found = {id(predicate): predicate for predicate in map(_predicate, troubled)}
    state = next(iter(found.values())) if len(found) == 1 else IN_TROUBLE
    shares = [(group, len(in_status(group.components, *words.TROUBLE))) for group in page.groups]
    shares = [(group, number) for group, number in shares if number]
    if len(shares) == 1:
        group, number = shares[0]
        size = len(group.components)
        if number == size:
            return say.counted(state.all, number, group=group.name)
        return say.counted(state.some, number, group=group.name, total=size)
    if len(shares) > _NAMED or sum(len(group.name) for group, _ in shares) > _NAMES:
        return say.counted(state.scattered, len(troubled), groups=len(shares))
    where = say.join([say("{n} in {group}", n=number, group=group.name) for group, number in shares])
    return say.counted(state.spread, len(troubled), where=where)


def _subject(page: Page) -> str:
    """Return what the page is about: its name without the word `status` that many end with."""
    name = page.site.name
    return name[: -len(" status")] if name.lower().endswith(" status") else name


def _unseen(page: Page, unseen: Sequence[ComponentView], say: Tongue) -> str:
    if len(unseen) <= _NAMED:
        return say("We cannot see {what} right now", what=say.join([component.name for component in unseen]))
    return say.many(
        "We cannot see {some} of {n} component right now",
        "We cannot see {some} of {n} components right now",
        len(page.components),
        some=len(unseen),
    )


def _maintenance(page: Page, active: Sequence[MaintenanceView], say: Tongue) -> str:
    covered = [component.name for component in in_status(page.components, Status.UNDER_MAINTENANCE)]
    ends = max(view.ends for view in active)
    when = say.moment(ends, page.published)
    late = any(view.overrun for view in active) or ends <= page.published
    if not 0 < len(covered) <= _NAMED:
        if late:
            return say("Maintenance runs late: it was to end at {when}", when=when)
        return say("Maintenance until {when}", when=when)
    names = say.join(covered)
    if late:
        return say("{names} maintenance runs late: it was to end at {when}", names=names, when=when)
    return say("{names} maintenance until {when}", names=names, when=when)


def _cause(component: ComponentView, page: Page, say: Tongue) -> str:
    """Return what explains a component's trouble, and how that is doing."""
    name = page.names.get(component.explained_by or "", component.explained_by)
    forms = next(
        (_causes(one) for one in page.components if one.id == component.explained_by), CAUSES[Status.MAJOR_OUTAGE]
    )
    return say(forms[forms is _causes(component)], name=name)


def _causes(component: ComponentView) -> tuple[str, str]:
    plain = CAUSES[component.measured]
    return REASONED_CAUSES.get(component.reason, plain) if component.measured is Status.DEGRADED_PERFORMANCE else plain


def _no_data(component: ComponentView, now: datetime | None, say: Tongue) -> str:
    """Return that there is no data, and why; that it was not measured is the same once more."""
    reason = None if component.reason == "not_measured" else component.reason
    if component.since is None:
        return say.because(say("no data yet"), reason)
    return say.because(say("no fresh data since {when}", when=say.moment(component.since, now)), reason)
