"""A page stays as it is only where the target shows that it does, and never where it could hold a secret."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.model.artifact import Artifact
from statusgen.ports import Listed
from statusgen.publish.kept import keeping
from statusgen.publish.leaks import Search, find_leaks, suspicion
from statusgen.publish.manifest import Manifest, entry, headers_by_digest
from statusgen.publish.plan import plan
from statusgen.render import markdown
from statusgen.render.fingerprint import Makings
from statusgen.render.tongue import PLAIN
from tests.factories import NOW

PAGE = Artifact(path="a.html", parts=(b"page",), content_type="text/html", cache_control="no-cache", fingerprint="f0")
FRONT = replace(PAGE, path="index.html", fingerprint="")
MANIFEST = Manifest(entries={one.path: entry(one) for one in (PAGE, FRONT)}, headers=headers_by_digest((PAGE, FRONT)))
THERE = Listed(key="a.html", size=4, etag=entry(PAGE).md5, modified=NOW)
SECRET = "hunter2-hunter2"


def held(there: Listed, manifest: Manifest | None = MANIFEST) -> dict[str, str]:
    return dict(keeping([there], manifest, secrets={}, engine="1.0").held)


def test_what_is_there_as_it_was_sent_is_held() -> None:
    assert held(THERE) == {"a.html": "f0"}
    assert held(replace(THERE, etag=None)) == {"a.html": "f0"}, "a store that tells nothing is believed the manifest"


@pytest.mark.parametrize(
    "there",
    [
        replace(THERE, key="b.html"),
        replace(THERE, etag=entry(replace(PAGE, parts=(b"spam",))).md5),
        replace(THERE, etag=None, size=5),
    ],
)
def test_what_is_missing_or_otherwise_is_not(there: Listed) -> None:
    assert held(there) == {}


def test_without_a_manifest_nothing_is_held() -> None:
    assert held(THERE, None) == {}


def test_what_is_kept_is_neither_sent_nor_forgotten_nor_searched() -> None:
    kept = replace(PAGE, parts=(), kept=True)
    made = plan([kept, FRONT], [THERE], MANIFEST, now=NOW)
    assert [upload.artifact.path for upload in made.uploads] == ["index.html"]
    assert made.manifest is None
    assert made.unchanged == 1
    assert find_leaks([replace(kept, parts=(SECRET.encode(),))], Search(secrets={"TOKEN": SECRET})) == ()


@pytest.mark.parametrize(
    "text",
    [
        "The password is hunter2-hunter2.",
        r"hunter2\-hunter2",
        "*hunter2*-hunter2",
        "`hunter2-hunter2`",
        "hunter2-\nhunter2",
        "hunter2-\thunter2",
        "&#104;unter2-hunter2",
        "hunter2&hyphen;hunter2",
        "[hunter2-hunter2](https://example.org)",
    ],
)
def test_whoever_writes_a_secret_is_suspected_however_it_is_marked(text: str) -> None:
    assert Makings(suspicion({"TOKEN": SECRET})).of({"body": text}).suspected


@pytest.mark.parametrize(
    ("secrets", "text"), [({}, "&#104; hunter2-hunter2"), ({"A": SECRET}, "hunter2"), ({"A": "a"}, "a")]
)
def test_others_are_not(secrets: dict[str, str], text: str) -> None:
    assert not Makings(suspicion(secrets)).of(text).suspected


@given(
    st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=8, max_size=20),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20),
)
def test_no_text_leaks_that_is_not_suspected(secret: str, before: str, after: str) -> None:
    text = f"{before}{secret}{after}"
    body = str(markdown.to_html(text, PLAIN, resolve=lambda href: href, level=2, prefix="")).encode()
    drawn = replace(PAGE, parts=(body,))
    if any("value of" in leak.what for leak in find_leaks([drawn], Search(secrets={"TOKEN": secret}))):
        assert Makings(suspicion({"TOKEN": secret})).of(text).suspected
