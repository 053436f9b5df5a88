"""What a sentence needs in one language and not in another is right whatever is filled in."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from statusgen.config.theme import load_theme
from statusgen.render.tongue import Tongue, tongue_of
from tests import catalogues
from tests.unit.render.test_catalogues import forms

AT = datetime(2022, 4, 1, 18, 2, tzinfo=UTC)
LATER = datetime(2022, 4, 2, 9, 0, tzinfo=UTC)
_UNSPACED = re.compile("[^\\s\u202f][:;?!»]|«[^\u202f]")


def tongue(language: str) -> Tongue:
    """Return a language as the default theme speaks it."""
    return tongue_of(load_theme(Path("nowhere"), "default", (language,)), language)


@pytest.mark.parametrize(
    ("language", "today", "before"),
    [
        ("de", "ausgefallen seit 18:02 UTC", "ausgefallen seit 1. April, 18:02 UTC"),
        ("es", "sin servicio desde las 18:02 UTC", "sin servicio desde el 1 de abril, 18:02 UTC"),
        ("fr", "en panne depuis 18:02 UTC", "en panne depuis le 1er avril, 18:02 UTC"),
    ],
)
def test_an_instant_within_a_sentence_has_its_article(language: str, today: str, before: str) -> None:
    say = tongue(language)
    assert [say("down since {when}", when=say.moment(AT, near)) for near in (AT, LATER)] == [today, before]


def test_the_first_of_a_month_is_an_ordinal_in_french() -> None:
    say = tongue("fr")
    assert [say.full_day(date(2022, 12, day)) for day in (1, 2, 11)] == [
        "1er décembre 2022",
        "2 décembre 2022",
        "11 décembre 2022",
    ]
    assert say.days_between(date(2022, 12, 1), date(2022, 12, 9)) == "1er–9 décembre"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Web", "Media"], "Web y Media"),
        (["Web", "Imágenes"], "Web e Imágenes"),
        (["Web", "Media", "Hilos"], "Web, Media e Hilos"),
        (["agua", "hielo"], "agua y hielo"),
    ],
)
def test_and_in_spanish_does_not_meet_its_own_sound(names: list[str], said: str) -> None:
    assert tongue("es").join(names) == said
    assert tongue("de").join(names) == said.replace(" y ", " und ").replace(" e ", " und ")


def test_french_marks_have_a_narrow_space_that_does_not_break() -> None:
    texts = [text for message in catalogues.read("fr") if message.id for text in forms(message)]
    texts = [re.sub(r"https?://|<[^>]*>", "", text) for text in texts]
    assert [text for text in texts if _UNSPACED.search(text) or "\u00a0" in text] == []
