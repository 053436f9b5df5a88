"""The page in each language that the site speaks: the same facts, with what people wrote in that language.

What they have not translated is shown in the main language if they said it in that, else in English, else as it was
written; and is marked so. The main language stands at the root of the site, each further one in the folder of its tag.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from statusgen.model.announcement import Announcement, Incident, Maintenance, Post, Translation, Update
from statusgen.model.artifact import Artifact
from statusgen.model.page import Page
from statusgen.model.told import DayStory, IncidentView, MaintenanceView, PostView, SeriesView
from statusgen.render.tongue import Tongue, is_english

V = TypeVar("V", IncidentView, MaintenanceView)
A = TypeVar("A", Incident, Maintenance, Post)
T = TypeVar("T", str, Translation)


def editions(page: Page) -> Iterator[Page]:
    """Yield the page in every language of the site, the main one first."""
    for tag in page.site.tongues:
        yield in_language(page, tag)


def placed(page: Page, artifact: Artifact) -> Artifact:
    """Return a file of an edition at its place in the site."""
    return replace(artifact, path=f"{page.site.branch}/{artifact.path}") if page.site.branch else artifact


def in_language(page: Page, tag: str) -> Page:
    """Return the page as it is read in one of the languages of the site."""
    main = page.site.language
    if tag == main and not any(_is_foreign(view.source) for view in _written(page)):
        return page
    reader = _Reader(tag, main)
    return replace(
        page,
        site=replace(page.site, branch="" if tag == main else tag),
        incidents=tuple(map(reader.view, page.incidents)),
        maintenance=tuple(map(reader.view, page.maintenance)),
        series=tuple(map(reader.series, page.series)),
        posts=tuple(PostView(source=reader.source(view.source)) for view in page.posts),
        days=tuple(map(reader.day, page.days)),
        history=tuple(map(reader.day, page.history)),
    )


def remark(page: Page, language: str, say: Tongue) -> str:
    """Return that a text is there in another language only; empty when it is in the page's.

    A page whose interface does not speak the language of its texts says nothing of it.
    """
    return say("Not yet in English.") if language and say.tag == page.site.tongue else ""


def _written(page: Page) -> Iterator[IncidentView | MaintenanceView | SeriesView | PostView]:
    yield from page.incidents
    yield from page.maintenance
    yield from page.series
    yield from page.posts


def _is_foreign(source: Announcement) -> bool:
    return bool(source.language)


class _Reader:
    """What reads announcements in a language; `main` is the one that they are in where they do not say so."""

    def __init__(self, tag: str, main: str) -> None:
        self._tag = tag
        self._main = main

    def view(self, view: V) -> V:
        """Return an incident or a maintenance with its text in the language."""
        source = view.source
        if not source.language and self._tag == self._main:
            return view
        updates = tuple(self._update(update, source.language) for update in view.updates)
        return replace(view, source=self.source(source), updates=updates)

    def series(self, view: SeriesView) -> SeriesView:
        """Return a series with all its occurrences in the language."""
        return SeriesView(source=self.source(view.source), occurrences=tuple(map(self.view, view.occurrences)))

    def day(self, story: DayStory) -> DayStory:
        """Return a day with what is told of it in the language."""
        if not (story.incidents or story.maintenance):
            return story
        return replace(
            story,
            incidents=tuple(map(self.view, story.incidents)),
            maintenance=tuple(map(self.view, story.maintenance)),
        )

    def source(self, source: A) -> A:
        """Return an announcement with its text in the language, or marked with that which it is in."""
        language, text = self._choose(Translation(source.title, source.body), source.language, source.translations)
        title, body = text.title, text.body
        if isinstance(source, Post):
            return replace(source, title=title, body=body, language=language)
        updates = tuple(self._update(update, source.language) for update in source.updates)
        return replace(source, title=title, body=body, language=language, updates=updates)

    def _update(self, update: Update, language: str) -> Update:
        shown, text = self._choose(update.body, language, update.translations)
        return replace(update, body=text, language=shown)

    def _choose(self, written: T, language: str, others: Mapping[str, T]) -> tuple[str, T]:
        """Return the text that most readers of the language understand, and its language where that is another."""
        texts: dict[str, T] = {language or self._main: written, **others}
        kin = next((tag for tag in texts if tag.partition("-")[0] == self._tag.partition("-")[0]), "")
        english = next(filter(is_english, texts), "")
        chosen = next(tag for tag in (self._tag, kin, self._main, english, *texts) if tag in texts)
        return "" if chosen == self._tag else chosen, texts[chosen]
