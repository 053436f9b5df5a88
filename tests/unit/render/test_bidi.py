"""Latin names and times in sentences that are written from right to left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from lxml import html as lxml_html

from statusgen.config import load_theme
from statusgen.model.theme import Theme
from statusgen.render import bidi, render
from statusgen.render.tongue import PLAIN, Tongue, tongue_of
from tests.conftest import ROOT
from tests.unit.render import situations

FIRST, LAST, MARK = "\u2068", "\u2069", "\u200f"
NOON = datetime(2022, 12, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def arabic() -> Theme:
    """The default theme in Arabic."""
    return load_theme(ROOT, "default", ["ar"])


@pytest.fixture
def say(arabic: Theme) -> Tongue:
    """Arabic."""
    return tongue_of(arabic, "ar")


@pytest.mark.parametrize("text", ["Web", "Über uns 2", "ウェブ", "14:00 UTC"])
def test_what_is_written_from_left_to_right_is_kept_together(text: str) -> None:
    assert bidi.isolated(text) == f"{FIRST}{text}{LAST}"


@pytest.mark.parametrize("text", ["", "2", "99.9%", "الوسائط", "خادم DNS", f"{FIRST}Web{LAST}", f"14:00 UTC{MARK}"])
def test_what_turns_nothing_around_stays_as_it_is(text: str) -> None:
    assert bidi.isolated(text) == text


def test_addresses_are_not_touched() -> None:
    assert bidi.apart({"link": "media.html", "name": "Media", "n": 2}) == {
        "link": "media.html",
        "name": f"{FIRST}Media{LAST}",
        "n": 2,
    }


def test_each_name_of_a_list_keeps_its_place(say: Tongue) -> None:
    names = say.join(["Web", "Media"])
    assert names == f"{FIRST}Web{LAST} و{FIRST}Media{LAST}"
    assert say("{name} is operational", name=names) == f"{names} في الخدمة"
    assert say.row(["Web", "الوسائط"]) == f"{FIRST}Web{LAST}، الوسائط"


def test_times_turn_nothing_around_and_in_english_hold_no_signs(say: Tongue) -> None:
    tomorrow = NOON + timedelta(days=1)
    assert say.instant(NOON, NOON) == f"{MARK}12:00 UTC{MARK}"
    assert say.window(NOON, NOON + timedelta(hours=2), NOON) == f"{MARK}12:00–14:00 UTC{MARK}"
    assert say.window(NOON, tomorrow, NOON) == f"{MARK}12:00 UTC{MARK} – {MARK}2 ديسمبر، 12:00 UTC{MARK}"
    assert PLAIN.instant(NOON, NOON) == "12:00 UTC"


def test_units_of_time_are_joined_as_each_language_joins_them(say: Tongue) -> None:
    assert say.duration(timedelta(hours=2, minutes=25)) == "ساعتان و25 دقيقة"
    japanese = tongue_of(load_theme(ROOT, "default", ["ja"]), "ja")
    assert japanese.duration(timedelta(hours=2, minutes=25)) == "2時間25分"


def test_pages_and_calendars_hold_the_signs_too(arabic: Theme) -> None:
    page = situations.busy()
    site = {one.path: one.body for one in render(replace(page, site=replace(page.site, language="ar")), arabic)}
    front = lxml_html.document_fromstring(site["index.html"].decode())
    assert front.xpath("string(//h1/span)") == f"{FIRST}Media{LAST} خارج الخدمة"
    assert not [href for href in front.xpath("//@href") if FIRST in href]
    name = str(Calendar.from_ical(site["maintenance.ics"])["X-WR-CALNAME"])
    assert name == f"{FIRST}Hachyderm status{LAST}: الصيانة"
