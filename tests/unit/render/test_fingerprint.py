"""The same values have the same fingerprint, others another one; and what is suspected anywhere within is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from statusgen.model.announcement import Checklist, Picture, Recurrence, Translation
from statusgen.model.told import DayStory, IncidentView, SeriesView
from statusgen.model.words import Impact, IncidentPhase, Status
from statusgen.render.fingerprint import Makings
from tests.factories import DAY, HOUR, NOW, incident, maintenance, updates

TOLD = updates((NOW, IncidentPhase.INVESTIGATING), (NOW + HOUR, IncidentPhase.RESOLVED))
SOURCE = incident(updates=TOLD)
VIEW = IncidentView(source=SOURCE, phase=IncidentPhase.RESOLVED, affected=(), updates=TOLD)
PICTURE = Picture(path="a.png", content_type="image/png", width=1, height=1, body=b"one")


def fingerprint(*values: object) -> str:
    return Makings(lambda _: False).of(*values).digest


def of(source: object) -> IncidentView:
    return replace(VIEW, source=source)


@pytest.mark.parametrize(
    "other",
    [
        of(replace(SOURCE, title="Otherwise")),
        of(replace(SOURCE, body="More.")),
        of(replace(SOURCE, impact=Impact.MINOR)),
        of(replace(SOURCE, affects={"web": Status.OPERATIONAL})),
        of(replace(SOURCE, checklist=Checklist(1, 2))),
        of(replace(SOURCE, pictures={"a.png": PICTURE})),
        of(replace(SOURCE, translations={"de": Translation("Titel", "Text")})),
        of(replace(SOURCE, started=NOW + timedelta(seconds=1))),
        of(replace(SOURCE, updates=(replace(TOLD[0], body="Otherwise."), TOLD[1]))),
        replace(VIEW, updates=TOLD[:1]),
        replace(VIEW, updates=(TOLD[0], replace(TOLD[1], body="Otherwise."))),
        replace(VIEW, updates=(*TOLD, TOLD[1])),
        replace(VIEW, phase=IncidentPhase.MONITORING),
        replace(VIEW, resolved=NOW),
        replace(VIEW, late=True),
        replace(VIEW, forgotten=NOW),
    ],
)
def test_whatever_is_otherwise_has_another_fingerprint(other: IncidentView) -> None:
    assert fingerprint(other) != fingerprint(VIEW)
    story = DayStory(day=date(2022, 12, 1), incidents=(VIEW,))
    assert fingerprint(replace(story, incidents=(other,))) != fingerprint(story)


def test_equal_values_have_the_same_fingerprint() -> None:
    again = updates((NOW, IncidentPhase.INVESTIGATING), (NOW + HOUR, IncidentPhase.RESOLVED))
    assert fingerprint(of(incident(updates=TOLD))) == fingerprint(replace(of(incident(updates=again)), updates=again))


def test_the_content_of_a_picture_counts() -> None:
    assert fingerprint(PICTURE) != fingerprint(replace(PICTURE, body=b"two"))


def test_what_comes_again_counts_by_its_rule_its_zone_and_its_days() -> None:
    days = frozenset({date(2022, 12, 2), date(2022, 12, 1)})
    rule = Recurrence(rule="FREQ=DAILY", zone=ZoneInfo("Europe/Berlin"), skips=days)
    series = SeriesView(source=replace(maintenance(), repeats=rule), occurrences=())
    same = frozenset({date(2022, 12, 1), date(2022, 12, 2)})
    assert fingerprint(series) == fingerprint(
        replace(series, source=replace(maintenance(), repeats=replace(rule, skips=same)))
    )
    for other in (replace(rule, zone=UTC), replace(rule, rule="FREQ=WEEKLY"), replace(rule, skips=frozenset())):
        assert fingerprint(series) != fingerprint(replace(series, source=replace(maintenance(), repeats=other)))


def test_values_are_told_apart_by_their_types() -> None:
    found = [None, "", 0, (), {}, "2022-12-01", date(2022, 12, 1), datetime(2022, 12, 1, tzinfo=UTC), b"", DAY, "1 day"]
    assert len({fingerprint(one) for one in found}) == len(found)
    assert fingerprint("a", "b") != fingerprint("ab") != fingerprint(("a", "b"))


def test_what_nothing_is_known_of_is_refused() -> None:
    with pytest.raises(TypeError, match="what a object is made of"):
        fingerprint(object())


@dataclass(frozen=True)
class Note:
    text: str


def test_what_is_suspected_within_is_suspected_and_each_view_is_looked_at_once() -> None:
    looked: list[bytes] = []

    def suspects(made_of: bytes) -> bool:
        looked.append(made_of)
        return b"Otherwise" in made_of

    makings = Makings(suspects)
    odd = of(replace(SOURCE, title="Otherwise"))
    assert not makings.of(VIEW, Note("fine")).suspected
    assert makings.of([Note("fine"), odd]).suspected
    assert makings.of(Note("Otherwise")).suspected
    assert makings.of(odd).suspected
    assert not makings.of([Note("fine"), VIEW]).suspected
    assert sum(b"We are looking" in one or b"Now investigating" in one for one in looked) == 2
