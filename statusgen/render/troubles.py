"""The outages of one component, newest first, with their seconds: what stands in the table of its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from statusgen.model.measured import Outage
from statusgen.model.page import Page
from statusgen.model.reason import describe
from statusgen.render import words

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


def troubles(page: Page, component: str) -> tuple[Trouble, ...]:
    """Return the episodes of a component within the window, newest first, at most `MOST`."""
    ours = (outage for outage in page.outages if outage.component == component)
    together = groupby(ours, key=lambda outage: outage.episode or outage.start)
    found = [_trouble(list(outages), page) for _, outages in together]
    return tuple(reversed(found[-MOST:]))


def _trouble(outages: Sequence[Outage], page: Page) -> Trouble:
    first, last = outages[0], outages[-1]
    lengths = (one.end - one.start - one.unmeasured for one in outages if one.end)
    return Trouble(
        start=first.start,
        end=last.end,
        times=last.number - first.number + 1,
        down=sum(lengths, timedelta()) if last.end else None,
        why=words.capital("; ".join(_remarks(outages, page))),
    )


def _remarks(outages: Sequence[Outage], page: Page) -> Iterator[str]:
    if reason := outages[0].reason:
        yield describe(reason)
    if all(one.planned for one in outages):
        yield "within announced maintenance"
    causes = {one.explained_by for one in outages}
    if (cause := causes.pop()) and not causes:
        yield f"it depends on {page.names.get(cause, cause)}, which was down too"
    if unmeasured := sum((one.unmeasured for one in outages), timedelta()):
        yield f"{words.exactly(unmeasured)} in between not measured"
    if outages[-1].lost:
        yield "nobody saw it end"
