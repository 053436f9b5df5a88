"""Several histories laid over each other: the one sweep that votes and components are made with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import itemgetter

from statusgen.model.track import Span


def overlay(rows: Sequence[Sequence[Span]]) -> Iterator[tuple[datetime, datetime, tuple[Span | None, ...]]]:
    """Yield stretches of time in order, each with the span that every row has there, None where it has none.

    Each row holds spans in order, apart from each other. The stretches follow each other without a break from the first
    start to the last end; within one of them nothing changes. Costs a sort of all spans, or less for a row alone.
    """
    return _alone(rows[0]) if len(rows) == 1 else _together(rows)


def _alone(row: Sequence[Span]) -> Iterator[tuple[datetime, datetime, tuple[Span | None, ...]]]:
    end: datetime | None = None
    for span in row:
        if end is not None and end < span.start:
            yield end, span.start, (None,)
        yield span.start, span.end, (span,)
        end = span.end


def _together(rows: Sequence[Sequence[Span]]) -> Iterator[tuple[datetime, datetime, tuple[Span | None, ...]]]:
    changes: list[tuple[datetime, int, Span | None]] = []
    for index, row in enumerate(rows):
        for span in row:
            changes += ((span.start, index, span), (span.end, index, None))
    # The sort is stable, so where one span ends as the next begins, the end still comes first.
    changes.sort(key=itemgetter(0))
    now: list[Span | None] = [None] * len(rows)
    since: datetime | None = None
    for at, index, begun in changes:
        if since is not None and at > since:
            yield since, at, tuple(now)
        now[index] = begun
        since = at
