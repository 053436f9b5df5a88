"""Earlier pages are kept whole, a few of them, and damage costs no more than what is damaged."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from statusgen.errors import StateError
from statusgen.history.keys import GENERATIONS
from statusgen.history.keys import is_ours as is_known_to_the_state
from statusgen.model.artifact import Artifact, Stage
from statusgen.ports import Blob
from statusgen.publish import generations
from statusgen.publish.generations import MOST, MOST_LOOKS, PREFIX, bodies, keep, known
from statusgen.publish.manifest import Manifest, entry, headers_by_digest
from tests.fakes import MemoryStore

NOW = datetime(2022, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FILES = [
    Artifact(path=f"{number}.html", parts=(b"page %d" % number,), content_type="text/html", cache_control="no-cache")
    for number in range(generations.PACKED + 1)
]
MANIFEST = Manifest(
    generation=NOW,
    entries={one.path: entry(one) for one in FILES},
    headers=headers_by_digest(FILES),
    look="plain",
    words="hello",
)


@pytest.fixture
def state() -> MemoryStore:
    return MemoryStore("memory:state")


@pytest.fixture
def target() -> MemoryStore:
    store = MemoryStore("memory:target")
    store.write([Blob(key=one.path, body=one.body) for one in FILES])
    return store


def some(target: MemoryStore, state: MemoryStore, *, at: datetime = NOW, look: str = "gaudy", number: int = 2) -> None:
    """Keep a few files."""
    keep([one.path for one in FILES[:number]], MANIFEST, target, state, now=at, look=look)


def test_what_is_kept_is_found_again_with_all_its_files(state: MemoryStore, target: MemoryStore) -> None:
    some(target, state, number=len(FILES))
    [found] = known(state, warn=pytest.fail)
    assert (found.manifest, found.replaced, found.restyled) == (MANIFEST, NOW, True)
    assert len(found.packs) == 2, "some hundred files lie together"
    assert bodies([found], state, warn=pytest.fail) == {entry(one).md5: one.body for one in FILES}
    assert all(generations.is_ours(key) and is_known_to_the_state(key) for key in state.keys(PREFIX))
    assert PREFIX == GENERATIONS


def test_the_manifest_is_written_last_so_that_half_a_page_is_none(state: MemoryStore, target: MemoryStore) -> None:
    some(target, state)
    writes = [call.keys[0] for call in state.calls if call.method == "write"]
    assert writes[-1].endswith("/generation.json.gz")
    del state.objects[writes[-1]]
    assert known(state, warn=pytest.fail) == ()


def test_equal_pages_are_equal_objects(state: MemoryStore, target: MemoryStore) -> None:
    some(target, state)
    then = dict(state.objects)
    some(target, state)
    assert state.objects == then


def test_a_file_that_somebody_else_has_changed_is_not_ours_to_keep(state: MemoryStore, target: MemoryStore) -> None:
    target.write([Blob(key="0.html", body=b"theirs")])
    target.delete(["1.html"])
    some(target, state, number=3)
    assert bodies(known(state, warn=pytest.fail), state, warn=pytest.fail) == {entry(FILES[2]).md5: b"page 2"}
    some(target, state, at=NOW + HOUR, number=2)
    assert known(state, warn=pytest.fail)[0].packs == (), "the names alone"


def test_the_newest_are_kept_and_some_of_another_look(state: MemoryStore, target: MemoryStore) -> None:
    """The page before a new theme is still there after a night of many updates."""
    for hour in range(MOST_LOOKS + 2):
        some(target, state, at=NOW + hour * HOUR, look="gaudy")
    for hour in range(10, MOST + 12):
        some(target, state, at=NOW + hour * HOUR, look="plain")
    found = known(state, warn=pytest.fail)
    assert [one.restyled for one in found] == [*[False] * MOST, *[True] * MOST_LOOKS]
    assert found[MOST].replaced == NOW + (MOST_LOOKS + 1) * HOUR, "the newest of them"
    assert len(state.keys()) == 2 * len(found), "and nothing is left of the others"


def test_what_nobody_finished_goes_after_a_day(state: MemoryStore, target: MemoryStore) -> None:
    some(target, state)
    record = next(key for key in state.keys(PREFIX) if key.endswith("generation.json.gz"))
    state.delete([record])
    some(target, state, at=NOW + HOUR)
    assert len(state.keys()) == 3, "somebody may be at it"
    some(target, state, at=NOW + 25 * HOUR)
    assert len(state.keys()) == 4


def test_others_objects_stay(state: MemoryStore, target: MemoryStore) -> None:
    theirs = {"generations/notes.txt", "generations/x/generation.json.gz"}
    state.write([Blob(key=key, body=b"mine") for key in theirs])
    for hour in range(MOST + 5):
        some(target, state, at=NOW + hour * HOUR, look="plain")
    assert state.objects.keys() >= theirs
    assert len(known(state, warn=pytest.fail)) == MOST


@pytest.mark.parametrize(
    "body",
    [b"", b"no gzip", gzip.compress(b"no json"), gzip.compress(b"[]"), gzip.compress(b'{"statusgen_generation":2}')],
    ids=range(5),
)
def test_a_manifest_that_is_damaged_is_left_out_with_a_warning(
    body: bytes, state: MemoryStore, target: MemoryStore
) -> None:
    some(target, state)
    some(target, state, at=NOW + HOUR)
    record = max(key for key in state.keys(PREFIX) if key.endswith("generation.json.gz"))
    state.write([Blob(key=record, body=body)])
    warnings: list[str] = []
    [found] = known(state, warn=warnings.append)
    assert found.replaced == NOW
    [warning] = warnings
    assert "20221201T130000Z" in warning


@pytest.mark.parametrize("body", [b"", b"no gzip", gzip.compress(b"no archive"), None], ids=range(4))
def test_files_that_are_damaged_cost_no_others(body: bytes | None, state: MemoryStore, target: MemoryStore) -> None:
    some(target, state, number=len(FILES))
    [found] = known(state, warn=pytest.fail)
    if body is None:
        state.delete([found.packs[0]])
    else:
        state.write([Blob(key=found.packs[0], body=body)])
    warnings: list[str] = []
    left = bodies([found], state, warn=warnings.append)
    assert 0 < len(left) < len(FILES)
    [warning] = warnings
    assert found.packs[0] in warning


def test_a_body_that_is_not_what_its_name_says_is_none(state: MemoryStore, target: MemoryStore) -> None:
    some(target, state)
    [found] = known(state, warn=pytest.fail)
    [pack] = found.packs
    spoilt = gzip.decompress(state.objects[pack][0]).replace(b"page 0", b"PAGE 0")
    state.write([Blob(key=pack, body=gzip.compress(spoilt))])
    assert bodies([found], state, warn=pytest.fail) == {entry(FILES[1]).md5: b"page 1"}


def test_what_would_fill_the_memory_is_not_read(
    state: MemoryStore, target: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(target, state)
    [found] = known(state, warn=pytest.fail)
    monkeypatch.setattr(generations, "LARGEST", 100)
    warnings: list[str] = []
    assert bodies([found], state, warn=warnings.append) == {}
    assert len(warnings) == 1


def test_a_state_that_cannot_be_read_is_an_error(state: MemoryStore, target: MemoryStore) -> None:
    some(target, state)
    [found] = known(state, warn=pytest.fail)
    state.broken["read"] = "access denied"
    with pytest.raises(StateError, match=r"earlier pages cannot be read: .*access denied"):
        known(state, warn=pytest.fail)
    with pytest.raises(StateError, match=r"earlier pages cannot be read: .*access denied"):
        bodies([found], state, warn=pytest.fail)


def test_an_asset_is_kept_with_its_stage(state: MemoryStore, target: MemoryStore) -> None:
    asset = replace(FILES[0], stage=Stage.ASSET)
    manifest = replace(MANIFEST, entries={**MANIFEST.entries, asset.path: entry(asset)})
    keep([asset.path], manifest, target, state, now=NOW, look="gaudy")
    assert known(state, warn=pytest.fail)[0].manifest.entries[asset.path].stage is Stage.ASSET
