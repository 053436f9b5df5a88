"""How the languages of the site write days, lists, numbers and lengths of time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from statusgen.config.theme import load_theme
from statusgen.render.tongue import Tongue, tongue_of
from tests.catalogues import LANGUAGES

DAY = date(2022, 12, 1)
THEME = load_theme(Path(), "default", [*LANGUAGES, "de-AT"])


def tongue(tag: str) -> Tongue:
    """Return a language of the default theme."""
    return tongue_of(THEME, tag)


def plain(text: str) -> str:
    """Return a text without the marks that tell which way it is read."""
    return re.sub("[\u200e\u200f\u2066-\u2069]", "", text)


@pytest.mark.parametrize(
    ("tag", "full", "month", "stretch"),
    [
        ("en", "1 December 2022", "December 2022", "28 November – 1 December"),
        ("en-US", "December 1, 2022", "December 2022", "November 28 – December 1"),
        ("de", "1. Dezember 2022", "Dezember 2022", "28. November – 1. Dezember"),
        ("fr", "1er décembre 2022", "décembre 2022", "28 novembre – 1er décembre"),
        ("es", "1 de diciembre de 2022", "diciembre de 2022", "28 de noviembre – 1 de diciembre"),
        ("ja", "2022年12月1日", "2022年12月", "11月28日～12月1日"),
        ("ar", "1 ديسمبر 2022", "ديسمبر 2022", "28 نوفمبر – 1 ديسمبر"),
    ],
)
def test_days_are_written_as_the_language_writes_them(tag: str, full: str, month: str, stretch: str) -> None:
    say = tongue(tag)
    assert (say.full_day(DAY), say.month(DAY)) == (full, month)
    assert say.days_between(date(2022, 11, 28), DAY) == stretch


def test_the_time_of_day_has_24_hours_and_digits_that_everybody_reads() -> None:
    at = datetime(2022, 12, 1, 19, 5, tzinfo=UTC)
    assert {plain(tongue(tag).instant(at, at)) for tag in ("en", "en-US", *LANGUAGES)} == {"19:05 UTC"}


@pytest.mark.parametrize(
    ("tag", "said"),
    [("en", "A, B and C"), ("en-US", "A, B, and C"), ("de", "A, B und C"), ("ja", "A、B、C"), ("ar", "A وB وC")],
)
def test_names_are_listed_as_one_reads_them_out(tag: str, said: str) -> None:
    assert plain(tongue(tag).join(["A", "B", "C"])) == said


@pytest.mark.parametrize(
    ("tag", "said"), [("en", "99.94\u202f%"), ("fr", "99,94\u202f%"), ("ja", "99.94%"), ("ar", "99.94%")]
)
def test_a_share_has_the_decimal_sign_of_the_language(tag: str, said: str) -> None:
    assert tongue(tag).percent(timedelta(seconds=9994), timedelta(seconds=10_000)) == said


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("de", "3 Tage 2 Stunden"),
        ("es", "3 días 2 horas"),
        ("ja", "3日2時間"),
        ("ar", "3 أيام وساعتان"),
    ],
)
def test_a_length_of_time_is_said_in_the_words_of_the_language(tag: str, said: str) -> None:
    assert plain(tongue(tag).duration(timedelta(days=3, hours=2))) == said


def test_arabic_has_six_forms_of_a_number() -> None:
    said = [tongue("ar").many("{n} component", "{n} components", number) for number in (0, 1, 2, 3, 11, 100)]
    assert said == ["لا مكوّنات", "مكوّن واحد", "مكوّنان", "3 مكوّنات", "11 مكوّنًا", "100 مكوّن"]


def test_a_region_has_the_words_of_its_language_and_its_own_days() -> None:
    assert tongue("de-AT").full_day(date(2022, 1, 1)) == "1. Jänner 2022"
    assert tongue("de-AT")("Subscribe") == "Abonnieren"
