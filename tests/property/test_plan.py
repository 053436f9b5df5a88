"""The laws of publishing, for any sequence of sites, whatever else lives in the target, wherever a run is cut short."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from statusgen.errors import PublishError, StoreError
from statusgen.model.artifact import Artifact, Stage
from statusgen.ports import Blob
from statusgen.publish.apply import apply
from statusgen.publish.manifest import MANIFEST_KEY, decode
from statusgen.publish.plan import Plan, plan
from tests.fakes import MemoryStore, Notes

NOON = datetime(2022, 12, 1, 12, tzinfo=UTC)
FOREIGN = {"raw/home/2022-12-01/120000-1.jsonl": b"{}", "pages/theirs.html": b"theirs", "robots.txt": b"theirs"}

ASSETS = tuple(f"assets/{number}.css" for number in range(4))
PAGES = tuple(f"pages/{number}.html" for number in range(16))


@st.composite
def sites(draw: st.DrawFn) -> tuple[Artifact, ...]:
    """A site: pages that name the asset they need in their body, every such asset, feeds, and the front page."""
    pages = draw(st.dictionaries(st.sampled_from(PAGES), st.sampled_from(ASSETS), max_size=16))
    bodies = pages | {"feed.atom": draw(st.sampled_from(ASSETS)), "index.html": draw(st.sampled_from(ASSETS))}
    cache = draw(st.sampled_from(["no-cache", "max-age=300"]))
    stages = {"feed.atom": Stage.FEED, "index.html": Stage.FRONT}
    written = [
        Artifact(
            path=path,
            parts=(asset.encode(),),
            content_type="text/html",
            cache_control=cache,
            stage=stages.get(path, Stage.PAGE),
        )
        for path, asset in bodies.items()
    ]
    assets = [
        Artifact(
            path=path,
            parts=(path.encode(), path.encode()),
            content_type="text/css",
            cache_control=cache,
            stage=Stage.ASSET,
        )
        for path in set(bodies.values())
    ]
    return tuple(draw(st.permutations([*written, *assets])))


class FallingStore(MemoryStore):
    """A store whose server goes away after so many single writes and deletions."""

    def __init__(self) -> None:
        super().__init__()
        self.left: int | None = None

    def write(self, blobs: Sequence[Blob]) -> None:
        for blob in blobs:
            self._spend("write", blob.key)
            super().write([blob])

    def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._spend("delete", key)
            super().delete([key])

    def _spend(self, operation: str, key: str) -> None:
        if self.left == 0:
            raise StoreError(operation, key, "gone")
        if self.left is not None:
            self.left -= 1


def planned(site: Sequence[Artifact], store: MemoryStore, now: datetime, *, force: bool = False) -> Plan:
    manifest = decode(store.read([MANIFEST_KEY]).get(MANIFEST_KEY), warn=str)
    return plan(site, store.list(), manifest, now=now, generation=now, force=force)


def target() -> FallingStore:
    store = FallingStore()
    store.write([Blob(key=key, body=body) for key, body in FOREIGN.items()])
    return store


def assert_every_page_has_its_asset(store: MemoryStore) -> None:
    for path in (*PAGES, "feed.atom", "index.html"):
        if path in store.objects:
            assert store.objects[path][0].decode() in store.objects, f"{path} asks for an asset that is not there"


@settings(max_examples=50)
@given(history=st.lists(sites(), min_size=1, max_size=4), days=st.integers(0, 2))
def test_once_applied_a_plan_leaves_nothing_to_do(history: list[tuple[Artifact, ...]], days: int) -> None:
    store, now = target(), NOON
    for site in history:
        apply(planned(site, store, now), store, progress=Notes())
        assert planned(site, store, now).empty
        assert all(store.objects[artifact.path][0] == artifact.body for artifact in site)
        now += timedelta(days=days, minutes=5)


@settings(max_examples=50)
@given(history=st.lists(sites(), min_size=2, max_size=4), force=st.booleans())
def test_deletions_touch_neither_what_is_wanted_nor_what_is_not_ours(
    history: list[tuple[Artifact, ...]], force: bool
) -> None:
    store, now = target(), NOON
    for site in history:
        made = planned(site, store, now, force=force)
        assert set(made.deletions).isdisjoint({*(artifact.path for artifact in site), *FOREIGN, MANIFEST_KEY})
        apply(made, store, progress=Notes())
        now += timedelta(days=1)
    assert {key: store.objects[key][0] for key in FOREIGN} == FOREIGN


@settings(max_examples=50)
@given(
    history=st.lists(st.tuples(sites(), st.integers(0, 30)), min_size=1, max_size=4),
    last=sites(),
    pause=st.sampled_from([timedelta(minutes=5), timedelta(hours=30)]),
)
def test_wherever_a_run_is_cut_short_every_page_has_its_assets_and_the_next_run_finishes(
    history: list[tuple[tuple[Artifact, ...], int]], last: tuple[Artifact, ...], pause: timedelta
) -> None:
    store, now = target(), NOON
    for site, writes in history:
        store.left = writes
        try:
            apply(planned(site, store, now), store, progress=Notes())
        except PublishError:
            assert store.left == 0
        assert_every_page_has_its_asset(store)
        now += pause
    store.left = None
    apply(planned(last, store, now), store, progress=Notes())
    assert planned(last, store, now).empty
    assert all(store.objects[artifact.path][0] == artifact.body for artifact in last)
    assert_every_page_has_its_asset(store)
