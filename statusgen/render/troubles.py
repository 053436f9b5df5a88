"""The outages of one component, newest first, with their seconds: what stands in the table of its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from statusgen.model.measured import Outage
from statusgen.model.page import Page
from statusgen.render.tongue import Tongue, capital

MOST = 50
"""How many episodes are told, newest first; the history tells the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One episode of a component: its outages from the first to the last.

    `end` is None while it is down. `times` counts how often it went down, `down` is how long in all, None while that is
    not known. `why` says the reason of the first, and what else is to be said.
    """

    start: datetime
    end: datetime | None
    times: int
    down: timedelta | None
    why: str


def troubles(page: Page, component: str, say: Tongue) -> tuple[Trouble, ...]:
    """Return the episodes of a component within the window, newest first, at most `MOST`."""
    ours = (outage for outage in page.outages if outage.component == component)
    together = groupby(ours, key=lambda outage: outage.episode or outage.start)
    found = [_trouble(list(outages), page, say) for _, outages in together]
    return tuple(reversed(found[-MOST:]))


def _trouble(outages: Sequence[Outage], page: Page, say: Tongue) -> Trouble:
    first, last = outages[0], outages[-1]
    lengths = (one.end - one.start - one.unmeasured for one in outages if one.end)
    return Trouble(
        start=first.start,
        end=last.end,
        times=last.number - first.number + 1,
        down=sum(lengths, timedelta()) if last.end else None,
        why=capital(say.clauses([*_remarks(outages, page, say)])),
    )


def _remarks(outages: Sequence[Outage], page: Page, say: Tongue) -> Iterator[str]:
    if reason := outages[0].reason:
        yield say.reason(reason)
    if all(one.planned for one in outages):
        yield say("within announced maintenance")
    causes = {one.explained_by for one in outages}
    if (cause := causes.pop()) and not causes:
        yield say("it depends on {name}, which was down too", name=page.names.get(cause, cause))
    if unmeasured := sum((one.unmeasured for one in outages), timedelta()):
        yield say("{length} in between not measured", length=say.exactly(unmeasured))
    if outages[-1].lost:
        yield say("nobody saw it end")
