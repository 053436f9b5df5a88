"""Laws of the feeds: nothing is told twice, whatever the clock does, and nothing changes while nothing happens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from statusgen.evaluate import evaluate
from statusgen.evaluate.track import fold
from statusgen.model.announcement import Announcement
from statusgen.model.page import Page
from statusgen.model.project import Site
from statusgen.render import entries, feed
from statusgen.render.api import documents
from statusgen.render.calendar import calendars
from statusgen.render.entries import Draft
from statusgen.render.feeds import feeds
from statusgen.render.tongue import PLAIN
from tests.factories import HOLD, project, record
from tests.property.strategies import PROJECT, History, announcements, flat, histories, instants, trodden

RUN = timedelta(minutes=1)
"""How long a run takes at most, whose observations bear the time at which they were made."""

SITE = Site(name="Status", url="https://status.example.org")


def page_of(history: History, said: Sequence[Announcement], now: datetime) -> Page:
    """Return the page at an instant, of what had been observed by then."""
    seen = [one for one in flat(history) if one.at <= now]
    page = evaluate(project(*PROJECT.groups, announcements=said), record(*fold(seen, HOLD)), now)
    return replace(page, site=SITE)


def said_by(page: Page) -> Iterable[Draft]:
    """Return what people have said by the instant of a page."""
    return entries.announced(page, PLAIN, entries.tell(page))


def dates(drafts: Iterable[Draft]) -> dict[str, datetime]:
    """Return the dates of entries by id; an id belongs to one entry."""
    drafts = list(drafts)
    found = {draft.id: draft.updated for draft in drafts}
    assert len(found) == len(drafts)
    return found


Tell = Callable[[Page], Iterable[Draft]]


@given(histories, announcements, st.tuples(instants, instants))
def test_what_is_new_is_later_than_all_that_could_be_read_before(
    history: History, said: list[Announcement], at: tuple[datetime, datetime]
) -> None:
    """Whoever looked before has seen all that was said by then: no clock that moves on tells it again."""
    then, now = sorted(at)
    before, after = dates(said_by(page_of(history, said, then))), dates(said_by(page_of(history, said, now)))
    for key in after.keys() - before.keys():
        assert after[key] > then, key


@given(histories, announcements, st.tuples(instants, instants))
def test_an_entry_keeps_its_date(history: History, said: list[Announcement], at: tuple[datetime, datetime]) -> None:
    then, now = sorted(at)
    tells: tuple[Tell, ...] = (
        lambda page: entries.everything(page, entries.tell(page), PLAIN),
        lambda page: entries.of_component(page, "web", entries.tell(page), PLAIN),
    )
    for tell in tells:
        before, after = dates(tell(page_of(history, said, then))), dates(tell(page_of(history, said, now)))
        for key in after.keys() & before.keys():
            assert after[key] == before[key], key


@given(trodden, announcements, st.tuples(instants, instants))
def test_what_was_told_of_an_outage_is_neither_taken_back_nor_told_under_an_old_date(
    history: History, said: list[Announcement], at: tuple[datetime, datetime]
) -> None:
    """Whoever read that something is down also reads that it is back; "back" alone is told later than it was."""
    then, now = sorted(at)
    before, after = (dates(_measured(page_of(_whole(history, end), said, end))) for end in (then, now))
    assert before.keys() <= after.keys()
    for key in after.keys() - before.keys():
        assert after[key] > then - RUN or key.endswith("/end"), key


def _whole(history: History, now: datetime) -> History:
    """Return the runs that were over at an instant: nothing is published in the middle of one."""
    return [run for run in history if run and max(one.at for one in run) <= now]


def _measured(page: Page) -> Iterable[Draft]:
    return (draft for draft in entries.everything(page, (), PLAIN) if ":outage/" in draft.id)


@given(histories, announcements, instants)
def test_feeds_and_calendars_are_the_same_a_minute_later_when_nothing_has_happened(
    history: History, said: list[Announcement], now: datetime
) -> None:
    page = page_of(history, said, now)
    later = replace(page, published=min(now + timedelta(minutes=1), now.replace(hour=23, minute=59)))
    assert list(feeds(page, PLAIN)) == list(feeds(later, PLAIN))
    assert list(calendars(page, PLAIN)) == list(calendars(later, PLAIN))


@given(histories, announcements, instants)
def test_a_file_that_is_renamed_keeps_every_id_that_readers_know(
    history: History, said: list[Announcement], now: datetime
) -> None:
    renamed = [replace(one, slug=f"new-{one.slug}", aliases=(one.slug,)) for one in said]
    page, other = page_of(history, said, now), page_of(history, renamed, now)
    assert dates(said_by(page)) == dates(said_by(other))
    assert _known(page) == _known(other)


def _known(page: Page) -> list[str]:
    """Return all ids in the calendar and in the JSON, in some order."""
    bodies = [artifact.body.decode() for artifact in (*calendars(page, PLAIN), *documents(page, PLAIN))]
    return sorted(
        found for body in bodies for found in re.findall(r'"(?:incident_)?id": "\w+"|^UID:.*', body, re.MULTILINE)
    )


@given(announcements, st.lists(instants, min_size=2, max_size=6))
def test_an_events_sequence_never_shrinks_and_grows_with_what_is_said(
    said: list[Announcement], clock: list[datetime]
) -> None:
    pages = [page_of([], said, now) for now in sorted(clock)]
    events: dict[str, tuple[int, str]] = {}
    for page in pages:
        for artifact in calendars(page, PLAIN):
            for sequence, uid, phase in _events(artifact.body.decode()):
                old, was = events.get(uid, (-1, ""))
                assert sequence >= old
                assert phase == was or sequence > old
                events[uid] = sequence, phase


def _events(calendar: str) -> Iterable[tuple[int, str, str]]:
    """Yield the sequence, the id and the phase of each event."""
    for text in calendar.replace("\r\n ", "").split("BEGIN:VEVENT")[1:]:
        fields = dict(line.partition(":")[::2] for line in text.split("\r\n"))
        yield int(fields["SEQUENCE"]), fields["UID"], fields["DESCRIPTION"].partition(".")[0]


@given(histories, announcements, instants, st.integers(1, 4))
def test_what_is_too_old_for_a_feed_need_not_be_looked_at(
    history: History, said: list[Announcement], now: datetime, most: int
) -> None:
    page = page_of(history, said, now)
    told = entries.tell(page)
    whole, part = (
        feed.newest(entries.announced(page, PLAIN, some), {}, most) for some in (told, entries.newest(told, most))
    )
    assert part == whole
    assert all(one.last == one.tellings[-1].at for one in told)
