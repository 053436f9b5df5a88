"""What readers get is held against what was sent: bodies are wrong or right, and headers are remarked on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from statusgen.model.artifact import Artifact, Stage
from statusgen.ports import Reply
from statusgen.publish import seen
from statusgen.publish.manifest import Manifest, entry
from statusgen.publish.plan import plan
from tests.factories import NOW

HTML, CACHE = "text/html; charset=utf-8", "public, max-age=30"


def artifact(path: str, body: bytes = b"page", **more: object) -> Artifact:
    return replace(Artifact(path=path, parts=(body,), content_type=HTML, cache_control=CACHE), **more)  # type: ignore[arg-type]


STATUS = json.dumps({"published_at": NOW.isoformat()}).encode()
FRONT = artifact("index.html", b"front", stage=Stage.FRONT)
OWN = artifact("status.json", STATUS, stage=Stage.FEED)
SITE = (FRONT, OWN, *(artifact(f"{number}.html") for number in range(40)))
WANTED = seen.with_root(seen.wanted(SITE, plan(SITE, [], None, now=NOW), None))
GOOD = {"index.html": b"front", "": b"front", "status.json": STATUS}


def reply(body: bytes, **more: object) -> Reply:
    return replace(Reply(status=200, body=body, content_type=HTML, cache_control=CACHE), **more)  # type: ignore[arg-type]


def replies(**otherwise: Reply) -> dict[str, Reply]:
    told = {"front": "index.html", "root": "", "own": "status.json"}
    good = {one.path: reply(GOOD.get(one.path, b"page")) for one in WANTED}
    return good | {told[name]: one for name, one in otherwise.items()}


def test_what_readers_open_first_is_asked_for_and_then_what_was_sent_but_not_thousands() -> None:
    paths = [one.path for one in WANTED]
    assert paths[:2] == ["index.html", "status.json"]
    assert paths[-1] == ""
    assert len(paths) == seen.MOST + 1


def test_a_file_that_was_left_as_it_is_is_asked_for_too() -> None:
    old = artifact("old.html", fingerprint="f0")
    manifest = Manifest(entries={"old.html": entry(old)})
    kept = replace(old, parts=(), kept=True)
    [*_, found] = seen.wanted([FRONT, kept], plan([FRONT, kept], [], manifest, now=NOW), manifest)
    assert (found.path, found.md5) == ("old.html", entry(old).md5)


def test_when_all_is_as_it_was_sent_there_is_nothing_to_tell() -> None:
    found = seen.look(WANTED, replies(), NOW)
    assert found == seen.Seen(checked=len(WANTED), published=NOW)


@pytest.mark.parametrize(
    ("otherwise", "told"),
    [
        ({"front": reply(b"old")}, "index.html: the answer is another file than was sent"),
        ({"front": reply(b"old", age=17)}, "index.html: the answer is another file than was sent, 17 s old"),
        ({"front": reply(b"front", status=403)}, "index.html: the answer is 403"),
        (
            {"root": reply(b"", status=404)},
            "the address itself: the answer is 404; a bucket needs an index document there",
        ),
        ({"own": Reply(trouble="the name is not in the DNS")}, "status.json: the name is not in the DNS"),
    ],
)
def test_what_is_not_what_was_sent_is_told(otherwise: dict[str, Reply], told: str) -> None:
    assert seen.look(WANTED, replies(**otherwise), NOW).wrong == (told,)


def test_headers_that_are_otherwise_are_remarked_on_whatever_their_spelling() -> None:
    spelt = reply(b"front", content_type="text/html;charset=UTF-8", cache_control="max-age=30, public")
    assert seen.look(WANTED, replies(front=spelt), NOW).remarks == ()
    changed = reply(b"front", content_type="text/plain", cache_control="max-age=14400")
    assert seen.look(WANTED, replies(front=changed), NOW).remarks == (
        "index.html: Content-Type is 'text/plain', and was sent as 'text/html; charset=utf-8'",
        "index.html: Cache-Control is 'max-age=14400', and was sent as 'public, max-age=30'",
    )


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"published_at":"noon"}', b'{"published_at":"2022-12-01T12:00"}']
)
def test_a_page_that_tells_no_instant_is_of_none(body: bytes) -> None:
    assert seen.look(WANTED, replies(own=reply(body)), NOW).published is None


def test_what_somebody_else_published_since_is_not_wrong() -> None:
    later = json.dumps({"published_at": (NOW + timedelta(minutes=1)).isoformat()}).encode()
    found = seen.look(WANTED, replies(own=reply(later), front=reply(b"newer")), NOW)
    assert (found.newer, found.wrong) == (True, ())


def test_how_old_the_front_page_is_and_how_it_was_packed_is_told_as_readers_get_it() -> None:
    old = replies(root=reply(b"front", age=17, encoding="br"), front=reply(b"front", age=3))
    found = seen.look(WANTED, old, NOW)
    assert (found.age, found.encoding) == (17, "br")
    asked = [one for one in WANTED if one.path]
    assert seen.look(asked, {path: one for path, one in old.items() if path}, NOW).age == 3
