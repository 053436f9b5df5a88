"""A rehearsal shows what would be there, and changes nothing."""

from __future__ import annotations

from statusgen.cli.rehearsal import Rehearsal
from statusgen.ports import Blob
from tests.fakes import MemoryStore


def test_what_is_written_and_deleted_is_seen_by_the_rehearsal_alone() -> None:
    real = MemoryStore("file:state")
    real.write([Blob(key="a", body=b"1"), Blob(key="b", body=b"2"), Blob(key="c/d", body=b"3")])
    before = dict(real.objects)
    store = Rehearsal(real)
    assert store.name == "file:state"
    assert [listed.key for listed in store.list()] == ["a", "b", "c/d"]

    store.write([Blob(key="b", body=b"new"), Blob(key="c/e", body=b"4")])
    store.delete(["a", "never"])
    assert [(listed.key, listed.size) for listed in store.list()] == [("b", 3), ("c/d", 1), ("c/e", 1)]
    assert [listed.key for listed in store.list("c/")] == ["c/d", "c/e"]
    assert [listed.key for listed in store.list("c/", "c/d")] == ["c/e"]
    assert store.read(["a", "b", "c/d", "never"]) == {"b": b"new", "c/d": b"3"}
    assert store.read(["c/e"]) == {"c/e": b"4"}

    store.delete(["c/e"])
    store.write([Blob(key="a", body=b"again")])
    assert store.read(["a", "c/e"]) == {"a": b"again"}
    assert real.objects == before


def test_a_body_is_listed_with_its_md5() -> None:
    store = Rehearsal(MemoryStore())
    store.write([Blob(key="a", body=b"a")])
    (listed,) = store.list()
    assert listed.etag == "0cc175b9c0f1b6a831c399e269772661"
