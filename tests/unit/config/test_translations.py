"""`name.de.md` beside `name.md`: the same announcement in another language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from statusgen.authoring.files import announcements
from statusgen.model.announcement import Incident, Maintenance, Post, Translation
from statusgen.model.project import Project
from tests.pictures import png

Reader = Callable[[Mapping[str, str]], Project]

SITE = "site: {name: Hachyderm, languages: [de, de-AT]}\n"
SLOW = """---
title: Slow
impact: minor
---
Pages take long.

## 2022-12-01T15:00Z investigating
We are looking.

## 2022-12-01T15:00Z identified
It is the disk.
"""


def texts(one: Incident | Maintenance, tag: str) -> list[str | None]:
    """Return the translations of the updates."""
    return [update.translations.get(tag) for update in one.updates]


def test_title_text_and_updates_of_another_language_stand_beside_the_original(read: Reader) -> None:
    german = "---\ntitle: Langsam\n---\nSeiten laden langsam.\n\n## 2022-12-01T16:00+01:00\nWir suchen.\n"
    (one,) = read(
        {"statusgen.yaml": SITE, "content/incidents/slow.md": SLOW, "content/incidents/slow.de.md": german}
    ).announcements
    assert isinstance(one, Incident)
    assert (one.title, one.body, one.language) == ("Slow", "Pages take long.", "")
    assert one.translations == {"de": Translation("Langsam", "Seiten laden langsam.")}
    assert texts(one, "de") == ["Wir suchen.", None]


def test_of_two_updates_of_one_instant_the_phase_says_which_is_meant(read: Reader) -> None:
    german = (
        "---\ntitle: L\n---\nS.\n\n## 2022-12-01 15:00Z identified\nDie Platte.\n\n## 2022-12-01 15:00Z\nWir suchen.\n"
    )
    (one,) = read(
        {"statusgen.yaml": SITE, "content/incidents/slow.md": SLOW, "content/incidents/2022/slow.de.md": german}
    ).announcements
    assert isinstance(one, Incident)
    assert texts(one, "de") == ["Wir suchen.", "Die Platte."]


def test_a_translation_is_there_for_every_occurrence_of_a_series(read: Reader) -> None:
    series = (
        "---\ntitle: Updates\nstarts: 2022-12-01T06:00Z\nends: 2022-12-01T07:00Z\nannounced: 2022-11-01T06:00Z\n"
        "repeats: FREQ=WEEKLY\nzone: Europe/Berlin\n---\n"
    )
    (one,) = read(
        {
            "statusgen.yaml": SITE,
            "content/maintenance/updates.md": series,
            "content/maintenance/updates.de-AT.md": "---\ntitle: Aktualisierungen\n---\n",
        }
    ).announcements
    assert isinstance(one, Maintenance)
    assert one.translations == {"de-AT": Translation("Aktualisierungen", "")}


def test_a_post_says_itself_which_language_it_is_in(read: Reader) -> None:
    post = "---\ntitle: Danke\nlang: de\npublished: 2022-12-01T14:00Z\n---\nWir danken euch.\n"
    english = "---\ntitle: Thanks\n---\nThe instance has moved.\n"
    (one,) = read({"statusgen.yaml": SITE, "content/posts/a.md": post, "content/posts/a.en.md": english}).announcements
    assert isinstance(one, Post)
    assert (one.language, one.translations) == ("de", {"en": Translation("Thanks", "The instance has moved.")})


def test_a_region_of_the_site_s_language_is_the_site_s_language(read: Reader) -> None:
    post = "---\ntitle: A\nlang: {}\npublished: 2022-12-01T14:00Z\n---\nB.\n"
    files = {f"content/posts/{tag.lower()}.md": post.format(tag) for tag in ("en-US", "en", "fr")}
    assert [one.language for one in read({"statusgen.yaml": SITE, **files}).announcements] == ["", "", "fr"]


def test_the_pictures_of_a_translation_are_published_too(read: Reader, tmp_path: Path) -> None:
    files = {"statusgen.yaml": SITE, "content/incidents/slow.md": SLOW}
    (tmp_path / "content/incidents").mkdir(parents=True)
    (tmp_path / "content/incidents/de.png").write_bytes(png())
    german = "---\ntitle: Langsam\n---\n![Bild](de.png)\n"
    (one,) = read({**files, "content/incidents/slow.de.md": german}).announcements
    assert list(one.pictures) == ["de.png"]


def test_a_translation_is_no_announcement_to_be_updated(read: Reader, tmp_path: Path) -> None:
    german = "---\ntitle: Langsam\n---\nSeiten laden langsam.\n"
    read({"statusgen.yaml": SITE, "content/incidents/slow.md": SLOW, "content/incidents/slow.de.md": german})
    assert announcements(tmp_path) == ["content/incidents/slow.md"]
