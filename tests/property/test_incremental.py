"""Law: what a site is made of can change in any way, and leaving pages undrawn shows in no byte of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from statusgen.config import load_theme
from statusgen.evaluate import evaluate
from statusgen.evaluate.track import fold
from statusgen.model.announcement import Announcement
from statusgen.model.page import Page
from statusgen.model.project import Link, Site
from statusgen.model.theme import Theme
from statusgen.model.words import IncidentPhase
from statusgen.ports import Blob
from statusgen.publish.apply import apply
from statusgen.publish.kept import keeping
from statusgen.publish.manifest import MANIFEST_KEY, decode
from statusgen.publish.plan import plan
from statusgen.render import render
from tests.conftest import ROOT
from tests.factories import DAY, HOLD, NOW, incident, maintenance, post, project, record, series, site, updates
from tests.fakes import MemoryStore, Notes
from tests.property.strategies import PROJECT, History, announcements, flat, histories, instants

TONGUES = ("de", "ar")
PLAIN = load_theme(ROOT / "tests", "default", TONGUES)


def with_file(name: str, change: Callable[[str], str]) -> Theme:
    """Return the theme with one template or asset otherwise."""
    if name in PLAIN.templates:
        return replace(PLAIN, templates={**PLAIN.templates, name: change(PLAIN.templates[name])})
    changed = change(PLAIN.assets[name].decode()).encode()
    return replace(PLAIN, assets={**PLAIN.assets, name: changed})


GERMAN = PLAIN.catalogues["de"]
OTHERWISE = replace(GERMAN, messages={**GERMAN.messages, "Began": ("Los ging es",)})
THEMES = (
    PLAIN,
    with_file("incident.html", lambda text: text.replace("<article>", "<article>{{ page.status }} {{ headline() }}")),
    with_file("partials/parts.html", lambda text: text.replace("<li", '<li class="x"')),
    with_file("month.html", lambda text: text.replace("{% block main %}", "{% block main %}{{ page.published }}")),
    with_file("pages.css", lambda text: text + "\nmark{color:red}"),
    replace(PLAIN, assets={**PLAIN.assets, "assets/extra.txt": b"more"}),
    replace(PLAIN, catalogues={tag: one for tag, one in PLAIN.catalogues.items() if tag != "de"}),
    replace(PLAIN, catalogues={**PLAIN.catalogues, "de": OTHERWISE}),
)
SITES = (
    site(),
    site(name="Elsewhere"),
    site(url=""),
    replace(site(), languages=TONGUES),
    replace(site(), language="de", links=(Link(name="Code", url="https://code.example"),)),
    site(accent="#7a3eb1"),
)


@dataclass(frozen=True)
class World:
    """All that a site is made of."""

    said: tuple[Announcement, ...]
    history: History
    now: datetime
    theme: Theme
    site: Site
    engine: str

    def page(self) -> Page:
        seen = [one for one in flat(self.history) if one.at <= self.now]
        of = project(*PROJECT.groups, announcements=self.said, of=self.site)
        return evaluate(of, record(*fold(seen, HOLD)), self.now)


Change = tuple[str, Any]

changes: st.SearchStrategy[Change] = st.one_of(
    st.tuples(st.just("said"), announcements.map(tuple)),
    st.tuples(st.just("less said"), st.integers(0, 3)),
    st.tuples(st.just("renamed"), st.integers(0, 3)),
    st.tuples(st.just("history"), histories),
    st.tuples(st.just("now"), instants),
    st.tuples(st.just("now"), st.integers(-90, 90).map(lambda days: NOW + timedelta(days=days))),
    st.tuples(st.just("theme"), st.sampled_from(THEMES)),
    st.tuples(st.just("site"), st.sampled_from(SITES)),
    st.tuples(st.just("engine"), st.sampled_from(["1.0", "1.1"])),
    st.tuples(st.just("lost"), st.integers(0, 60)),
    st.tuples(st.just("spoilt"), st.integers(0, 60)),
    st.just(("nothing", None)),
)


def changed(world: World, change: Change, target: MemoryStore) -> World:
    """Return the world after a change, which may be one to the target."""
    what, how = change
    paths = sorted(target.objects)
    if what in {"lost", "spoilt"} and paths:
        path = paths[how % len(paths)]
        if what == "lost":
            target.delete([path])
        else:
            target.write([Blob(key=path, body=b"spoilt")])
    if what == "less said" and world.said:
        return replace(world, said=tuple(one for n, one in enumerate(world.said) if n != how % len(world.said)))
    if what == "renamed" and world.said:
        old = world.said[how % len(world.said)]
        new = replace(old, slug=f"{old.slug}-too", aliases=(*old.aliases, old.slug))
        return replace(world, said=tuple(new if one is old else one for one in world.said))
    return replace(world, **{what: how}) if what in World.__annotations__ else world


def publish(world: World, target: MemoryStore) -> int:
    """Publish to the target what it does not hold; return how many pages were not drawn."""
    listing = target.list()
    manifest = decode(target.read([MANIFEST_KEY]).get(MANIFEST_KEY), warn=str)
    kept = keeping(listing, manifest, secrets={"TOKEN": "a secret of ours"}, engine=world.engine)
    artifacts = render(world.page(), world.theme, keeping=kept)
    apply(plan(artifacts, listing, manifest, now=world.now), target, progress=Notes())
    return sum(one.kept for one in artifacts)


def assert_as_drawn_anew(world: World, target: MemoryStore) -> None:
    for one in render(world.page(), world.theme):
        assert target.objects[one.path][0] == one.body, one.path
        assert target.blobs[one.path].cache_control == one.cache_control
        assert target.blobs[one.path].content_type == one.content_type


SAID = (
    incident(started=NOW - 40 * DAY, updates=updates((NOW - 39 * DAY, IncidentPhase.RESOLVED))),
    maintenance(starts=NOW - 70 * DAY),
    post(published=NOW - 10 * DAY),
)
OUTAGE = [[one] for one in series("uuddduu", start=NOW - 40 * DAY)]


@pytest.mark.parametrize("of", SITES, ids=range(len(SITES)))
@pytest.mark.parametrize("theme", THEMES, ids=range(len(THEMES)))
def test_another_theme_or_another_setting_shows_at_once_and_back_again(theme: Theme, of: Site) -> None:
    target = MemoryStore()
    plain = World(SAID, OUTAGE, NOW, PLAIN, SITES[3], "1.0")
    for world in (plain, replace(plain, theme=theme, site=of), replace(plain, history=[]), plain):
        publish(world, target)
        assert_as_drawn_anew(world, target)
    assert publish(plain, target) >= len(SAID) * 3, "in three languages, each has a page at least"


@settings(max_examples=60)
@given(announcements.map(tuple), histories, st.lists(changes, min_size=1, max_size=4))
def test_leaving_pages_undrawn_shows_in_no_byte(
    said: tuple[Announcement, ...], history: History, steps: Sequence[Change]
) -> None:
    target = MemoryStore()
    world = World(said, history, NOW, PLAIN, SITES[0], "1.0")
    publish(world, target)
    for step in steps:
        world = changed(world, step, target)
        left = publish(world, target)
        event(f"after {step[0]}, {'some' if left else 'no'} pages were not drawn")
        assert_as_drawn_anew(world, target)
