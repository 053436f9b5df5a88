"""The manifest says the same in the same bytes, and one that cannot be understood counts as none."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from statusgen.model.artifact import Artifact, Stage
from statusgen.publish.manifest import Entry, Manifest, TakenBack, decode, encode, entry

NOON = datetime(2022, 12, 1, 12, tzinfo=UTC)
MANIFEST = Manifest(
    generation=NOON,
    entries={
        "index.html": Entry(md5="e7", headers="aa", stage=Stage.FRONT, size=7),
        "assets/style.4f.css": Entry(md5="b1", headers="bb", stage=Stage.ASSET, size=11, fingerprint="f0"),
    },
    leaving={"assets/style.00.css": NOON},
)

STYLED = replace(
    MANIFEST,
    headers={"aa": ("text/html", "no-cache")},
    look="10",
    words="20",
    taken_back=TakenBack(NOON, look="11"),
)


def test_what_is_written_is_read_back() -> None:
    warnings: list[str] = []
    for manifest in (MANIFEST, Manifest(), STYLED):
        assert decode(encode(manifest), warn=warnings.append) == manifest
    assert warnings == []


def test_it_is_json_in_a_fixed_order() -> None:
    assert encode(MANIFEST).decode() == (
        '{"statusgen_manifest":2,"generation":"2022-12-01T12:00:00+00:00",'
        '"entries":{"assets/style.4f.css":["b1","bb","asset",11,"f0"],"index.html":["e7","aa","front",7]},'
        '"leaving":{"assets/style.00.css":"2022-12-01T12:00:00+00:00"}}'
    )


def test_what_people_made_of_it_stands_before_the_files() -> None:
    assert (
        encode(STYLED)
        .decode()
        .startswith(
            '{"statusgen_manifest":2,"generation":"2022-12-01T12:00:00+00:00","headers":{"aa":["text/html","no-cache"]},'
            '"look":"10","words":"20","taken_back":["2022-12-01T12:00:00+00:00","11",""],"entries":'
        )
    )


def artifact(body: bytes = b"a", content_type: str = "text/html", cache_control: str = "no-cache") -> Artifact:
    return Artifact(path="index.html", parts=(body,), content_type=content_type, cache_control=cache_control)


def test_an_entry_tells_bodies_and_headers_apart() -> None:
    plain = entry(artifact())
    assert plain.md5 == "0cc175b9c0f1b6a831c399e269772661"
    assert plain.stage is Stage.PAGE
    assert entry(artifact(body=b"b")).md5 != plain.md5
    assert entry(artifact(body=b"b")).headers == plain.headers
    assert entry(artifact(content_type="text/plain")).headers != plain.headers
    assert entry(artifact(cache_control="no-store")).headers != plain.headers


def test_no_manifest_is_nothing_to_warn_of() -> None:
    warnings: list[str] = []
    assert decode(None, warn=warnings.append) is None
    assert warnings == []


def changed(**keys: Any) -> bytes:
    return json.dumps(json.loads(encode(MANIFEST)) | keys).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 100_000,
        changed(statusgen_manifest=1),
        changed(generation="yesterday"),
        changed(generation="2022-12-01T12:00:00"),
        changed(entries=[]),
        changed(entries={"index.html": "e7"}),
        changed(entries={"index.html": ["e7", "aa", "front"]}),
        changed(entries={"index.html": ["e7", "aa", "poster", 7]}),
        changed(entries={"index.html": ["e7", "aa", 4, 7]}),
        changed(entries={"index.html": ["e7", "aa", "front", "seven"]}),
        changed(entries={"index.html": ["e7", "aa", "front", 7, "f0", "f1"]}),
        changed(leaving=["index.html"]),
        changed(leaving={"index.html": None}),
    ],
)
def test_a_damaged_manifest_counts_as_none_with_a_warning(body: bytes) -> None:
    warnings: list[str] = []
    assert decode(body, warn=warnings.append) is None
    assert warnings == [
        "statusgen-manifest.json in the target cannot be understood; every file is sent again and nothing is deleted"
    ]
