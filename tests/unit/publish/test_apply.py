"""A plan is sent in an order that leaves a working site wherever it stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from statusgen.errors import PublishError
from statusgen.model.artifact import Artifact, Stage
from statusgen.publish.apply import BATCH, apply
from statusgen.publish.manifest import MANIFEST_KEY, Manifest, decode, encode
from statusgen.publish.plan import plan
from tests.fakes import Call, MemoryStore, Notes

NOW = datetime(2022, 12, 1, 12, tzinfo=UTC)


def artifact(path: str, stage: Stage) -> Artifact:
    return Artifact(path=path, parts=(b"body",), content_type="text/css", cache_control="no-cache", stage=stage)


SITE = [
    artifact("index.html", Stage.FRONT),
    artifact("feed.atom", Stage.FEED),
    artifact("404.html", Stage.PAGE),
    artifact("history.html", Stage.PAGE),
    artifact("assets/style.1.css", Stage.ASSET),
]


def written(store: MemoryStore) -> Manifest:
    manifest = decode(store.objects[MANIFEST_KEY][0], warn=pytest.fail)
    assert manifest is not None
    return manifest


def publish(site: list[Artifact], store: MemoryStore, notes: Notes | None = None) -> None:
    manifest = decode(store.read([MANIFEST_KEY]).get(MANIFEST_KEY), warn=pytest.fail)
    made = plan(site, store.list(), manifest, now=NOW)
    store.calls.clear()
    apply(made, store, progress=notes or Notes())


def test_new_names_then_stages_then_the_manifest_then_deletions() -> None:
    store, notes = MemoryStore(), Notes()
    publish([*SITE, artifact("incidents/mistake.html", Stage.PAGE)], store)
    publish([artifact("assets/style.2.css", Stage.ASSET), *SITE[:4]], store, notes)
    assert store.calls == [
        Call("write", (MANIFEST_KEY,)),
        Call("write", ("assets/style.2.css",)),
        Call("write", (MANIFEST_KEY,)),
        Call("delete", ("incidents/mistake.html",)),
    ]
    assert notes == Notes(stages=[("uploading", 1)], steps=1, summaries=["1 file sent, 1 file deleted"])


def test_each_stage_is_a_call_of_its_own_and_carries_its_headers() -> None:
    store, notes = MemoryStore(), Notes()
    publish(SITE, store, notes)
    assert [call.keys for call in store.calls] == [
        (MANIFEST_KEY,),
        ("assets/style.1.css",),
        ("404.html", "history.html"),
        ("feed.atom",),
        ("index.html",),
        (MANIFEST_KEY,),
    ]
    front, manifest = store.blobs["index.html"], store.blobs[MANIFEST_KEY]
    assert (front.body, front.content_type, front.cache_control) == (b"body", "text/css", "no-cache")
    assert (manifest.content_type, manifest.cache_control) == ("application/json", "no-store")
    assert notes == Notes(stages=[("uploading", 5)], steps=5, summaries=["5 files sent"])


def test_an_empty_plan_touches_nothing() -> None:
    store = MemoryStore()
    publish(SITE, store)
    publish(SITE, store)
    assert store.calls == []


def test_many_files_go_in_batches() -> None:
    store, notes = MemoryStore(), Notes()
    pages = [artifact(f"incidents/{number:03}.html", Stage.PAGE) for number in range(BATCH + 1)]
    publish([SITE[0], *pages], store, notes)
    assert [len(call.keys) for call in store.calls] == [1, BATCH, 1, 1, 1]
    assert notes.steps == BATCH + 2


def test_a_failure_ends_the_run_before_the_next_stage() -> None:
    store = MemoryStore("s3://bucket/site")
    publish([*SITE, artifact("incidents/mistake.html", Stage.PAGE)], store)
    store.objects = {key: (b"other", at) for key, (_, at) in store.objects.items() if key != MANIFEST_KEY} | {
        MANIFEST_KEY: store.objects[MANIFEST_KEY]
    }
    store.refused = {"history.html"}
    with pytest.raises(PublishError) as caught:
        publish(SITE, store)
    assert str(caught.value) == (
        "publishing to 's3://bucket/site' stopped: cannot write 'history.html': access denied\n"
        "    sent: 2 of 5 files\n"
        "    not sent: history.html, feed.atom, index.html, statusgen-manifest.json\n"
        "    hint: nothing was deleted and the page that was there still works; the next run finishes the job"
    )
    assert [call.method for call in store.calls] == ["write", "write"]
    assert store.objects["index.html"][0] == b"other"
    assert "incidents/mistake.html" in store.objects


def test_an_error_names_a_few_files_and_counts_the_rest() -> None:
    store = MemoryStore()
    store.broken = {"write": "connection refused"}
    with pytest.raises(PublishError, match=r"sent: 0 of 8 files\n.*404.html, a, b, c and 4 more\n"):
        publish([*SITE, *(artifact(name, Stage.PAGE) for name in "abc")], store)


def test_nothing_new_is_sent_while_its_name_cannot_be_noted() -> None:
    store = MemoryStore()
    store.refused = {MANIFEST_KEY}
    with pytest.raises(PublishError, match=r"sent: 0 of 5 files\n    not sent: assets/style.1.css, "):
        publish(SITE, store)
    assert store.objects == {}


def test_a_manifest_that_cannot_be_written_is_a_failure_too() -> None:
    store = MemoryStore()
    publish(SITE, store)
    store.objects["404.html"] = (b"other", store.now)
    store.objects[MANIFEST_KEY] = (encode(replace(written(store), generation=NOW)), store.now)
    store.refused = {MANIFEST_KEY}
    with pytest.raises(PublishError, match=r"sent: 1 of 1 file\n    not sent: statusgen-manifest.json\n"):
        publish(SITE, store)


def test_what_a_cut_short_run_left_behind_is_known_to_be_ours() -> None:
    store = MemoryStore()
    publish(SITE, store)
    store.refused = {"feed.atom"}
    with pytest.raises(PublishError):
        publish(
            [
                *SITE[:1],
                artifact("incidents/mistake.html", Stage.PAGE),
                Artifact(
                    path="feed.atom",
                    parts=(b"new",),
                    content_type="text/css",
                    cache_control="no-cache",
                    stage=Stage.FEED,
                ),
                *SITE[2:],
            ],
            store,
        )
    assert "incidents/mistake.html" in store.objects
    store.refused = set()
    publish(SITE, store)
    assert "incidents/mistake.html" not in store.objects


def test_a_failed_deletion_says_that_the_site_is_out() -> None:
    store, notes = MemoryStore("file:public"), Notes()
    publish([*SITE, artifact("incidents/mistake.html", Stage.PAGE)], store)
    store.broken = {"delete": "access denied"}
    with pytest.raises(PublishError) as caught:
        publish(SITE, store, notes)
    assert str(caught.value) == (
        "the site is published at 'file:public', but old files could not be deleted: "
        "cannot delete 'incidents/mistake.html': access denied\n    hint: the next run tries again"
    )
    assert notes.summaries == []


def test_a_failure_without_a_manifest_to_write_names_only_files() -> None:
    store = MemoryStore()
    publish(SITE, store)
    del store.objects["404.html"]
    store.refused = {"404.html"}
    with pytest.raises(PublishError, match=r"sent: 0 of 1 file\n    not sent: 404.html\n"):
        publish(SITE, store)
