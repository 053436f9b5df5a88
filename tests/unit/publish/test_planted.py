"""A secret is planted into every field of everything that a page is made from: whatever shows it is caught.

The table is made from the model: a field that it comes to have is planted as well, and must be caught where it shows,
or be named here as one that never does.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

import pytest

from statusgen.config.theme import load_theme
from statusgen.errors import ThemeError
from statusgen.model.announcement import Picture, Translation
from statusgen.model.artifact import Artifact
from statusgen.model.page import Page
from statusgen.model.project import Link, Logo
from statusgen.model.theme import Theme
from statusgen.publish.leaks import Search, find_leaks
from statusgen.render import render
from tests.conftest import ROOT
from tests.golden.sites import CASES, page

WORD = "planted-0word0-planted"
TRICKY = "pl4nted <b>&'\"; w,rd\\of Zoë *x*"
SECRETS = {"WORD": WORD, "TRICKY": TRICKY}
THEME = load_theme(ROOT, "default", ("de",))

HIDDEN = {
    "Affected.id": "a component's, which its page is named after",
    "CheckView.id": "how people tell their checks apart",
    "CheckView.kind": "is put into words",
    "CheckView.reason": "from the closed list, put into words",
    "ComponentView.depends_on": "ids of components; their names are shown",
    "ComponentView.dependents": "ids of components; their names are shown",
    "ComponentView.explained_by": "a component's id; its name is shown",
    "ComponentView.reason": "from the closed list, put into words",
    "Incident.aliases": "names of pages that lead on",
    "Incident.language": "a tag, checked when it is read",
    "ComponentView.id": "names files and history, so that one that is a secret stops everything",
    "Maintenance.language": "a tag, checked when it is read",
    "Maintenance.series": "the name of another announcement",
    "Outage.component": "a component's id; its name is shown",
    "Outage.explained_by": "a component's id; its name is shown",
    "Outage.reason": "from the closed list, put into words",
    "Picture.content_type": "by a look at the file; a header and no text",
    "PlaceSpeed.place": "an id; the name is shown",
    "PlaceView.location": "an id; the name is shown",
    "PlaceView.reason": "from the closed list, put into words",
    "Post.language": "a tag, checked when it is read",
    "Recurrence.rule": "is put into dates",
    "Site.accent": "a colour, checked when it is read",
    "Site.branch": "a folder made of a tag",
    "Site.language": "a tag, checked when it is read",
    "Site.languages": "tags, checked when they are read",
    "Update.language": "a tag, checked when it is read",
}
"""Fields of text that no page shows as they are, and why."""

FREE = {
    "ComponentView.description",
    "ComponentView.name",
    "GroupView.name",
    "Incident.authors",
    "Incident.body",
    "Incident.title",
    "Link.name",
    "Maintenance.body",
    "Maintenance.title",
    "Page.places",
    "Page.blind",
    "Post.body",
    "Post.title",
    "Site.description",
    "Site.name",
    "Site.notice",
    "Translation.body",
    "Translation.title",
    "Update.body",
}
"""Fields that may hold any text."""


def planted(value: Any, where: str, word: str) -> Any:
    """Return a value with a word in one field of every object in it that has the field."""
    if is_dataclass(value) and not isinstance(value, type):
        own = {}
        for one in fields(value):
            old = getattr(value, one.name)
            here = f"{type(value).__name__}.{one.name}" == where
            own[one.name] = put(old, word) if here else planted(old, where, word)
        return type(value)(**own)
    if isinstance(value, Mapping):
        return {key: planted(one, where, word) for key, one in value.items()}
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(planted(one, where, word) for one in value)
    return value


def put(old: Any, word: str) -> Any:
    """Return a word in the form of what was there."""
    if isinstance(old, bytes):
        return old + word.encode()
    if isinstance(old, tuple):
        return (word,)
    if isinstance(old, Mapping):
        return dict.fromkeys(old, word)
    return f"https://example.org/{word}" if old and str(old).startswith("http") else word


def text_fields(kind: type, seen: set[type]) -> Iterator[str]:
    """Yield every field of text or bytes of a type, and of all types that it holds."""
    if kind in seen or not is_dataclass(kind):
        return
    seen.add(kind)
    hints = kind.__annotations__
    for one in fields(kind):
        if re.search(r"\b(str|bytes)\b(?!, [A-Z])", str(hints[one.name])):
            yield f"{kind.__name__}.{one.name}"


@cache
def pages() -> tuple[Page, ...]:
    """Return pages that have something in every field, whatever it takes."""
    made = [page(case) for case in CASES if case != "busy-year"]
    return tuple(replace(one, site=furnished(one)) for one in made) + tuple(illustrated(one) for one in made)


def furnished(one: Page) -> Any:
    logo = Logo("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    more = {"description": "What we say", "notice": "Sample", "logo": logo, "url": one.site.url or "https://s.example"}
    return replace(one.site, links=(Link(name="Code", url="https://code.example"),), **more)


def illustrated(one: Page) -> Page:
    """Return a page whose posts and incidents have a picture, an author and a translation."""
    picture = Picture(path="pictures/x-1234.png", content_type="image/png", width=1, height=1, body=b"\x89PNG")
    told = {"de": Translation(title="Titel", body="Text")}

    def more(view: Any) -> Any:
        body = f"{view.source.body}\n\n![What it shows](x.png)"
        changed = replace(
            view.source, pictures={"x.png": picture}, authors=("nova",), translations=told, aliases=("old",), body=body
        )
        return replace(view, source=changed)

    days = tuple(
        replace(day, incidents=tuple(map(more, day.incidents)), maintenance=tuple(map(more, day.maintenance)))
        for day in one.history
    )
    return replace(
        one,
        site=replace(furnished(one), languages=("de",)),
        incidents=tuple(map(more, one.incidents)),
        maintenance=tuple(map(more, one.maintenance)),
        posts=tuple(map(more, one.posts)),
        history=days,
    )


def kinds_of(value: Any, found: set[type]) -> set[type]:
    """Return the types of the model's objects within a value."""
    if is_dataclass(value) and not isinstance(value, type):
        found.add(type(value))
        for one in fields(value):
            kinds_of(getattr(value, one.name), found)
    elif isinstance(value, Mapping):
        for one in value.values():
            kinds_of(one, found)
    elif isinstance(value, tuple | frozenset):
        for one in value:
            kinds_of(one, found)
    return found


@cache
def table() -> tuple[str, ...]:
    kinds = set().union(*(kinds_of(one, set()) for one in pages()))
    seen: set[type] = set()
    return tuple(sorted({name for kind in kinds for name in text_fields(kind, seen)}))


def shown(artifact: Artifact) -> str:
    """Return a file as its readers have it, with what is written otherwise taken back."""
    text = artifact.body.decode("utf-8", "replace").replace("\r\n ", "")
    if artifact.path.endswith(".json"):
        text = "\n".join(strings(json.loads(text)))
    elif artifact.path.endswith(".ics"):
        text = re.sub(r"\\([\\;,])", r"\1", text)
    return html.unescape(html.unescape(text))


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def caught(where: str, word: str, theme: Theme = THEME) -> bool:
    """Plant, render and search; return whether anything was caught, and insist that all that shows it was."""
    ever = False
    for one in pages():
        try:
            artifacts = render(planted(one, where, word), theme)
        except (ValueError, LookupError, ThemeError):
            continue  # what is checked when it is read cannot be anything
        told = {leak.path for leak in find_leaks(artifacts, Search(secrets=SECRETS))}
        missed = [a.path for a in artifacts if word in shown(a) and a.path not in told]
        assert not missed, (where, missed)
        ever = ever or bool(told)
        if ever:
            break
    return ever


@pytest.mark.parametrize("where", [pytest.param(name, id=name) for name in table()])
def test_whatever_shows_a_planted_secret_is_caught(where: str) -> None:
    assert caught(where, WORD) or where in HIDDEN, f"{where} shows nowhere; say so above, with the reason"


@pytest.mark.parametrize("where", sorted(FREE))
def test_however_the_secret_is_written(where: str) -> None:
    assert caught(where, TRICKY)


def test_the_table_names_fields_that_there_are() -> None:
    assert set(HIDDEN) | FREE <= set(table())
    assert len(table()) > 50


@pytest.mark.parametrize("name", ["index", "incident.html", "front.css", "pages.css", "assets/own.txt", "locale"])
def test_a_theme_may_not_tell_it_either(name: str) -> None:
    theme = THEME
    if name.endswith(".html"):
        theme = replace(
            theme, templates={**theme.templates, name: theme.templates[name].replace("<article", f"{WORD}<article")}
        )
    elif name == "locale":
        german = theme.catalogues["de"]
        said = {key: tuple(f"{form} {WORD}" for form in forms) for key, forms in german.messages.items()}
        theme = replace(theme, catalogues={"de": replace(german, messages=said)})
    elif name == "index":
        theme = replace(theme, templates={key: f"{text}{WORD}" for key, text in theme.templates.items()})
    else:
        theme = replace(
            theme, assets={**theme.assets, name: theme.assets.get(name, b"") + f".x{{content:'{WORD}'}}".encode()}
        )
    assert caught("Nothing.at_all", WORD, theme)
