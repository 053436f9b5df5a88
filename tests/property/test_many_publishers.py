"""Law: whatever two publishers and a hand do to one target at once, one more run leaves the newest site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from threading import Semaphore, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statusgen.errors import PublishError
from statusgen.model.artifact import Artifact
from statusgen.ports import Blob, Listed
from statusgen.publish.apply import apply
from statusgen.publish.manifest import MANIFEST_KEY, decode
from statusgen.publish.plan import newer_generation, plan
from tests.fakes import MemoryStore, Notes
from tests.property.test_plan import FOREIGN, NOON, sites
from tests.unit.publish.test_plan import FRONT, artifact


class Shared(MemoryStore):
    """One publisher's access to the objects that it shares: each single operation waits for its turn."""

    def __init__(self, shared: MemoryStore) -> None:
        super().__init__()
        self.objects, self.blobs = shared.objects, shared.blobs
        self.turn, self.over = Semaphore(0), Semaphore(0)
        self.ended = False

    def list(self, prefix: str = "", after: str = "") -> Sequence[Listed]:
        self._wait()
        return super().list(prefix, after)

    def read(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        self._wait()
        return super().read(keys)

    def write(self, blobs: Sequence[Blob]) -> None:
        for blob in blobs:
            self._wait()
            super().write([blob])

    def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._wait()
            super().delete([key])

    def run(self, site: Sequence[Artifact], minutes: int) -> None:
        """Publish, in a thread of its own."""
        self.turn.acquire()
        try:
            publish(site, self, minutes)
        finally:
            self.ended = True
            self.over.release()

    def step(self) -> None:
        """Let it do one operation more."""
        if not self.ended:
            self.turn.release()
            self.over.acquire()

    def _wait(self) -> None:
        self.over.release()
        self.turn.acquire()


def publish(site: Sequence[Artifact], store: MemoryStore, minutes: int) -> None:
    """Publish a site whose newest observation is so many minutes old after noon, unless a newer one is there."""
    manifest = decode(store.read([MANIFEST_KEY]).get(MANIFEST_KEY), warn=str)
    listing, now = store.list(), NOON + timedelta(minutes=minutes)
    if not newer_generation(manifest, now, listing):
        apply(plan(site, listing, manifest, now=now, generation=now), store, progress=Notes())


@settings(max_examples=150)
@given(
    first=sites(),
    older=sites(),
    newer=sites(),
    turns=st.lists(st.booleans(), max_size=60),
    hand=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30), st.booleans()), max_size=4),
)
def test_whatever_happens_at_once_the_newest_site_is_there_after_one_more_run(
    first: tuple[Artifact, ...],
    older: tuple[Artifact, ...],
    newer: tuple[Artifact, ...],
    turns: list[bool],
    hand: list[tuple[int, int, bool]],
) -> None:
    """The hand deletes or spoils an object, at any step, and neither publisher is told."""
    store = MemoryStore()
    store.now = NOON
    store.write([Blob(key=key, body=body) for key, body in FOREIGN.items()])
    publish(first, store, 0)
    both = Shared(store), Shared(store)
    for one in both:
        one.now = NOON
    threads = [
        Thread(target=both[0].run, args=(older, 5), daemon=True),
        Thread(target=both[1].run, args=(newer, 10), daemon=True),
    ]
    for thread in threads:
        thread.start()
    for number, turn in enumerate(turns):
        both[turn].step()
        for when, which, spoil in hand:
            ours = sorted(store.objects.keys() - FOREIGN.keys())
            if when == number and ours:
                key = ours[which % len(ours)]
                store.objects.pop(key)
                if spoil:
                    store.write([Blob(key=key, body=b"spoilt")])
    while not all(one.ended for one in both):
        for one in both:
            one.step()
    for thread in threads:
        thread.join(10)
    publish(newer, store, 15)
    assert all(store.objects[one.path][0] == one.body for one in newer)
    assert all(store.objects[key][0] == body for key, body in FOREIGN.items() if key not in {a.path for a in newer})


def test_a_publisher_that_meets_a_failure_deletes_nothing() -> None:
    """Not even what it might: the first failure ends it before the deletions, whatever it is that fails."""
    store = MemoryStore()
    publish([FRONT, artifact("old.html")], store, 0)
    for refused in ("new.html", "index.html", MANIFEST_KEY):
        store.refused = {refused}
        with pytest.raises(PublishError):
            publish([artifact("index.html", "other", stage=FRONT.stage), artifact("new.html")], store, 5)
        assert "old.html" in store.objects
    store.refused = set()
    publish([artifact("index.html", "other", stage=FRONT.stage), artifact("new.html")], store, 5)
    assert "old.html" not in store.objects
