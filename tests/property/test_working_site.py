"""Law: wherever a publish stops, readers find a site without a link to what is missing, and the next run mends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache

import pytest

from statusgen.errors import PublishError, StoreError
from statusgen.model.announcement import Picture
from statusgen.model.artifact import Artifact
from statusgen.model.words import IncidentPhase
from statusgen.ports import Blob, Listed
from statusgen.publish.apply import apply
from statusgen.publish.manifest import MANIFEST_KEY, decode
from statusgen.publish.plan import plan
from statusgen.render import render
from tests.crawler import broken
from tests.factories import DAY, NOW, incident, maintenance, post, series, updates
from tests.fakes import MemoryStore, Notes
from tests.property.test_incremental import PLAIN, SITES, World, with_file

SITE = "https://status.example"
PICTURE = Picture(path="assets/rack.0123456789ab.png", content_type="image/png", width=1, height=1, body=b"a picture")
BEFORE = World(
    said=(
        incident(started=NOW - 40 * DAY, updates=updates((NOW - 39 * DAY, IncidentPhase.RESOLVED))),
        maintenance(starts=NOW - 70 * DAY),
        post(published=NOW - 10 * DAY),
    ),
    history=[[one] for one in series("uuddduu", start=NOW - 40 * DAY)],
    now=NOW,
    theme=PLAIN,
    site=SITES[0],
    engine="1.0",
)
OLD = BEFORE.said[0]
SHOWN = replace(
    post("rack", title="The rack", published=NOW - DAY, body="![the rack](rack.png)"),
    pictures={"rack.png": PICTURE},
)
CHANGES: Mapping[str, World] = {
    "a page more": replace(BEFORE, said=(*BEFORE.said, incident("edge-fails", started=NOW))),
    "many pages more": replace(
        BEFORE, said=(*BEFORE.said, *(incident(f"edge-{number}", started=NOW - number * DAY) for number in range(9)))
    ),
    "a page less": replace(BEFORE, said=BEFORE.said[1:]),
    "a page of another name": replace(
        BEFORE, said=(replace(OLD, slug="web-fails", aliases=(OLD.slug,)), *BEFORE.said[1:])
    ),
    "languages more": replace(BEFORE, site=SITES[3]),
    "another style": replace(BEFORE, theme=with_file("pages.css", lambda text: text + "\nmark{color:red}")),
    "a picture": replace(BEFORE, said=(*BEFORE.said, SHOWN)),
    "all at once": replace(
        BEFORE,
        said=(SHOWN, replace(OLD, slug="web-fails", aliases=(OLD.slug,)), incident("edge-fails", started=NOW)),
        site=SITES[3],
        theme=with_file("pages.css", lambda text: text + "\nmark{color:red}"),
    ),
}
BOTH_WAYS = [(before, after) for name in CHANGES for before, after in (("", name), (name, ""))]


class Counted(MemoryStore):
    """A store that does one thing after the other, and is gone after so many."""

    def __init__(self) -> None:
        super().__init__()
        self.left: int | None = None
        self.deleted = False

    def list(self, prefix: str = "", after: str = "") -> Sequence[Listed]:
        self._spend("list", self.name)
        return super().list(prefix, after)

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        self._spend("read", self.name)
        return super().read(keys)

    def write(self, blobs: Sequence[Blob]) -> None:
        for blob in blobs:
            self._spend("write", blob.key)
            super().write([blob])

    def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._spend("delete", key)
            self.deleted = True
            super().delete([key])

    def _spend(self, operation: str, key: str) -> None:
        if self.left == 0:
            raise StoreError(operation, key, "gone")
        if self.left is not None:
            self.left -= 1


@cache
def site_of(name: str) -> tuple[Artifact, ...]:
    world = CHANGES[name] if name else BEFORE
    return render(world.page(), world.theme)


def publish(name: str, store: MemoryStore, days: int = 0) -> None:
    manifest = decode(store.read([MANIFEST_KEY]).get(MANIFEST_KEY), warn=pytest.fail)
    now = NOW + days * DAY
    made = plan(site_of(name), store.list(), manifest, now=now, generation=now, allow_deletes=True)
    apply(made, store, progress=Notes())


def bodies(store: MemoryStore) -> Callable[[str], bytes | None]:
    return lambda path: store.objects[path][0] if path in store.objects else None


def pages(name: str) -> set[str]:
    return {one.path for one in site_of(name) if one.path.endswith(".html")}


@pytest.mark.parametrize("name", ["", *CHANGES])
def test_a_whole_site_has_no_link_to_what_is_missing(name: str) -> None:
    store = Counted()
    publish(name, store)
    assert not broken(bodies(store), store.keys(), SITE)


@pytest.mark.parametrize(("before", "after"), BOTH_WAYS)
def test_wherever_a_publish_stops_no_page_refers_to_what_is_missing(before: str, after: str) -> None:
    """Until something is deleted every page works that there was, and afterwards each that is still wanted."""
    start = Counted()
    publish(before, start)
    whole = Counted()
    publish(after, whole)
    steps = 0
    while True:
        store = Counted()
        store.objects, store.blobs = dict(start.objects), dict(start.blobs)
        store.left = steps
        try:
            publish(after, store)
        except (PublishError, StoreError):
            stopped = True
        else:
            stopped = False
        roots = pages(before) & pages(after) if store.deleted else pages(before)
        assert not broken(bodies(store), roots, SITE), f"stopped after {steps} steps"
        store.left = None
        publish(after, store)
        publish(after, store, days=2)
        expected = {key: body for key, (body, _) in whole.objects.items() if key != MANIFEST_KEY}
        assert {key: body for key, (body, _) in store.objects.items() if key != MANIFEST_KEY} == expected
        if not stopped:
            assert steps > 0
            break
        steps += 1


@pytest.mark.parametrize("name", CHANGES)
def test_wherever_a_first_publish_stops_the_front_page_comes_last(name: str) -> None:
    steps, stopped = 0, True
    while stopped:
        store = Counted()
        store.left = steps
        try:
            publish(name, store)
        except (PublishError, StoreError):
            pass
        else:
            stopped = False
        if "index.html" in store.objects:
            assert not broken(bodies(store), store.keys(), SITE), f"stopped after {steps} steps"
        steps += 1


def test_what_a_cached_page_asks_for_stays_for_a_day() -> None:
    store = Counted()
    publish("", store)
    cached = {path: store.objects[path][0] for path in pages("")}
    publish("another style", store)
    publish("another style", store)
    assets = {one.path for one in site_of("") if one.path.startswith("assets/")}
    assert assets <= set(store.keys())
    assert not broken(lambda path: cached.get(path) or bodies(store)(path), cached, SITE)
