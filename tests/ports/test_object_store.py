"""What every object store is held to, whatever it keeps its objects in."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from statusgen.errors import StoreError
from statusgen.ports import Blob, ObjectStore
from tests.ports.conftest import MakeStore

ODD_KEYS = [
    "",
    "/a",
    "a/",
    "a//b",
    "..",
    "../a",
    "a/../b",
    "./a",
    "a/./b",
    "a\\b",
    "a\x00b",
    "a\nb",
    "cafe\u0301",
    "a" * 256,
    "/".join(["a" * 200] * 6),
]


def blob(key: str, body: bytes = b"body") -> Blob:
    return Blob(key=key, body=body, content_type="text/plain; charset=utf-8", cache_control="no-store")


def keys(store: ObjectStore, prefix: str = "", after: str = "") -> list[str]:
    return [listed.key for listed in store.list(prefix, after)]


def test_what_is_written_is_read_back(store: ObjectStore) -> None:
    for body in (b"", b"a", b"\x00\xff\r\n" * 1000, b"x" * 3_000_000):
        store.write([blob("a/b.txt", body)])
        assert store.read(["a/b.txt"]) == {"a/b.txt": body}


def test_a_plain_name_may_be_any_text(store: ObjectStore) -> None:
    for key in ("a", "a/b/c/d.html", "with space.txt", "café/Ünï.txt", "a+b%20c&d=e.txt", "a..b", "日本"):
        store.write([blob(key)])
        assert keys(store) == [key]
        assert store.read([key]) == {key: b"body"}
        store.delete([key])
        assert keys(store) == [], key


def test_a_key_that_is_no_plain_name_is_refused_before_anything_happens(store: ObjectStore) -> None:
    for key in ODD_KEYS:
        for act in (
            lambda key=key: store.write([blob("fine"), blob(key)]),
            lambda key=key: store.read([key]),
            lambda key=key: store.delete(["fine", key]),
        ):
            with pytest.raises(StoreError, match="expected a plain relative name"):
                act()
    assert keys(store) == []


def test_a_listing_tells_size_hash_and_time(store: ObjectStore) -> None:
    store.write([blob("a", b"hello")])
    [listed] = store.list()
    assert (listed.key, listed.size) == ("a", 5)
    assert listed.etag == hashlib.md5(b"hello").hexdigest()
    assert listed.modified.utcoffset() == timedelta()
    assert listed.modified > datetime(2022, 1, 1, tzinfo=UTC)


def test_an_object_that_is_written_again_holds_the_new_body(store: ObjectStore) -> None:
    store.write([blob("a", b"old and longer")])
    store.write([blob("a", b"new")])
    assert store.read(["a"]) == {"a": b"new"}
    assert [(one.key, one.size) for one in store.list()] == [("a", 3)]


def test_a_listing_is_in_order_of_bytes(store: ObjectStore) -> None:
    names = ["b", "a/b", "a-b", "a.b", "A", "é", "z", "日", "a/a/a", "a0"]
    store.write([blob(name) for name in names])
    assert keys(store) == sorted(names, key=str.encode)


def test_a_listing_is_of_what_begins_with_the_prefix_and_comes_after(store: ObjectStore) -> None:
    names = [f"days/2022-12-{day:02}/{name}" for day in range(1, 5) for name in "ab"] + ["days.txt", "other/a"]
    store.write([blob(name) for name in names])
    for prefix in ("", "d", "days", "days/", "days/2022-12-0", "days/2022-12-02/", "days/2022-12-02/a", "none/", "x"):
        for after in ("", "days", "days/2022-12-02", "days/2022-12-02/a", "days/2022-12-02/zz", "days/2022-12-9", "zz"):
            wanted = [name for name in sorted(names) if name.startswith(prefix) and name > after]
            assert keys(store, prefix, after) == wanted, (prefix, after)


def test_an_empty_store_lists_nothing(store: ObjectStore) -> None:
    assert list(store.list()) == []
    assert store.read(["a"]) == {}
    store.delete(["a"])
    store.write([])
    store.delete([])
    assert store.read([]) == {}


def test_a_key_that_does_not_exist_is_left_out(store: ObjectStore) -> None:
    store.write([blob("a"), blob("b")])
    assert store.read(["a", "none", "a/none", "b"]) == {"a": b"body", "b": b"body"}


def test_deleting_touches_nothing_else(store: ObjectStore) -> None:
    names = ["a/b/c", "a/b/d", "a/e", "f", "a/b/c2"]
    store.write([blob(name) for name in names])
    store.delete(["a/b/c", "none", "f/none", "f"])
    assert keys(store) == ["a/b/c2", "a/b/d", "a/e"]


def test_a_store_does_not_see_its_neighbours(make_store: MakeStore) -> None:
    here, there, within = make_store("main"), make_store("main2"), make_store("mai")
    for number, store in enumerate((here, there, within)):
        store.write([blob("a", bytes([number]))])
    here.delete(["b"])
    assert [list(store.read(["a"]).values()) for store in (here, there, within)] == [[b"\x00"], [b"\x01"], [b"\x02"]]
    here.delete(["a"])
    assert [keys(store) for store in (here, there, within)] == [[], ["a"], ["a"]]


def test_many_objects_are_kept_at_once(store: ObjectStore) -> None:
    names = [f"many/{number:03}" for number in range(100)]
    store.write([blob(name, name.encode()) for name in names])
    assert keys(store, "many/") == names
    assert store.read(names) == {name: name.encode() for name in names}
    store.delete(names)
    assert keys(store) == []


def test_it_tells_its_name(make_store: MakeStore) -> None:
    assert make_store("main").name.endswith("main")
